"""How Cursor reads `mcpAllowlist`: an entry `server:tool`, with wildcards, runs without asking; nothing is denied."""

import json
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from tests.policy.formats.target import Judge


def load(text: str, server: str) -> Judge:
    document = json.loads(text)
    assert set(document) == {"mcpAllowlist"}, "another key would replace another list"
    entries = [entry.split(":") for entry in document["mcpAllowlist"]]
    assert all(len(entry) == 2 for entry in entries), "server and tool are one colon apart"
    assert re.fullmatch(r"[^:*?\[\]{}\n]+", server)

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        freed = any(fnmatchcase(server, first) and fnmatchcase(tool, second) for first, second in entries)
        return "allow" if freed else "ask"

    return judge
