"""How ToolHive's Cedar authorizer answers: each list item is one policy, and an error while judging denies the call."""

import json
from collections.abc import Mapping
from typing import Any

import cedarpy
import yaml

from tests.policy.formats.target import Judge

LARGEST = 922337203685477


def load(text: str, server: str) -> Judge:
    config = yaml.safe_load(text)
    assert config["version"] == "1.0"
    assert config["type"] == "cedarv1"
    policies = config["cedar"]["policies"]
    assert policies, "ToolHive refuses a list without policies"
    assert json.loads(config["cedar"]["entities_json"]) == []
    for policy in policies:
        assert len(json.loads(cedarpy.policies_to_json_str(policy))["staticPolicies"]) == 1
    together = cedarpy.PolicySet.from_str("\n".join(policies))

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        request = {
            "principal": {"type": "Client", "id": "someone"},
            "action": {"type": "Action", "id": "call_tool"},
            "resource": {"type": "Tool", "id": tool},
            "context": show(arguments),
        }
        result = cedarpy.is_authorized(request, together, [])
        return "allow" if result.allowed and not result.diagnostics.errors else "deny"

    return judge


def show(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Give the context that ToolHive makes of arguments: all numbers are decimals, what is no scalar is a mark."""
    shown: dict[str, Any] = {}
    for name, value in arguments.items():
        if isinstance(value, str | bool):
            shown[f"arg_{name}"] = value
        elif isinstance(value, int | float):
            if abs(value) < LARGEST:
                cut = int(value * 10_000)
                decimal = f"{'-' if cut < 0 else ''}{abs(cut) // 10_000}.{abs(cut) % 10_000:04d}"
                shown[f"arg_{name}"] = {"__extn": {"fn": "decimal", "arg": decimal}}
        else:
            shown[f"arg_{name}_present"] = True
    return shown
