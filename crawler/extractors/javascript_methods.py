"""Classes whose methods say what a tool is: `getName() {…}`, `getConfig() {…}`, as registering code asks for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_classes import class_member, name_of_class
from crawler.extractors.javascript_functions import call
from crawler.extractors.javascript_text import arguments_of
from crawler.extractors.javascript_values import ClassValue, FunctionValue, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from crawler.extractors.javascript_evaluator import Evaluator
    from crawler.extractors.javascript_module import Module

NAMING_METHODS = (b"getName", b"getToolName")
_STATES = ("getReleaseState", "getStability", "getMaturity", "getStage", "getLifecycle", "getVisibility")
_NAME = re.compile(r"[A-Za-z_$][\w$]{2,80}")
_CALLED = re.compile(rb"\s{0,5}\(")
_MAX_SITES: Final = 200
_HELD_BACK = re.compile(r"non[-_ ]?ga|alpha|beta|experimental|preview|internal|hidden|disabled", re.IGNORECASE)
_WHOLE = ("getConfig", "getDefinition", "getToolDefinition", "getToolConfig", "getMetadata", "getSpec")


def said_by_methods(evaluator: Evaluator, owner: ClassValue, keys: Iterable[str]) -> dict[str, Any]:
    """Give what a class's methods without arguments return of a tool; nothing when none of them names it."""
    name = next(
        (text for method in NAMING_METHODS if isinstance(text := _asked(evaluator, owner, method.decode()), str)), None
    )
    if name is None:
        return {}
    said: dict[str, Any] = {}
    for method in _WHOLE:
        whole = _asked(evaluator, owner, method)
        said |= whole if isinstance(whole, dict) else {}
    for key in keys:
        value = _asked(evaluator, owner, f"get{key[:1].upper()}{key[1:]}")
        if value is not UNKNOWN:
            said[key] = value
    return {**said, "name": name}


def constructions(evaluator: Evaluator, owner: ClassValue) -> Iterator[tuple[Module, Node]]:
    """Find where instances of a class are made with arguments."""
    name = name_of_class(owner.node)
    if not _NAME.fullmatch(name):
        return
    found = 0
    for path, data in sorted(evaluator.package.sources.items()):
        if f"new {name}(".encode() not in data or (module := evaluator.package.module(path)) is None:
            continue
        for node in module.occurrences((name.encode(),), _CALLED):
            made = next((one for one in module.ancestors(node)[:2] if one.type == "new_expression"), None)
            if made is None or made.child_by_field_name("constructor") != node or not arguments_of(made):
                continue
            value = evaluator.evaluate(node, Scope(module))
            if isinstance(value, ClassValue) and value.node.id == owner.node.id and found < _MAX_SITES:
                found += 1
                yield module, made


def held_back(evaluator: Evaluator, owner: ClassValue) -> str | None:
    """Give what a class says of its state when that keeps a tool from being offered to all; None when nothing."""
    for method in _STATES:
        state = _asked(evaluator, owner, method)
        if isinstance(state, str) and _HELD_BACK.search(state):
            return f"{method}() is {state[:100]}"
    return None


def _asked(evaluator: Evaluator, owner: ClassValue, method: str) -> Any:
    function = class_member(evaluator, owner, method)
    return call(evaluator, function, []) if isinstance(function, FunctionValue) else UNKNOWN
