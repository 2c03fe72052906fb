"""Tools written down as data: dictionaries, records and classes of the package, entries of its registries.

Gives what such a thing says of a tool, None for what is none.
"""

from collections.abc import Iterable
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.python_functions import returned
from crawler.extractors.python_module import Module, ancestors
from crawler.extractors.python_names import class_attribute
from crawler.extractors.python_references import CallValue, ClassRef, FunctionRef, Scope
from crawler.extractors.python_registering import is_foreign_base, is_no_tool
from crawler.extractors.python_syntax import text_of
from crawler.extractors.python_values import Evaluator

_SCHEMAS = ("inputSchema", "input_schema", "parameters", "args_schema", "input_model", "schema")
_ACTIONS = ("run", "execute", "call", "__call__", "apply", "handle", "invoke", "forward", "_run")
_FOREIGN_KEYS = frozenset(("uri", "uriTemplate", "mimeType", "arguments", "template", "messages"))
_SAID_BY_DECORATORS = frozenset(
    (
        *("name", "title", "description", "annotations", "meta", "exclude_args", "input_schema", "input_model"),
        *("inputSchema", "args_schema", "readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"),
        *("read_only_hint", "destructive_hint", "idempotent_hint", "open_world_hint"),
    )
)


def said_by_record(evaluator: Evaluator, node: Node, scope: Scope) -> dict[str, Any] | None:
    """Give what a dictionary, or a call of a record class of the package, says of a tool."""
    keys = _keys(evaluator, node)
    if not {"name", "description"} <= keys or keys & _FOREIGN_KEYS or _stands_among_others(scope.module, node):
        return None
    if node.type == "call":
        callee = node.child_by_field_name("function")
        if "Tool" not in text_of(callee).rsplit(".", 1)[-1]:
            return None
        called = evaluator.evaluate(callee, scope)
        if not isinstance(called, ClassRef):
            return None
    said = _said(evaluator, node, scope)
    described = "inputSchema" in keys or (node.type == "call" and keys & set(_SCHEMAS))
    if not described and not any(isinstance(value, FunctionRef) for value in said.values()):
        return None
    return said if isinstance(said.get("name"), str) or described else None


def said_by_class(evaluator: Evaluator, owner: ClassRef) -> dict[str, Any] | None:
    """Give what a class that is a tool of its own says: constants or properties of it."""
    superclasses = text_of(owner.node.child_by_field_name("superclasses"))
    if "Tool" not in superclasses or is_no_tool(superclasses) or is_foreign_base(evaluator, owner):
        return None
    name = _member(evaluator, owner, "name")
    if not isinstance(name, str) or not name:
        return None
    said = {"name": name, "description": _member(evaluator, owner, "description")}
    for key in (*_SCHEMAS, "annotations", "title"):
        value = _member(evaluator, owner, key)
        if value is not UNKNOWN and value is not None:
            said["inputSchema" if key in _SCHEMAS else key] = value
    acts = any(isinstance(class_attribute(evaluator, owner, action), FunctionRef) for action in _ACTIONS)
    if not isinstance(said["description"], str) or not (acts or "inputSchema" in said):
        return None
    return said


def said_by_store(
    evaluator: Evaluator, stores: Iterable[Node], scope: Scope, given: tuple[list[Any], dict[str, Any]] | None
) -> dict[str, Any]:
    """Give what a registry's decorator says: its own arguments, and what it stores beside the function."""
    positional, named = given or ([], {})
    said = {key: value for key, value in named.items() if key in _SAID_BY_DECORATORS}
    if positional and isinstance(positional[0], str) and "name" not in said:
        said["name"] = positional[0]
    for store in stores:
        kept = _kept(evaluator, store, scope)
        said |= {
            key: value
            for key, value in kept.items()
            if value is not UNKNOWN and value is not None and key in _SAID_BY_DECORATORS
        }
    return said


def said_afterwards(evaluator: Evaluator, call: Node, scope: Scope) -> dict[str, Any]:
    """Give what is assigned to attributes of a tool after it was made: `tool = Make(f)`, `tool.description = …`."""
    assignment, _, *outer = (*ancestors(scope.module, call), None, None)[:3]
    block = next(iter(outer), None) or scope.module.root
    if assignment is None or assignment.type != "assignment":
        return {}
    name = text_of(assignment.child_by_field_name("left"))
    said = {}
    for one in block.named_children:
        node = one.named_children[0] if one.type == "expression_statement" and one.named_children else None
        left = node.child_by_field_name("left") if node is not None and node.type == "assignment" else None
        if node is None or left is None or left.type != "attribute":
            continue
        key = text_of(left.child_by_field_name("attribute"))
        if text_of(left.child_by_field_name("object")) == name and key in _SAID_BY_DECORATORS:
            said[key] = evaluator.evaluate(node.child_by_field_name("right"), scope)
    return said


def _said(evaluator: Evaluator, node: Node, scope: Scope) -> dict[str, Any]:
    """Give what the keys of a dictionary, or the keyword arguments of a call, are worth."""
    if node.type == "call":
        _, keywords = evaluator.arguments(node)
        return {key: evaluator.evaluate(value, scope) for key, value in keywords.items()}
    value = evaluator.evaluate(node, scope)
    return value if isinstance(value, dict) else {}


def _keys(evaluator: Evaluator, node: Node) -> set[str]:
    if node.type == "call":
        return set(evaluator.arguments(node)[1])
    return {text_of(child.child_by_field_name("key")).strip("\"'") for child in node.named_children}


def _stands_among_others(module: Module, node: Node) -> bool:
    """Tell a record that is kept among prompts or resources, by the name of what it is assigned to."""
    for parent in ancestors(module, node):
        if parent.type in ("assignment", "pair", "keyword_argument"):
            target = next(iter(parent.named_children), None)
            if is_no_tool(text_of(target)[:100]):
                return True
        if parent.type in ("function_definition", "class_definition"):
            return is_no_tool(text_of(parent.child_by_field_name("name")))
    return False


def _member(evaluator: Evaluator, owner: ClassRef, name: str) -> Any:
    value = class_attribute(evaluator, owner, name)
    if isinstance(value, FunctionRef):
        return returned(evaluator, value, [], {"self": owner})
    return value


def _kept(evaluator: Evaluator, store: Node, scope: Scope) -> dict[str, Any]:
    if store.type == "call":
        return _said(evaluator, store, scope)
    if store.type == "pair":
        around = next(ancestors(scope.module, store), None)
        return _said(evaluator, around, scope) if around is not None else {}
    left = store.child_by_field_name("left")
    if left is not None and left.type == "subscript":
        return {"name": evaluator.evaluate(left.child_by_field_name("subscript"), scope)}
    value = evaluator.evaluate(store.child_by_field_name("right"), scope)
    if isinstance(value, CallValue):
        return dict(value.keywords)
    return value if isinstance(value, dict) else {}
