"""Which types the variables around a piece of Java have, as far as they are written down."""

import re

from tree_sitter import Node

from crawler.extractors.codebase import ancestors
from crawler.extractors.dialect import text_of

_MAX_STATEMENTS = 500
_GENERIC = re.compile(r"<\s*(?:\?\s+extends\s+)?([\w.]+)(?:<[^<>]*>)?\s*>$")


def typed_names(node: Node) -> dict[str, str]:
    """Give parameters and loop variables around a node with the last name of their type, nearest first."""
    found: dict[str, str] = {}
    for parent in ancestors(node):
        if parent.type == "enhanced_for_statement":
            name, type_ = text_of(parent.child_by_field_name("name")), text_of(parent.child_by_field_name("type"))
            over = parent.child_by_field_name("value")
            _take(found, name, type_ if type_ != "var" else _element_type(over, parent))
        elif parent.type in ("method_declaration", "constructor_declaration", "lambda_expression"):
            _parameters(parent, found)
        elif parent.type == "block":
            _locals(parent, found)
    return found


def _locals(block: Node, found: dict[str, str]) -> None:
    for one in block.named_children[:_MAX_STATEMENTS]:
        declarator = one.child_by_field_name("declarator") if one.type == "local_variable_declaration" else None
        if declarator is not None:
            type_ = text_of(one.child_by_field_name("type"))
            _take(found, text_of(declarator.child_by_field_name("name")), type_ if type_ != "var" else "")


def _parameters(function: Node, found: dict[str, str]) -> None:
    given = function.child_by_field_name("parameters")
    for one in given.named_children if given is not None else ():
        if one.type == "formal_parameter":
            _take(found, text_of(one.child_by_field_name("name")), text_of(one.child_by_field_name("type")))
    name = text_of(given).strip("()")
    if function.type == "lambda_expression" and name.isidentifier():
        call = function.parent.parent if function.parent is not None else None
        of = call.child_by_field_name("object") if call is not None else None
        _take(found, name, _element_type(of, function))


def _take(found: dict[str, str], name: str, type_: str) -> None:
    if name and type_ and name not in found:
        found[name] = type_.partition("<")[0].rpartition(".")[2]


def _element_type(over: Node | None, near: Node) -> str:
    """Give the type of a list's elements, where the list's own type is written: as a parameter, variable or field."""
    while over is not None and over.type == "method_invocation":
        over = over.child_by_field_name("object")
    if over is None or over.type not in ("identifier", "field_access"):
        return ""
    name = text_of(over).rpartition(".")[2]
    for parent in ancestors(near):
        for one in _declared(parent)[:_MAX_STATEMENTS]:
            names = [text_of(child.child_by_field_name("name")) for child in (one, *one.named_children)]
            if name in names:
                generic = _GENERIC.search(text_of(one.child_by_field_name("type")))
                return generic[1] if generic else ""
    return ""


def _declared(parent: Node) -> list[Node]:
    if parent.type in ("method_declaration", "constructor_declaration"):
        given = parent.child_by_field_name("parameters")
        return given.named_children if given is not None else []
    if parent.type in ("block", "class_body", "record_declaration"):
        given = parent.child_by_field_name("parameters") or parent
        return [one for one in given.named_children if one.child_by_field_name("type") is not None]
    return []
