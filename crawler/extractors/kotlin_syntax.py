"""Kotlin as the shared evaluator sees it: what a file declares, expressions, functions, classes and objects."""

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

import tree_sitter_kotlin
from tree_sitter import Language, Node

from crawler.extractors.codebase import Declaration, Module, ancestors, enclosing
from crawler.extractors.dialect import Search, text_of
from crawler.extractors.expressions import (
    Assignment,
    Call,
    Expression,
    Field,
    Function,
    Item,
    Literal,
    Loop,
    Name,
    Parameter,
    Table,
    TypeBody,
)
from crawler.extractors.jvm_dialect import JvmDialect
from crawler.extractors.jvm_growth import growth
from crawler.extractors.kotlin_blocks import arguments, built_table, call_parts, child_of
from crawler.extractors.kotlin_declarations import (
    after,
    applied,
    bases_of,
    is_short,
    parameters_of,
    property_value,
    statements_of,
    type_of,
    type_parameters,
)
from crawler.extractors.kotlin_expressions import LOWERINGS, annotation_call, base_call
from crawler.extractors.kotlin_variables import LOOPS, PER_ITEM, typed_names

LANGUAGE = Language(tree_sitter_kotlin.language())
_INDEX = Search(
    LANGUAGE,
    """
(source_file (property_declaration (variable_declaration (identifier) @value)))
(class_body (property_declaration (variable_declaration (identifier) @value)))
(enum_class_body (property_declaration (variable_declaration (identifier) @value)))
(enum_entry (identifier) @value)
(function_declaration name: (identifier) @function)
(class_declaration name: (identifier) @type)
(object_declaration name: (identifier) @type)
""",
)
_BODY = Search(
    LANGUAGE,
    """
(property_declaration) @variable
(assignment) @assignment
(block (call_expression) @statement)
(lambda_literal (call_expression) @statement)
(if_expression condition: (_) (call_expression) @statement)
(return_expression (_) @return)
(for_statement) @loop
""",
)
_CONDITIONAL = frozenset(("if_expression", "when_entry", "for_statement", "while_statement", "catch_block"))
_BODIES = ("class_body", "enum_class_body")


class KotlinDialect(JvmDialect):
    """Kotlin for the shared machinery."""

    language = LANGUAGE
    suffixes = (".kt",)
    calls = frozenset(("call_expression", "constructor_invocation"))
    functions = frozenset(("function_declaration", "lambda_literal", "anonymous_function"))
    self_names = frozenset(("this", "super"))
    overloads = True
    extensions = True
    tool_calls = ("addTool", "RegisteredTool")
    type_nodes: ClassVar[frozenset[str]] = frozenset(("class_declaration", "object_declaration"))
    annotation_nodes = frozenset(("annotation",))
    lowerings: ClassVar = LOWERINGS | {
        "constructor_invocation": base_call,
    }

    def index(self, module: Module) -> None:
        """Declare a file's types, properties and functions; what a companion holds is its class's."""
        for found in _INDEX.matches(module.root):
            for kind, nodes in found.items():
                for node in nodes:
                    holder = node.parent
                    if holder is not None and holder.type == "variable_declaration":
                        holder = holder.parent
                    if holder is not None:
                        module.declare(kind, text_of(node).strip("`"), self.owner_of(holder), holder)

    def value_of(self, declaration: Declaration) -> Expression | None:
        """Give a property's value or what its getter gives; an enum's entry is a construction of the enum."""
        node = declaration.node
        if node.type != "enum_entry":
            return property_value(self, node)
        given = arguments(self, child_of(node, "value_arguments"))
        own = (("name()", Literal(declaration.name)), ("name", Literal(declaration.name)))
        return Call(Name(declaration.owner), given[0], (*given[1], *own), (), node)

    def function(self, node: Node) -> Function:
        """Give what a function or lambda does with names."""
        parameters = tuple(parameters_of(self, node))
        body = node if node.type == "lambda_literal" else child_of(node, "function_body")
        loops = self._lambda_loop(node, parameters)
        types = tuple(type_parameters(node))
        if body is None:
            return Function(parameters, loops=tuple(loops), types=types)
        short = after(body, "=") or (body.named_children[0] if is_short(body) else None)
        fluent = applied(short)
        if fluent is not None:
            body = fluent
        elif short is not None:
            return Function(parameters, returns=(self.lower(short),), loops=tuple(loops), types=types)
        assignments: list[Assignment] = []
        returns: list[Expression] = []
        for found in _BODY.matches(body):
            [(kind, [inner])] = found.items()
            if enclosing(inner.parent, self.functions) != (fluent or node):
                continue
            if kind == "return":
                returns.append(self.lower(inner))
            elif kind == "loop":
                loops += self._loop(inner)
            else:
                assignments += self._assigned(kind, inner, fluent or node)
        statements = body.named_children if body.type == "lambda_literal" else statements_of(body)
        if fluent is not None:
            returns = [Name("this")]
        elif not returns and statements:
            built = built_table(self, statements)
            returns = (
                [built] if built.entries else [self.lower(statements[-1])] if body.type == "lambda_literal" else []
            )
        return Function(parameters, tuple(assignments), tuple(returns), tuple(loops), types=types)

    def _assigned(self, kind: str, node: Node, function: Node) -> Iterator[Assignment]:
        conditional, condition = _is_conditional(node, function), self.condition_of(node, function)
        if kind == "variable":
            name = text_of(child_of(child_of(node, "variable_declaration"), "identifier"))
            value = after(node, "=")
            several = child_of(node, "multi_variable_declaration")
            for number, one in enumerate(several.named_children if several is not None and value is not None else ()):
                part = Item(self.lower(value), Literal(number))
                yield Assignment(text_of(child_of(one, "identifier")), part, node.start_byte, conditional=conditional)
            if name and value is not None:
                yield Assignment(name, self.lower(value), node.start_byte, conditional=conditional, condition=condition)
        elif kind == "assignment":
            left, right = node.child_by_field_name("left"), self.lower(node.child_by_field_name("right"))
            grows = text_of(node.child_by_field_name("operator")) == "+="
            if left is not None and left.type == "index_expression" and len(left.named_children) > 1:
                right = Table(((self.lower(left.named_children[1]), right),))
                left, grows = left.named_children[0], True
            name = text_of(left).rpartition(".")[2]
            start = node.start_byte
            yield Assignment(name, right, start, grows, conditional, late=grows, condition=condition)
        else:
            for grown in growth("", self.lower(node), node.start_byte, conditional=conditional):
                yield replace(grown, condition=condition)

    def _loop(self, node: Node) -> Iterator[Loop]:
        name = child_of(child_of(node, "variable_declaration"), "identifier")
        if name is not None and len(node.named_children) > 1:
            yield Loop((text_of(name),), self.lower(node.named_children[1]), node.start_byte, node.end_byte)

    def _lambda_loop(self, node: Node, parameters: tuple[Parameter, ...]) -> list[Loop]:
        """Give the loop that a lambda is when a list is gone through with it."""
        holder = node.parent.parent if node.type == "lambda_literal" and node.parent is not None else None
        callee = next(iter(holder.named_children), None) if holder is not None else None
        if callee is None or callee.type != "navigation_expression" or len(callee.named_children) < 2:
            return []
        if text_of(callee.named_children[-1]) not in LOOPS | PER_ITEM:
            return []
        name = parameters[0].name if parameters else "it"
        return [Loop((name,), self.lower(callee.named_children[0]), node.start_byte, node.end_byte)]

    def type_body(self, declaration: Declaration) -> TypeBody:
        """Give what a class's constructor takes, then its own properties; what it extends; an enum's entries."""
        node = declaration.node
        fields = [
            Field(one.name, one.type, "", "", one.default, one.node)
            for one in parameters_of(self, child_of(node, "primary_constructor") or node)
            if one.node is not None
        ]
        members: list[str] = []
        for one in (child_of(node, *_BODIES) or node).named_children:
            if one.type == "enum_entry":
                members.append(text_of(child_of(one, "identifier")))
            elif one.type == "property_declaration":
                declared = child_of(one, "variable_declaration")
                name = text_of(child_of(declared, "identifier")).strip("`")
                fields.append(Field(name, text_of(type_of(declared)), "body", "", None, one))
        return TypeBody(tuple(fields), tuple(bases_of(node)), tuple(members))

    def construction(self, declaration: Declaration, count: int) -> tuple[Function, Node | None] | None:
        """Give the primary constructor: what it takes, what it hands its base, and the properties it sets."""
        del count
        node = declaration.node
        given = tuple(parameters_of(self, child_of(node, "primary_constructor") or node))
        start = node.start_byte
        held = [Assignment(one.name, Name(one.name), start) for one in given]
        base = child_of(
            child_of(child_of(node, "delegation_specifiers"), "delegation_specifier"), "constructor_invocation"
        )
        if base is not None:
            held.append(Assignment("super", base_call(self, base), start))
        for one in (child_of(node, *_BODIES) or node).named_children:
            if one.type == "property_declaration":
                value = property_value(self, one)
                name = text_of(child_of(child_of(one, "variable_declaration"), "identifier")).strip("`")
                held += [Assignment(name, value, one.start_byte)] if value is not None else []
            elif one.type == "anonymous_initializer":
                for statement in statements_of(one):
                    kind = "assignment" if statement.type == "assignment" else "statement"
                    held += list(self._assigned(kind, statement, one))
        return Function(given, tuple(held)), None

    def annotations(self, node: Node | None) -> list[Call]:
        """Give the annotations of a declaration or parameter; a parameter's stand before it."""
        holder = child_of(node, "modifiers")
        if node is not None and node.type == "parameter":
            before = node.prev_named_sibling
            holder = before if before is not None and before.type == "parameter_modifiers" else holder
        found = (
            [annotation_call(self, one) for one in holder.named_children if one.type == "annotation"] if holder else []
        )
        return [one for one in found if one is not None]

    def annotated(self, annotation: Node) -> Node | None:
        """Give the declaration whose modifiers hold an annotation."""
        holder = annotation.parent
        return holder.parent if holder is not None and holder.type == "modifiers" else None

    def typed_names(self, node: Node) -> dict[str, str]:
        """Give the typed parameters and loop variables around a node."""
        return typed_names(node)

    def tool_site(self, node: Node) -> Node | None:
        """Give the chain or call that a construction of the SDK's tool begins, with the block behind it."""
        callee = text_of(call_parts(node)[0]) if node.type == "call_expression" else ""
        names = callee.split(".")
        if names[-1] == "builder" and "Tool" in names:
            return self.fluent_end(node)
        return self.fluent_end(node) if names[-1] in ("Tool", "addTool", "newTool", "RegisteredTool") else None

    def whole_call(self, node: Node) -> Node:
        """Give a call with the block behind it, which the grammar makes a call of its own."""
        outer = node.parent
        if outer is None or outer.type != "call_expression" or outer.named_children[0] != node:
            return node
        return outer if child_of(outer, "value_arguments") is None else node

    def fluent_end(self, node: Node) -> Node:
        """Give the last call of the chain that a call begins."""
        outer = node.parent
        while outer is not None and outer.type in ("navigation_expression", "call_expression"):
            if outer.named_children[0] != node:
                break
            if (
                outer.type == "call_expression"
                and node.type == "call_expression"
                and child_of(outer, "annotated_lambda") is None
            ):
                break
            node, outer = outer, outer.parent
        return node if node.type == "call_expression" else node.named_children[0]

    def is_base_call(self, node: Node) -> bool:
        """Tell whether a call stands in the head of a class that extends what is called."""
        return node.type == "constructor_invocation"

    def is_abstract(self, declaration: Declaration) -> bool:
        """Tell whether a type is an interface, an annotation or an abstract class."""
        head = text_of(declaration.node).partition("{")[0].split()
        return bool({"interface", "abstract", "sealed", "annotation"} & set(head[:12]))

    def branch(self, node: Node, inner: Node) -> tuple[Node, bool] | None:
        """Give an if's condition, and whether `inner` is the branch where it holds."""
        condition = node.child_by_field_name("condition")
        if node.type != "if_expression" or condition is None:
            return None
        branches = [one for one in node.named_children if one != condition and "comment" not in one.type]
        return (condition, inner == branches[0]) if inner in branches else None


def _is_conditional(node: Node, function: Node) -> bool:
    for parent in ancestors(node):
        if parent == function:
            return False
        if parent.type in _CONDITIONAL:
            return True
    return False
