"""Reading a policy document that a person wrote or a program changed: every fault with its line and column."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from json_source_map import calculate
from pydantic import ValidationError

from policy.document import PolicyDocument
from policy.errors import PolicyError

SIZE_LIMIT = 4_000_000  # bytes; a policy for a thousand tools is a tenth of that
_FOREIGN = {
    "permissions": "a client's settings file",
    "mcpServers": "a client's configuration",
    "servers": "a client's configuration",
    "rules": "another program's policy",
    "Statement": "an access policy of a cloud",
}


def read_document(path: Path) -> PolicyDocument:
    """Read a policy file. Raises PolicyError naming the file, the line and the column, or OSError."""
    with path.open("rb") as file:
        text = file.read(SIZE_LIMIT + 1)
    try:
        return parse_document(text)
    except PolicyError as error:
        raise PolicyError(f"{path}: {error}") from error


def parse_document(text: str | bytes) -> PolicyDocument:
    """Read a policy document. Raises PolicyError, one line saying where and what was expected."""
    if len(text) > SIZE_LIMIT:
        raise PolicyError(f"more than {SIZE_LIMIT:,} bytes, which no policy has")
    try:
        plain = text if isinstance(text, str) else text.decode("utf-8")
        value = json.loads(plain, object_pairs_hook=_without_repeats)
        return PolicyDocument.model_validate_json(plain)
    except UnicodeDecodeError as error:
        raise PolicyError(f"byte {error.start}: not UTF-8") from error
    except json.JSONDecodeError as error:
        raise PolicyError(f"the document: line {error.lineno}, column {error.colno}: {error.msg}, not JSON") from error
    except RecursionError as error:
        raise PolicyError("nested deeper than any policy") from error
    except ValidationError as error:
        raise PolicyError(_fault(plain, value, error)) from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise PolicyError(f"{twice!r} stands twice in one object, and only the last would count")
    return found


def _fault(text: str, value: object, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    steps = [step for step in first["loc"] if not _is_of_pydantic(step)]
    where = ".".join(str(step) for step in steps) or "the document"
    kind = next((kind for key, kind in _FOREIGN.items() if isinstance(value, dict) and key in value), None)
    hint = f"; this looks like {kind}, not like a policy of ours" if kind else ""
    return f"{where}: {_place(text, steps)}{first['msg']}{hint}"


def _is_of_pydantic(step: object) -> bool:
    """Tell whether a step names the way through our model, not a place in the document."""
    return isinstance(step, str) and step.startswith(("function-", "dataclass["))


def _place(text: str, steps: Sequence[int | str]) -> str:
    """Find the line and column of the innermost step that stands in the text, both from 1."""
    try:
        places = calculate(text)
    except (RecursionError, ValueError):
        return ""
    for end in range(len(steps), -1, -1):
        pointer = "".join(f"/{_escaped(step)}" for step in steps[:end])
        if pointer in places:
            at = places[pointer].key_start or places[pointer].value_start
            return f"line {at.line + 1}, column {at.column + 1}: "
    return ""


def _escaped(step: int | str) -> str:
    return json.dumps(str(step), ensure_ascii=False)[1:-1]  # as it stands in the text: the map escapes nothing
