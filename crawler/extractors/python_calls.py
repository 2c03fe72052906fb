"""Calls whose result is known without running them: text methods, dedent, schemas of models, files of the package."""

import inspect
import re
import textwrap
from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import MAX_TEXT, UNKNOWN
from crawler.extractors.python_functions import returned
from crawler.extractors.python_module import Module
from crawler.extractors.python_names import class_attribute
from crawler.extractors.python_references import (
    CallValue,
    ClassRef,
    FunctionRef,
    PartialCall,
    Scope,
    docstring_of,
    is_plain,
)
from crawler.extractors.python_syntax import statements, text_of, walk
from crawler.extractors.python_values import Evaluator, of_itself

_TEXT_METHODS: dict[str, Callable[..., Any]] = {
    "strip": str.strip,
    "lstrip": str.lstrip,
    "rstrip": str.rstrip,
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
    "replace": str.replace,
    "removeprefix": str.removeprefix,
    "removesuffix": str.removesuffix,
    "join": lambda text, items: text.join(items),
    "format": lambda text, *values, **named: text.format(*values, **named),
}
_PLAIN_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "dedent": textwrap.dedent,
    "cleandoc": inspect.cleandoc,
    "str": lambda value: value if isinstance(value, str) else UNKNOWN,
    "list": list,
    "tuple": list,
    "sorted": sorted,
}
_SETTING_READERS = frozenset(("getenv", "environ.get"))
_SCHEMA_METHODS = frozenset(("model_json_schema", "schema"))
_READERS = frozenset(("read", "read_text"))
_NOT_KNOWN = object()
_MAX_PRODUCT = 50_000_000
_WIDE = re.compile(r"[{%][^}\n]{0,20}?\d{4,}")  # a format's field of a thousand characters or more
_TEXT_SUFFIXES = ("", ".md", ".txt", ".prompt")


def call_value(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    """Give a call's value, or UNKNOWN; a call of something outside the package stays a CallValue."""
    callee = node.child_by_field_name("function")
    if callee is None:
        return UNKNOWN
    # A chain's text is as long as all that stands before; only its last name is asked for.
    is_attribute = callee.type == "attribute"
    name = text_of(callee.child_by_field_name("attribute")) if is_attribute else text_of(callee).rsplit(".", 1)[-1]
    positional, keywords = evaluator.arguments(node)
    values = [evaluator.evaluate(child, scope) for child in positional]
    named = {key: evaluator.evaluate(value, scope) for key, value in keywords.items()}
    named |= evaluator.spread_keywords(node, scope)
    target = evaluator.evaluate(callee.child_by_field_name("object"), scope) if is_attribute else None
    if isinstance(target, str) and name in _TEXT_METHODS:
        return _apply(_TEXT_METHODS[name], target, *values, **named)
    if isinstance(target, dict) and name in ("values", "keys", "items"):
        return [[key, value] for key, value in target.items()] if name == "items" else list(getattr(target, name)())
    if isinstance(target, dict) and name == "get" and values:
        return target.get(values[0], values[1] if len(values) > 1 else None) if isinstance(values[0], str) else UNKNOWN
    if isinstance(target, ClassRef) and name in _SCHEMA_METHODS:
        method = class_attribute(evaluator, target, name)
        return returned(evaluator, method, values, named) if isinstance(method, FunctionRef) else target
    if len(values) == 2 and text_of(callee).removeprefix("os.") in _SETTING_READERS:
        # What nobody set is the configuration that most people run.
        return values[1] if is_plain(values) else UNKNOWN
    if name in _READERS and (read := _read_text(evaluator, callee, scope)) is not None:
        return read
    known = _known_function(name, values, named)
    if known is not _NOT_KNOWN:
        return known
    # What it is called on is worked out already: once more for each link of a chain would double the work with each.
    follows = is_attribute and not of_itself(callee)
    called = evaluator.attribute_of(target, name) if follows else evaluator.evaluate(callee, scope)
    return _made(evaluator, name, called, values, named, scope)


def _known_function(name: str, values: list[Any], named: dict[str, Any]) -> Any:
    """Give what a function of Python's own library returns."""
    if name in _PLAIN_FUNCTIONS and not named:
        return _apply(_PLAIN_FUNCTIONS[name], *values)
    if name == "getdoc" and values and isinstance(values[0], FunctionRef):
        text = docstring_of(values[0].node)
        return inspect.cleandoc(text) if text else UNKNOWN
    if name == "dict" and len(values) < 2 and all(isinstance(value, dict) for value in values):
        return {**(values[0] if values else {}), **named}
    if name == "partial" and values and isinstance(values[0], FunctionRef):
        return PartialCall(values[0], tuple(values[1:]), named)
    return _NOT_KNOWN


def _made(evaluator: Evaluator, name: str, called: Any, values: list[Any], named: dict[str, Any], scope: Scope) -> Any:
    """Give what a function or class of the package makes of arguments."""
    if isinstance(called, PartialCall):
        return returned(evaluator, called.function, [*called.arguments, *values], {**called.keywords, **named})
    if isinstance(called, ClassRef):
        if _is_plain_record(called):
            return CallValue(name, tuple(values), named)
        return ClassRef(called.module, called.node, made=True)
    if len(values) == 1 and isinstance(values[0], str) and not named:
        text = _package_text(evaluator, values[0], scope.module)
        if text is not None:
            return text
    if isinstance(called, FunctionRef):
        return returned(evaluator, called, values, named)
    return CallValue(name, tuple(values), named)


def _is_plain_record(owner: ClassRef) -> bool:
    """Tell a class that only holds what it was given: no methods of its own."""
    body = owner.node.child_by_field_name("body")
    return body is not None and all(
        statement.type in ("expression_statement", "pass_statement") for statement in statements(body)
    )


def _read_text(evaluator: Evaluator, callee: Node, scope: Scope) -> str | None:
    """Give the text of the package's file that the last literal of a reading expression names."""
    literals = [node for node in walk(callee) if node.type == "string"]
    name = evaluator.evaluate(literals[-1], scope) if literals else None
    return _package_text(evaluator, name, scope.module) if isinstance(name, str) else None


def _package_text(evaluator: Evaluator, name: str, module: Module) -> str | None:
    """Find the one text file of the package that a call names, as helpers that load prompts do."""
    if not 3 <= len(name) <= 200 or name.startswith(("/", "http")) or "\n" in name:
        return None
    folder = module.path.rsplit("/", 2)[0]
    for suffix in _TEXT_SUFFIXES:
        wanted = name + suffix
        if not wanted.endswith((".md", ".txt", ".prompt")):
            continue
        found = [path for path in evaluator.package.files if path == wanted or path.endswith(f"/{wanted}")]
        near = [path for path in found if path.startswith(folder)] or found
        if len(near) == 1:
            return evaluator.package.files[near[0]][:MAX_TEXT].decode("utf-8", "replace")
    return None


def _could_explode(texts: list[str], count: int) -> bool:
    """Tell whether replacing, joining or padding these texts could make one far larger than they are."""
    lengths = sorted((len(text) for text in texts), reverse=True)[:2]
    product = (lengths[0] + 1) * max(count, *(lengths[1:] or [1])) if lengths else 0
    return sum(map(len, texts)) > MAX_TEXT or product > _MAX_PRODUCT or any(_WIDE.search(text) for text in texts)


def _apply(function: Callable[..., Any], *values: Any, **named: Any) -> Any:
    flat = [item for value in (*values, *named.values()) for item in (value if isinstance(value, list) else [value])]
    if any(not isinstance(item, str | int | float) for item in flat):
        return list(values[0]) if function is list and values and isinstance(values[0], list) else UNKNOWN
    if _could_explode([item for item in flat if isinstance(item, str)], len(flat)):
        return UNKNOWN
    try:
        result = function(*values, **named)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, MemoryError):
        return UNKNOWN
    return UNKNOWN if isinstance(result, str) and len(result) > MAX_TEXT else result
