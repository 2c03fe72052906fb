"""Dart as the shared evaluator sees it: constants, getters, functions, classes and enums."""

from collections.abc import Iterator, Mapping

import tree_sitter_dart
from tree_sitter import Language, Node

from crawler.extractors.codebase import Declaration, Module, ancestors, enclosing
from crawler.extractors.dart_expressions import LOWERINGS, arguments_of, sequence
from crawler.extractors.dialect import Dialect, Search, text_of
from crawler.extractors.expressions import (
    Assignment,
    Call,
    Expression,
    Function,
    Literal,
    Loop,
    Name,
    Parameter,
    TypeBody,
    Value,
)
from crawler.extractors.library import joined, text_function

LANGUAGE = Language(tree_sitter_dart.language())
_INDEX = Search(
    LANGUAGE,
    """
(static_final_declaration . (identifier) @value)
(initialized_identifier . (identifier) @value)
(getter_signature name: (identifier) @value)
(enum_constant name: (identifier) @value)
(function_signature name: (identifier) @function)
(class_definition name: (identifier) @type)
(enum_declaration name: (identifier) @type)
""",
)
_BODY = Search(
    LANGUAGE,
    """
(initialized_variable_definition) @variable
(assignment_expression) @assignment
(return_statement) @return
(for_statement) @loop
""",
)
_TYPES = frozenset(("class_definition", "mixin_declaration", "extension_declaration", "enum_declaration"))
_CONDITIONAL = frozenset(("if_statement", "switch_statement_case", "for_statement", "if_element"))
_BODIES = frozenset(("function_body", "function_expression_body"))


class DartDialect(Dialect):
    """Dart for the shared machinery. A function is known by its body: its signature stands before it."""

    language = LANGUAGE
    lowerings = LOWERINGS
    suffixes = (".dart",)
    calls = frozenset(("selector", "const_object_expression"))
    functions = frozenset(("function_body", "function_expression"))
    self_names = frozenset(("this",))

    def around(self, node: Node | None, types: frozenset[str], climb: int) -> Node | None:
        """Find a call by the name that it calls: its arguments stand beside the name, not around it."""
        found = node
        if "selector" in types and node is not None and node.type == "identifier":
            holder = node.parent if node.parent is not None and node.parent.type.endswith("selector") else node
            if holder.parent is not None and holder.parent.type == "selector":
                holder = holder.parent
            after = holder.next_named_sibling
            for _ in range(3):
                if after is None or after.type != "selector":
                    break
                if after.named_children and after.named_children[0].type == "argument_part":
                    return after
                after = after.next_named_sibling
            if holder.parent is not None and holder.parent.type == "const_object_expression":
                return holder.parent
            return None
        return super().around(found, types, climb)

    def index(self, module: Module) -> None:
        """Declare a file's constants, fields, getters, functions and types."""
        for found in _INDEX.matches(module.root):
            for kind, nodes in found.items():
                for node in nodes:
                    holder = node.parent
                    if holder is not None and (kind == "type" or enclosing(holder.parent, self.functions) is None):
                        body = _body_after(holder) if kind == "function" else None
                        module.declare(kind, text_of(node), self.owner_of(holder), body if body is not None else holder)

    def value_of(self, declaration: Declaration) -> Expression | None:
        """Give a constant's or field's value, what a getter returns, or an enum's constant with its fields."""
        node = declaration.node
        if node.type == "enum_constant":
            return self._constant(declaration)
        if node.type == "getter_signature":
            body = _body_after(node)
            return next(reversed(self.function(body).returns), None) if body is not None else None
        return sequence(self, _after_equals(node))

    def _constant(self, declaration: Declaration) -> Expression:
        """Give an enum's constant: its name, and the fields that its constructor sets."""
        holder = enclosing(declaration.node, frozenset(("enum_declaration",)))
        args, named = arguments_of(self, next(iter(declaration.node.named_children[1:]), declaration.node))
        names = [text_of(one.named_children[-1]) for one in _constructor_parameters(holder)]
        fields = dict(zip(names, args, strict=False)) | dict(named)
        return Call(Name(declaration.owner), (), tuple({"name": Literal(declaration.name), **fields}.items()))

    def function(self, node: Node) -> Function:
        """Give what a function does with names; `node` is its body, or a function written in place."""
        assignments: list[Assignment] = []
        returns: list[Expression] = []
        loops: list[Loop] = []
        for found in _BODY.matches(node):
            [(kind, [inner])] = found.items()
            if enclosing(inner.parent, self.functions) != node:
                continue
            if kind == "return":
                returns.append(sequence(self, inner.named_children))
            elif kind == "loop":
                loops += self._loop(inner)
            else:
                assignments += self._assigned(inner, node)
        if not returns:
            body = next((one for one in node.named_children if one.type in _BODIES), node)
            if not any(one.type == "block" for one in body.named_children):
                returns.append(sequence(self, body.named_children))
        return Function(tuple(self._parameters(node)), tuple(assignments), tuple(returns), tuple(loops))

    def function_name(self, node: Node) -> str:
        """Give a function's name, which stands in the signature before its body."""
        signature = _signature(node)
        return text_of(signature.child_by_field_name("name")) if signature is not None else ""

    def _assigned(self, node: Node, function: Node) -> Iterator[Assignment]:
        left = node.child_by_field_name("name") or node.child_by_field_name("left")
        grows = text_of(node.child_by_field_name("operator")) == "+="
        right = node.child_by_field_name("right")
        value = self.lower(right) if right is not None else sequence(self, _after_equals(node))
        yield Assignment(text_of(left), value, node.start_byte, grows, _is_conditional(node, function))

    def _loop(self, node: Node) -> Iterator[Loop]:
        parts = next((one for one in node.named_children if one.type == "for_loop_parts"), None)
        name = parts.child_by_field_name("name") if parts is not None else None
        if parts is not None and name is not None:
            over = [one for one in parts.children if one.start_byte > name.end_byte and one.is_named]
            yield Loop((text_of(name),), sequence(self, over), node.start_byte, node.end_byte)

    def _parameters(self, node: Node) -> Iterator[Parameter]:
        holder = node.child_by_field_name("parameters") or _signature(node)
        pending = [holder] if holder is not None else []
        while pending:
            one = pending.pop(0)
            if one.type == "formal_parameter":
                name = one.child_by_field_name("name") or (one.named_children[-1] if one.named_children else one)
                yield Parameter(text_of(name).rpartition(".")[2], text_of(one).rpartition(" ")[0], node=one)
            elif one.type in ("formal_parameter_list", "optional_formal_parameters") or "signature" in one.type:
                pending[:0] = one.named_children

    def type_body(self, declaration: Declaration) -> TypeBody:
        """Give the names of an enum's constants, and what a class extends."""
        body = declaration.node.child_by_field_name("body")
        constants = [one for one in body.named_children if one.type == "enum_constant"] if body is not None else []
        base = declaration.node.child_by_field_name("superclass")
        bases = tuple(text_of(one) for one in base.named_children[:1]) if base is not None else ()
        return TypeBody(bases=bases, members=tuple(text_of(one.child_by_field_name("name")) for one in constants))

    def owner_of(self, node: Node) -> str:
        """Name the class, mixin or enum that a node stands in."""
        holder = enclosing(node.parent, _TYPES)
        if holder is None:
            return ""
        name = holder.child_by_field_name("name")
        return text_of(name) or next((text_of(one) for one in holder.named_children if one.type == "identifier"), "")

    def condition_text(self, node: Node, inner: Node) -> str | None:
        """Give an if's condition for what stands in its branch."""
        if node.type not in ("if_statement", "if_element") or inner != node.child_by_field_name("consequence"):
            return None
        before = [one for one in node.named_children if one.end_byte <= inner.start_byte]
        return " ".join(text_of(one) for one in before) or None

    def builtin(self, name: str, owner: Value, args: list[Value], named: Mapping[str, Value]) -> Value:
        """Do what the core library does with texts and lists."""
        del named
        if name == "join" and isinstance(owner, list):
            return joined(owner, args[0] if args else "")
        if name in ("toList", "toSet", "toString") and owner is not None and isinstance(owner, str | list):
            return owner
        return _TEXTS[name](owner) if isinstance(owner, str) and name in _TEXTS else NotImplemented


_TEXTS = {
    "trim": text_function(str.strip),
    "toLowerCase": text_function(str.lower),
    "toUpperCase": text_function(str.upper),
}


def _after_equals(node: Node) -> list[Node]:
    for number, child in enumerate(node.children):
        if child.type == "=":
            return list(node.children[number + 1 :])
    return []


def _body_after(signature: Node) -> Node | None:
    holder: Node | None = signature
    for _ in range(3):
        if holder is None:
            return None
        after = holder.next_named_sibling
        if after is not None and after.type == "function_body":
            return after
        holder = holder.parent
    return None


def _signature(body: Node) -> Node | None:
    if body.type != "function_body":
        return None
    before = body.prev_named_sibling
    for _ in range(3):
        if before is None or before.type in ("function_signature", "getter_signature", "constructor_signature"):
            return before
        before = next((one for one in before.named_children if one.type.endswith("signature")), None)
    return None


def _constructor_parameters(enumeration: Node | None) -> list[Node]:
    """Give the fields that an enum's constructor sets, in order."""
    body = enumeration.child_by_field_name("body") if enumeration is not None else None
    for one in body.named_children if body is not None else ():
        signature = next((child for child in one.named_children if "constructor_signature" in child.type), None)
        pending = list(signature.named_children) if signature is not None else []
        found = []
        while pending:
            inner = pending.pop(0)
            if inner.type == "constructor_param":
                found.append(inner)
            elif "parameter" in inner.type:
                pending[:0] = inner.named_children
        if found:
            return found
    return []


def _is_conditional(node: Node, function: Node) -> bool:
    for parent in ancestors(node):
        if parent == function:
            return False
        if parent.type in _CONDITIONAL:
            return True
    return False
