"""What a format is: how it writes a server's policy down, and what its target cannot express.

The formats themselves are in policy/formats, one module each. Fail closed: what cannot be said is asked or denied.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from policy.conditions import is_check
from policy.recommendation import Recommendation, ServerPolicy

Wanted = Literal["allow", "ask", "deny", "hide", "conditions", "checks", "limits", "name", "default"]
Got = Literal["allow", "ask", "deny", "dropped"]
_FROM_FREE = ("dropped", "allow", "ask", "deny")


@dataclass(frozen=True, slots=True)
class Loss:
    """What one tool's rules became in a target that cannot say them. `tool` is empty for all tools together."""

    tool: str
    wanted: Wanted
    got: Got

    @property
    def says(self) -> str:
        """The loss in words, without the tool."""
        return f"{self.wanted} {self.got}" if self.got == "dropped" else f"{self.wanted} became {self.got}"

    @property
    def is_looser(self) -> bool:
        """Whether the target stops less than was recommended."""
        return self.got == "dropped" or (
            self.wanted in ("deny", "hide", "ask", "default") and self.got in _looser_than(self.wanted)
        )


def _looser_than(wanted: str) -> tuple[str, ...]:
    return ("allow",) if wanted == "ask" else ("allow", "ask")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A policy in a target's own form, and what was lost on the way, sorted by tool."""

    text: str
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """One target. `file` is where its text goes; `checked` names the document its form was held against.

    `checked` is None until somebody did: the format then says `unverified`. `notes` are one-line facts that whoever
    pastes the text should know.
    """

    id: str
    title: str
    file: str
    language: Literal["json", "toml", "yaml", "cedar", "rego"]
    render: Callable[[ServerPolicy], Rendered]
    checked: str | None = None
    notes: tuple[str, ...] = ()


def write_policy(chosen: Format, policy: ServerPolicy) -> Rendered:
    """Write a policy in a format; what the target cannot say is reported, and fails closed.

    Checks of an argument that would be left out of the recommendation if the schema had not offered them are dropped
    where the target has no conditions: a tool that may be called freely is not worth a question because of them.
    """
    rendered = chosen.render(policy)
    lost = {loss.tool for loss in rendered.losses if loss.wanted == "conditions"}
    eased = {
        one.tool: _without_checks(one) for one in policy.tools if one.tool in lost and any(map(is_check, one.guards))
    }
    if not eased:
        return rendered
    again = chosen.render(replace(policy, tools=tuple(eased.get(one.tool, one) for one in policy.tools)))
    dropped = [Loss(tool, "checks", "dropped") for tool in eased]
    return replace(again, losses=tuple(sorted((*again.losses, *dropped), key=lambda loss: loss.tool)))


def _without_checks(one: Recommendation) -> Recommendation:
    guards = tuple(guard for guard in one.guards if not is_check(guard))
    return Recommendation(one.tool, one.decision, one.limits, one.reasons, one.require, guards)


def sum_up(losses: Iterable[Loss]) -> str:
    """Count losses in one line: "ask became deny: 3 tools; limits dropped: 2 tools"."""
    counts = Counter(loss.says for loss in losses)
    return "; ".join(f"{says}: {count} {'tool' if count == 1 else 'tools'}" for says, count in sorted(counts.items()))


def limits_dropped(tools: Iterable[Recommendation]) -> list[Loss]:
    """Report the limits of a target that counts nothing."""
    return [Loss(one.tool, "limits", "dropped") for one in tools if one.limits]
