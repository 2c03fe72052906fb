"""YAML's tree as it stands in the file: no tags, no objects, aliases only as far as a budget goes.

Not for several documents in one file: a client reads the first.
"""

from typing import Any

import yaml

from clients.errors import DocumentError

_MAX_DEPTH = 100
_MAX_VALUES = 50_000


class YamlDocument:
    """A file of YAML, composed but not constructed: nothing of it can make Python do anything."""

    def __init__(self, data: bytes) -> None:
        try:
            text = data.decode("utf-8")
            _check_depth(text)
            self.root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
        except UnicodeDecodeError:
            raise DocumentError("expected text in UTF-8") from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = (mark.line + 1, mark.column + 1) if mark else (None, None)
            raise DocumentError("not one document of YAML here", *place) from None

    def members(self, node: Any) -> list[tuple[str, Any, int | None]] | None:
        """Give key, node and line of each member of a mapping."""
        if not isinstance(node, yaml.MappingNode):
            return None
        return [(_key(key), value, key.start_mark.line + 1) for key, value in node.value]

    def plain(self, node: Any) -> Any:
        """Give the value as Python's own. Raises DocumentError when aliases make too much of it."""
        return _plain(node, [_MAX_VALUES], 0)


def _check_depth(text: str) -> None:
    """Refuse deep nesting, which composing answers by recursion. Raises DocumentError."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if depth > _MAX_DEPTH:
            raise DocumentError(f"expected at most {_MAX_DEPTH} levels of nesting")


def _key(node: Any) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _plain(node: Any, budget: list[int], depth: int) -> Any:
    budget[0] -= 1
    if budget[0] < 0 or depth > _MAX_DEPTH:  # an alias may lead back to what holds it
        raise DocumentError("expected fewer values in one server", node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return {_key(key): _plain(value, budget, depth + 1) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, budget, depth + 1) for child in node.value]
    if not isinstance(node, yaml.ScalarNode):
        return None
    if node.tag == "tag:yaml.org,2002:bool":
        return node.value.lower() in ("true", "yes", "on")
    return None if node.tag == "tag:yaml.org,2002:null" else node.value
