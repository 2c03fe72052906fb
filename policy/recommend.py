"""What should stand before a tool: a decision, limits, and the reasons; derived from an assessment, never stored."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from catalog.records import Assessment, ToolDefinition
from catalog.vocabulary import Category

Window = Literal["minute", "hour", "day"]


class Decision(StrEnum):
    """What happens when an agent wants to call the tool."""

    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"
    HIDE = "hide"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `max` calls in a `window` (minute, hour, day), counted under `counter` for each `scope`."""

    counter: str
    window: Window
    max: int
    scope: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What should stand before one tool, and why, in plain words."""

    tool: str
    decision: Decision
    limits: tuple[Limit, ...]
    reasons: tuple[str, ...]


_DECISIONS = {
    Category.READ: Decision.ALLOW,
    Category.WRITE: Decision.ALLOW,
    Category.EXECUTE: Decision.ALLOW,
    Category.DESTRUCTIVE: Decision.HIDE,
    Category.FINANCIAL: Decision.ASK,
}
_CALLS_A_MINUTE = {Category.WRITE: 30, Category.EXECUTE: 10}
_WHY = {
    Category.READ: "it only reads, so it may be called freely",
    Category.WRITE: "it changes or sends things, so a runaway agent is slowed to 30 calls a minute",
    Category.EXECUTE: "what happens depends on its arguments, so it is held to 10 calls a minute",
    Category.DESTRUCTIVE: "its calls lose something for good or end a running thing, so the agent does not see it",
    Category.FINANCIAL: "its calls move or commit money, so a person approves each one",
}


def recommend(definition: ToolDefinition, assessment: Assessment | None) -> Recommendation:
    """Recommend what should stand before a tool. One that was not analysed is denied: unknown is not safe."""
    if assessment is None:
        reason = "it was not analysed, and unknown is not safe, so it is denied"
        return Recommendation(definition.name, Decision.DENY, (), (reason,))
    category = assessment.category
    reasons = [f"{category}: {_WHY[category]}", f"risk {assessment.risk}"]
    reasons += [f"{move.reason} ({move.delta:+d})" for move in assessment.moves]
    return Recommendation(definition.name, _DECISIONS[category], _limits(definition.name, category), tuple(reasons))


def _limits(tool: str, category: Category) -> tuple[Limit, ...]:
    if category not in _CALLS_A_MINUTE:
        return ()
    return (Limit(f"{tool}_rate", "minute", _CALLS_A_MINUTE[category], "grant"),)
