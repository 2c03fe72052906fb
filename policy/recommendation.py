"""What should stand before one tool, and before all tools of a server: values that every surface reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from policy.rules import Condition, Guard, Limit


class Decision(StrEnum):
    """What happens when an agent wants to call the tool; listed from free to strict."""

    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"
    HIDE = "hide"

    def __init__(self, _: str) -> None:
        """Set `strictness`: its place from free (0) to strict."""
        self.strictness = len(type(self).__members__)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What should stand before one tool, and why, in plain words.

    `decision` is what happens to a call that no condition stops. All of `require` must hold or the call is denied;
    a guard whose conditions hold denies it, or asks. Only an allowed or asked tool has conditions and limits.
    """

    tool: str
    decision: Decision
    limits: tuple[Limit, ...] = ()
    reasons: tuple[str, ...] = ()
    require: tuple[Condition, ...] = ()
    guards: tuple[Guard, ...] = ()

    @property
    def is_conditional(self) -> bool:
        """Whether what happens depends on the arguments."""
        return bool(self.require or self.guards)


@dataclass(frozen=True, slots=True)
class ServerPolicy:
    """What a format writes down: `server` is the name that the server has where the policy will stand.

    `tools` are sorted by name, each name once. What is not among them follows `default`: allow or deny. `limits`
    hold for all calls together.
    """

    server: str
    tools: tuple[Recommendation, ...]
    default: Decision = Decision.DENY
    limits: tuple[Limit, ...] = ()


def strictest(recommendations: Iterable[Recommendation]) -> tuple[Recommendation, ...]:
    """Sort by tool; of several for one tool the strictest stands."""
    chosen: dict[str, Recommendation] = {}
    for one in recommendations:
        known = chosen.get(one.tool)
        if known is None or one.decision.strictness > known.decision.strictness:
            chosen[one.tool] = one
    return tuple(chosen[tool] for tool in sorted(chosen))
