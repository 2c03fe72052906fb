"""What the shared machinery asks of a language: its grammar, what a file declares, and its syntax as expressions."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from tree_sitter import Language, Node, Query, QueryCursor

from crawler.extractors.expressions import Expression, Function, Opaque, TypeBody, Value

if TYPE_CHECKING:
    from crawler.extractors.codebase import Declaration, Module

_MAX_DEPTH = 60
_SHORT = 200

Lowering = Callable[[Any, Node], Expression]


class Dialect:
    """A language. Each method gets nodes of its own grammar; none may raise, whatever the text."""

    language: Language
    suffixes: tuple[str, ...] = ()
    calls: frozenset[str] = frozenset()  # node types of calls and constructions
    functions: frozenset[str] = frozenset()  # node types that have parameters and a body
    self_names: frozenset[str] = frozenset()
    extensions: bool = False  # functions can be added to types that are not the program's own, such as texts
    files_are_modules = False  # a file's own name leads to what it declares
    overloads: bool = False  # several functions of a type may share a name and differ in what they take
    lowerings: ClassVar[Mapping[str, Lowering]] = {}

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self._depth = 0

    def index(self, module: "Module") -> None:
        """Declare what a file declares, by one query that runs in the parser's own speed."""
        raise NotImplementedError

    def is_source(self, path: str, data: bytes) -> bool:
        """Tell whether a file is of the language."""
        del data
        return path.endswith(self.suffixes)

    def around(self, node: Node | None, types: frozenset[str], climb: int) -> Node | None:
        """Give the node of `types` that a word at `node` is part of, itself included."""
        for _ in range(climb):
            if node is None or node.type in types:
                return node
            node = node.parent
        return None

    def prepared(self, data: bytes) -> bytes:
        """Give a file's source as it is to be parsed: of the same length, so that places stay."""
        return data

    def lower(self, node: Node | None) -> Expression:
        """Give a node as an expression; what is nested too deep or not understood is Opaque."""
        if node is None:
            return Opaque()
        lowering = self.lowerings.get(node.type)
        if lowering is None or self._depth > _MAX_DEPTH:
            return Opaque(text_of(node)[:_SHORT])
        self._depth += 1
        try:
            return lowering(self, node)
        finally:
            self._depth -= 1

    def value_of(self, declaration: "Declaration") -> Expression | None:
        """Give the expression of a value's declaration; None when it has none."""
        raise NotImplementedError

    def function(self, node: Node) -> Function:
        """Give what a function does with names."""
        raise NotImplementedError

    def function_name(self, node: Node) -> str:
        """Give the name that a function is called by; empty when it has none."""
        return text_of(node.child_by_field_name("name"))

    def whole_call(self, node: Node) -> Node:
        """Give a call with the block that is handed to it behind its arguments."""
        return node

    def type_body(self, declaration: "Declaration") -> TypeBody:
        """Give a type's fields and bases."""
        raise NotImplementedError

    def construction(self, declaration: "Declaration", count: int) -> tuple[Function, Node | None] | None:
        """Give the constructor of a type that takes `count` arguments; None when the language or type has none."""
        del declaration, count
        return None

    def owner_of(self, node: Node) -> str:
        """Name the type that a node stands in; empty for none."""
        raise NotImplementedError

    def condition_text(self, node: Node, inner: Node) -> str | None:
        """Give the text of the condition that `inner`, a child of `node`, stands under; None for none."""
        raise NotImplementedError

    def builtin(self, name: str, owner: Value, args: list[Value], named: Mapping[str, Value]) -> Value:
        """Do what a function of the language's own library does; NotImplemented when it is none that is known."""
        raise NotImplementedError


class Search:
    """A query of a grammar, made when it is first asked: making one costs more than starting a small program."""

    def __init__(self, language: Language, text: str) -> None:
        self._language = language
        self._text = text
        self._query: Query | None = None

    def matches(self, node: Node) -> Iterator[dict[str, list[Node]]]:
        """Give what the query finds below a node: the nodes of each match by the names of its captures."""
        if self._query is None:
            self._query = Query(self._language, self._text)
        return (found for _, found in QueryCursor(self._query).matches(node))


def text_of(node: Node | None) -> str:
    """Give a node's source text."""
    return node.text.decode("utf-8", "replace") if node is not None and node.text is not None else ""
