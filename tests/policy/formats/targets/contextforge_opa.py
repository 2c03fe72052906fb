"""How ContextForge's unified PDP asks OPA: the tool by its name in the gateway, its arguments in the context."""

import json
from collections.abc import Mapping
from typing import Any

import regorus

from tests.policy.formats.target import Judge
from tests.policy.formats.targets.contextforge_pdp import name_in_gateway


def load(text: str, server: str) -> Judge:
    engine = regorus.Engine()
    engine.add_policy("toolrisk.rego", text)

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        name = name_in_gateway(server, tool)
        asked = {
            "subject": {"email": "someone", "roles": []},
            "action": f"tools.invoke.{name}",
            "resource": {"type": "tool", "id": name, "server": None, "args_keys": list(arguments)},
            "context": {"ip": None, "tool_args": arguments},
        }
        engine.set_input_json(json.dumps(asked))
        result = engine.eval_rule("data.toolrisk.contextforge")
        assert set(result) == {"allow"}
        return "allow" if result["allow"] else "deny"

    return judge
