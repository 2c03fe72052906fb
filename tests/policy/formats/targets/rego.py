"""How Open Policy Agent answers: a Rego engine reads the module, and its decision is the verdict."""

import json
from collections.abc import Mapping
from typing import Any

import regorus

from tests.policy.formats.target import Judge


def load(text: str, server: str) -> Judge:
    engine = regorus.Engine()
    engine.add_policy("toolrisk.rego", text)
    assert engine.get_packages() == ["data.toolrisk"]

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        engine.set_input_json(json.dumps({"server": server, "tool": tool, "arguments": arguments}))
        return str(engine.eval_rule("data.toolrisk.decision"))

    return judge
