"""A function's parameters as its signature lists them, and those that the server fills itself.

What type a parameter has is not decided here.
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

from crawler.extractors.python_syntax import text_of

_INJECTED = frozenset(("Context", "Depends", "CurrentContext", "CurrentFastMCP", "CurrentRequest", "Progress"))
_WORD = re.compile(r"\w+")


def parameters_of(function: Node) -> Iterator[tuple[str, Node | None, Node | None]]:
    """Visit a function's parameters: name, annotation, default; self and starred ones left out."""
    listed = function.child_by_field_name("parameters")
    for index, parameter in enumerate(listed.named_children if listed is not None else ()):
        annotation = parameter.child_by_field_name("type")
        if parameter.type == "identifier":
            name = text_of(parameter)
        elif parameter.type == "typed_parameter":
            inner = parameter.named_children[0]
            name = text_of(inner) if inner.type == "identifier" else ""
        else:
            named = parameter.child_by_field_name("name")
            name = text_of(named) if named is not None and named.type == "identifier" else ""
        if name and not (index == 0 and name in ("self", "cls")):
            yield name, annotation, parameter.child_by_field_name("value")


def is_injected(annotation: Node | None, default: Node | None) -> bool:
    """Tell a parameter that no client fills, by its type or by what its default calls."""
    words = set(_words(annotation)) | (
        set(_words(default)) if default is not None and default.type == "call" else set()
    )
    # Houses that fill a parameter themselves call its type a context as well.
    return bool(words & _INJECTED) or any(word.endswith("Context") for word in _words(annotation))


def _words(node: Node | None) -> list[str]:
    return _WORD.findall(text_of(node)[:300])
