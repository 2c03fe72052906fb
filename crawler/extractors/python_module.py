"""Python source parsed and indexed: what a module defines, calls and imports, and its syntax to walk over.

Nothing is imported or run; a file that does not parse whole is indexed as far as it goes.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node, Query, QueryCursor

from crawler.extractors.python_syntax import (
    LANGUAGE,
    MAX_NESTING,
    assigned,
    definition_of,
    extended,
    parameter_name,
    parse,
    statements,
    text_of,
    walk,
)

_ENCLOSING = frozenset(
    (
        *("function_definition", "class_definition", "decorated_definition", "block", "if_statement", "elif_clause"),
        *("else_clause", "for_statement", "list_comprehension", "generator_expression", "expression_statement"),
        *("return_statement", "assignment", "pair", "keyword_argument", "dictionary", "argument_list", "call"),
    )
)
_BELOW = Query(
    LANGUAGE,
    """
(call function: [(identifier) (attribute)]) @call
[(import_statement) (import_from_statement)] @import
(assignment left: (subscript)) @entry
"""
    f"[{' '.join(f'({kind})' for kind in sorted(_ENCLOSING))}] @enclosing",
)


@dataclass(eq=False, slots=True, repr=False)
class Locals:
    """What a function's own statements and parameters give names to; a parameter without a default has None."""

    values: dict[str, list[Node]] = field(default_factory=dict)
    extended: set[str] = field(default_factory=set)
    definitions: dict[str, Node] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)
    parameters: dict[str, Node | None] = field(default_factory=dict)
    types: dict[str, Node] = field(default_factory=dict)


@dataclass(eq=False, slots=True, repr=False)
class Enclosing:
    """The nodes of a file that enclose others, in source order, each with the position of the one around it.

    The trees' own way up starts at the root each time, which hostile nesting makes endless.
    """

    nodes: list[Node] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    around: list[int] = field(default_factory=list)
    positions: dict[int, int] = field(default_factory=dict)


@dataclass(eq=False, slots=True, repr=False)
class Module:
    """One parsed file. The maps hold the syntax node that gives a top-level name its value."""

    path: str
    root: Node
    functions: dict[str, Node] = field(default_factory=dict)
    classes: dict[str, Node] = field(default_factory=dict)
    values: dict[str, Node] = field(default_factory=dict)
    extended: set[str] = field(default_factory=set)
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    import_nodes: list[tuple[Node, str, str | None]] = field(default_factory=list)
    calls: dict[str, list[Node]] = field(default_factory=dict)
    entries: list[Node] = field(default_factory=list)
    self_values: dict[int, dict[str, list[Node]]] = field(default_factory=dict)
    locals: dict[int, Locals] = field(default_factory=dict)
    enclosing: Enclosing = field(default_factory=Enclosing)


def ancestors(module: Module, node: Node) -> Iterator[Node]:
    """Visit what encloses a node, the innermost first: statements, blocks, definitions, calls, not every node."""
    known = module.enclosing
    if node.id in known.positions:
        position = known.around[known.positions[node.id]]
    else:
        position = bisect_right(known.starts, node.start_byte) - 1
        while position >= 0 and known.nodes[position].end_byte < node.end_byte:
            position = known.around[position]
    while position >= 0:
        yield known.nodes[position]
        position = known.around[position]


def is_nested(module: Module, node: Node, kind: str) -> bool:
    """Tell whether a node stands inside one of a kind."""
    return any(parent.type == kind for parent in ancestors(module, node))


def locals_of(module: Module, function: Node) -> Locals:
    """Index a function's names, once."""
    if function.id not in module.locals:
        known = module.locals[function.id] = Locals()
        body = function.child_by_field_name("body")
        for statement in statements(body) if body is not None else ():
            _index_local(statement, known)
        listed = function.child_by_field_name("parameters")
        for parameter in listed.named_children if listed is not None else ():
            name = text_of(parameter_name(parameter))
            known.parameters[name] = parameter.child_by_field_name("value")
            if (annotation := parameter.child_by_field_name("type")) is not None and annotation.named_children:
                known.types[name] = annotation.named_children[0]
    return module.locals[function.id]


def _index_local(statement: Node, known: Locals) -> None:
    definition = definition_of(statement)
    if (pair := assigned(statement)) is not None:
        known.values.setdefault(pair[0], []).append(pair[1])
    elif (changed := extended(statement)) is not None:
        known.extended.add(changed)
    elif definition.type in ("function_definition", "class_definition"):
        known.definitions[text_of(definition.child_by_field_name("name"))] = definition
    elif statement.type in ("import_from_statement", "import_statement"):
        for child in statement.children_by_field_name("name"):
            known.imported.add(text_of(child.child_by_field_name("alias") or child).split(".")[0])


def attribute_values(module: Module, owner: Node) -> dict[str, list[Node]]:
    """Give the values that a class's methods assign to attributes of self."""
    if owner.id not in module.self_values:
        values: dict[str, list[Node]] = {}
        for node in walk(owner):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if node.type != "assignment" or left is None or right is None or left.type != "attribute":
                continue
            if text_of(left.child_by_field_name("object")) == "self":
                values.setdefault(text_of(left.child_by_field_name("attribute")), []).append(right)
        module.self_values[owner.id] = values
    return module.self_values[owner.id]


def read_module(path: str, data: bytes) -> Module:
    """Parse and index one file."""
    root = parse(data)
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
        elif (changed := extended(statement)) is not None:
            module.extended.add(changed)
    _index_below(module)
    return module


def _index_below(module: Module) -> None:
    """Index the calls, the imports and the enclosing nodes of a whole file, found by one query in source order."""
    found = QueryCursor(_BELOW).captures(module.root)
    for node in _in_order(found.get("call", [])):
        callee = node.child_by_field_name("function")
        if callee is not None:
            last = callee if callee.type == "identifier" else callee.child_by_field_name("attribute")
            module.calls.setdefault(text_of(last), []).append(node)
    for node in _in_order(found.get("import", [])):
        _index_import(module, node)
    module.entries.extend(_in_order(found.get("entry", [])))
    known = module.enclosing
    around: list[tuple[int, int]] = []  # the end and the place of each node that the current one is inside of
    for node in _in_order(found.get("enclosing", [])):
        start, end, place = node.start_byte, node.end_byte, len(known.nodes)
        while around and around[-1][0] <= start:
            around.pop()
        if len(around) >= MAX_NESTING:
            continue
        known.positions[node.id] = place
        known.nodes.append(node)
        known.starts.append(start)
        known.around.append(around[-1][1] if around else -1)
        around.append((end, place))


def _in_order(nodes: list[Node]) -> list[Node]:
    """Sort nodes as they stand, the outer before the inner, also where one is all that the other holds."""
    return sorted(nodes, key=lambda node: (node.start_byte, -node.end_byte, -node.descendant_count))


def _index_import(module: Module, node: Node) -> None:
    source = text_of(node.child_by_field_name("module_name"))
    if any(child.type == "wildcard_import" for child in node.named_children):
        module.stars.append(source)
        module.import_nodes.append((node, source, None))
    for child in node.children_by_field_name("name"):
        name = text_of(child.child_by_field_name("name")) if child.type == "aliased_import" else text_of(child)
        alias = text_of(child.child_by_field_name("alias")) if child.type == "aliased_import" else ""
        if node.type == "import_from_statement":
            module.imports.setdefault(alias or name, (source, name))
            module.import_nodes.append((node, source, name))
            continue
        module.import_nodes.append((node, name, None))
        if alias:
            module.imports.setdefault(alias, (name, None))
        else:
            module.imports.setdefault(name.split(".", 1)[0], (name.split(".", 1)[0], None))
