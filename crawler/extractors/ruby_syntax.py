"""Ruby as the shared evaluator sees it: constants, methods and classes; what a class's body says of it."""

from collections.abc import Iterator, Mapping

import tree_sitter_ruby
from tree_sitter import Language, Node

from crawler.extractors.codebase import Declaration, Module, ancestors, enclosing
from crawler.extractors.dialect import Dialect, Search, text_of
from crawler.extractors.expressions import (
    Assignment,
    Expression,
    Function,
    Loop,
    Parameter,
    Sequence,
    TypeBody,
    Value,
)
from crawler.extractors.library import joined, text_function
from crawler.extractors.ruby_expressions import LOWERINGS

LANGUAGE = Language(tree_sitter_ruby.language())
_INDEX = Search(
    LANGUAGE,
    """
(assignment left: (constant) @value)
(method name: (identifier) @function)
(singleton_method name: (identifier) @function)
(class name: [(constant) (scope_resolution)] @type)
""",
)
_BODY = Search(
    LANGUAGE,
    """
(assignment) @assignment
(operator_assignment) @assignment
(binary operator: "<<") @pushed
(return) @return
(call block: [(block) (do_block)]) @loop
""",
)
_CONDITIONAL = frozenset(("if", "unless", "when", "if_modifier", "unless_modifier", "else", "elsif"))
_LOOPING = ("each", "map", "each_with_index", "flat_map")


class RubyDialect(Dialect):
    """Ruby for the shared machinery."""

    language = LANGUAGE
    lowerings = LOWERINGS
    suffixes = (".rb", ".ru")
    calls = frozenset(("call",))
    functions = frozenset(("method", "singleton_method", "lambda"))
    self_names = frozenset(("self",))

    def is_source(self, path: str, data: bytes) -> bool:
        """Tell Ruby by its suffix, and programs without one by their first line."""
        return path.endswith(self.suffixes) or (data[:2] == b"#!" and b"ruby" in data[:60])

    def index(self, module: Module) -> None:
        """Declare a file's constants, methods and classes."""
        for found in _INDEX.matches(module.root):
            for kind, nodes in found.items():
                for node in nodes:
                    holder = node.parent
                    if holder is not None:
                        module.declare(kind, text_of(node).rpartition("::")[2], self.owner_of(holder), holder)

    def value_of(self, declaration: Declaration) -> Expression | None:
        """Give a constant's expression."""
        return self.lower(declaration.node.child_by_field_name("right"))

    def function(self, node: Node) -> Function:
        """Give what a method does with names."""
        assignments: list[Assignment] = []
        returns: list[Expression] = []
        loops: list[Loop] = []
        body = node.child_by_field_name("body")
        for found in _BODY.matches(body) if body is not None else ():
            kind, [inner] = next(iter(found.items()))
            if enclosing(inner.parent, self.functions) != node:
                continue
            if kind in ("assignment", "pushed"):
                assignments += self._assigned(inner, node, pushed=kind == "pushed")
            elif kind == "return":
                given = next(iter(inner.named_children), None)
                returns.append(
                    self.lower(given.named_children[0] if given is not None and given.named_children else given)
                )
            else:
                loops += self.loop(inner)
        last = body.named_children[-1] if body is not None and body.named_children else None
        if last is not None and last.type in LOWERINGS:
            returns.append(self.lower(last))
        return Function(tuple(_parameters(self, node)), tuple(assignments), tuple(returns), tuple(loops))

    def _assigned(self, node: Node, function: Node, *, pushed: bool) -> Iterator[Assignment]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        value = Sequence((self.lower(right),)) if pushed else self.lower(right)
        grows = pushed or text_of(node.child_by_field_name("operator")) == "+="
        yield Assignment(text_of(left), value, node.start_byte, grows, _is_conditional(node, function))

    def loop(self, node: Node) -> Iterator[Loop]:
        """Give the loop that a call with a block is: over what it is called on."""
        if text_of(node.child_by_field_name("method")) not in _LOOPING:
            return
        block = node.child_by_field_name("block")
        parameters = block.child_by_field_name("parameters") if block is not None else None
        names = tuple(text_of(one) for one in parameters.named_children) if parameters is not None else ()
        if names and block is not None:
            over = self.lower(node.child_by_field_name("receiver"))
            yield Loop(names, over, block.start_byte, block.end_byte)

    def type_body(self, declaration: Declaration) -> TypeBody:
        """Give what a class extends."""
        base = declaration.node.child_by_field_name("superclass")
        named = base.named_children[0] if base is not None and base.named_children else None
        return TypeBody(bases=(text_of(named),) if named is not None else ())

    def owner_of(self, node: Node) -> str:
        """Name the class or module that a node stands in."""
        holder = enclosing(node.parent, frozenset(("class", "module")))
        return text_of(holder.child_by_field_name("name")).rpartition("::")[2] if holder is not None else ""

    def condition_text(self, node: Node, inner: Node) -> str | None:
        """Give the condition of an if or unless, before its body or after a statement."""
        if node.type not in ("if", "unless", "if_modifier", "unless_modifier"):
            return None
        condition = node.child_by_field_name("condition")
        if condition is None or condition == inner or inner == node.child_by_field_name("alternative"):
            return None
        return text_of(condition) if node.type.startswith("if") else f"!({text_of(condition)})"

    def builtin(self, name: str, owner: Value, args: list[Value], named: Mapping[str, Value]) -> Value:
        """Do what the core classes do with texts and lists."""
        del named
        if name in ("freeze", "to_s", "to_sym", "dup", "html_safe") and owner is not None:
            return owner if isinstance(owner, str | list | dict) else NotImplemented
        if name == "join" and isinstance(owner, list):
            return joined(owner, args[0] if args else "")
        if isinstance(owner, str) and name in _TEXTS:
            return _TEXTS[name](owner, *args)
        return NotImplemented


_TEXTS = {
    "strip": text_function(str.strip),
    "chomp": text_function(lambda text: text.removesuffix("\n")),
    "rstrip": text_function(str.rstrip),
    "squish": text_function(lambda text: " ".join(text.split())),
    "downcase": text_function(str.lower),
    "upcase": text_function(str.upper),
    "gsub": text_function(lambda text, old, new: text.replace(old, new)),
    "tr": text_function(lambda text, old, new: text.replace(old, new)),
}


def _parameters(dialect: RubyDialect, node: Node) -> Iterator[Parameter]:
    holder = node.child_by_field_name("parameters")
    for one in holder.named_children if holder is not None else ():
        if one.type == "identifier":
            yield Parameter(text_of(one))
            continue
        value = one.child_by_field_name("value")
        default = dialect.lower(value) if value is not None else None
        name = text_of(one.child_by_field_name("name"))
        yield Parameter(name, "", default, one.type in ("splat_parameter", "hash_splat_parameter"), one)


def _is_conditional(node: Node, function: Node) -> bool:
    for parent in ancestors(node):
        if parent == function:
            return False
        if parent.type in _CONDITIONAL:
            return True
    return False
