"""How VS Code reads `eligibleForAutoApproval`: a tool that is false there asks each time; others ask until approved."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.policy.formats.target import Judge


def load(text: str, server: str) -> Judge:
    settings = json.loads(text)
    assert set(settings) == {"chat.tools.eligibleForAutoApproval"}
    eligible = settings["chat.tools.eligibleForAutoApproval"]
    assert all(value is False for value in eligible.values()), "true would free a tool of any server"
    assert not [key for key in eligible if not re.fullmatch("[A-Za-z0-9_-]+", key)], "no tool is known by such a key"

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        return "ask"

    return judge
