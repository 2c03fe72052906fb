"""Tools that are dangerous together: what a set of servers gives one agent, and the fewest tools to cut.

Not a verdict on any tool: each may be harmless alone. A combination stands on three legs or two; it falls when all
tools of one leg are gone, or are asked about before each call.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog.records import Assessment
from catalog.vocabulary import Facet, Risk, Severity

_RISKS = tuple(Risk)


@dataclass(frozen=True, slots=True)
class Part:
    """One tool of one server as part of a leg, and the words it is part of it for."""

    server: str
    tool: str
    risk: Risk
    value: str
    quote: str


@dataclass(frozen=True, slots=True)
class Leg:
    """One thing that an attack needs, and the tools that give it."""

    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Legs that are all there.

    `cut` are the fewest tools whose removal breaks it; each of `alone` has every leg by itself.
    """

    id: str
    title: str
    severity: Severity
    rationale: str
    legs: tuple[Leg, ...]
    cut: Leg
    alone: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class _Need:
    """What a leg takes: a facet with one of these values."""

    name: str
    wanted: tuple[tuple[Facet, frozenset[str]], ...]


_PRIVATE = _Need("private data", ((Facet.SENSITIVE_DATA, frozenset({"private", "credentials"})),))
_SECRET = _Need("credentials", ((Facet.SENSITIVE_DATA, frozenset({"credentials"})),))
_STRANGE = _Need("text that strangers write", ((Facet.UNTRUSTED_INPUT, frozenset({"typical"})),))
_OUTWARD = _Need(
    "a way out",
    (
        (Facet.EGRESS, frozenset({"third_party", "arbitrary"})),
        (Facet.CODE_EXECUTION, frozenset({"arbitrary"})),
    ),
)
_ANYWHERE = _Need(
    "a way out to anyone",
    ((Facet.EGRESS, frozenset({"arbitrary"})), (Facet.CODE_EXECUTION, frozenset({"arbitrary"}))),
)
_CODE = _Need("code of the agent's choosing", ((Facet.CODE_EXECUTION, frozenset({"arbitrary"})),))
_MONEY = _Need("money that moves", ((Facet.MONEY, frozenset({"moves"})),))
_KINDS: tuple[tuple[str, str, Severity, str, tuple[_Need, ...]], ...] = (
    (
        "lethal-trifecta",
        "Private data, strangers' text and a way out",
        Severity.HIGH,
        "What a stranger writes can tell the agent to fetch private data and send it away.",
        (_PRIVATE, _STRANGE, _OUTWARD),
    ),
    (
        "secrets-and-a-way-out",
        "Credentials and a way out to anyone",
        Severity.HIGH,
        "One mistaken or misled call can carry a secret to anyone.",
        (_SECRET, _ANYWHERE),
    ),
    (
        "strangers-steer-code",
        "Strangers' text and arbitrary code",
        Severity.HIGH,
        "What a stranger writes can tell the agent what to run.",
        (_STRANGE, _CODE),
    ),
    (
        "strangers-steer-money",
        "Strangers' text and money that moves",
        Severity.HIGH,
        "What a stranger writes can tell the agent whom to pay.",
        (_STRANGE, _MONEY),
    ),
)


def find_combinations(tools: Iterable[tuple[str, str, Assessment]]) -> list[Combination]:
    """Find the combinations that a set of (server, tool, assessment) holds, in a fixed order."""
    known = sorted(tools, key=lambda tool: tool[:2])
    found = []
    for id_, title, severity, rationale, needs in _KINDS:
        legs = tuple(Leg(need.name, tuple(_parts(need, known))) for need in needs)
        if all(leg.parts for leg in legs):
            found.append(Combination(id_, title, severity, rationale, legs, _smallest(legs), _alone(legs)))
    return found


def advise(combination: Combination) -> str:
    """Say in a sentence or two what would break a combination."""
    cut = combination.cut
    named = ", ".join(f"{part.tool} ({part.server})" for part in cut.parts[:12])
    more = f" and {len(cut.parts) - 12} more" if len(cut.parts) > 12 else ""
    one = "this one tool" if len(cut.parts) == 1 else f"these {len(cut.parts)} tools"
    text = f"Hide {one}, or ask before each call, and no tool is left that gives {cut.name}: {named}{more}."
    if combination.alone:
        names = ", ".join(part.tool for part in combination.alone[:5])
        text += f" By itself, {names} already brings all of it together."
    return text


def _parts(need: _Need, tools: Iterable[tuple[str, str, Assessment]]) -> Iterable[Part]:
    for server, tool, assessment in tools:
        for facet, values in need.wanted:
            held = assessment.facets[facet]
            if held.value in values:
                quote = held.evidence.quote if held.evidence else ""
                yield Part(server, tool, assessment.risk, f"{facet} = {held.value}", quote)
                break


def _smallest(legs: Sequence[Leg]) -> Leg:
    """Choose the leg with the fewest tools; of equals, the one whose tools are riskiest, then the first by name."""
    return min(legs, key=lambda leg: (len(leg.parts), -sum(_RISKS.index(part.risk) for part in leg.parts), leg.name))


def _alone(legs: Sequence[Leg]) -> tuple[Part, ...]:
    shared = frozenset.intersection(*(frozenset((part.server, part.tool) for part in leg.parts) for leg in legs))
    return tuple(part for part in legs[0].parts if (part.server, part.tool) in shared)
