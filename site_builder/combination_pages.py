"""Tools that are dangerous together: each kind explained, how many servers offer it, and what one server makes.

Not for finding combinations: the classifier does that, and is asked here what it would find.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from catalog.records import Assessment, CatalogServer, FacetValue
from catalog.vocabulary import BASE_RISK, FACET_VALUES, Category, Facet
from classifier.combinations import Combination, Leg, find_combinations
from site_builder.brief import ServerBrief
from site_builder.charts import bar_width
from site_builder.facet_pages import link_value
from site_builder.foreign_text import show_line
from site_builder.frames import make_frame
from site_builder.parts import Frame, Link
from site_builder.urls import tool_page
from site_builder.wording import plural, share

COMBINATIONS = "combinations/index.html"
_TOOLS = 12
_CUT = 6
_NAME_LIMIT = 80

Held = frozenset[tuple[Facet, str]]


@dataclass(frozen=True, slots=True)
class LegCard:
    """One thing that a combination takes: the facet values that give it, and the servers and tools that have one."""

    name: str
    values: tuple[Link, ...]
    servers: str
    share: str
    width: str
    tools: str


@dataclass(frozen=True, slots=True)
class CombinationCard:
    """One kind of combination: why it is dangerous, its legs, what breaks it, and how many servers make it alone."""

    id: str
    title: str
    severity: str
    rationale: str
    legs: tuple[LegCard, ...]
    breaks: str
    servers: str
    alone: str


@dataclass(frozen=True, slots=True)
class CombinationsPage:
    """Every kind of dangerous combination."""

    frame: Frame
    servers: str
    kinds: tuple[CombinationCard, ...]


@dataclass(frozen=True, slots=True)
class ServerCombination:
    """What the tools of one server make together. All addresses start at the root of the site.

    `tools` are some of those that take part, those to cut first; `tools_more` says how many are left out.
    """

    title: str
    href: str
    severity: str
    rationale: str
    tools: tuple[Link, ...]
    tools_more: int
    advice: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of combination as the classifier finds it, and the facet values that each of its legs takes."""

    found: Combination
    legs: tuple[tuple[str, Held], ...]


class CombinationTally:
    """Counts the servers and tools that offer each leg, and the servers whose own tools make a combination."""

    def __init__(self) -> None:
        self.servers = 0
        self.leg_servers: Counter[str] = Counter()
        self.leg_tools: Counter[str] = Counter()
        self.made: Counter[str] = Counter()
        self.alone: Counter[str] = Counter()

    def add(self, server: ServerBrief) -> None:
        """Count a server, if any of its tools is known."""
        tools = [frozenset(tool.facets.items()) for tool in server.tools if tool.risk]
        if not tools:
            return
        self.servers += 1
        given: Counter[str] = Counter()
        legs = dict(leg for kind in _kinds() for leg in kind.legs)
        for held in tools:
            given.update(name for name, wanted in legs.items() if not wanted.isdisjoint(held))
        self.leg_tools += given
        self.leg_servers.update(given.keys())
        for kind in _kinds():
            self.made[kind.found.id] += all(given[name] for name, _ in kind.legs)
            self.alone[kind.found.id] += sum(
                all(not wanted.isdisjoint(held) for _, wanted in kind.legs) for held in tools
            )


def make_combinations_page(tally: CombinationTally, base_url: str) -> tuple[str, CombinationsPage]:
    """Make the page of all kinds of combinations, with its path."""
    summary = "Tools that are harmless alone and dangerous together: what each combination takes, and what breaks it."
    return COMBINATIONS, CombinationsPage(
        frame=make_frame("Dangerous combinations of tools", summary, COMBINATIONS, "combinations", base_url),
        servers=plural(tally.servers, "server"),
        kinds=tuple(_card(kind, tally) for kind in _kinds()),
    )


def server_combinations(server: CatalogServer) -> tuple[ServerCombination, ...]:
    """Say what the tools of one server make together, without any other server beside it."""
    judged = [(server.slug, tool.definition.name, tool.assessment) for tool in server.tools if tool.assessment]
    slugs = {tool.definition.name: tool.slug for tool in server.tools}
    return tuple(_of_server(one, server.slug, slugs) for one in find_combinations(judged))


def _of_server(found: Combination, server: str, slugs: Mapping[str, str]) -> ServerCombination:
    parts = (*found.cut.parts, *(part for leg in found.legs for part in leg.parts))
    names = list(dict.fromkeys(part.tool for part in parts))
    return ServerCombination(
        title=found.title,
        href=f"{COMBINATIONS}#{found.id}",
        severity=found.severity.value,
        rationale=found.rationale,
        tools=tuple(Link(_name(name), tool_page(server, slugs[name])) for name in names[:_TOOLS]),
        tools_more=max(0, len(names) - _TOOLS),
        advice=_advise(found),
    )


def _advise(found: Combination) -> str:
    cut = found.cut
    names = [_name(part.tool) for part in cut.parts]
    more = f" and {len(names) - _CUT:,} more" if len(names) > _CUT else ""
    text = f"Hide {', '.join(names[:_CUT])}{more}, or ask before each call, and nothing is left that gives {cut.name}."
    if found.alone:
        alone = ", ".join(_name(part.tool) for part in found.alone[:_CUT])
        text += f" Alone, {alone} already brings all of it together."
    return text


def _name(tool: str) -> str:
    return show_line(tool, _NAME_LIMIT) or "a tool without a name"


def _card(kind: _Kind, tally: CombinationTally) -> CombinationCard:
    found = kind.found
    greatest = max(tally.leg_servers.values(), default=0)
    return CombinationCard(
        id=found.id,
        title=found.title,
        severity=found.severity.value,
        rationale=found.rationale,
        legs=tuple(
            LegCard(
                name=name,
                values=tuple(link_value(facet, value) for facet, value in sorted(wanted)),
                servers=plural(tally.leg_servers[name], "server"),
                share=share(tally.leg_servers[name], tally.servers),
                width=bar_width(tally.leg_servers[name], greatest),
                tools=plural(tally.leg_tools[name], "tool"),
            )
            for name, wanted in kind.legs
        ),
        breaks=_breaks([name for name, _ in kind.legs]),
        servers=plural(tally.made[found.id], "server") if tally.made[found.id] else "",
        alone=plural(tally.alone[found.id], "tool") if tally.alone[found.id] else "",
    )


def _breaks(legs: list[str]) -> str:
    listed = f"{', '.join(legs[:-1])} or {legs[-1]}"
    return f"It falls when no tool is left that gives {listed}: hide them, or ask before each call of them."


@cache
def _kinds() -> tuple[_Kind, ...]:
    """Ask the classifier what it finds among tools that have each one value of one facet: all it knows."""
    quiet = {facet: values[0] for facet, values in FACET_VALUES.items()}
    asked = [(facet, value) for facet, values in FACET_VALUES.items() for value in values]
    tools = (("", f"{facet} {value}", _assess({**quiet, facet: value})) for facet, value in asked)
    return tuple(
        _Kind(found, tuple((leg.name, _takes(leg)) for leg in found.legs)) for found in find_combinations(tools)
    )


def _takes(leg: Leg) -> Held:
    named = (part.tool.split(" ", 1) for part in leg.parts)
    return frozenset((Facet(facet), value) for facet, value in named)


def _assess(facets: Mapping[Facet, str]) -> Assessment:
    read = Category.READ
    return Assessment(
        category=read,
        second_choice=Category.WRITE,
        probabilities={read: 1.0},
        confidence=1.0,
        facets={facet: FacetValue(value) for facet, value in facets.items()},
        base_risk=BASE_RISK[read],
        risk=BASE_RISK[read],
        moves=(),
        evidence=(),
        rationale="",
    )
