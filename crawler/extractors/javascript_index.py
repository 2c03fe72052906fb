"""What a file declares, imports and exports, put into its Module by one query that runs in the parser's own speed."""

from tree_sitter import Language, Node, Query, QueryCursor

from crawler.extractors.javascript_module import Module
from crawler.extractors.javascript_text import pattern_names, short_text, text_of, unquoted

_INDEX = """
(variable_declarator) @variable
(function_declaration name: (identifier) @declared)
(generator_function_declaration name: (identifier) @declared)
(class_declaration name: (_) @declared)
(import_statement) @import
(export_statement) @export
(assignment_expression left: (identifier) @assigned right: (_) @right)
(augmented_assignment_expression left: (identifier) @assigned right: (_) @right)
(assignment_expression left: (member_expression) @member right: (_) @right)
(assignment_expression
  left: (subscript_expression object: (identifier) @enumeration index: (string) @key) right: (string) @right)
"""
_TYPED_INDEX = """
(enum_declaration name: (identifier) @declared)
(abstract_class_declaration name: (_) @declared)
"""
_QUERIES: dict[str, Query] = {}


def index(module: Module, language: Language) -> None:
    """Fill in a module's names. `language` is the grammar it was parsed with."""
    if module.language not in _QUERIES:
        _QUERIES[module.language] = Query(language, _INDEX + ("" if module.language == "javascript" else _TYPED_INDEX))
    for _, found in QueryCursor(_QUERIES[module.language]).matches(module.root):
        if "variable" in found:
            _index_variable(module, found["variable"][0])
        elif "assigned" in found:
            module.assigned.setdefault(text_of(found["assigned"][0]), []).append(found["right"][0])
        elif "declared" in found:
            _index_declared(module, found["declared"][0])
        elif "member" in found:
            _index_member(module, found["member"][0], found["right"][0])
        elif "enumeration" in found:
            members = module.enums.setdefault(text_of(found["enumeration"][0]), {})
            members[unquoted(found["key"][0])] = found["right"][0]
        elif "import" in found:
            _index_import(module, found["import"][0])
        else:
            _index_export(module, found["export"][0])


def required(value: Node | None) -> str | None:
    """Give the module of `require("m")`, also inside `__importDefault(...)` and `await import("m")`."""
    for _ in range(4):
        if value is not None and value.type == "await_expression" and value.named_children:
            value = value.named_children[0]
        if value is None or value.type != "call_expression":
            return None
        arguments = value.child_by_field_name("arguments")
        first = arguments.named_children[0] if arguments is not None and arguments.named_children else None
        if first is None:
            return None
        if first.type == "string":
            return unquoted(first) if short_text(value.child_by_field_name("function")) in _LOADERS else None
        value = first
    return None


_LOADERS = ("require", "import")


def _index_variable(module: Module, node: Node) -> None:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None:
        return
    source = required(value) if value is not None and value.end_byte - value.start_byte < 500 else None
    if name.type == "identifier":
        module.declared.setdefault(text_of(name), []).append(node)
        if source:
            module.imports.setdefault(text_of(name), (source, "*"))
        return
    for local, bound in pattern_names(name):
        if source and name.type == "object_pattern":
            module.imports.setdefault(local, (source, _key_of(bound, name)))
        else:
            module.declared.setdefault(local, []).append(bound)


def _key_of(bound: Node, pattern: Node) -> str:
    """Give the key that a name of an object pattern takes its value from."""
    for child in pattern.named_children:
        if child.type == "pair_pattern" and child.named_children[-1] == bound:
            return unquoted(child.named_children[0])
    return text_of(bound)


def _index_declared(module: Module, name: Node) -> None:
    if name.parent is not None:
        module.declared.setdefault(text_of(name), []).append(name.parent)


def _index_member(module: Module, left: Node, right: Node) -> None:
    target, name = short_text(left.child_by_field_name("object")), short_text(left.child_by_field_name("property"))
    if target in ("exports", "module.exports"):
        value: Node | None = right
        while value is not None and value.type == "assignment_expression":
            inner = value.child_by_field_name("left")
            if inner is not None and inner.type == "identifier":  # `exports.Names = Names = {}`
                module.exports.setdefault(name, text_of(inner))
                return
            value = value.child_by_field_name("right")
        # `exports.a = exports.b = void 0` only announces.
        if value is not None and value.type != "unary_expression":
            module.exported_values[name] = value
    elif target == "module" and name == "exports":
        module.exported_values["default"] = right
    elif target.isidentifier():
        module.properties.setdefault(target, {})[name] = right


def _index_import(module: Module, node: Node) -> None:
    source = unquoted(node.child_by_field_name("source"))
    for clause in node.named_children:
        if clause.type == "import_require_clause":
            module.imports[text_of(clause.named_children[0])] = (unquoted(clause.child_by_field_name("source")), "*")
        for child in clause.named_children if clause.type == "import_clause" else ():
            if child.type == "identifier":
                module.imports[text_of(child)] = (source, "default")
            elif child.type == "namespace_import":
                module.imports[text_of(child.named_children[0])] = (source, "*")
            for one in child.named_children if child.type == "named_imports" else ():
                exported, local = unquoted(one.child_by_field_name("name")), one.child_by_field_name("alias")
                module.imports[text_of(local) if local is not None else exported] = (source, exported)


def _index_export(module: Module, node: Node) -> None:
    source = unquoted(node.child_by_field_name("source"))
    clause = next((child for child in node.named_children if child.type in _CLAUSES), None)
    if clause is not None and clause.type == "namespace_export":
        module.forwards.append((text_of(clause.named_children[0]), source, "*"))
    elif clause is not None:
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


_CLAUSES = ("export_clause", "namespace_export")
