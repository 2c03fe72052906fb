"""JavaScript and TypeScript parsed and indexed: what a file declares, imports and exports; nothing is run.

Queries run in the parser's own speed, so a bundle of megabytes is indexed without visiting every node from here.
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser, Query, QueryCursor

MAX_SOURCE_BYTES = 8 * 1024 * 1024
SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
_LANGUAGES = {
    "javascript": Language(tree_sitter_javascript.language()),
    "typescript": Language(tree_sitter_typescript.language_typescript()),
    "tsx": Language(tree_sitter_typescript.language_tsx()),
}
_PARSERS = {name: Parser(language) for name, language in _LANGUAGES.items()}
_INDEX = """
(variable_declarator name: (_) @name value: (_) @value)
(function_declaration name: (identifier) @function)
(class_declaration name: (_) @class)
(import_statement) @import
(export_statement) @export
(assignment_expression left: (member_expression) @left right: (_) @right)
(assignment_expression
  left: (subscript_expression object: (identifier) @enumeration index: (string) @key) right: (string) @member)
"""
_ENUM = """
(enum_declaration name: (identifier) @enum)
(abstract_class_declaration name: (_) @class)
"""
_QUERIES = {
    name: Query(language, _INDEX + ("" if name == "javascript" else _ENUM)) for name, language in _LANGUAGES.items()
}
_FUNCTIONS = frozenset(
    (
        *("function_declaration", "function_expression", "arrow_function", "method_definition"),
        *("generator_function", "generator_function_declaration", "program", "class_body"),
    )
)
_MAX_NAMESAKES = 3_000


@dataclass(eq=False, slots=True)
class Module:
    """One parsed file. `declared` lists, by name, the nodes that give it a value somewhere in the file."""

    path: str
    root: Node
    language: str
    declared: dict[str, list[Node]] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)  # local name -> (module, exported name or *)
    exports: dict[str, str] = field(default_factory=dict)  # exported name -> local name
    exported_values: dict[str, Node] = field(default_factory=dict)
    enums: dict[str, dict[str, Node]] = field(default_factory=dict)  # as TypeScript compiles them
    forwards: list[tuple[str, str, str]] = field(default_factory=list)  # export {b as a} from: (a, module, b)

    def query(self, text: str) -> dict[str, list[Node]]:
        """Run a query over the whole file; what it captures comes in the order of the source."""
        captured = QueryCursor(_compiled(self.language, text)).captures(self.root)
        return {
            name: sorted(nodes, key=lambda node: (node.start_byte, -node.end_byte)) for name, nodes in captured.items()
        }

    def visible(self, name: str, node: Node | None) -> Node | None:
        """Find the declaration of a name that a node sees: the innermost scope around it that has one."""
        found = self.declared.get(name, [])
        if not found or len(found) > _MAX_NAMESAKES:
            return None
        around = [(scope.start_byte, scope.end_byte) for scope in scopes(node)] if node is not None else []
        around.append((self.root.start_byte, self.root.end_byte))
        best: tuple[int, Node] | None = None
        for declaration in found:
            scope = next(scopes(declaration), self.root)
            span = (scope.start_byte, scope.end_byte)
            if span in around and (best is None or around.index(span) < best[0]):
                best = (around.index(span), declaration)
        return best[1] if best else None


_COMPILED: dict[tuple[str, str], Query] = {}


def _compiled(language: str, text: str) -> Query:
    key = (language, text)
    if key not in _COMPILED:
        _COMPILED[key] = Query(_LANGUAGES[language], text)
    return _COMPILED[key]


class JavascriptPackage:
    """All JavaScript and TypeScript files of a snapshot, parsed when first asked for."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self._modules: dict[str, Module | None] = {}

    def module(self, path: str) -> Module | None:
        """Parse a file, once; None when it is absent or too large."""
        if path not in self._modules:
            data = self.files.get(path)
            whole = data is not None and len(data) <= MAX_SOURCE_BYTES
            self._modules[path] = _index(path, data) if whole and data is not None else None
        return self._modules[path]

    def find(self, source: str, importer: str) -> Module | None:
        """Find the file of the package that an import means."""
        if not source.startswith("."):
            return None
        base = posixpath.normpath(posixpath.join(posixpath.dirname(importer), source))
        stem, suffix = posixpath.splitext(base)
        bare = [stem] if suffix in (".js", ".mjs", ".cjs", ".jsx") else [base]
        for candidate in (base, *(b + s for b in bare for s in SUFFIXES), *(f"{base}/index{s}" for s in SUFFIXES)):
            if candidate in self.files and not candidate.endswith(".d.ts"):
                return self.module(candidate)
        return None


def text_of(node: Node | None) -> str:
    """Give a node's source text; empty for no node."""
    return node.text.decode("utf-8", "replace") if node is not None and node.text is not None else ""


def ancestors(node: Node) -> Iterator[Node]:
    """Visit what encloses a node, the innermost first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def scopes(node: Node) -> Iterator[Node]:
    """Visit the functions and at last the file that enclose a node."""
    return (parent for parent in ancestors(node) if parent.type in _FUNCTIONS)


def unquoted(node: Node | None) -> str:
    """Give a plain name or a quoted one as text."""
    return text_of(node).strip("\"'`")


def _index(path: str, data: bytes) -> Module:
    language = "javascript"
    if path.endswith((".ts", ".mts", ".cts")):
        language = "typescript"
    elif path.endswith(".tsx"):
        language = "tsx"
    module = Module(path, _PARSERS[language].parse(data).root_node, language)
    for _, found in QueryCursor(_QUERIES[language]).matches(module.root):
        if "name" in found:
            _index_variable(module, found["name"][0], found["value"][0])
        elif "enumeration" in found:
            members = module.enums.setdefault(text_of(found["enumeration"][0]), {})
            members[unquoted(found["key"][0])] = found["member"][0]
        elif "left" in found:
            _index_assignment(module, found["left"][0], found["right"][0])
        elif "import" in found:
            _index_import(module, found["import"][0])
        elif "export" in found:
            _index_export(module, found["export"][0])
        else:
            name = next(iter(found.values()))[0]
            if name.parent is not None:
                module.declared.setdefault(text_of(name), []).append(name.parent)
    return module


def _index_variable(module: Module, name: Node, value: Node) -> None:
    source = _required(value)
    if name.type == "identifier":
        module.declared.setdefault(text_of(name), []).append(value)
        if source:
            module.imports.setdefault(text_of(name), (source, "*"))
    elif name.type == "object_pattern":
        for child in name.named_children:
            local, exported = child, child
            if child.type == "pair_pattern":
                exported, local = child.named_children[0], child.named_children[-1]
            if source:
                module.imports.setdefault(text_of(local), (source, text_of(exported)))
            else:
                module.declared.setdefault(text_of(local), []).append(child)


def _required(value: Node) -> str | None:
    """Give the module of `require("m")`, also inside `__importDefault(...)` and `await import("m")`."""
    for _ in range(4):
        if value.type == "await_expression" and value.named_children:
            value = value.named_children[0]
        if value.type != "call_expression":
            return None
        arguments = value.child_by_field_name("arguments")
        first = arguments.named_children[0] if arguments is not None and arguments.named_children else None
        if first is None:
            return None
        if first.type == "string":
            return unquoted(first) if text_of(value.child_by_field_name("function")) in ("require", "import") else None
        value = first
    return None


def _index_assignment(module: Module, left: Node, right: Node) -> None:
    target = text_of(left.child_by_field_name("object"))
    name = text_of(left.child_by_field_name("property"))
    if target in ("exports", "module.exports"):
        if right.type not in ("unary_expression", "assignment_expression"):  # `exports.x = void 0`
            module.exported_values[name] = right
    elif target == "module" and name == "exports":
        module.exported_values["default"] = right


def _index_import(module: Module, node: Node) -> None:
    source = unquoted(node.child_by_field_name("source"))
    clause = next((child for child in node.named_children if child.type == "import_clause"), None)
    for child in clause.named_children if clause is not None else ():
        if child.type == "identifier":
            module.imports[text_of(child)] = (source, "default")
        elif child.type == "namespace_import":
            module.imports[text_of(child.named_children[0])] = (source, "*")
        elif child.type == "named_imports":
            for one in child.named_children:
                exported, local = unquoted(one.child_by_field_name("name")), one.child_by_field_name("alias")
                module.imports[text_of(local) if local is not None else exported] = (source, exported)


def _index_export(module: Module, node: Node) -> None:
    source = unquoted(node.child_by_field_name("source")) if node.child_by_field_name("source") else ""
    clause = next((child for child in node.named_children if child.type == "export_clause"), None)
    if clause is not None:
        for one in clause.named_children:
            local = unquoted(one.child_by_field_name("name"))
            exported = unquoted(one.child_by_field_name("alias")) or local
            if source:
                module.forwards.append((exported, source, local))
            else:
                module.exports[exported] = local
    elif source:
        module.forwards.append(("*", source, "*"))
    elif any(child.type == "default" for child in node.children):
        value = node.child_by_field_name("value") or node.child_by_field_name("declaration")
        if value is not None:
            module.exported_values["default"] = value
