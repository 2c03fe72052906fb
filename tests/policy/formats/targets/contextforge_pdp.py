"""How the native engine of ContextForge's unified PDP answers: rules `deny:…` first, then any that allows."""

import fnmatch
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from tests.policy.formats.target import Judge

KEYS = {"id", "roles", "actions", "resource_types", "resource_ids"}


def load(text: str, server: str) -> Judge:
    rules = json.loads(text)
    assert isinstance(rules, list)
    assert all(set(rule) == KEYS and rule["roles"] == ["*"] for rule in rules)
    assert len({rule["id"] for rule in rules}) == len(rules)

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        assert arguments is not None
        name = name_in_gateway(server, tool)
        matching = [rule["id"] for rule in rules if _matches(rule, name)]
        if any(rule_id.startswith("deny:") for rule_id in matching):
            return "deny"
        return "allow" if matching else "deny"

    return judge


def _matches(rule: Mapping[str, Any], name: str) -> bool:
    action = f"tools.invoke.{name}"
    return (
        "tool" in rule["resource_types"]
        and any(fnmatch.fnmatch(action, pattern) for pattern in rule["actions"])
        and any(fnmatch.fnmatch(name, pattern) for pattern in rule["resource_ids"])
    )


def name_in_gateway(server: str, tool: str) -> str:
    """Join the slugs of a server and a tool as the gateway does."""
    assert slug("Don't Stop") == "dont-stop"
    assert slug("Café & Restaurant") == "cafe-restaurant"
    return f"{slug(server)}-{slug(tool)}" if slug(server) else slug(tool)


def slug(text: str) -> str:
    spaced = "".join(char if char.isalnum() else " " for char in re.sub(r"(\w)'(\w)", r"\1\2", text.lower()))
    joined = "-".join(spaced.split()).replace("æ", "ae").replace("ß", "ss").replace("ø", "o")
    return unicodedata.normalize("NFKD", joined).encode("ascii", "ignore").decode()
