"""How opencode reads `permission`: of the patterns that match a tool's key the last decides; none means allow."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.policy.formats.target import Judge

_MARKS = {"__OC_GSS__": "*", "__OC_GS__": "*", "__OC_STAR__": "*", "__OC_Q__": "?"}


def load(text: str, server: str) -> Judge:
    config = json.loads(text, object_pairs_hook=_ordered)
    patterns = list(config["permission"].items())
    assert all(action in ("allow", "ask", "deny") for _, action in patterns)
    assert not any(re.fullmatch("[0-9]+", pattern) for pattern, _ in patterns), "JavaScript would put it first"

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        key = f"{_spelled(server)}_{_spelled(tool)}"
        return next((action for pattern, action in reversed(patterns) if _matches(pattern, key)), "allow")

    return judge


def _ordered(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({key for key, _ in pairs}) == len(pairs), "the same key twice"
    return dict(pairs)


def _spelled(name: str) -> str:
    units = re.sub("[\U00010000-\U0010ffff]", "__", name)
    return re.sub("[^a-zA-Z0-9_-]", "_", units)


def _matches(pattern: str, key: str) -> bool:
    for mark, wildcard in _MARKS.items():
        pattern = pattern.replace(mark, wildcard)
    escaped = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(escaped, key, re.DOTALL | re.IGNORECASE) is not None
