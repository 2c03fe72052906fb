"""How Kong's ai-mcp-proxy reads its access lists for a consumer of the group `agents`, and for one of no group.

A tool's own list replaces the default; denied subjects come first, then an allow list must name the subject.
"""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from tests.policy.formats.target import Judge

_CONFIG = {"mode", "include_consumer_groups", "default_acl", "logging", "tools"}


def load(text: str, server: str) -> Judge:
    document = yaml.safe_load(text)
    assert set(document) == {"_format_version", "plugins"}
    (plugin,) = document["plugins"]
    assert plugin["name"] == "ai-mcp-proxy"
    assert plugin["service"] == server
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", server.encode().translate(None, bytes(range(128, 256))).decode() or "a")
    config = plugin["config"]
    assert set(config) == _CONFIG
    assert config["mode"] == "passthrough-listener"
    assert config["include_consumer_groups"] is True
    (default,) = config["default_acl"]
    assert default["scope"] == "tools"
    own = {}
    for tool in config["tools"]:
        assert isinstance(tool["description"], str)
        assert tool["name"]
        assert tool["name"] not in own
        own[tool["name"]] = tool["acl"]

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        lists = own.get(tool, default)
        assert not _passes(lists, set())  # who is not of the group never passes
        return "allow" if _passes(lists, {"agents"}) else "deny"

    return judge


def _passes(lists: Mapping[str, Any], subjects: set[str]) -> bool:
    assert all(lists.get(kind, ["-"]) for kind in ("allow", "deny"))  # what an empty list means is not documented
    if subjects & set(lists.get("deny", ())):
        return False
    return bool("allow" not in lists or subjects & set(lists["allow"]))
