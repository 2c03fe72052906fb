"""A list of rules, each for a server and some of its tools, of which a tool's freest tells how far it may go.

Rules with keys that are not understood here are the user's own and stay.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.merge_edits import list_edits
from clients.merge_plan import Gone, Kept, Plan, Wanted, grade_word, look_up

_KEYS = frozenset(("mcpName", "toolName", "decision", "priority", "argsPattern", "denyMessage"))
_GRADES = {"allow": 0, "ask_user": 1, "deny": 2}
_OTHERS = "*"
_Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """Where the rules stand."""

    path: tuple[str, ...]

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Where the rules stand."""
        return (self.path,)

    def plan(self, held: Mapping[str, Any], wanted: Wanted) -> Plan:
        """Replace the server's rules, but leave those of a tool that are stricter."""
        listed: list[Any] | None = look_up(held, self.path, list)
        ours: list[_Rule] = look_up(wanted.value, self.path, list) or []
        own = {at: rule for at, rule in enumerate(listed or []) if _is_own(rule, wanted.server)}
        kept, gone = _compare(list(own.values()), ours, replace=wanted.replace)
        kept_names = {one.entry for one in kept}
        stays = [*_restrict(own.values(), kept_names), *_restrict(ours, _names(ours) - kept_names)]
        out: list[int] = []
        for at, rule in own.items():
            if rule in stays:
                stays.remove(rule)
            else:
                out.append(at)
        told = [one for one in kept if one.has != one.wanted]
        return Plan(list_edits(self.path, listed, out, stays), tuple(told), gone=tuple(gone))


def _compare(theirs: Sequence[_Rule], ours: Sequence[_Rule], *, replace: bool) -> tuple[list[Kept], list[Gone]]:
    """Find the names whose rules stay, and those whose rules go because the policy does not know them."""
    kept, gone = list[Kept](), list[Gone]()
    known, others = _names(ours), _freest(ours, _OTHERS)
    for name in sorted(_names(theirs)):
        has = _freest(theirs, name)
        if name not in known and has < others:
            gone.append(Gone(name, grade_word(has)))
        elif name not in known:
            kept.append(Kept(name, grade_word(has), grade_word(has)))
        elif has > _freest(ours, name) and not replace:
            kept.append(Kept(name, grade_word(has), grade_word(_freest(ours, name))))
    return kept, gone


def _restrict(rules: Iterable[_Rule], names: Collection[str]) -> list[dict[str, Any]]:
    """Give the rules for some names only."""
    found: list[dict[str, Any]] = []
    for rule in rules:
        left = [name for name in _named_by(rule) if name in names]
        if left:
            is_list = isinstance(rule["toolName"], list)
            found.append({**rule, "toolName": left if is_list else left[0]})
    return found


def _is_own(rule: Any, server: str) -> bool:
    if not isinstance(rule, dict) or not set(rule) <= _KEYS or rule.get("mcpName") != server:
        return False
    names = rule.get("toolName")
    is_named = isinstance(names, str) or (isinstance(names, list) and all(isinstance(name, str) for name in names))
    return is_named and isinstance(rule.get("decision"), str) and rule["decision"] in _GRADES


def _named_by(rule: _Rule) -> list[str]:
    names: Any = rule["toolName"]
    return list(names) if isinstance(names, list) else [names]


def _names(rules: Iterable[_Rule]) -> set[str]:
    return {name for rule in rules for name in _named_by(rule)}


def _freest(rules: Iterable[_Rule], name: str) -> int:
    return min((_GRADES[rule["decision"]] for rule in rules if name in _named_by(rule)), default=max(_GRADES.values()))
