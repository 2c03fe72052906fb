"""One parsed file of JavaScript or TypeScript: what encloses a node, and which declaration a name means.

What the file declares is put in by javascript_index; other files are the package's affair.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from tree_sitter import Node

from crawler.extractors.javascript_text import pattern_names, text_of

# A tree this deep is not written by people; what lies deeper has no ancestors and so no names.
MAX_NESTING: Final = 400
MAX_OCCURRENCES: Final = 20_000
FUNCTIONS = frozenset(
    (
        *("function_declaration", "function_expression", "arrow_function", "method_definition"),
        *("generator_function", "generator_function_declaration"),
    )
)
_BLOCKS = frozenset(("statement_block", "for_statement", "for_in_statement", "switch_body", "catch_clause", "program"))
_NAME_BYTES = frozenset(bytes([byte]) for byte in b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$")
_STATEMENTS = ("variable_declaration", "lexical_declaration")
_MAX_NAMESAKES = 3_000
_MAX_AROUND: Final = 200


class Unresolved(Enum):
    """Why a name has no declaration to look at."""

    PARAMETER = "bound by a function, a loop or a catch"
    AMBIGUOUS = "declared or assigned more than once"
    ABSENT = "not declared in this file"


@dataclass(frozen=True, slots=True)
class Declaration:
    """The node that gives a name its value; `at_top` when no function's parameters can matter to it."""

    node: Node
    at_top: bool


@dataclass(eq=False, slots=True)
class Module:
    """One parsed file. `declared` and `assigned` list, by name, the nodes that do so somewhere in the file."""

    path: str
    data: bytes
    root: Node
    language: str
    declared: dict[str, list[Node]] = field(default_factory=dict)
    assigned: dict[str, list[Node]] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)  # local name -> (module, exported name or *)
    exports: dict[str, str] = field(default_factory=dict)  # exported name -> local name
    exported_values: dict[str, Node] = field(default_factory=dict)
    properties: dict[str, dict[str, Node]] = field(default_factory=dict)  # X.name = value, outside of X
    enums: dict[str, dict[str, Node]] = field(default_factory=dict)  # as TypeScript compiles them
    forwards: list[tuple[str, str, str]] = field(default_factory=list)  # export {b as a} from: (a, module, b)
    _paths: dict[int, tuple[Node, ...]] = field(default_factory=dict)
    _bound: dict[int, frozenset[str]] = field(default_factory=dict)
    _meant: dict[str, dict[int, list[Node]]] = field(default_factory=dict)
    _by_place: dict[str, tuple[list[Node], list[Node]]] = field(default_factory=dict)

    def ancestors(self, node: Node) -> tuple[Node, ...]:
        """Give what encloses a node, the innermost first; nothing when it lies too deep."""
        if node.id not in self._paths:
            # From the top down: a node knows its parent only by searching for it from the root.
            path: list[Node] = []
            current = self.root
            while current.id != node.id and len(path) < MAX_NESTING:
                path.append(current)
                child = current.child_with_descendant(node)
                if child is None:
                    break
                current = child
            self._paths[node.id] = tuple(reversed(path)) if current.id == node.id else ()
        return self._paths[node.id]

    def resolve(self, name: str, node: Node | None) -> Declaration | Unresolved:
        """Find what a name means where a node stands; at the file's top level for no node."""
        if len(self.declared.get(name, ())) + len(self.assigned.get(name, ())) > _MAX_NAMESAKES:
            return self._resolve_crowded(name, node)
        meant = self._meanings(name)
        for scope in self._scopes(node) if node is not None else (self.root,):
            if scope.id in meant:
                values = meant[scope.id]
                at_top = scope.id == self.root.id
                return Declaration(values[0], at_top) if len(values) == 1 else Unresolved.AMBIGUOUS
            if scope is not self.root and name in self._names_bound_by(scope):
                return Unresolved.PARAMETER
        return Unresolved.ABSENT

    def occurrences(self, words: Iterable[bytes], after: re.Pattern[bytes]) -> Iterator[Node]:
        """Find the smallest nodes at these whole words where `after` follows, in the file's order; no comments."""
        spans = sorted((start, start + len(word)) for word in words for start in find_word(self.data, word, after))
        for start, end in spans[:MAX_OCCURRENCES]:
            node = self.root.descendant_for_byte_range(start, end)
            if node is not None and node.type != "comment":
                yield node

    def line_of(self, node: Node) -> int:
        """Give the line that a node begins in, from 1."""
        return node.start_point[0] + 1

    def _resolve_crowded(self, name: str, node: Node | None) -> Declaration | Unresolved:
        """Find what a name means that compressed code uses everywhere: only what is declared around the node counts."""
        for scope in self._scopes(node) if node is not None else ():
            inside = self._within(self._ordered(name)[0], scope)
            if len(inside) > _MAX_AROUND:
                return Unresolved.AMBIGUOUS
            owned = [one for one in inside if (owner := self._scope_of_declaration(one)) and owner.id == scope.id]
            if owned and self._within(self._ordered(name)[1], scope):
                return Unresolved.AMBIGUOUS
            values = [value for one in owned for value in _values(one)]
            if owned:
                is_one = len(values) == 1
                return Declaration(values[0], at_top=False) if is_one else Unresolved.AMBIGUOUS
            if name in self._names_bound_by(scope):
                return Unresolved.PARAMETER
        return Unresolved.AMBIGUOUS

    def _ordered(self, name: str) -> tuple[list[Node], list[Node]]:
        """Give what declares and what assigns a name, each in the file's order."""
        if name not in self._by_place:
            found = (self.declared.get(name, []), self.assigned.get(name, []))
            declared, assigned = (sorted(nodes, key=_start_of) for nodes in found)
            self._by_place[name] = (declared, assigned)
        return self._by_place[name]

    def _within(self, nodes: list[Node], scope: Node) -> list[Node]:
        """Give the nodes inside a scope, at most one more than count; they stand in the file's order."""
        first = bisect_left(nodes, scope.start_byte, key=_start_of)
        most = min(len(nodes), first + _MAX_AROUND + 1)
        return nodes[first : bisect_left(nodes, scope.end_byte, first, most, key=_start_of)]

    def _scopes(self, node: Node) -> Iterator[Node]:
        for parent in self.ancestors(node):
            if parent.type in FUNCTIONS or parent.type in _BLOCKS:
                yield parent

    def _names_bound_by(self, scope: Node) -> frozenset[str]:
        if scope.id not in self._bound:
            names: set[str] = set()
            for key in ("parameters", "parameter", "left") if scope.type != "for_statement" else ():
                pattern = scope.child_by_field_name(key)
                if pattern is not None:
                    names.update(name for name, _ in pattern_names(pattern))
            self._bound[scope.id] = frozenset(names)
        return self._bound[scope.id]

    def _meanings(self, name: str) -> dict[int, list[Node]]:
        """Give, by the id of a scope, the nodes that give the name a value in it."""
        if name in self._meant:
            return self._meant[name]
        meant: dict[int, list[Node]] = {}
        declared, assigned = self.declared.get(name, []), self.assigned.get(name, [])
        if len(declared) + len(assigned) <= _MAX_NAMESAKES:
            for node in declared:
                scope = self._scope_of_declaration(node)
                if scope is not None:
                    meant.setdefault(scope.id, []).extend(_values(node))
            for value in assigned:
                for scope in self._scopes(value):
                    if scope.id in meant:
                        meant[scope.id].append(value)
                        break
                    if name in self._names_bound_by(scope):
                        break
        self._meant[name] = meant
        return meant

    def _scope_of_declaration(self, node: Node) -> Node | None:
        path = self.ancestors(node)
        kind = "" if node.type.endswith("_declaration") else next((p.type for p in path if p.type in _STATEMENTS), "")
        # `var` belongs to the function around it, all else to the block.
        kinds = FUNCTIONS | {"program"} if kind == "variable_declaration" else FUNCTIONS | _BLOCKS
        return next((parent for parent in path if parent.type in kinds), None)


def _start_of(node: Node) -> int:
    return node.start_byte


def _values(node: Node) -> list[Node]:
    """Give the value of a declarator, or the declaration itself where that is the value."""
    if node.type != "variable_declarator":
        return [node]
    value = node.child_by_field_name("value")
    return [value] if value is not None else []


def find_word(data: bytes, word: bytes, after: re.Pattern[bytes]) -> Iterator[int]:
    """Find where a whole word stands that `after` follows; many times faster than one pattern for all of it."""
    start = data.find(word)
    while start >= 0:
        end = start + len(word)
        if data[start - 1 : start] not in _NAME_BYTES and after.match(data, end) is not None:
            yield start
        start = data.find(word, end)


def name_of_function(module: Module, function: Node) -> str:
    """Name a function as its callers do: by its own name or by what it is assigned to; empty when it has none."""
    named = function.child_by_field_name("name")
    if named is not None:
        return text_of(named)
    parent = next(iter(module.ancestors(function)), None)
    if parent is None:
        return ""
    if parent.type == "variable_declarator":
        return text_of(parent.child_by_field_name("name"))
    if parent.type == "pair":
        return text_of(parent.child_by_field_name("key"))
    if parent.type in ("field_definition", "public_field_definition"):
        return text_of(parent.child_by_field_name("name") or parent.child_by_field_name("property"))
    if parent.type == "assignment_expression":
        return text_of(parent.child_by_field_name("left")).rsplit(".", 1)[-1]
    return ""
