"""Which object literals and classes describe a tool, and not a prompt, a resource, an option, another vendor's API."""

import re

from tree_sitter import Node

from crawler.extractors.javascript_classes import base_name, name_of_class
from crawler.extractors.javascript_definitions import SCHEMA_KEYS
from crawler.extractors.javascript_module import Module
from crawler.extractors.javascript_text import short_text, text_of, unquoted

_RUN_KEYS = frozenset(
    ("execute", "handler", "run", "callback", "cb", "func", "fn", "tool", "call", "invoke", "handle", "action")
)
_OTHER_KEYS = frozenset(("uri", "uriTemplate", "mimeType", "messages", "requestedSchema", "input_examples"))
_TOOLISH = re.compile(r"tool", re.IGNORECASE)
_OTHERWISE = re.compile(r"prompt|resource|command|elicit", re.IGNORECASE)
_NAME_SHAPE = re.compile(r"[A-Za-z_][\w.\-/:]{0,127}")


def keys_of(node: Node) -> set[str]:
    """Give the keys that an object literal spells out."""
    keys = set()
    for child in node.named_children:
        if child.type == "pair":
            keys.add(unquoted(child.child_by_field_name("key")))
        elif child.type == "shorthand_property_identifier":
            keys.add(text_of(child))
        elif child.type == "method_definition":
            keys.add(unquoted(child.child_by_field_name("name")))
    return keys


def may_be_tool(module: Module, node: Node) -> bool:
    """Tell from an object's keys and place whether it describes a tool that has its name in it."""
    keys = keys_of(node)
    spreads = any(child.type == "spread_element" for child in node.named_children)
    if not ("name" in keys or spreads) or _OTHER_KEYS & keys:
        return False
    if "inputSchema" in keys:
        return True
    if "description" not in keys or not any(key in keys for key in SCHEMA_KEYS) or _is_function_calling(module, node):
        return False
    place = _place(module, node)
    if _made_otherwise(module, node):
        return False
    if _TOOLISH.search(place):
        return True
    if "input_schema" in keys or _OTHERWISE.search(place):
        return False  # how one vendor's models take their tools, or what is described is a prompt
    return bool(_RUN_KEYS & keys) or _TOOLISH.search(module.path) is not None


def name_from_key(module: Module, node: Node) -> str | None:
    """Give the key that an object stands under, when it is a tool in a map by name; None when it is not."""
    keys = keys_of(node)
    has_schema = any(key in keys for key in SCHEMA_KEYS)
    told = "inputSchema" in keys or bool({"annotations", "outputSchema"} & keys) or bool(_RUN_KEYS & keys)
    if "name" in keys or "description" not in keys or not (has_schema and told) or _OTHER_KEYS & keys:
        return None
    parents = module.ancestors(node)[:4]
    pair = next((parent for parent in parents if parent.type not in ("arguments", "call_expression")), None)
    if pair is None or pair.type != "pair":
        return None
    call = next((parent for parent in parents if parent.type == "call_expression"), None)
    callee = short_text(call.child_by_field_name("function")) if call is not None else ""
    if callee and module.imports.get(callee, ("", ""))[0] == "ai":
        return None  # tools that an agent framework gives its own model
    name = unquoted(pair.child_by_field_name("key"))
    return name if _NAME_SHAPE.fullmatch(name) and not _OTHERWISE.search(_place(module, pair)) else None


def class_may_be_tool(module: Module, owner: Node) -> bool:
    """Tell from a class's names whether it can be a tool: prompts and resources have the same fields."""
    names = f"{name_of_class(owner)} {base_name(owner)}"
    return bool(_TOOLISH.search(names)) or not _OTHERWISE.search(names + module.path)


def is_of_others(module: Module) -> bool:
    """Tell from a file's path that prompts or resources are described in it."""
    return _OTHERWISE.search(module.path) is not None


def _is_function_calling(module: Module, node: Node) -> bool:
    """Tell what another vendor's models are given: {type: "function", function: {…}}."""
    parent = next(iter(module.ancestors(node)), None)
    if parent is not None and parent.type == "pair" and unquoted(parent.child_by_field_name("key")) == "function":
        return True
    types = [
        child.child_by_field_name("value")
        for child in node.named_children
        if child.type == "pair" and unquoted(child.child_by_field_name("key")) == "type"
    ]
    return any(value is not None and unquoted(value) == "function" for value in types)


def _made_otherwise(module: Module, node: Node) -> bool:
    """Tell an object that is given to a function named after commands or prompts, and not after tools."""
    around = module.ancestors(node)[:2]
    call = next((parent for parent in around if parent.type == "call_expression"), None)
    callee = short_text(call.child_by_field_name("function")) if call is not None else ""
    return _OTHERWISE.search(callee) is not None and _TOOLISH.search(callee) is None


def _place(module: Module, node: Node) -> str:
    """Give the names around an object: the variable, the key, the function called with it, the function it is in."""
    names = []
    for parent in module.ancestors(node)[:12]:
        if parent.type in ("variable_declarator", "function_declaration", "method_definition"):
            names.append(short_text(parent.child_by_field_name("name")))
        elif parent.type in ("call_expression", "new_expression"):
            names.append(
                short_text(parent.child_by_field_name("function") or parent.child_by_field_name("constructor"))
            )
        elif parent.type == "pair":
            names.append(short_text(parent.child_by_field_name("key")))
        if len(names) == 3:
            break
    return " ".join(names)
