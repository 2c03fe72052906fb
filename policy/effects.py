"""Tools of one server that reach the same effect: a stop before one of them is weak while another is free.

Groups rest on facets and on what a Destructive tool removes; they warn, and decide nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalog.records import Assessment, ToolDefinition
from catalog.vocabulary import Category, Facet
from policy.conditions import is_check
from policy.handles import HandleKind, find_handles, words_of
from policy.recommendation import Decision, Recommendation

_STATEMENTS = (HandleKind.STATEMENT, HandleKind.WRITING_STATEMENT)  # one that only reads reaches less


@dataclass(frozen=True, slots=True)
class Weakness:
    """An effect that is stopped at some tools and free at others."""

    effect: str
    stopped: tuple[str, ...]
    free: tuple[str, ...]

    @property
    def says(self) -> str:
        """The weakness in one line."""
        return f"{_listed(self.stopped)} is stopped, but {_listed(self.free)} also {self.effect}"


def find_weaknesses(
    tools: Sequence[tuple[ToolDefinition, Assessment | None]], recommendations: Iterable[Recommendation]
) -> list[Weakness]:
    """Find the effects that a policy stops at one tool and lets pass at another, sorted by effect."""
    rules = {one.tool: one for one in recommendations}
    groups: dict[str, list[str]] = defaultdict(list)
    for definition, assessment in tools:
        if assessment is not None and definition.name in rules:
            for effect in effects_of(definition, assessment):
                groups[effect].append(definition.name)
    found = [_weakness(effect, names, rules) for effect, names in sorted(groups.items())]
    stopped = sorted(tool for tool, one in rules.items() if _is_stopped(one))
    anything = [tool for tool in groups.get(_ANY_CODE, ()) if _is_free(rules[tool])]
    others = tuple(tool for tool in stopped if tool not in anything)
    if anything and others:
        found.append(Weakness("runs any code, and so whatever the others do", others, tuple(sorted(anything))))
    return [one for one in found if one is not None]


_ANY_CODE = "runs any code"


def effects_of(definition: ToolDefinition, assessment: Assessment) -> Iterator[str]:
    """Yield what a call of the tool can bring about, in words that follow "also"."""
    facets = {facet: value.value for facet, value in assessment.facets.items()}
    if facets[Facet.CODE_EXECUTION] == "arbitrary":
        yield _ANY_CODE
    if any(handle.kind in _STATEMENTS for handle in find_handles(definition, assessment)):
        yield "runs database statements"
    elif facets[Facet.CODE_EXECUTION] == "constrained" and assessment.category is Category.EXECUTE:
        yield "runs requests of the caller's making"
    if facets[Facet.SENSITIVE_DATA] == "credentials":
        yield "shows credentials"
    if facets[Facet.PRIVILEGE] == "others":
        yield "changes what others may do"
    if assessment.category is Category.FINANCIAL:
        yield "moves money"
    if assessment.category is Category.DESTRUCTIVE and (removed := _object_of(definition.name)):
        yield f"removes {removed}"


def _object_of(name: str) -> str | None:
    """Name what a tool is about by the last word of its name, in the singular."""
    words = words_of(name)
    if len(words) < 2:
        return None
    return words[-1][:-1] if words[-1].endswith("s") and not words[-1].endswith("ss") else words[-1]


def _weakness(effect: str, names: Iterable[str], rules: dict[str, Recommendation]) -> Weakness | None:
    stopped = tuple(sorted(name for name in names if _is_stopped(rules[name])))
    free = tuple(sorted(name for name in names if _is_free(rules[name])))
    return Weakness(effect, stopped, free) if stopped and free else None


def _is_stopped(one: Recommendation) -> bool:
    return one.decision is not Decision.ALLOW or _is_held(one)


def _is_free(one: Recommendation) -> bool:
    return one.decision is Decision.ALLOW and not _is_held(one)


def _is_held(one: Recommendation) -> bool:
    return bool(one.require) or any(not is_check(guard) for guard in one.guards)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
