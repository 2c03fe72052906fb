"""Go as the shared evaluator sees it: names a file declares, expressions, functions, structs."""

import re
from collections.abc import Iterator, Mapping

import tree_sitter_go
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
    Member,
    Name,
    Parameter,
    Sequence,
    Symbol,
    TypeBody,
    Value,
)
from crawler.extractors.go_expressions import LOWERINGS
from crawler.extractors.go_library import BUILTINS

LANGUAGE = Language(tree_sitter_go.language())
_INDEX = Search(
    LANGUAGE,
    """
(source_file (const_declaration (const_spec name: (identifier) @value)))
(source_file (var_declaration [(var_spec name: (identifier) @value)
                               (var_spec_list (var_spec name: (identifier) @value))]))
(source_file (function_declaration name: (identifier) @function))
(source_file (method_declaration receiver: (parameter_list) @owner name: (field_identifier) @method))
(source_file (type_declaration (type_spec name: (type_identifier) @type)))
""",
)
_BODY = Search(
    LANGUAGE,
    """
[(short_var_declaration) (assignment_statement) (var_spec) (const_spec)] @assignment
(return_statement) @return
(for_statement (range_clause)) @loop
(expression_statement (call_expression) @call)
""",
)
_CONDITIONAL = frozenset(("if_statement", "expression_case", "type_case", "for_statement", "communication_case"))
_EMBED = re.compile(r"//go:embed[ \t]+(\S+)[ \t]*$", re.MULTILINE)


class GoDialect(Dialect):
    """Go for the shared machinery."""

    language = LANGUAGE
    lowerings = LOWERINGS
    suffixes = (".go",)
    calls = frozenset(("call_expression", "composite_literal"))
    functions = frozenset(("function_declaration", "method_declaration", "func_literal"))

    def index(self, module: Module) -> None:
        """Declare a file's constants, variables, functions, methods and types."""
        for found in _INDEX.matches(module.root):
            owner = _receiver_type(found["owner"][0]) if "owner" in found else ""
            for kind, nodes in found.items():
                for node in nodes if kind != "owner" else ():
                    holder = node.parent
                    if holder is not None:
                        module.declare("function" if kind == "method" else kind, text_of(node), owner, holder)

    def value_of(self, declaration: Declaration) -> Expression | None:
        """Give the expression of a constant or variable, or the text of the file that it embeds."""
        values = _items(declaration.node.child_by_field_name("value"))
        names = [text_of(node) for node in declaration.node.children_by_field_name("name")]
        position = names.index(declaration.name) if declaration.name in names else 0
        if position < len(values):
            return self.lower(values[position])
        holder = declaration.node.parent
        comment = holder.prev_named_sibling if holder is not None else None
        embedded = _EMBED.search(text_of(comment)) if comment is not None and comment.type == "comment" else None
        if embedded is None:
            return None
        folder = declaration.module.path.rpartition("/")[0]
        data = self.files.get(f"{folder}/{embedded[1]}" if folder else embedded[1])
        return Literal(data.decode("utf-8", "replace")) if data is not None else None

    def function(self, node: Node) -> Function:
        """Give what a function does with names."""
        parameters = tuple(_parameters(node.child_by_field_name("parameters")))
        body = node.child_by_field_name("body")
        assignments: list[Assignment] = []
        returns: list[Expression] = []
        loops: list[Loop] = []
        calls: list[Expression] = []
        for found in _BODY.matches(body) if body is not None else ():
            [(kind, [inner])] = found.items()
            if enclosing(inner, self.functions) != node:
                continue
            if kind == "assignment":
                assignments += self._assignments(inner, node)
            elif kind == "return":
                returns += [self.lower(value) for value in _items(next(iter(inner.named_children), None))[:1]]
            elif kind == "loop":
                loops += self._loop(inner)
            else:
                calls.append(self.lower(inner))
                assignments += _mutations(calls[-1], inner)
        return Function(parameters, tuple(assignments), tuple(returns), tuple(loops), tuple(calls))

    def _assignments(self, node: Node, function: Node) -> Iterator[Assignment]:
        left = node.child_by_field_name("left")
        names = _items(left) if left is not None else node.children_by_field_name("name")
        values = _items(node.child_by_field_name("right") or node.child_by_field_name("value"))
        operator = text_of(node.child_by_field_name("operator"))
        conditional = _is_conditional(node, function)
        for target, value in zip(names, values, strict=False):
            lowered = self.lower(value)
            name, grows = text_of(target), operator == "+="
            if target.type in ("index_expression", "selector_expression"):
                name, path = self._target(target)
                yield Assignment(name, lowered, node.start_byte, grows, conditional, path)
                continue
            if isinstance(lowered, Call) and lowered.callee == Name("append") and lowered.args[:1] == (Name(name),):
                grows, lowered = True, Sequence(lowered.args[1:])
            yield Assignment(name, lowered, node.start_byte, grows, conditional)

    def _target(self, node: Node) -> tuple[str, tuple[Expression, ...]]:
        """Give the name at the root of what is assigned to, and the way from there."""
        path: list[Expression] = []
        inner: Node | None = node
        while inner is not None and inner.type in ("index_expression", "selector_expression"):
            key, field = inner.child_by_field_name("index"), inner.child_by_field_name("field")
            path.append(self.lower(key) if key is not None else Literal(text_of(field)))
            inner = inner.child_by_field_name("operand")
        return text_of(inner), tuple(reversed(path))

    def _loop(self, node: Node) -> Iterator[Loop]:
        clause = next(child for child in node.named_children if child.type == "range_clause")
        over = clause.child_by_field_name("right")
        names = tuple(text_of(name) for name in _items(clause.child_by_field_name("left")))
        if over is not None and names:
            # The one name of a range is the index; with it alone no item is known.
            yield Loop(names if len(names) > 1 else (names[0], ""), self.lower(over), node.start_byte, node.end_byte)

    def type_body(self, declaration: Declaration) -> TypeBody:
        """Give a struct's fields with their tags; embedded structs are its bases."""
        struct = declaration.node.child_by_field_name("type")
        if struct is None or struct.type != "struct_type":
            return TypeBody(bases=(text_of(struct),) if struct is not None else ())
        return struct_body(struct)

    def owner_of(self, node: Node) -> str:
        """Name the type whose method a node stands in."""
        method = enclosing(node, frozenset(("method_declaration",)))
        receiver = method.child_by_field_name("receiver") if method is not None else None
        return _receiver_type(receiver) if receiver is not None else ""

    def condition_text(self, node: Node, inner: Node) -> str | None:
        """Give an if's condition for what stands in its branch; checks of errors are no condition."""
        if node.type != "if_statement":
            return None
        condition = text_of(node.child_by_field_name("condition"))
        if inner == node.child_by_field_name("consequence") and not re.search(r"\berr\b|\bok\b", condition):
            return condition
        return f"!({condition})" if inner == node.child_by_field_name("alternative") else None

    def builtin(self, name: str, owner: Value, args: list[Value], named: Mapping[str, Value]) -> Value:
        """Do what strings, fmt and conversions do."""
        del named
        package = owner.text if isinstance(owner, Symbol) else ""
        done = BUILTINS.get(f"{package}.{name}" if package else name) if owner is None or package else None
        return done(*args) if done is not None and args else NotImplemented


def struct_body(struct: Node) -> TypeBody:
    """Give the fields of a struct type, named or in place."""
    fields: list[Field] = []
    bases = []
    for node in next(iter(struct.named_children), struct).named_children:
        if node.type != "field_declaration":
            continue
        type_ = text_of(node.child_by_field_name("type"))
        names = node.children_by_field_name("name")
        tag = text_of(node.child_by_field_name("tag"))[1:-1]
        if not names:
            bases.append(type_)
        fields += [Field(text_of(name), type_, tag, _doc(node), None, node) for name in names]
    return TypeBody(tuple(fields), tuple(bases))


def _doc(node: Node) -> str:
    before = node.prev_named_sibling
    if before is None or before.type != "comment" or before.end_point[0] != node.start_point[0] - 1:
        return ""
    return text_of(before).removeprefix("//").strip()


def _items(node: Node | None) -> list[Node]:
    if node is None:
        return []
    return (
        [child for child in node.named_children if child.type != "comment"]
        if node.type == "expression_list"
        else [node]
    )


def _receiver_type(receiver: Node) -> str:
    text = text_of(receiver).strip("()").split(" ")[-1]
    return text.lstrip("*").split("[")[0]


def _parameters(node: Node | None) -> Iterator[Parameter]:
    for one in node.named_children if node is not None else ():
        type_ = text_of(one.child_by_field_name("type"))
        names = [text_of(name) for name in one.children_by_field_name("name")]
        for name in names or [""]:
            yield Parameter(name, type_, None, one.type.startswith("variadic"), one)


def _mutations(call: Expression, node: Node) -> Iterator[Assignment]:
    """Give what a call may change: the map or struct that it is given first."""
    if not isinstance(call, Call) or not call.args or not isinstance(call.args[0], Name):
        return
    name = call.args[0].text
    if call.callee == Member(Name("maps"), "Copy") and len(call.args) > 1:
        yield Assignment(name, call.args[1], node.start_byte, grows=True)
    else:
        yield Assignment(name, call, node.start_byte, mutates=True)


def _is_conditional(node: Node, function: Node) -> bool:
    for parent in ancestors(node):
        if parent == function:
            return False
        if parent.type in _CONDITIONAL:
            return True
    return False
