"""Rust as the shared evaluator sees it: declared names, functions, structs; attributes and comments of items."""

import posixpath
import re
from collections.abc import Iterator, Mapping

from tree_sitter import Node

from crawler.extractors.codebase import Declaration, Module, ancestors, enclosing
from crawler.extractors.dialect import Dialect, Search, text_of
from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.expressions import (
    Assignment,
    Call,
    Expression,
    Field,
    Function,
    Loop,
    Name,
    Parameter,
    Record,
    Sequence,
    Symbol,
    TypeBody,
    Value,
)
from crawler.extractors.library import joined, text_function
from crawler.extractors.rust_expressions import LANGUAGE, LOWERINGS

_INDEX = Search(
    LANGUAGE,
    """
(const_item name: (identifier) @value)
(static_item name: (identifier) @value)
(function_item name: (identifier) @function)
(struct_item name: (type_identifier) @type)
(enum_item name: (type_identifier) @type)
(type_item name: (type_identifier) @type)
""",
)
_BODY = Search(
    LANGUAGE,
    """
(let_declaration) @assignment
(assignment_expression) @assignment
(compound_assignment_expr) @assignment
(return_expression) @return
(for_expression) @loop
(call_expression) @call
""",
)
_CONDITIONAL = frozenset(("if_expression", "match_arm", "for_expression", "while_expression"))
# Wrappers and conversions that leave a value what it is.
_SAME = frozenset(
    (
        "into", "to_string", "to_owned", "clone", "as_str", "as_ref", "iter", "into_iter", "to_vec", "unwrap", "expect",
        "into_boxed_str", "into_object", "deref",
    )
)  # fmt: skip
_HOLDERS = frozenset(("Some", "Ok", "from", "Borrowed", "Owned", "new", "object", "Arc", "Box", "Cow", "String"))
_WRAPPERS = frozenset(("Arc", "Box", "Cow", "String", "Rc", "Some", "Ok", "JsonObject", "Value", "Some"))


class RustDialect(Dialect):
    """Rust for the shared machinery."""

    language = LANGUAGE
    lowerings = LOWERINGS
    suffixes = (".rs",)
    files_are_modules = True
    calls = frozenset(("call_expression", "struct_expression"))
    functions = frozenset(("function_item", "closure_expression"))
    self_names = frozenset(("self", "Self"))

    def prepared(self, data: bytes) -> bytes:
        """Show the parser the lists that macros hold: it reads no expressions in a macro's tokens."""
        return data.replace(b"vec![", b"    [")

    def index(self, module: Module) -> None:
        """Declare a file's constants, functions and types; what tests declare is not the program's."""
        for found in _INDEX.matches(module.root):
            for kind, nodes in found.items():
                for node in nodes:
                    holder = node.parent
                    if holder is not None:
                        module.declare(kind, text_of(node), self.owner_of(holder), holder)

    def value_of(self, declaration: Declaration) -> Expression | None:
        """Give a constant's expression."""
        return self.lower(declaration.node.child_by_field_name("value"))

    def function(self, node: Node) -> Function:
        """Give what a function does with names."""
        assignments: list[Assignment] = []
        returns: list[Expression] = []
        loops: list[Loop] = []
        body = node.child_by_field_name("body")
        for found in _BODY.matches(body) if body is not None else ():
            [(kind, [inner])] = found.items()
            if enclosing(inner.parent, self.functions) != node:
                continue
            if kind == "assignment":
                assignments += self._assigned(inner, node)
            elif kind == "call":
                assignments += self._pushed(inner, node)
            elif kind == "return":
                returns.append(self.lower(next(iter(inner.named_children), None)))
            else:
                pattern = text_of(inner.child_by_field_name("pattern")).strip("()&")
                names = tuple(name.strip() for name in pattern.split(","))
                over = self.lower(inner.child_by_field_name("value"))
                loops.append(Loop(names, over, inner.start_byte, inner.end_byte, unpacks=len(names) > 1))
        if body is not None:
            last = body.named_children[-1] if body.type == "block" and body.named_children else body
            returns.append(self.lower(last))
        return Function(tuple(_parameters(node)), tuple(assignments), tuple(returns), tuple(loops))

    def _assigned(self, node: Node, function: Node) -> Iterator[Assignment]:
        target = node.child_by_field_name("pattern") or node.child_by_field_name("left")
        value = node.child_by_field_name("value") or node.child_by_field_name("right")
        if target is not None and value is not None:
            grows = text_of(node.child_by_field_name("operator")) == "+="
            yield Assignment(
                text_of(target), self.lower(value), node.start_byte, grows, _is_conditional(node, function)
            )

    def _pushed(self, node: Node, function: Node) -> Iterator[Assignment]:
        """Give what `list.push(x)`, `list.extend(xs)` and `text.push_str(x)` add."""
        call = self.lower(node)
        if not isinstance(call, Call) or not call.args or not isinstance(getattr(call.callee, "of", None), Name):
            return
        method, holder = getattr(call.callee, "name", ""), text_of(node.child_by_field_name("function")).split(".")[0]
        if method in ("push", "extend", "push_str"):
            value = Sequence(call.args[:1]) if method == "push" else call.args[0]
            yield Assignment(holder, value, node.start_byte, grows=True, conditional=_is_conditional(node, function))

    def type_body(self, declaration: Declaration) -> TypeBody:
        """Give a struct's fields, an enum's members, or what an alias stands for."""
        node = declaration.node
        if node.type == "type_item":
            return TypeBody(bases=(text_of(node.child_by_field_name("type")),))
        body = node.child_by_field_name("body")
        children = body.named_children if body is not None else []
        if node.type == "enum_item":
            plain = [one for one in children if one.type == "enum_variant"]
            return TypeBody(members=tuple(text_of(one.child_by_field_name("name")) for one in plain))
        fields = []
        for one in children:
            if one.type == "field_declaration":
                name, type_ = one.child_by_field_name("name"), one.child_by_field_name("type")
                fields.append(Field(text_of(name), text_of(type_), "", doc_of(one), None, one))
        if body is not None and body.type == "ordered_field_declaration_list" and len(children) == 1:
            return TypeBody(bases=(text_of(children[0]),))
        return TypeBody(tuple(fields))

    def owner_of(self, node: Node) -> str:
        """Name the type of the impl that a node stands in."""
        block = enclosing(node.parent, frozenset(("impl_item", "trait_item")))
        if block is None:
            return ""
        type_ = block.child_by_field_name("type") or block.child_by_field_name("name")
        return text_of(type_).split("<")[0].rpartition("::")[2]

    def condition_text(self, node: Node, inner: Node) -> str | None:
        """Give an if's condition for what stands in its branch, and the feature that an item needs."""
        if node.type == "if_expression" and inner == node.child_by_field_name("consequence"):
            return text_of(node.child_by_field_name("condition"))
        return None

    def builtin(self, name: str, owner: Value, args: list[Value], named: Mapping[str, Value]) -> Value:
        """Do what conversions and the texts' methods do; read the texts that are compiled in."""
        del named
        if name == "include_str" and args and isinstance(args[0], str):
            return self._included(args[0])
        if name in _SAME and owner is not None and not isinstance(owner, Symbol):
            return owner
        if (
            name in _HOLDERS
            and len(args) == 1
            and (owner is None or (isinstance(owner, Symbol) and owner.last in _WRAPPERS))
        ):
            return args[0]
        if name in ("join", "concat") and isinstance(owner, list):
            return joined(owner, args[0] if args else "")
        if name in _TEXTS and isinstance(owner, str):
            return _TEXTS[name](owner)
        return NotImplemented

    def _included(self, path: str) -> Value:
        """Give the file that a text is compiled in from: the one whose path ends so, when there is one."""
        tail = posixpath.normpath(path).replace("../", "")
        found = [one for one in self.files if one == tail or one.endswith(f"/{tail}")]
        return self.files[found[0]].decode("utf-8", "replace") if len(found) == 1 else UNKNOWN


_TEXTS = {
    "trim": text_function(str.strip),
    "to_lowercase": text_function(str.lower),
    "to_uppercase": text_function(str.upper),
}


def doc_of(node: Node) -> str:
    """Give an item's doc comment, each line trimmed as the SDKs' macros do."""
    lines: list[str] = []
    before = node.prev_named_sibling
    while before is not None and (before.type == "attribute_item" or before.type.endswith("comment")):
        text = text_of(before).strip()
        if text.startswith("///"):
            lines.insert(0, text[3:].strip())
        elif text.startswith("/**"):
            body = text[3:].removesuffix("*/").strip().splitlines()
            lines[:0] = [line.strip().removeprefix("*").strip() for line in body]
        before = before.prev_named_sibling
    return "\n".join(lines).strip()


def attributes_of(node: Node) -> Iterator[tuple[str, str]]:
    """Give an item's attributes from the nearest up: the last part of the name, and the arguments' text."""
    before = node.prev_named_sibling
    while before is not None and (before.type == "attribute_item" or before.type.endswith("comment")):
        if before.type == "attribute_item":
            attribute = next(iter(before.named_children), None)
            text = text_of(attribute)
            name, bracket, rest = text.partition("(")
            name, equals, value = name.partition("=")
            arguments = (
                rest.rpartition(")")[0] if bracket and not equals else (text.partition("=")[2] if equals else "")
            )
            del value
            yield re.sub(r"\s", "", name).rpartition("::")[2], arguments.strip()
        before = before.prev_named_sibling


def is_test(node: Node) -> bool:
    """Tell whether a node stands in what is only compiled for tests."""
    modules = [one for one in ancestors(node) if one.type == "mod_item"]
    return any(name == "cfg" and re.search(r"\btest\b", said) for one in modules for name, said in attributes_of(one))


def _parameters(node: Node) -> Iterator[Parameter]:
    parameters = node.child_by_field_name("parameters")
    for one in parameters.named_children if parameters is not None else ():
        if one.type == "parameter":
            pattern = text_of(one.child_by_field_name("pattern")).removeprefix("mut ")
            yield Parameter(pattern, text_of(one.child_by_field_name("type")), node=one)
        elif one.type == "identifier":  # of a closure
            yield Parameter(text_of(one))


def _is_conditional(node: Node, function: Node) -> bool:
    for parent in ancestors(node):
        if parent == function:
            return False
        if parent.type in _CONDITIONAL:
            return True
    return False


__all__ = ["Record", "RustDialect", "attributes_of", "doc_of", "is_test"]
