"""What a `tools/list` handler answers, where that can be known: the names as clients see them."""

import re
from collections.abc import Iterator
from typing import Any

from tree_sitter import Node

from catalog.records import ToolDefinition
from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_definitions import define
from crawler.extractors.javascript_evaluator import Evaluator
from crawler.extractors.javascript_functions import call
from crawler.extractors.javascript_module import Module
from crawler.extractors.javascript_text import arguments_of
from crawler.extractors.javascript_values import FunctionValue, Scope

_REQUESTS = (b"ListToolsRequestSchema", b"tools/list")
_ENDED = re.compile(rb"(?![\w$])")


def handlers_of(module: Module) -> Iterator[tuple[Node, Node]]:
    """Find what is registered to answer `tools/list`: the registering calls and the functions given to them."""
    for node in module.occurrences(_REQUESTS, _ENDED):
        parents = module.ancestors(node)[:4]
        registering = next((parent for parent in parents if parent.type == "call_expression"), None)
        given = arguments_of(registering) if registering is not None else []
        if registering is not None and len(given) > 1:
            yield registering, given[1]


def list_tools(evaluator: Evaluator, module: Module) -> Iterator[ToolDefinition]:
    """Give the tools that a module's handlers answer with, as far as they say so plainly."""
    for registering, given in handlers_of(module):
        function = evaluator.evaluate(given, Scope(module))
        answer = call(evaluator, function, [UNKNOWN, UNKNOWN]) if isinstance(function, FunctionValue) else UNKNOWN
        listed = answer.get("tools") if isinstance(answer, dict) else None
        for said in listed if isinstance(listed, list) else ():
            definition = define(module, registering, said, "javascript-tools-list") if _is_tool(said) else None
            if definition is not None:
                yield definition


def without_renamed(found: list[ToolDefinition], listed: list[ToolDefinition]) -> list[ToolDefinition]:
    """Leave out the objects that a handler lists under another name, such as one with a prefix."""
    names = {definition.name for definition in listed}
    said = {definition.description for definition in listed if definition.description}
    return [one for one in found if one.name in names or one.description not in said]


def _is_tool(said: Any) -> bool:
    return (
        isinstance(said, dict)
        and isinstance(said.get("name"), str)
        and bool({"inputSchema", "description"} & said.keys())
    )
