"""Java as the shared evaluator sees it: what a file declares, expressions, methods, classes and records."""

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

import tree_sitter_java
from tree_sitter import Language, Node

from crawler.extractors.codebase import Declaration, Module, ancestors, enclosing
from crawler.extractors.dialect import Search, text_of
from crawler.extractors.expressions import (
    Assignment,
    Call,
    Expression,
    Field,
    Function,
    Literal,
    Loop,
    Member,
    Name,
    Parameter,
    Sequence,
    TypeBody,
)
from crawler.extractors.java_expressions import LOWERINGS, annotation_call
from crawler.extractors.java_variables import typed_names
from crawler.extractors.jvm_dialect import JvmDialect
from crawler.extractors.jvm_growth import growth

LANGUAGE = Language(tree_sitter_java.language())
_INDEX = Search(
    LANGUAGE,
    """
(field_declaration declarator: (variable_declarator name: (identifier) @value))
(constant_declaration declarator: (variable_declarator name: (identifier) @value))
(enum_constant name: (identifier) @value)
(method_declaration name: (identifier) @function)
(class_declaration name: (identifier) @type)
(interface_declaration name: (identifier) @type)
(enum_declaration name: (identifier) @type)
(record_declaration name: (identifier) @type)
(annotation_type_declaration name: (identifier) @type)
""",
)
_BODY = Search(
    LANGUAGE,
    """
(local_variable_declaration declarator: (variable_declarator) @variable)
(assignment_expression) @assignment
(expression_statement [(method_invocation) (parenthesized_expression)] @statement)
(explicit_constructor_invocation) @construction
(return_statement (_) @return)
(enhanced_for_statement) @loop
""",
)
_CONDITIONAL = frozenset(
    ("if_statement", "switch_expression", "for_statement", "while_statement", "enhanced_for_statement", "catch_clause")
)
_BLOCKS = frozenset(("method_declaration", "constructor_declaration", "class_body", "program"))


class JavaDialect(JvmDialect):
    """Java for the shared machinery."""

    language = LANGUAGE
    suffixes = (".java",)
    calls = frozenset(("method_invocation", "object_creation_expression", "explicit_constructor_invocation"))
    functions = frozenset(("method_declaration", "constructor_declaration", "lambda_expression"))
    self_names = frozenset(("this", "super"))
    overloads = True
    type_nodes: ClassVar[frozenset[str]] = frozenset(
        (
            *("class_declaration", "interface_declaration", "enum_declaration", "record_declaration"),
            "annotation_type_declaration",
        )
    )
    annotation_nodes = frozenset(("annotation", "marker_annotation"))
    lowerings = LOWERINGS

    def index(self, module: Module) -> None:
        """Declare a file's types, their fields, constants and methods."""
        for found in _INDEX.matches(module.root):
            for kind, nodes in found.items():
                for node in nodes:
                    if node.parent is not None:
                        module.declare(kind, text_of(node), self.owner_of(node.parent), node.parent)

    def value_of(self, declaration: Declaration) -> Expression | None:
        """Give a field's value; an enum's constant is a construction of the enum that knows its own name."""
        node = declaration.node
        if node.type != "enum_constant":
            value = node.child_by_field_name("value")
            return self.lower(value) if value is not None else None
        arguments = node.child_by_field_name("arguments")
        given = tuple(self.lower(one) for one in arguments.named_children) if arguments is not None else ()
        return Call(Name(declaration.owner), given, (("name()", Literal(declaration.name)),), (), node)

    def function(self, node: Node) -> Function:
        """Give what a method, constructor or lambda does with names."""
        parameters = tuple(self.parameters(node.child_by_field_name("parameters")))
        body = node.child_by_field_name("body")
        if body is None:
            return Function(parameters)
        if node.type == "lambda_expression" and body.type != "block":
            return Function(parameters, returns=(self.lower(body),))
        assignments: list[Assignment] = []
        returns: list[Expression] = []
        loops: list[Loop] = []
        for found in _BODY.matches(body):
            [(kind, [inner])] = found.items()
            if enclosing(inner.parent, self.functions) != node or _in_anonymous(inner, node):
                continue
            if kind == "return":
                returns.append(self.lower(inner))
            elif kind == "loop":
                loops += self._loop(inner)
            else:
                assignments += self._assigned(kind, inner, node)
        return Function(parameters, tuple(assignments), tuple(returns), tuple(loops))

    def _assigned(self, kind: str, node: Node, function: Node) -> Iterator[Assignment]:
        conditional, condition = _is_conditional(node, function), self.condition_of(node, function)
        if kind == "variable":
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if value is not None:
                yield from growth(text_of(name), self.lower(value), node.start_byte)
                start = node.start_byte
                yield Assignment(text_of(name), self.lower(value), start, conditional=conditional, condition=condition)
        elif kind == "assignment":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            grows = text_of(node.child_by_field_name("operator")) == "+="
            name = left.child_by_field_name("field") if left is not None and left.type == "field_access" else left
            start, given = node.start_byte, self.lower(right)
            yield Assignment(text_of(name), given, start, grows, conditional, condition=condition)
        elif kind == "construction":
            yield Assignment("super", self.lower(node), node.start_byte)
        else:
            for one in growth("", self.lower(node), node.start_byte, conditional=conditional):
                yield replace(one, condition=condition)

    def _loop(self, node: Node) -> Iterator[Loop]:
        name, over = node.child_by_field_name("name"), node.child_by_field_name("value")
        if over is not None:
            yield Loop((text_of(name),), self.lower(over), node.start_byte, node.end_byte)

    def parameters(self, node: Node | None) -> Iterator[Parameter]:
        """Give the parameters of a method, a lambda or a record."""
        if node is None:
            return
        if node.type == "identifier":
            yield Parameter(text_of(node))
            return
        for one in node.named_children:
            if one.type == "identifier":
                yield Parameter(text_of(one))
            elif one.type == "formal_parameter":
                type_, name = one.child_by_field_name("type"), one.child_by_field_name("name")
                yield Parameter(text_of(name), text_of(type_), None, variadic=False, node=one)
            elif one.type == "spread_parameter":
                name = next((child for child in one.named_children if child.type == "variable_declarator"), None)
                each = text_of(one).partition("...")[0].split(" ")[-1]
                yield Parameter(text_of(name), f"{each}[]", None, variadic=True, node=one)

    def type_body(self, declaration: Declaration) -> TypeBody:
        """Give a class's fields or a record's components, what it extends, and an enum's constants."""
        node = declaration.node
        body = node.child_by_field_name("body")
        fields: list[Field] = []
        members: list[str] = []
        if node.type == "record_declaration":
            given = self.parameters(node.child_by_field_name("parameters"))
            fields += [Field(one.name, one.type, node=one.node) for one in given]
        for one in body.named_children if body is not None else ():
            if one.type == "enum_constant":
                members.append(text_of(one.child_by_field_name("name")))
            elif one.type == "field_declaration" and "static" not in _modifiers(one):
                type_ = text_of(one.child_by_field_name("type"))
                for declarator in one.children_by_field_name("declarator"):
                    value = declarator.child_by_field_name("value")
                    default = self.lower(value) if value is not None else None
                    fields.append(Field(text_of(declarator.child_by_field_name("name")), type_, "", "", default, one))
        return TypeBody(tuple(fields), tuple(_bases(node)), tuple(members))

    def construction(self, declaration: Declaration, count: int) -> tuple[Function, Node | None] | None:
        """Give the constructor that takes so many arguments; a record's parameters are its fields."""
        node = declaration.node
        if node.type == "record_declaration":
            given = tuple(self.parameters(node.child_by_field_name("parameters")))
            held = tuple(Assignment(one.name, Name(one.name), node.start_byte) for one in given)
            return Function(given, held), None
        body = node.child_by_field_name("body")
        holders = [child for child in body.named_children if child.type == "enum_body_declarations"] if body else []
        made = [
            child
            for holder in [*([body] if body is not None else []), *holders]
            for child in holder.named_children
            if child.type == "constructor_declaration"
        ]
        functions = [(self.function(one), one) for one in made]
        fitting = (one for one in functions if len(one[0].parameters) == count)
        return next(fitting, functions[0] if functions else None)

    def annotations(self, node: Node | None) -> list[Call]:
        """Give the annotations of a declaration or parameter."""
        holder = next((one for one in node.children if one.type == "modifiers"), None) if node is not None else None
        found = [annotation_call(self, one) for one in holder.named_children] if holder is not None else []
        return [one for one in found if one is not None]

    def annotated(self, annotation: Node) -> Node | None:
        """Give the declaration whose modifiers hold an annotation."""
        holder = annotation.parent
        return holder.parent if holder is not None and holder.type == "modifiers" else None

    def typed_names(self, node: Node) -> dict[str, str]:
        """Give the typed parameters and loop variables around a node."""
        return typed_names(node)

    def tool_site(self, node: Node) -> Node | None:
        """Give the chain that `Tool.builder` or a new Tool begins, or a chain on a new tool of a registry."""
        if node.type == "object_creation_expression":
            type_ = text_of(node.child_by_field_name("type"))
            return self.fluent_end(node) if type_.rpartition(".")[2] == "Tool" else None
        name, of = text_of(node.child_by_field_name("name")), text_of(node.child_by_field_name("object"))
        if name == "newTool" or (name == "builder" and of.rpartition(".")[2] == "Tool"):
            return self.fluent_end(node)
        return None

    def fluent_end(self, node: Node) -> Node:
        """Give the last call of the chain that a call begins."""
        outer = node.parent
        while outer is not None and outer.type == "method_invocation" and outer.child_by_field_name("object") == node:
            node, outer = outer, outer.parent
        return node

    def is_base_call(self, node: Node) -> bool:
        """Tell whether a call is one of a base's constructor."""
        return node.type != "object_creation_expression"

    def is_abstract(self, declaration: Declaration) -> bool:
        """Tell whether a type is an interface, an annotation or an abstract class."""
        node = declaration.node
        return node.type.startswith(("interface", "annotation")) or "abstract" in _modifiers(node).split()

    def branch(self, node: Node, inner: Node) -> tuple[Node, bool] | None:
        """Give an if's condition, and whether `inner` is the branch where it holds."""
        condition = node.child_by_field_name("condition")
        if node.type not in ("if_statement", "ternary_expression") or condition is None:
            return None
        if inner == node.child_by_field_name("consequence"):
            return condition, True
        return (condition, False) if inner == node.child_by_field_name("alternative") else None


def _modifiers(node: Node) -> str:
    return next((text_of(child) for child in node.children if child.type == "modifiers"), "")


def _bases(node: Node) -> Iterator[str]:
    for child in node.children:
        if child.type in ("superclass", "super_interfaces", "extends_interfaces"):
            lists = [one for one in child.named_children if one.type == "type_list"]
            for one in lists[0].named_children if lists else child.named_children:
                yield text_of(one).partition("<")[0].rpartition(".")[2]


def _is_conditional(node: Node, function: Node) -> bool:
    for parent in ancestors(node):
        if parent == function:
            return False
        if parent.type in _CONDITIONAL:
            return True
    return False


def _in_anonymous(node: Node, function: Node) -> bool:
    """Tell whether a class without a name stands between a node and the function around it."""
    for parent in ancestors(node):
        if parent == function:
            return False
        if parent.type == "class_body":
            return True
    return False


__all__ = ["LANGUAGE", "JavaDialect", "Member", "Sequence"]
