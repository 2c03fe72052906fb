"""How Envoy's AI gateway reads a route's authorization: the first rule that matches decides, else the default.

An expression that fails does not match; a list of tools is made by asking for each without parameters.
"""

import functools
import re
from collections.abc import Mapping
from typing import Any

import yaml

from tests.policy.formats.cel_rule import Rule
from tests.policy.formats.target import Judge


def load(text: str, server: str) -> Judge:
    authorization = yaml.safe_load(text)["spec"]["securityPolicy"]["authorization"]
    assert set(authorization) == {"defaultAction", "rules"}
    assert authorization["defaultAction"] in ("Allow", "Deny")
    assert re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", server)
    rules = authorization["rules"]
    assert len(rules) <= 32
    compiled = [(rule, _compile(rule)) for rule in rules]

    def decide(tool: str, parameters: Mapping[str, Any] | None) -> str:
        for rule, program in compiled:
            if _is_target(rule, server, tool) and _matches(program, server, tool, parameters):
                return str(rule["action"])
        return str(authorization["defaultAction"])

    is_listed = functools.cache(lambda tool: decide(tool, None) == "Allow")

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        without = {"name": tool}
        said = decide(tool, {**without, "arguments": dict(arguments)} if arguments else without)
        assert said == "Deny" or is_listed(tool)  # what may be called is listed
        return said.lower()

    return judge


def _compile(rule: Mapping[str, Any]) -> Rule | None:
    assert set(rule) <= {"action", "target", "cel"}
    assert rule["action"] in ("Allow", "Deny")
    assert 1 <= len(rule["target"]["tools"]) <= 16
    if "cel" not in rule:
        return None
    assert len(rule["cel"]) <= 4096
    return Rule(rule["cel"], "request")


def _is_target(rule: Mapping[str, Any], server: str, tool: str) -> bool:
    return {"backend": server, "tool": tool} in rule["target"]["tools"]


def _matches(program: Rule | None, server: str, tool: str, parameters: Mapping[str, Any] | None) -> bool:
    if program is None:
        return True
    mcp = {"method": "tools/call", "backend": server, "tool": tool, "params": _as_doubles(parameters)}
    return program.holds({"mcp": mcp})


def _as_doubles(value: Any) -> Any:
    """Read numbers as the gateway's JSON reader does."""
    if isinstance(value, Mapping):
        return {name: _as_doubles(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_as_doubles(one) for one in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
