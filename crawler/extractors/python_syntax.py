"""Python's syntax trees: parsing, walking, and the few shapes of statements that everything else asks for.

Knows nodes, not modules; nothing is imported or run.
"""

from collections.abc import Iterator

import tree_sitter_python
from tree_sitter import Language, Node, Parser

MAX_NESTING = 200  # real code nests a fifth as deep
LANGUAGE = Language(tree_sitter_python.language())
_PARSER = Parser(LANGUAGE)
_BLOCKS = frozenset(("block", "if_statement", "else_clause", "elif_clause", "try_statement", "except_clause"))
_BLOCKS |= frozenset(("finally_clause", "with_statement", "module", "for_statement", "while_statement"))
_BLOCKS |= frozenset(("match_statement", "case_clause"))


def parse(data: bytes) -> Node:
    """Parse a file; what does not parse becomes error nodes among the rest."""
    return _PARSER.parse(data).root_node


def text_of(node: Node | None) -> str:
    """Give a node's source text; empty for no node."""
    return node.text.decode("utf-8", "replace") if node is not None and node.text is not None else ""


def walk(root: Node) -> Iterator[Node]:
    """Visit a node and what is below it, in source order, down to where no real code nests."""
    stack = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        yield node
        if depth < MAX_NESTING:
            stack.extend((child, depth + 1) for child in reversed(node.named_children))


def statements(body: Node) -> Iterator[Node]:
    """Visit a body's statements, also those under if, try, with and loops, but not inside functions or classes."""
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


def extended(statement: Node) -> str | None:
    """Give the name that a statement such as `name += value` changes."""
    node = (
        statement.named_children[0] if statement.type == "expression_statement" and statement.named_children else None
    )
    if node is None or node.type != "augmented_assignment":
        return None
    return text_of(node.child_by_field_name("left"))


def parameter_name(parameter: Node) -> Node | None:
    """Give the node of a parameter's name."""
    if parameter.type == "identifier":
        return parameter
    named = parameter.child_by_field_name("name")
    return named or (parameter.named_children[0] if parameter.named_children else None)


def definition_of(statement: Node) -> Node:
    """Give the function or class inside its decorators."""
    inner = statement.child_by_field_name("definition") if statement.type == "decorated_definition" else None
    return inner or statement


def parse_expression(text: str) -> Node | None:
    """Parse one expression that stands in a text, such as a quoted annotation."""
    root = parse(text.encode())
    statement = root.named_children[0] if root.named_children else None
    whole = statement is not None and statement.type == "expression_statement" and len(statement.named_children) == 1
    return statement.named_children[0] if statement is not None and whole else None
