"""How an AgentCore policy engine answers: Cedar that is valid under the gateway's schema; no permit, no call.

The schema, which AWS makes of the tools' input schemas, is made here of what the statements compare: each argument is
optional, so a statement that reads one without asking whether it is there is refused.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import cedarpy

from tests.policy.formats.target import Judge

GATEWAY = {"type": "AgentCore::Gateway", "id": "arn:aws:bedrock-agentcore:REGION:ACCOUNT:gateway/GATEWAY"}
LIST_OPS = ("==", "contains", "<", "<=", ">", ">=", "lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual")


def load(text: str, server: str) -> Judge:
    assert re.fullmatch(r"([0-9a-zA-Z][-]?){1,100}", server)
    policies = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    statements = [part for part in re.split(r"(?<=;)\n+", text) if part and not part.startswith("//")]
    assert len(statements) == len(policies)
    assert all(35 <= len(statement) <= 10_000 for statement in statements)
    checked = cedarpy.validate_policies(text, _schema(policies.values()))
    assert checked.validation_passed, [str(error) for error in checked.errors]
    assert all(policy["resource"] == {"op": "==", "entity": GATEWAY} for policy in policies.values())
    parsed = cedarpy.PolicySet.from_str(text)

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        request = {
            "principal": {"type": "AgentCore::OAuthUser", "id": "someone"},
            "action": {"type": "AgentCore::Action", "id": f"{server}___{tool}"},
            "resource": GATEWAY,
            "context": {"input": arguments},
        }
        return "allow" if cedarpy.is_authorized(request, parsed, []).allowed else "deny"

    return judge


def _schema(policies: Any) -> dict[str, Any]:
    actions = {}
    for policy in policies:
        record = _record()
        for condition in policy["conditions"]:
            found = sorted(_compared(condition["body"]), key=lambda one: (-len(one[0]), one[1] is None))
            for path, kind in found:
                _put(record, path, kind)
        context = {"type": "Record", "attributes": {"input": record}}
        applies = {"principalTypes": ["OAuthUser"], "resourceTypes": ["Gateway"], "context": context}
        actions[policy["action"]["entity"]["id"]] = {"appliesTo": applies}
    return {"AgentCore": {"entityTypes": {"OAuthUser": {}, "Gateway": {}}, "actions": actions}}


def _record() -> dict[str, Any]:
    return {"type": "Record", "attributes": {}}


def _put(record: dict[str, Any], path: list[str], kind: dict[str, Any] | None) -> None:
    *outer, last = path
    for step in outer:
        record = record["attributes"].setdefault(step, _record() | {"required": False})
    if kind or last not in record["attributes"]:
        record["attributes"][last] = (kind or {"type": "String"}) | {"required": False}


def _compared(node: Any) -> Iterator[tuple[list[str], dict[str, Any] | None]]:
    """Give each argument that an expression reads, by its path, with the type of what it is compared to."""
    if isinstance(node, list):
        for one in node:
            yield from _compared(one)
    if not isinstance(node, dict):
        return
    for op, inside in node.items():
        if op in LIST_OPS:
            sides = inside if isinstance(inside, list) else [inside["left"], inside["right"]]
            for side, other in (sides, sides[::-1]):
                if path := _path(side):
                    yield path, _kind(other)
        if op == "has" and (path := _path({".": inside})):
            yield path, None
        yield from _compared(inside)


def _path(node: Any) -> list[str]:
    steps: list[str] = []
    while isinstance(node, dict) and "." in node:
        steps.insert(0, node["."]["attr"])
        node = node["."]["left"]
    return steps[1:] if node == {"Var": "context"} and steps[0] == "input" else []


def _kind(node: Any) -> dict[str, Any]:
    if "Set" in node:
        return _kind(node["Set"][0])
    if "decimal" in node:
        return {"type": "Extension", "name": "decimal"}
    kinds = {bool: "Boolean", int: "Long", str: "String"}
    return {"type": kinds[type(node["Value"])]}
