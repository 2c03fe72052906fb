"""PHP as the shared evaluator sees it: constants, properties, methods and classes; attributes and DocBlocks."""

import re
from collections.abc import Iterator, Mapping

import tree_sitter_php
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
    Name,
    Parameter,
    Sequence,
    TypeBody,
    Value,
)
from crawler.extractors.library import formatted, joined, text_function
from crawler.extractors.php_expressions import LOWERINGS, arguments_of

LANGUAGE = Language(tree_sitter_php.language_php())
_TYPES = frozenset(("class_declaration", "enum_declaration", "interface_declaration", "trait_declaration"))
_INDEX = Search(
    LANGUAGE,
    """
(const_element . (name) @value)
(property_element name: (variable_name (name) @value))
(enum_case name: (name) @value)
(method_declaration name: (name) @function)
(function_definition name: (name) @function)
[(class_declaration name: (name) @type) (enum_declaration name: (name) @type)]
""",
)
_BODY = Search(
    LANGUAGE,
    """
(assignment_expression) @assignment
(augmented_assignment_expression) @assignment
(return_statement) @return
(foreach_statement) @loop
""",
)
_CONDITIONAL = frozenset(("if_statement", "switch_statement", "foreach_statement", "for_statement", "while_statement"))
_TRANSLATIONS = ("__", "_x", "esc_html__", "esc_attr__", "trans", "t")
_TAG = re.compile(r"^@(\w+)\s*(.*)$")
_PARAM = re.compile(r"^(?:[^\s$]+\s+)?(?:\.\.\.)?\$(\w+)\s*(.*)$", re.DOTALL)


class PhpDialect(Dialect):
    """PHP for the shared machinery."""

    language = LANGUAGE
    lowerings = LOWERINGS
    suffixes = (".php",)
    calls = frozenset(
        (
            "function_call_expression", "member_call_expression", "nullsafe_member_call_expression",
            "scoped_call_expression", "object_creation_expression",
        )
    )  # fmt: skip
    functions = frozenset(("method_declaration", "function_definition", "anonymous_function", "arrow_function"))
    self_names = frozenset(("this", "self", "static"))

    def index(self, module: Module) -> None:
        """Declare a file's constants, properties, methods, functions and classes."""
        for found in _INDEX.matches(module.root):
            for kind, nodes in found.items():
                for node in nodes:
                    holder = enclosing(node, _HOLDERS) or node
                    module.declare(kind, text_of(node), self.owner_of(holder), holder)

    def value_of(self, declaration: Declaration) -> Expression | None:
        """Give a constant's or property's value; an enum's case is what backs it."""
        node = declaration.node
        if node.type == "enum_case":
            value = node.child_by_field_name("value")
            return self.lower(value) if value is not None else Literal(declaration.name)
        value = node.child_by_field_name("default_value")
        if value is None and len(node.named_children) > 1:
            value = node.named_children[-1]
        return self.lower(value) if value is not None else None

    def function(self, node: Node) -> Function:
        """Give what a function does with names."""
        assignments: list[Assignment] = []
        returns: list[Expression] = []
        loops: list[Loop] = []
        body = node.child_by_field_name("body")
        if node.type == "arrow_function":
            returns.append(self.lower(body))
        for found in _BODY.matches(body) if body is not None else ():
            [(kind, [inner])] = found.items()
            if enclosing(inner.parent, self.functions) != node:
                continue
            if kind == "assignment":
                assignments += self._assigned(inner, node)
            elif kind == "return":
                returns.append(self.lower(next(iter(inner.named_children), None)))
            else:
                loops += self._loop(inner)
        return Function(tuple(self._parameters(node)), tuple(assignments), tuple(returns), tuple(loops))

    def _assigned(self, node: Node, function: Node) -> Iterator[Assignment]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        value, grows = self.lower(right), text_of(node.child_by_field_name("operator")) in (".=", "+=")
        path: tuple[Expression, ...] = ()
        if left.type == "subscript_expression":
            key = left.named_children[1] if len(left.named_children) > 1 else None
            path = (self.lower(key),) if key is not None else ()
            value, grows = (value, False) if key is not None else (Sequence((value,)), True)
            left = left.named_children[0]
        name = text_of(left).removeprefix("$")
        yield Assignment(name, value, node.start_byte, grows, _is_conditional(node, function), path)

    def _loop(self, node: Node) -> Iterator[Loop]:
        children = [child for child in node.named_children if child.type not in ("compound_statement", "comment")]
        if len(children) < 2:
            return
        names = tuple(text_of(one).lstrip("&$") for one in _variables(children[1]))
        if names:
            yield Loop(names, self.lower(children[0]), node.start_byte, node.end_byte)

    def _parameters(self, node: Node) -> Iterator[Parameter]:
        holder = node.child_by_field_name("parameters")
        for one in holder.named_children if holder is not None else ():
            if not one.type.endswith("parameter"):
                continue
            default = one.child_by_field_name("default_value")
            name = text_of(one.child_by_field_name("name")).lstrip(".&$")
            lowered = self.lower(default) if default is not None else None
            type_ = text_of(one.child_by_field_name("type"))
            yield Parameter(name, type_, lowered, one.type == "variadic_parameter", one)

    def type_body(self, declaration: Declaration) -> TypeBody:
        """Give a class's public properties and what it extends; an enum's cases."""
        node = declaration.node
        body = node.child_by_field_name("body")
        children = body.named_children if body is not None else []
        members = tuple(text_of(one.child_by_field_name("name")) for one in children if one.type == "enum_case")
        fields: list[Field] = []
        for one in children:
            if one.type == "method_declaration" and text_of(one.child_by_field_name("name")) == "__construct":
                given = self._parameters(one)
                fields += [Field(each.name, each.type, "", "", each.default, each.node) for each in given]
        base = next((one for one in node.named_children if one.type == "base_clause"), None)
        bases = tuple(text_of(one) for one in base.named_children) if base is not None else ()
        return TypeBody(tuple(fields), bases, members)

    def owner_of(self, node: Node) -> str:
        """Name the class that a node stands in."""
        holder = enclosing(node.parent, _TYPES)
        return text_of(holder.child_by_field_name("name")) if holder is not None else ""

    def condition_text(self, node: Node, inner: Node) -> str | None:
        """Give an if's condition for what stands in its body."""
        if node.type != "if_statement" or inner != node.child_by_field_name("body"):
            return None
        return text_of(node.child_by_field_name("condition")).strip("()")

    def builtin(self, name: str, owner: Value, args: list[Value], named: Mapping[str, Value]) -> Value:
        """Do what PHP's own functions do with texts and lists; of a translation the text itself."""
        del named
        if owner is not None or not args:
            return NotImplemented
        if name == "sprintf":
            return formatted(*args)
        if name in ("implode", "join") and len(args) == 2:
            return joined(args[1], args[0])
        if name in _TRANSLATIONS and isinstance(args[0], str):
            return args[0]
        if name == "array_merge" and all(isinstance(arg, list) for arg in args):
            return [item for arg in args for item in arg]
        if name == "array_merge" and all(isinstance(arg, dict) for arg in args):
            return {key: item for arg in args for key, item in arg.items()}
        return _TEXTS[name](*args) if name in _TEXTS else NotImplemented


_HOLDERS = frozenset(
    ("const_element", "property_element", "enum_case", "method_declaration", "function_definition", *_TYPES)
)
_TEXTS = {
    "trim": text_function(lambda text, *_: text.strip()),
    "strtolower": text_function(str.lower),
    "strtoupper": text_function(str.upper),
    "json_decode": text_function(lambda text, *_: text),
}


def attributes_of(dialect: Dialect, node: Node) -> dict[str, Call]:
    """Give a declaration's attributes by their last name, their arguments as those of a call."""
    found: dict[str, Call] = {}
    holder = next((one for one in node.named_children if one.type == "attribute_list"), None)
    for group in holder.named_children if holder is not None else ():
        for one in group.named_children:
            if one.type == "attribute" and one.named_children:
                name = text_of(one.named_children[0]).rpartition("\\")[2]
                args, named = arguments_of(dialect, one.child_by_field_name("parameters"))
                found.setdefault(name, Call(Name(name), args, named, (), one))
    return found


def doc_of(node: Node) -> tuple[str, str, dict[str, str]]:
    """Give a DocBlock's summary, its further text, and what it says of each parameter."""
    before = node.prev_named_sibling
    if before is None or before.type != "comment" or not text_of(before).startswith("/**"):
        return "", "", {}
    lines = [line.strip().removeprefix("*").strip() for line in text_of(before)[3:-2].splitlines()]
    texts: list[str] = []
    parameters: dict[str, str] = {}
    last: str | None = None
    tagged = False
    for line in lines:
        tag = _TAG.match(line)
        if tag is not None:
            tagged, last = True, None
            given = _PARAM.match(tag[2]) if tag[1] == "param" else None
            if given is not None:
                last = given[1]
                parameters[last] = given[2].strip()
        elif tagged and last is not None and line:
            parameters[last] = f"{parameters[last]} {line}".strip()
        elif not tagged:
            texts.append(line)
    summary, _, rest = "\n".join(texts).strip().partition("\n\n")
    return summary.replace("\n", " ").strip(), rest.strip(), parameters


def _variables(node: Node) -> list[Node]:
    return (
        [child for child in node.named_children if child.type in ("variable_name", "by_ref")]
        if node.type == "pair"
        else [node]
    )


def _is_conditional(node: Node, function: Node) -> bool:
    for parent in ancestors(node):
        if parent == function:
            return False
        if parent.type in _CONDITIONAL:
            return True
    return False
