"""Which types the variables around a piece of Kotlin have, as far as they are written down."""

import re

from tree_sitter import Node

from crawler.extractors.codebase import ancestors
from crawler.extractors.dialect import text_of

LOOPS = frozenset(("forEach", "onEach", "filter"))
PER_ITEM = frozenset(("map", "mapNotNull", "flatMap", "associate", "associateBy", "associateWith"))
_GENERIC = re.compile(r"<\s*(?:out\s+)?([\w.]+)(?:<[^<>]*>)?\s*>\??$")


def typed_names(node: Node) -> dict[str, str]:
    """Give parameters and loop variables around a node with the last name of their type, nearest first."""
    found: dict[str, str] = {}
    for parent in ancestors(node):
        if parent.type == "for_statement" and len(parent.named_children) > 1:
            name, over = parent.named_children[:2]
            _take(found, text_of(name).partition(":")[0].strip(), _element_type(over, parent))
        elif parent.type == "function_declaration":
            _parameters(parent, found)
        elif parent.type == "lambda_literal":
            _lambda(parent, found)
    return found


def _parameters(function: Node, found: dict[str, str]) -> None:
    own = function.child_by_field_name("name")
    for one in function.named_children:
        if own is not None and one.type in ("user_type", "nullable_type") and one.end_byte <= own.start_byte:
            _take(found, "this", text_of(one))
    for given in function.named_children:
        for one in given.named_children if given.type == "function_value_parameters" else ():
            if one.type == "parameter":
                given_name, _, type_ = text_of(one).partition(":")
                _take(found, given_name.strip(), type_)


def _lambda(node: Node, found: dict[str, str]) -> None:
    call = node.parent.parent if node.parent is not None else None
    callee = next(iter(call.named_children), None) if call is not None else None
    if callee is None or callee.type != "navigation_expression":
        return
    if text_of(callee.named_children[-1]) in LOOPS | PER_ITEM:
        given = next((one for one in node.named_children if one.type == "lambda_parameters"), None)
        _take(found, text_of(given) if given is not None else "it", _element_type(callee.named_children[0], node))


def _take(found: dict[str, str], name: str, type_: str) -> None:
    last = type_.strip().rstrip("?").partition("<")[0].rpartition(".")[2]
    if name.isidentifier() and last and name not in found:
        found[name] = last


def _element_type(over: Node | None, near: Node) -> str:
    """Give the type of a list's elements, where the list's own type is written."""
    while over is not None and over.type in ("call_expression", "navigation_expression"):
        over = next(iter(over.named_children), None)
    name = text_of(over) if over is not None and over.type == "identifier" else ""
    if not name:
        return ""
    declared = re.compile(rf"\b{re.escape(name)}\s*:\s*([^=,()\n]+)")
    for parent in ancestors(near):
        if parent.type in ("function_declaration", "class_declaration", "object_declaration", "source_file"):
            match = declared.search(text_of(parent)[:100_000])
            generic = _GENERIC.search(match[1].strip()) if match is not None else None
            if generic is not None:
                return generic[1]
    return ""
