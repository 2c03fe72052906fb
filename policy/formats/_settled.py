"""What a client that knows tools by name makes of a policy, and what it loses; not how the client's text looks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from policy.format import Got, Loss, Wanted
from policy.recommendation import Decision, Recommendation, ServerPolicy

_GOT: dict[Decision, Got] = {
    Decision.ALLOW: "allow",
    Decision.ASK: "ask",
    Decision.DENY: "deny",
    Decision.HIDE: "deny",
}
_WANTED: dict[Decision, Wanted] = {
    Decision.ALLOW: "allow",
    Decision.ASK: "ask",
    Decision.DENY: "deny",
    Decision.HIDE: "hide",
}


def _never(_: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Client:
    """What a client can do with a tool.

    `may_allow` says whether an allow can be written for a name so that it covers this tool and no other, `may_stop`
    whether an ask or a deny can be written. A tool that neither can be is left to what happens to `unlisted` ones.
    Tools that are `known_as` the same cannot be told apart. `frees` says that a client can allow what nobody listed
    and still stop what is; `tests` whether it can test a tool's arguments exactly as recommended.
    """

    unlisted: Decision
    may_allow: Callable[[str], bool]
    may_stop: Callable[[str], bool] = _never
    known_as: Callable[[str], str] = str
    allows: bool = True
    asks: bool = True
    denies: bool = True
    frees: bool = False
    tests: Callable[[Recommendation], bool] = _never

    def decide(self, one: Recommendation) -> tuple[Decision, Wanted | None]:
        """Choose the nearest decision that is as strict, and name what was lost for it."""
        stricter = Decision.ASK if self.asks else Decision.DENY
        if one.decision.strictness >= Decision.DENY.strictness:
            return (Decision.DENY, None) if self.denies else (Decision.ASK, _WANTED[one.decision])
        if one.is_conditional and not self.tests(one):
            return stricter, "conditions"
        if one.decision is Decision.ALLOW:
            return (Decision.ALLOW, None) if self.allows else (stricter, "allow")
        return (Decision.ASK, None) if self.asks else (Decision.DENY, "ask")

    def can_write(self, tool: str, decision: Decision) -> bool:
        """Say whether this decision can be written down for this name."""
        return self.may_allow(tool) if decision is Decision.ALLOW else self.may_stop(tool)


@dataclass(frozen=True, slots=True)
class Settled:
    """What holds in the client: a decision for each tool, one for what nobody listed, and the losses by tool."""

    decisions: dict[str, Decision]
    unlisted: Decision
    losses: tuple[Loss, ...]

    def tools(self, decision: Decision) -> list[str]:
        """List the tools that this decision holds for, sorted."""
        return sorted(tool for tool, chosen in self.decisions.items() if chosen is decision)


def settle(policy: ServerPolicy, client: Client) -> Settled:
    """Bring a policy down to what a client can do; of tools that it cannot tell apart the strictest decides."""
    frees = policy.default is Decision.ALLOW and client.frees
    free = frees and all(client.may_allow(one.tool) and client.may_stop(one.tool) for one in policy.tools)
    unlisted = Decision.ALLOW if free else client.unlisted
    decided = [client.decide(one) for one in policy.tools]
    known = [client.known_as(one.tool) for one in policy.tools]
    strictest: dict[str, Decision] = {}
    for one, name, (decision, _) in zip(policy.tools, known, decided, strict=True):
        held = decision if client.can_write(one.tool, decision) else unlisted
        if name not in strictest or held.strictness > strictest[name].strictness:
            strictest[name] = held
    losses = [] if unlisted is policy.default else [Loss("", "default", _GOT[unlisted])]
    losses += [Loss("", "limits", "dropped")] if policy.limits else []
    for one, name, (decision, lost) in zip(policy.tools, known, decided, strict=True):
        held = strictest[name]
        if lost or held is not decision:
            losses.append(_loss(one, decision, lost, held))
        if one.limits and held is not Decision.DENY:
            losses.append(Loss(one.tool, "limits", "dropped"))
    decisions = {one.tool: strictest[name] for one, name in zip(policy.tools, known, strict=True)}
    return Settled(decisions, unlisted, tuple(losses))


def _loss(one: Recommendation, decision: Decision, lost: Wanted | None, held: Decision) -> Loss:
    """Name what was lost, where something was: in choosing a decision, or in writing it down."""
    if lost and held is decision:
        return Loss(one.tool, lost, _GOT[held])
    # A name that cannot be written may even loosen: then the loss is of the decision, not of the name.
    return Loss(one.tool, "name" if held.strictness > decision.strictness else _WANTED[one.decision], _GOT[held])
