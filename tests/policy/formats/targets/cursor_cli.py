"""How Cursor's command line reads tokens: `Mcp(server:tool)` with globs, deny over allow, and asking for the rest."""

import json
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from tests.policy.formats.target import Judge

_TOKEN = re.compile(r"Mcp\(([^\s():]+):([^\s():]+)\)")


def load(text: str, server: str) -> Judge:
    document = json.loads(text)
    assert set(document) == {"permissions"}
    assert set(document["permissions"]) == {"allow", "deny"}
    tokens = {effect: [_read(token) for token in listed] for effect, listed in document["permissions"].items()}
    assert _read(f"Mcp({server}:x)") == (server, "x")

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        for effect in ("deny", "allow"):
            if any(fnmatchcase(server, first) and fnmatchcase(tool, second) for first, second in tokens[effect]):
                return effect
        return "ask"

    return judge


def _read(token: str) -> tuple[str, str]:
    match = _TOKEN.fullmatch(token)
    assert match, f"{token} is no token"
    return match[1], match[2]
