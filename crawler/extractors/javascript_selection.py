"""Tools that a package declares and never offers: a list is filtered by a mark that they carry.

Only marks that stand in the source count, `tools.filter((tool) => !tool.mark)`; what a setting decides is no reason.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from tree_sitter import Node

from crawler.extractors.javascript_definitions import guard_of
from crawler.extractors.javascript_evaluator import Evaluator
from crawler.extractors.javascript_module import Module
from crawler.extractors.javascript_text import arguments_of, short_text, text_of, unwrapped
from crawler.extractors.javascript_values import Scope

_FILTER = (b"filter",)
_CALLED = re.compile(rb"\s{0,5}\(")
_INSIDE = ("schema", "definition", "tool", "config", "spec")
_MAX_FILTERS: Final = 200


def left_out_names(evaluator: Evaluator, modules: Iterable[Module]) -> frozenset[str]:
    """Name the tools that carry a mark by which every list of them is filtered."""
    names: set[str] = set()
    for module in modules:
        evaluator.budget.begin_file()
        for listed, mark in _filters(module):
            items = evaluator.evaluate(listed, Scope(module))
            for item in items if isinstance(items, list) else ():
                if isinstance(item, dict) and item.get(mark) is True:
                    names |= {name for name in _names(item) if isinstance(name, str)}
    return frozenset(names)


def _filters(module: Module) -> Iterator[tuple[Node, str]]:
    """Give what is filtered by the absence of a mark, and the mark."""
    for _, node in zip(range(_MAX_FILTERS), module.occurrences(_FILTER, _CALLED), strict=False):
        call = next((parent for parent in module.ancestors(node)[:2] if parent.type == "call_expression"), None)
        given = arguments_of(call) if call is not None else []
        callee = call.child_by_field_name("function") if call is not None else None
        listed = callee.child_by_field_name("object") if callee is not None else None
        mark = _absent_mark(given[0]) if len(given) == 1 else None
        if call is not None and listed is not None and mark is not None and guard_of(module, call) is None:
            yield listed, mark


def _absent_mark(function: Node) -> str | None:
    """Give the property whose absence a callback asks for: `(one) => !one.mark`."""
    parameter = function.child_by_field_name("parameter") or function.child_by_field_name("parameters")
    body = function.child_by_field_name("body")
    if function.type != "arrow_function" or parameter is None or body is None:
        return None
    body = unwrapped(body)
    if body.type != "unary_expression" or text_of(body.child_by_field_name("operator")) != "!":
        return None
    asked = unwrapped(body.child_by_field_name("argument") or body)
    owner = short_text(asked.child_by_field_name("object")) if asked.type == "member_expression" else ""
    return (
        short_text(asked.child_by_field_name("property"))
        if owner and owner == short_text(parameter).strip("() ")
        else None
    )


def _names(item: dict[str, Any]) -> Iterator[Any]:
    yield item.get("name")
    for key in _INSIDE:
        inner = item.get(key)
        yield inner.get("name") if isinstance(inner, dict) else None
