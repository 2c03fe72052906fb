"""Swift as the shared evaluator sees it: names a file declares, functions, types."""

import re
from collections.abc import Iterator, Mapping

import tree_sitter_swift
from tree_sitter import Language, Node

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
    Parameter,
    Sequence,
    TypeBody,
    Value,
)
from crawler.extractors.library import joined, text_function
from crawler.extractors.swift_expressions import LOWERINGS

LANGUAGE = Language(tree_sitter_swift.language())
_TYPES = frozenset(("class_declaration", "protocol_declaration"))
_INDEX = Search(
    LANGUAGE,
    """
(property_declaration name: (pattern bound_identifier: (simple_identifier) @value))
(enum_entry name: (simple_identifier) @value)
(function_declaration name: (simple_identifier) @function)
(class_declaration name: (_) @type)
""",
)
_BODY = Search(
    LANGUAGE,
    """
(property_declaration) @property
(assignment) @assignment
(control_transfer_statement) @return
(for_statement) @loop
(call_expression) @call
""",
)
_CONDITIONAL = frozenset(("if_statement", "guard_statement", "switch_entry", "for_statement"))


class SwiftDialect(Dialect):
    """Swift for the shared machinery."""

    language = LANGUAGE
    lowerings = LOWERINGS
    suffixes = (".swift",)
    calls = frozenset(("call_expression", "constructor_expression"))
    functions = frozenset(("function_declaration", "init_declaration", "lambda_literal", "computed_property"))
    self_names = frozenset(("self", "Self"))

    def index(self, module: Module) -> None:
        """Declare a file's properties, cases, functions and types; what stands inside functions is not declared."""
        for found in _INDEX.matches(module.root):
            for kind, nodes in found.items():
                for node in nodes:
                    holder = _holder(node)
                    if kind == "type" or enclosing(holder.parent, self.functions | {"source_file"}) == module.root:
                        owner = self.owner_of(holder)
                        module.declare(kind, text_of(node), owner, holder if kind != "value" else node)

    def value_of(self, declaration: Declaration) -> Expression | None:
        """Give a property's value, what a computed property returns, or the raw value of an enum's case."""
        holder = _holder(declaration.node)
        if holder.type == "enum_entry":
            return _case_value(holder, declaration)
        computed = holder.child_by_field_name("computed_value")
        if computed is not None:
            return next(reversed(self.function(computed).returns), None)
        return self.lower(holder.child_by_field_name("value"))

    def function(self, node: Node) -> Function:
        """Give what a function does with names."""
        assignments: list[Assignment] = []
        returns: list[Expression] = []
        loops: list[Loop] = []
        body = node.child_by_field_name("body") or node
        for found in _BODY.matches(body):
            [(kind, [inner])] = found.items()
            if enclosing(inner.parent, self.functions) != node:
                continue
            if kind in ("property", "assignment"):
                assignments += self._assignments(inner, node)
            elif kind == "return":
                returns.append(self.lower(inner.child_by_field_name("result")))
            elif kind == "loop":
                names = text_of(inner.child_by_field_name("item"))
                over = self.lower(inner.child_by_field_name("collection"))
                loops.append(Loop((names,), over, inner.start_byte, inner.end_byte))
            else:
                assignments += self._appended(inner, node)
        return Function(
            tuple(_parameters(self, node)), tuple(assignments), (*returns, *self._implicit(body)), tuple(loops)
        )

    def _assignments(self, node: Node, function: Node) -> Iterator[Assignment]:
        target = node.child_by_field_name("name") or node.child_by_field_name("target")
        value = node.child_by_field_name("value") or node.child_by_field_name("result")
        if target is None or value is None:
            return
        grows = text_of(node.child_by_field_name("operator")) == "+="
        conditional = _is_conditional(node, function)
        yield Assignment(text_of(target), self.lower(value), node.start_byte, grows, conditional)

    def _appended(self, node: Node, function: Node) -> Iterator[Assignment]:
        """Give what `list.append(x)` and `list.append(contentsOf: xs)` add."""
        call = self.lower(node)
        if not isinstance(call, Call) or getattr(call.callee, "name", "") != "append":
            return
        added = [*call.args, *(value for key, value in call.named if key == "contentsOf")]
        holder = getattr(getattr(call.callee, "of", None), "text", "")
        if holder and added:
            whole = added[0] if call.named else Sequence((added[0],))
            yield Assignment(holder, whole, node.start_byte, grows=True, conditional=_is_conditional(node, function))

    def _implicit(self, body: Node) -> tuple[Expression, ...]:
        """Give the one expression of a body that needs no return."""
        inner: Node | None = body
        for _ in range(3):
            if inner is None or inner.type == "statements":
                break
            inner = next(
                (child for child in inner.named_children if child.type in ("statements", "function_body")), None
            )
        children = [child for child in inner.named_children if child.type != "comment"] if inner is not None else []
        if len(children) == 1 and children[0].type in LOWERINGS:
            return (self.lower(children[0]),)
        return ()

    def type_body(self, declaration: Declaration) -> TypeBody:
        """Give a type's stored properties and an enum's cases."""
        body = declaration.node.child_by_field_name("body")
        fields: list[Field] = []
        members: list[str] = []
        for node in body.named_children if body is not None else ():
            if node.type == "enum_entry":
                members += [text_of(name) for name in node.children_by_field_name("name")]
            elif node.type == "property_declaration" and node.child_by_field_name("computed_value") is None:
                type_ = next((child for child in node.named_children if child.type == "type_annotation"), None)
                value = node.child_by_field_name("value")
                name = text_of(node.child_by_field_name("name"))
                default = self.lower(value) if value is not None else None
                fields.append(Field(name, text_of(type_).lstrip(": "), "", doc_of(node), default, node))
        bases = [text_of(one) for one in declaration.node.named_children if one.type == "inheritance_specifier"]
        return TypeBody(tuple(fields), tuple(bases), tuple(members))

    def owner_of(self, node: Node) -> str:
        """Name the type that a node stands in."""
        holder = enclosing(node.parent, _TYPES)
        return text_of(holder.child_by_field_name("name")) if holder is not None else ""

    def condition_text(self, node: Node, inner: Node) -> str | None:
        """Give an if's condition for what stands in its body."""
        if node.type != "if_statement" or inner.type != "statements":
            return None
        return text_of(node.child_by_field_name("condition")) or None

    def builtin(self, name: str, owner: Value, args: list[Value], named: Mapping[str, Value]) -> Value:
        """Do what the standard library does with texts."""
        if name == "joined" and isinstance(owner, list):
            return joined(owner, named.get("separator", ""))
        if name in ("trimmingCharacters", "lowercased", "uppercased") and isinstance(owner, str):
            return _TEXTS[name](owner)
        if name == "string" and owner is None and len(args) == 1 and isinstance(args[0], str):
            return args[0]
        return NotImplemented


_TEXTS = {
    "trimmingCharacters": text_function(str.strip),
    "lowercased": text_function(str.lower),
    "uppercased": text_function(str.upper),
}


def doc_of(node: Node) -> str:
    """Give the documentation comment before a node, its marks removed."""
    lines: list[str] = []
    before = node.prev_sibling
    for _ in range(200):
        if before is None or before.type not in ("comment", "multiline_comment"):
            break
        text = text_of(before)
        if not text.startswith(("///", "/**")):
            break
        text = re.sub(r"^/\*\*|\*/$", "", text)
        lines[:0] = [re.sub(r"^\s*(?:///|\*)? ?", "", line) for line in text.splitlines()]
        before = before.prev_sibling
    return "\n".join(lines).strip()


def _holder(node: Node) -> Node:
    kinds = frozenset(("property_declaration", "enum_entry", "function_declaration", *_TYPES))
    return enclosing(node, kinds) or node


def _case_value(entry: Node, declaration: Declaration) -> Expression:
    """Give a case's raw value: the one written, or the case's own name."""
    name: str | None = None
    for child in entry.named_children:
        if child.type == "simple_identifier":
            name = text_of(child)
        elif name == declaration.name:
            return Literal(text_of(child).strip('"')) if child.type == "line_string_literal" else Literal(name)
    return Literal(declaration.name)


def _parameters(dialect: SwiftDialect, node: Node) -> Iterator[Parameter]:
    if node.type == "lambda_literal":
        yield Parameter("$0")
        yield Parameter("$1")
    children = node.named_children
    for number, one in enumerate(children):
        if one.type != "parameter":
            continue
        names = [child for child in one.named_children if child.type == "simple_identifier"]
        type_ = next((child for child in one.named_children[len(names) :]), None)
        following = children[number + 1] if number + 1 < len(children) else None
        is_default = following is not None and node.field_name_for_named_child(number + 1) == "default_value"
        default = dialect.lower(following) if is_default else None
        outer = text_of(names[0]) if names else ""
        inner = text_of(names[-1]) if names else ""
        # Callers use the outer name; both are known inside, since the evaluator binds by the one that callers give.
        yield Parameter(inner if outer in ("_", inner) else outer, text_of(type_), default, "..." in text_of(one), one)


def _is_conditional(node: Node, function: Node) -> bool:
    for parent in ancestors(node):
        if parent == function:
            return False
        if parent.type in _CONDITIONAL:
            return True
    return False
