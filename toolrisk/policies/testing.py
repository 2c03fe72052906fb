"""What `toolrisk policy test` does: judge recorded calls by a policy, one after another, as the policy counts them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from policy.document import PolicyDocument
from policy.errors import PolicyError
from policy.evaluate import Call, Evaluator, Ruling, Verdict
from toolrisk.texts import SCHEMA_VERSION

_LINE_LIMIT = 1_000_000  # bytes of one call
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Judged:
    """A call by its line in the file, and what happens to it."""

    line: int
    call: Call
    ruling: Ruling


def read_calls(path: Path) -> Iterator[tuple[int, Call]]:
    """Read calls, one JSON object a line: tool, arguments, and if times matter, at. Raises PolicyError with the line.

    A call without a time happens when the one before it did, so all of them share a window.
    """
    at = _START
    with path.open("rb") as file:
        for number in range(1, 2**63):
            line = file.readline(_LINE_LIMIT + 1)
            if not line:
                return
            if len(line) > _LINE_LIMIT:
                raise PolicyError(f"{path}: line {number}: more than {_LINE_LIMIT:,} bytes")
            if line.strip():
                call = _read_call(line, f"{path}: line {number}", at)
                at = call.at
                yield number, call


def _read_call(line: bytes, where: str, at: datetime) -> Call:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise PolicyError(f"{where}: not JSON: {error.msg}") from error
    tool = value.get("tool") if isinstance(value, dict) else None
    arguments = value.get("arguments", {}) if isinstance(value, dict) else None
    if not isinstance(tool, str) or not isinstance(arguments, dict):
        raise PolicyError(f'{where}: expected {{"tool": "name", "arguments": {{…}}, "at": "time, if it matters"}}')
    return Call(tool, arguments, _time(value["at"], where) if "at" in value else at)


def _time(given: Any, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(given)
    except (TypeError, ValueError) as error:
        raise PolicyError(f"{where}: at: expected a time in ISO 8601, got {given!r}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def judge_calls(document: PolicyDocument, calls: Iterable[tuple[int, Call]]) -> Iterator[Judged]:
    """Judge calls in their order."""
    evaluator = Evaluator(document)
    for line, call in calls:
        yield Judged(line, call, evaluator.judge(call))


def judged_words(one: Judged) -> str:
    """Say in one line what happens to a call, and by which rule."""
    says = f" ({one.ruling.says})" if one.ruling.says else ""
    return f"{one.line}: {one.ruling.verdict} {one.call.tool} by {one.ruling.rule}{says}"


def judged_document(judged: Iterable[Judged]) -> dict[str, Any]:
    """Lay out what `toolrisk policy test --json` prints."""
    rows = [
        {
            "line": one.line,
            "tool": one.call.tool,
            "verdict": one.ruling.verdict,
            "rule": one.ruling.rule,
            "says": one.ruling.says,
        }
        for one in judged
    ]
    counts = Counter(row["verdict"] for row in rows)
    return {
        "schema_version": SCHEMA_VERSION,
        "calls": rows,
        "counts": {verdict: counts[verdict] for verdict in Verdict},
    }
