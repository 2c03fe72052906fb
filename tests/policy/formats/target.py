"""What a target is to the tests: its own reading of a policy's text, written apart from the format's renderer.

Each module of `targets/` is named like the format's module and has `load(text, server) -> Judge`: it parses the text
with the target's grammar, fails on what the target would refuse, and gives a function from a call to `allow`, `ask`
or `deny`, by the target's documented semantics (precedence, globs, default).
"""

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from policy.format import Format

Judge = Callable[[str, Mapping[str, Any]], str]


def load_target(chosen: Format, text: str, server: str) -> Judge:
    module = importlib.import_module(f"tests.policy.formats.targets.{chosen.id.replace('-', '_')}")
    judge: Judge = module.load(text, server)
    return judge
