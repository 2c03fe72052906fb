"""Calls whose result is known without running them: text and list methods, Object.*, zod, functions of the package."""

import re
from collections.abc import Callable
from typing import Any, Final

from tree_sitter import Node

from crawler.extractors.evaluation import MAX_TEXT, UNKNOWN
from crawler.extractors.javascript_evaluator import Evaluator
from crawler.extractors.javascript_functions import call
from crawler.extractors.javascript_index import required
from crawler.extractors.javascript_regex import BY_INDEX, cut, replaced
from crawler.extractors.javascript_structures import MAX_ITEMS
from crawler.extractors.javascript_text import arguments_of, printed, short_text
from crawler.extractors.javascript_typebox import construct_typebox, is_typebox_root
from crawler.extractors.javascript_values import (
    ClassValue,
    FunctionValue,
    NamespaceValue,
    OpenObject,
    PartialText,
    Scope,
)
from crawler.extractors.javascript_zod import (
    CONSTRUCTORS,
    ZodValue,
    bundled_constructor,
    chain,
    construct,
    is_zod_root,
    schema_of,
)
from crawler.extractors.literals import block

_MAX_LINKS: Final = 2_000
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
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "includes": lambda text, part: part in text,
}
_TO_SCHEMA = re.compile(r"(?:zodToJsonSchema|toJSONSchema|toJsonSchema|fromJsonSchema|jsonSchema)\w*$", re.IGNORECASE)
_DEDENT = re.compile(r"(?:dedent|outdent|stripIndent|stripIndents|codeBlock)\d*$")
_IMPORTERS = re.compile(r"(?:require|import|__import\w+|__toESM|_interop\w+)$")
_PLAIN = (ZodValue, str, int, float, dict, list)
_FRESH = ("freeze", "seal", "assign", "fromEntries", "values", "keys", "entries")


def call_value(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    """Give a call's value, or UNKNOWN."""
    # A schema's methods are called one on the other, dozens deep; so no recursion along that chain.
    links: list[tuple[Node, Node]] = []
    current = node
    while len(links) < _MAX_LINKS:
        callee = _callee(current)
        target = callee.child_by_field_name("object") if callee is not None and _is_member(callee) else None
        if callee is None or target is None or target.type != "call_expression":
            break
        links.append((current, callee))
        current = target
    value = _first_value(evaluator, current, scope)
    for link, callee in reversed(links):
        value = _method_value(evaluator, value, callee, arguments_of(link), scope)
    return value


def _first_value(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    callee, arguments = _callee(node), node.child_by_field_name("arguments")
    if callee is None or arguments is None:
        return UNKNOWN
    name = short_text(callee)
    if arguments.type == "template_string":  # dedent`…`
        text, tag = evaluator.evaluate(arguments, scope), _imported_as(scope, name)
        return _dedented(text) if isinstance(text, str) and _DEDENT.search(tag) else _raw(text, tag)
    if _IMPORTERS.match(name) and (source := required(node)) is not None:
        found = evaluator.package.find(source, scope.module.path)
        data = evaluator.package.find_json(source, scope.module.path) if found is None else None
        return NamespaceValue(found) if found is not None else UNKNOWN if data is None else data
    nodes = arguments_of(node)
    if _is_member(callee):
        target = callee.child_by_field_name("object")
        return _called_on(evaluator, target, callee, nodes, scope)
    if _TO_SCHEMA.search(name):
        return _json_schema(evaluator, nodes, scope)
    if _DEDENT.search(name) and nodes:
        text = evaluator.evaluate(nodes[0], scope)
        return _dedented(text) if isinstance(text, str) else UNKNOWN
    if name == "String" and nodes:
        return printed(evaluator.evaluate(nodes[0], scope)) or UNKNOWN
    function = evaluator.evaluate(callee, scope)
    values = [evaluator.evaluate(one, scope) for one in nodes]
    value = call(evaluator, function, values) if isinstance(function, FunctionValue) else UNKNOWN
    if not isinstance(value, _PLAIN) and (bundled := bundled_constructor(name)) is not None:
        return construct(bundled, [_asked(evaluator, one) for one in values]) or UNKNOWN
    return value


def _called_on(evaluator: Evaluator, target: Node | None, callee: Node, nodes: list[Node], scope: Scope) -> Any:
    """Give the value of a method called on a plain expression: a global, a schema library, or a value."""
    method, root = short_text(callee.child_by_field_name("property")), short_text(target)
    if root == "Object" and method in _FRESH:
        return _object_function(method, [evaluator.evaluate(one, scope) for one in nodes])
    if root == "String" and method == "raw":
        return UNKNOWN
    if _TO_SCHEMA.search(method):
        return _json_schema(evaluator, nodes, scope)
    if method in CONSTRUCTORS and is_zod_root(root):
        return construct(method, _arguments(evaluator, nodes, scope)) or UNKNOWN
    if is_typebox_root(root) and method[:1].isupper():
        made = construct_typebox(method, _arguments(evaluator, nodes, scope))
        if made is not None:
            return made
    return _method_value(evaluator, evaluator.evaluate(target, scope), callee, nodes, scope)


def _method_value(evaluator: Evaluator, target: Any, callee: Node, nodes: list[Node], scope: Scope) -> Any:
    method = short_text(callee.child_by_field_name("property"))
    if isinstance(target, ZodValue):
        return chain(target, method, _arguments(evaluator, nodes, scope))
    if isinstance(target, PartialText):
        return target if method in ("trim", "trimStart", "trimEnd") else UNKNOWN
    values = [evaluator.evaluate(one, scope) for one in nodes]
    if isinstance(target, str) and method in BY_INDEX:
        return cut(target, method, values)
    if isinstance(target, str) and len(nodes) == 2 and nodes[0].type == "regex":
        return replaced(target, short_text(nodes[0]), values[1], everywhere=method == "replaceAll")
    if isinstance(target, str):
        return _text_value(target, method, values)
    if isinstance(target, list):
        return _list_value(evaluator, target, method, values)
    function = evaluator.property_of(target, method) if target is not UNKNOWN else UNKNOWN
    value = call(evaluator, function, values) if isinstance(function, FunctionValue) else UNKNOWN
    renamed = method in CONSTRUCTORS and not isinstance(target, ClassValue | FunctionValue)
    if renamed and not isinstance(value, _PLAIN):
        # A bundle has renamed the library; what it is called with still tells.
        return construct(method, [_asked(evaluator, one) for one in values]) or UNKNOWN
    return value


def _arguments(evaluator: Evaluator, nodes: list[Node], scope: Scope) -> list[Any]:
    return [_asked(evaluator, evaluator.evaluate(one, scope)) for one in nodes]


def _asked(evaluator: Evaluator, value: Any) -> Any:
    """Ask a lazy schema's function for what it returns."""
    return call(evaluator, value, []) if isinstance(value, FunctionValue) else value


def _json_schema(evaluator: Evaluator, nodes: list[Node], scope: Scope) -> Any:
    value = evaluator.evaluate(nodes[0], scope) if nodes else UNKNOWN
    if isinstance(value, ZodValue):
        return value
    schema = schema_of(value)
    return schema if schema is not None else UNKNOWN


def _object_function(method: str, values: list[Any]) -> Any:
    first = values[0] if values else UNKNOWN
    if method in ("freeze", "seal"):
        return first
    if method == "assign" and isinstance(first, dict):
        known = [value for value in values if isinstance(value, dict)]
        merged = {key: one for value in known for key, one in value.items()}
        is_open = len(known) < len(values) or any(isinstance(value, OpenObject) for value in known)
        return OpenObject(merged) if is_open else merged
    if method == "fromEntries" and isinstance(first, list):
        pairs = [pair for pair in first if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)]
        made = {pair[0]: pair[1] for pair in pairs}
        return made if len(pairs) == len(first) else OpenObject(made)
    if isinstance(first, NamespaceValue) or not isinstance(first, dict):
        return UNKNOWN
    more = [UNKNOWN] if isinstance(first, OpenObject) else []
    if method == "values":
        return [*first.values(), *more]
    if method == "keys":
        return [*first, *more]
    return [*([key, one] for key, one in first.items()), *more] if method == "entries" else UNKNOWN


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
        parts = [printed(one) for one in target]
        known = [part for part in parts if part is not None]
        by = "," if first is None else first
        fits = isinstance(by, str) and sum(map(len, known)) + len(by) * len(known) <= MAX_TEXT
        return by.join(known) if fits and len(known) == len(parts) else UNKNOWN
    if method == "filter":
        # Which of them stay is decided at run time; all that may is the answer.
        return [one for one in target if one is not None and one is not False]
    if method in ("map", "flatMap") and isinstance(first, FunctionValue):
        made = [call(evaluator, first, [one, number]) for number, one in enumerate(target)]
        return _flat(made) if method == "flatMap" else made
    if method == "concat":
        return _flat([target, *values])
    if method == "flat":
        return _flat(target)
    if method in ("sort", "toSorted", "reverse", "toReversed") or (method == "slice" and not values):
        return target
    return UNKNOWN


def _flat(parts: list[Any]) -> list[Any]:
    flat = [one for part in parts for one in (part if isinstance(part, list) else [part])]
    return flat if len(flat) <= MAX_ITEMS else [*flat[:MAX_ITEMS], UNKNOWN]


def _dedented(text: str) -> str:
    return block(text, closing=False).strip()


def _imported_as(scope: Scope, name: str) -> str:
    """Give the name that a tag has where it comes from: a compressed file calls it by a letter."""
    source, original = scope.module.imports.get(name, ("", name))
    return source.rpartition("/")[2] if original in ("default", "*") else original


def _raw(text: Any, tag: str) -> Any:
    """Give what an unknown tag makes of a template: only such as are known to leave it as it is say so."""
    return text if tag in ("html", "markdown", "md", "gql", "sql", "text") else UNKNOWN


def _is_member(callee: Node) -> bool:
    return callee.type == "member_expression"


def _callee(node: Node) -> Node | None:
    """Give what a call calls; seen through `(0, module.name)(…)`, as compilers write it."""
    callee = node.child_by_field_name("function")
    for _ in range(4):
        if callee is None or callee.type not in ("parenthesized_expression", "sequence_expression"):
            break
        callee = callee.named_children[-1] if callee.named_children else None
    return callee
