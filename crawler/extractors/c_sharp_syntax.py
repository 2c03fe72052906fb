"""C# as the shared evaluator sees it: declared names, methods, types; attributes of declarations."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import tree_sitter_c_sharp
from tree_sitter import Language, Node

from crawler.extractors.c_sharp_expressions import LOWERINGS, arguments_of
from crawler.extractors.codebase import Declaration, Module, ancestors, enclosing
from crawler.extractors.dialect import Dialect, Search, text_of
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
    Symbol,
    TypeBody,
    Value,
)
from crawler.extractors.library import joined, text_function

LANGUAGE = Language(tree_sitter_c_sharp.language())
TYPES = frozenset(
    ("class_declaration", "record_declaration", "struct_declaration", "interface_declaration", "enum_declaration")
)
_INDEX = Search(
    LANGUAGE,
    """
(field_declaration (variable_declaration (variable_declarator name: (identifier) @value)))
(property_declaration name: (identifier) @value)
(enum_member_declaration name: (identifier) @value)
(method_declaration name: (identifier) @function)
[(class_declaration name: (identifier) @type) (record_declaration name: (identifier) @type)
 (struct_declaration name: (identifier) @type) (interface_declaration name: (identifier) @type)
 (enum_declaration name: (identifier) @type)]
""",
)
_BODY = Search(
    LANGUAGE,
    """
(variable_declarator) @declared
(assignment_expression) @assigned
(return_statement) @return
(foreach_statement) @loop
(invocation_expression) @call
""",
)
_CONDITIONAL = frozenset(("if_statement", "switch_section", "foreach_statement", "for_statement", "while_statement"))


class CSharpDialect(Dialect):
    """C# for the shared machinery."""

    language = LANGUAGE
    lowerings = LOWERINGS
    suffixes = (".cs",)
    calls = frozenset(("invocation_expression", "object_creation_expression", "implicit_object_creation_expression"))
    functions = frozenset(
        (
            "method_declaration", "constructor_declaration", "lambda_expression", "local_function_statement",
            "property_declaration",
        )
    )  # fmt: skip
    self_names = frozenset(("this", "base"))

    def index(self, module: Module) -> None:
        """Declare a file's fields, properties, methods and types."""
        for found in _INDEX.matches(module.root):
            for kind, nodes in found.items():
                for node in nodes:
                    holder = node.parent
                    if holder is not None:
                        module.declare(kind, text_of(node), self.owner_of(holder), holder)

    def value_of(self, declaration: Declaration) -> Expression | None:
        """Give a field's or property's value; of a property with a body, what it returns."""
        node = declaration.node
        if node.type == "enum_member_declaration":
            return Literal(declaration.name)
        if node.type == "variable_declarator":
            children = node.named_children
            return self.lower(children[-1]) if len(children) > 1 else None
        value = node.child_by_field_name("value")
        if value is not None:
            return self.lower(value)
        return next(reversed(self.function(node).returns), None)

    def function(self, node: Node) -> Function:
        """Give what a method does with names."""
        assignments: list[Assignment] = []
        returns: list[Expression] = []
        loops: list[Loop] = []
        calls: list[Expression] = []
        body = node.child_by_field_name("body") or node.child_by_field_name("accessors")
        if body is not None and body.type == "arrow_expression_clause":
            returns.append(self.lower(body))
        for found in _BODY.matches(body) if body is not None else ():
            [(kind, [inner])] = found.items()
            if enclosing(inner.parent, self.functions) != node:
                continue
            if kind in ("declared", "assigned"):
                assignments += self._assigned(inner, node)
            elif kind == "return":
                returns.append(self.lower(next(iter(inner.named_children), None)))
            elif kind == "loop":
                over = self.lower(inner.child_by_field_name("right"))
                names = (text_of(inner.child_by_field_name("left")),)
                loops.append(Loop(names, over, inner.start_byte, inner.end_byte))
            else:
                calls.append(self.lower(inner))
                assignments += self._added(calls[-1], inner, node)
        return Function(tuple(self._parameters(node)), tuple(assignments), tuple(returns), tuple(loops), tuple(calls))

    def _assigned(self, node: Node, function: Node) -> Iterator[Assignment]:
        target = node.child_by_field_name("name") or node.child_by_field_name("left")
        value = node.child_by_field_name("right") or (node.named_children[-1] if len(node.named_children) > 1 else None)
        if (
            target is None
            or value is None
            or (node.parent is not None and node.parent.type == "initializer_expression")
        ):
            return
        grows = text_of(node.child_by_field_name("operator")) == "+="
        yield Assignment(text_of(target), self.lower(value), node.start_byte, grows, _is_conditional(node, function))

    def _added(self, call: Expression, node: Node, function: Node) -> Iterator[Assignment]:
        if not isinstance(call, Call) or not isinstance(call.callee, Member) or not isinstance(call.callee.of, Name):
            return
        if call.callee.name in ("Add", "AddRange") and len(call.args) == 1:
            value = Sequence(call.args) if call.callee.name == "Add" else call.args[0]
            conditional = _is_conditional(node, function)
            yield Assignment(call.callee.of.text, value, node.start_byte, grows=True, conditional=conditional)

    def _parameters(self, node: Node) -> Iterator[Parameter]:
        holder = node.child_by_field_name("parameters")
        if holder is not None and holder.type == "identifier":
            yield Parameter(text_of(holder))
        for one in holder.named_children if holder is not None else ():
            yield self.parameter(one)

    def parameter(self, node: Node) -> Parameter:
        """Give a parameter of a method or of a record."""
        name, type_ = node.child_by_field_name("name"), node.child_by_field_name("type")
        last = node.named_children[-1] if node.named_children else None
        has_default = (
            last is not None and last not in (name, type_) and b"=" in (node.text or b"")[len(text_of(type_)) :]
        )
        default = (
            self.lower(last)
            if has_default and last is not None and name is not None and last.start_byte > name.start_byte
            else None
        )
        return Parameter(text_of(name), text_of(type_), default, node=node)

    def type_body(self, declaration: Declaration) -> TypeBody:
        """Give a type's public properties and a record's parameters; an enum's members."""
        node = declaration.node
        body = node.child_by_field_name("body")
        children = body.named_children if body is not None else []
        if node.type == "enum_declaration":
            return TypeBody(
                members=tuple(
                    text_of(one.child_by_field_name("name"))
                    for one in children
                    if one.type == "enum_member_declaration"
                )
            )
        fields: list[Field] = []
        listed = next((one for one in node.named_children if one.type == "parameter_list"), None)
        if node.type == "record_declaration" and listed is not None:
            for one in listed.named_children:
                given = self.parameter(one)
                fields.append(Field(given.name, given.type, "", "", given.default, one))
        for one in children:
            if one.type == "property_declaration" and any(text_of(mark) == "public" for mark in one.named_children):
                value = one.child_by_field_name("value")
                default = self.lower(value) if value is not None and value.type != "arrow_expression_clause" else None
                if value is None or value.type != "arrow_expression_clause":
                    fields.append(
                        Field(
                            text_of(one.child_by_field_name("name")),
                            text_of(one.child_by_field_name("type")),
                            "",
                            "",
                            default,
                            one,
                        )
                    )
        bases = next((one for one in node.named_children if one.type == "base_list"), None)
        names = tuple(text_of(one).partition("<")[0] for one in bases.named_children) if bases is not None else ()
        return TypeBody(tuple(fields), names)

    def owner_of(self, node: Node) -> str:
        """Name the type that a node stands in."""
        holder = enclosing(node.parent, TYPES)
        return text_of(holder.child_by_field_name("name")) if holder is not None else ""

    def condition_text(self, node: Node, inner: Node) -> str | None:
        """Give an if's condition for what stands in its branches."""
        if node.type != "if_statement":
            return None
        condition = text_of(node.child_by_field_name("condition"))
        if inner == node.child_by_field_name("consequence"):
            return condition
        return f"!({condition})" if inner == node.child_by_field_name("alternative") else None

    def builtin(self, name: str, owner: Value, args: list[Value], named: Mapping[str, Value]) -> Value:
        """Do what the library does with texts."""
        del named
        if isinstance(owner, Symbol) and owner.last in ("string", "String"):
            if name == "Join" and len(args) == 2:
                return joined(args[1], args[0])
            if name == "Concat":
                return joined(args, "")
            if name == "Format" and args and isinstance(args[0], str):
                return _filled(args[0], args[1:])
        if isinstance(owner, str) and name in _TEXTS:
            return _TEXTS[name](owner, *args)
        return NotImplemented


def attributes_of(dialect: Dialect, node: Node) -> dict[str, Call]:
    """Give a declaration's attributes by name, "Attribute" left off, their arguments as those of a call."""
    found: dict[str, Call] = {}
    for holder in node.named_children:
        for one in holder.named_children if holder.type == "attribute_list" else ():
            if one.type == "attribute":
                name = (
                    text_of(one.child_by_field_name("name"))
                    .rpartition(".")[2]
                    .partition("<")[0]
                    .removesuffix("Attribute")
                )
                given = next((child for child in one.named_children if child.type == "attribute_argument_list"), None)
                args, named = arguments_of(dialect, given)
                found.setdefault(name, Call(Name(name), args, named, (), one))
    return found


def _filled(template: str, args: list[Value]) -> Value:
    texts = [arg if isinstance(arg, str) else None for arg in args]

    def fill(hole: re.Match[str]) -> str:
        text = texts[int(hole[1])] if int(hole[1]) < len(texts) else None
        if text is None:
            raise ValueError(hole.group())
        return text

    return re.sub(r"\{(\d{1,3})(?:[,:][^}]*)?\}", fill, template)


def _is_conditional(node: Node, function: Node) -> bool:
    for parent in ancestors(node):
        if parent == function:
            return False
        if parent.type in _CONDITIONAL:
            return True
    return False


_TEXTS: dict[str, Any] = {
    "Trim": text_function(lambda text, *_: text.strip()),
    "ToLower": text_function(lambda text, *_: text.lower()),
    "ToLowerInvariant": text_function(lambda text, *_: text.lower()),
    "ToUpper": text_function(lambda text, *_: text.upper()),
    "Replace": text_function(lambda text, old, new, *_: text.replace(old, new)),
    "ReplaceLineEndings": text_function(lambda text, *_: text),
    "ToString": text_function(lambda text, *_: text),
}
