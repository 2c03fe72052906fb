"""How Pomerium reads a route's policy: a deny rule that matches a tool call beats the route's allow rules."""

from collections.abc import Mapping
from typing import Any

import yaml

from tests.policy.formats.target import Judge

MATCHERS = {"is", "not", "in", "not_in", "contains", "starts_with", "ends_with"}


def load(text: str, server: str) -> Judge:
    assert server
    (rule,) = yaml.safe_load(text)
    assert set(rule) == {"deny"}
    assert set(rule["deny"]) == {"or"}
    criteria = rule["deny"]["or"]
    for criterion in criteria:
        assert set(criterion) == {"mcp_tool"}
        assert set(criterion["mcp_tool"]) <= MATCHERS
        assert all(isinstance(one, str) for values in criterion["mcp_tool"].values() for one in values)

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        assert arguments is not None
        return "deny" if any(_matches(criterion["mcp_tool"], tool) for criterion in criteria) else "allow"

    return judge


def _matches(matcher: Mapping[str, list[str]], tool: str) -> bool:
    """All operators of one matcher must hold."""
    return all((tool in values) is (operator == "in") for operator, values in matcher.items())
