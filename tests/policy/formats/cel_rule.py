"""Rules in CEL, run by its reference implementation: type-checked first, and an expression that fails does not hold."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from cel_expr_python import cel  # type: ignore[import-untyped]

_STAND_IN = "\ue000"  # its Python binding cuts text at NUL, so another sign stands for it on both sides
_ESCAPED_NUL = re.compile(r"\\(\\|u0000)")


class Rule:
    """One expression about one variable."""

    def __init__(self, text: str, variable: str) -> None:
        self.variable = variable
        safe = _ESCAPED_NUL.sub(lambda found: found[0] if found[1] == "\\" else "\\ue000", text)
        self.expression = _environment(variable).compile(safe)

    def holds(self, value: Mapping[str, Any]) -> bool:
        """Evaluate; what fails gives a value of its own kind, which is not true."""
        return self.expression.eval(data={self.variable: _without_nul(value)}).value() is True


@cache
def _environment(variable: str) -> Any:
    return cel.NewEnv(variables={variable: cel.Type.DYN})


def read_literal(text: str) -> str:
    read: str = cel.NewEnv(variables={}).compile(text).eval(data={}).value()
    return read


def _without_nul(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_without_nul(name): _without_nul(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    return value.replace("\0", _STAND_IN) if isinstance(value, str) else value
