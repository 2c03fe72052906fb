"""Python source parsed and indexed: what a module defines and imports, and which file an import means.

Nothing is imported or run; a file that does not parse whole is indexed as far as it goes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import tree_sitter_python
from tree_sitter import Language, Node, Parser

MAX_SOURCE_BYTES = 4 * 1024 * 1024
_PARSER = Parser(Language(tree_sitter_python.language()))
_BLOCKS = frozenset(("block", "if_statement", "else_clause", "elif_clause", "try_statement", "except_clause"))
_BLOCKS |= frozenset(("finally_clause", "with_statement", "module"))


@dataclass(eq=False, slots=True)
class Module:
    """One parsed file. The maps hold the syntax node that gives a top-level name its value."""

    path: str
    root: Node
    functions: dict[str, Node] = field(default_factory=dict)
    classes: dict[str, Node] = field(default_factory=dict)
    values: dict[str, Node] = field(default_factory=dict)
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)


class PythonPackage:
    """All Python files of a snapshot, parsed when first asked for."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self._modules: dict[str, Module | None] = {}
        self._by_tail: dict[str, list[str]] = {}
        for path in files:
            if path.endswith(".py"):
                dotted = path.removesuffix(".py").removesuffix("/__init__")
                self._by_tail.setdefault(dotted.rsplit("/", 1)[-1], []).append(path)

    def module(self, path: str) -> Module | None:
        """Parse a file, once; None when it is absent or too large."""
        if path not in self._modules:
            data = self.files.get(path)
            whole = data is not None and len(data) <= MAX_SOURCE_BYTES
            self._modules[path] = _index(path, _PARSER.parse(data).root_node) if whole and data is not None else None
        return self._modules[path]

    def find(self, dotted: str, importer: str) -> Module | None:
        """Find the module that `dotted` means to a file; a leading dot is relative, as in Python."""
        if dotted.startswith("."):
            rest = dotted.lstrip(".")
            folders = importer.split("/")[: -(len(dotted) - len(rest))]
            wanted = "/".join([*folders, *filter(None, rest.split("."))])
            for path in (f"{wanted}.py", f"{wanted}/__init__.py"):
                if path in self.files:
                    return self.module(path)
            return None
        wanted = dotted.replace(".", "/")
        tails = (f"{wanted}.py", f"{wanted}/__init__.py")
        found = [
            path
            for path in self._by_tail.get(wanted.rsplit("/", 1)[-1], ())
            if path in tails or path.endswith(tuple(f"/{tail}" for tail in tails))
        ]
        # A script's neighbour comes before a namesake elsewhere in the snapshot.
        found.sort(key=lambda path: (path.rsplit("/", 1)[0] != importer.rsplit("/", 1)[0], path.count("/"), path))
        return self.module(found[0]) if found else None


def text_of(node: Node | None) -> str:
    """Give a node's source text; empty for no node."""
    return node.text.decode("utf-8", "replace") if node is not None and node.text is not None else ""


def walk(root: Node) -> Iterator[Node]:
    """Visit a node and all below it, in source order, however deep."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.named_children))


def ancestors(node: Node) -> Iterator[Node]:
    """Visit what encloses a node, the innermost first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def enclosing(node: Node, kind: str) -> Node | None:
    """Find the innermost enclosing node of a kind."""
    return next((parent for parent in ancestors(node) if parent.type == kind), None)


def statements(body: Node) -> Iterator[Node]:
    """Visit a body's statements, also those under if, try and with, but not inside functions or classes."""
    stack = [body]
    while stack:
        node = stack.pop()
        if node.type in _BLOCKS:
            stack.extend(reversed(node.named_children))
        else:
            yield node


def assigned(statement: Node) -> tuple[str, Node] | None:
    """Give the name and value of a plain assignment statement."""
    if statement.type != "expression_statement" or not statement.named_children:
        return None
    assignment = statement.named_children[0]
    if assignment.type != "assignment":
        return None
    left, right = assignment.child_by_field_name("left"), assignment.child_by_field_name("right")
    if left is None or right is None or left.type != "identifier":
        return None
    return text_of(left), right


def definition_of(statement: Node) -> Node:
    """Give the function or class inside its decorators."""
    inner = statement.child_by_field_name("definition") if statement.type == "decorated_definition" else None
    return inner or statement


def _index(path: str, root: Node) -> Module:
    module = Module(path, root)
    for statement in statements(root):
        definition = definition_of(statement)
        name = text_of(definition.child_by_field_name("name"))
        if definition.type == "function_definition":
            module.functions[name] = definition
        elif definition.type == "class_definition":
            module.classes[name] = definition
        elif (pair := assigned(statement)) is not None:
            module.values[pair[0]] = pair[1]
    for node in walk(root):
        if node.type in ("import_statement", "import_from_statement"):
            _index_import(module, node)
    return module


def _index_import(module: Module, node: Node) -> None:
    source = text_of(node.child_by_field_name("module_name"))
    for child in node.children_by_field_name("name"):
        name = text_of(child.child_by_field_name("name")) if child.type == "aliased_import" else text_of(child)
        alias = text_of(child.child_by_field_name("alias")) if child.type == "aliased_import" else ""
        if node.type == "import_from_statement":
            module.imports.setdefault(alias or name, (source, name))
        elif alias:
            module.imports.setdefault(alias, (name, None))
        else:
            module.imports.setdefault(name.split(".", 1)[0], (name.split(".", 1)[0], None))
