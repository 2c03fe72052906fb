"""Calls whose result is known without running them: text and list methods, Object.*, zod, functions of the package."""

import re
import textwrap
from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import MAX_TEXT, UNKNOWN
from crawler.extractors.javascript_module import text_of
from crawler.extractors.javascript_values import ClassValue, Evaluator, FunctionValue, Scope
from crawler.extractors.javascript_zod import CONSTRUCTORS, ZodValue, chain, construct, is_zod_root, schema_of

_MAX_ITEMS = 5_000
_TEXT_METHODS: dict[str, Callable[..., Any]] = {
    "trim": str.strip,
    "trimStart": str.lstrip,
    "trimEnd": str.rstrip,
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "toString": str,
    "concat": lambda text, *more: text + "".join(more),
    "replaceAll": lambda text, old, new: text.replace(old, new) if old else text,
    "replace": lambda text, old, new: text.replace(old, new, 1) if old else text,
    "split": lambda text, by: text.split(by) if by else list(text),
}
_TO_SCHEMA = re.compile(r"(?:zodToJsonSchema|toJSONSchema|toJsonSchema|fromJsonSchema|jsonSchema)\d*$")
_DEDENT = re.compile(r"(?:dedent|outdent|stripIndent|stripIndents)\d*$")


def call_value(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    """Give a call's value, or UNKNOWN."""
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    callee = _unwrapped(callee)
    if callee is None or arguments is None:
        return UNKNOWN
    if arguments.type == "template_string":  # dedent`…`
        text = evaluator.evaluate(arguments, scope)
        dedents = isinstance(text, str) and _DEDENT.search(text_of(callee)) is not None
        return textwrap.dedent(text).strip() if dedents else text
    nodes = [child for child in arguments.named_children if child.type != "comment"]
    if callee.type == "member_expression":
        return _method_value(evaluator, callee, nodes, scope)
    name = text_of(callee)
    values = [evaluator.evaluate(child, scope) for child in nodes]
    if _TO_SCHEMA.search(name):
        return _json_schema(values)
    if _DEDENT.search(name) and values and isinstance(values[0], str):
        return textwrap.dedent(values[0]).strip()
    function = evaluator.evaluate(callee, scope)
    return evaluator.called(function, values) if isinstance(function, FunctionValue) else UNKNOWN


def _method_value(evaluator: Evaluator, callee: Node, nodes: list[Node], scope: Scope) -> Any:
    target_node = callee.child_by_field_name("object")
    method, root = text_of(callee.child_by_field_name("property")), text_of(target_node)
    if root == "Object":
        return _object_function(method, [evaluator.evaluate(child, scope) for child in nodes])
    if _TO_SCHEMA.search(method):
        return _json_schema([evaluator.evaluate(child, scope) for child in nodes])
    if method in CONSTRUCTORS and is_zod_root(root):
        return construct(method, _arguments(evaluator, nodes, scope)) or UNKNOWN
    target = evaluator.evaluate(target_node, scope)
    if isinstance(target, ZodValue):
        return chain(target, method, _arguments(evaluator, nodes, scope))
    if isinstance(target, str):
        return _text_value(target, method, [evaluator.evaluate(child, scope) for child in nodes])
    if isinstance(target, list):
        return _list_value(evaluator, target, method, [evaluator.evaluate(child, scope) for child in nodes])
    if target is not UNKNOWN and (function := evaluator.property_of(target, method)) is not UNKNOWN:
        values = [evaluator.evaluate(child, scope) for child in nodes]
        return evaluator.called(function, values) if isinstance(function, FunctionValue) else UNKNOWN
    if method in CONSTRUCTORS and not isinstance(target, ClassValue | FunctionValue):
        # A bundle has renamed the library; what it is called with still tells.
        return construct(method, _arguments(evaluator, nodes, scope)) or UNKNOWN
    return UNKNOWN


def _arguments(evaluator: Evaluator, nodes: list[Node], scope: Scope) -> list[Any]:
    """Evaluate a schema's arguments; a lazy one's function is asked for what it returns."""
    values = [evaluator.evaluate(child, scope) for child in nodes]
    return [evaluator.called(value, []) if isinstance(value, FunctionValue) else value for value in values]


def _json_schema(values: list[Any]) -> Any:
    schema = schema_of(values[0]) if values else None
    return schema if schema is not None else UNKNOWN


def _object_function(method: str, values: list[Any]) -> Any:
    first = values[0] if values else UNKNOWN
    if method in ("freeze", "seal"):
        return first
    if method == "assign" and all(isinstance(value, dict) for value in values):
        return {key: one for value in values for key, one in value.items()}
    if method == "fromEntries" and isinstance(first, list):
        pairs = [pair for pair in first if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)]
        return {pair[0]: pair[1] for pair in pairs}
    if not isinstance(first, dict):
        return UNKNOWN
    if method == "values":
        return list(first.values())
    if method == "keys":
        return list(first)
    return [[key, one] for key, one in first.items()] if method == "entries" else UNKNOWN


def _text_value(target: str, method: str, values: list[Any]) -> Any:
    rule = _TEXT_METHODS.get(method)
    if rule is None or any(not isinstance(value, str) for value in values):
        return UNKNOWN
    if (len(target) + 1) * max([len(value) for value in values] or [1]) > 20_000_000:
        return UNKNOWN
    try:
        result = rule(target, *values)
    except TypeError:
        return UNKNOWN
    return UNKNOWN if isinstance(result, str) and len(result) > MAX_TEXT else result


def _list_value(evaluator: Evaluator, target: list[Any], method: str, values: list[Any]) -> Any:
    first = values[0] if values else None
    if method == "join":
        parts = [str(one) for one in target if isinstance(one, str | int | float)]
        by = first if isinstance(first, str) else ","
        whole = len(parts) == len(target) and sum(map(len, parts)) + len(by) * len(parts) <= MAX_TEXT
        return by.join(parts) if whole else UNKNOWN
    if method == "filter":
        return [one for one in target if one] if first is UNKNOWN else target
    if method in ("map", "flatMap") and isinstance(first, FunctionValue):
        made = [evaluator.called(first, [one, index]) for index, one in enumerate(target[:_MAX_ITEMS])]
        return (
            [one for part in made for one in (part if isinstance(part, list) else [part])]
            if (method == "flatMap")
            else made
        )
    if method == "concat":
        return target + [one for value in values for one in (value if isinstance(value, list) else [value])]
    if method == "flat":
        return [one for part in target for one in (part if isinstance(part, list) else [part])]
    if method in ("slice", "sort", "reverse", "toSorted") and not values:
        return target
    return UNKNOWN


def _unwrapped(callee: Node | None) -> Node | None:
    """See through `(0, module.name)(…)`, as compilers write it."""
    while callee is not None and callee.type in ("parenthesized_expression", "sequence_expression"):
        callee = callee.named_children[-1] if callee.named_children else None
    return callee
