"""The documented attacks: an index, and a page of each with the tools that give the access it abused.

Not an accusation of those tools: an attack is compared by access, whether or not a tool had any part in it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.records import Assessment, CatalogServer, CatalogTool
from catalog.vocabulary import BASE_RISK, Risk
from policy.recommend import recommend
from site_builder import urls
from site_builder.access import find_accesses
from site_builder.attack_wording import Abuse, describe_abuse
from site_builder.attacks import Attack, AttackList
from site_builder.frames import make_frame
from site_builder.judged import JudgedTool
from site_builder.parts import Badge, Frame, Link, ToolRow
from site_builder.rows import make_tool_row, risk_badge
from site_builder.wording import plural

SHOWN = 20
_A_SERVER = 2  # one server whose tools are all alike would fill the list
_ENOUGH = 2  # as AttackList.match wants it: one general trait is shared by half of all tools


@dataclass(frozen=True, slots=True)
class AttackRow:
    """An attack in the index, its address from the root of the site."""

    id: str
    name: str
    href: str
    summary: str
    date: str
    categories: str
    count: str
    verified: bool


@dataclass(frozen=True, slots=True)
class AttackIndexPage:
    """All documented attacks, newest first."""

    frame: Frame
    attacks: tuple[AttackRow, ...]
    looked_at: str
    unverified: str


@dataclass(frozen=True, slots=True)
class EffectLink:
    """An effect that an attack needed, with the risk it starts at and where its tools are listed."""

    label: str
    href: str
    badge: Badge


@dataclass(frozen=True, slots=True)
class AttackPage:
    """One documented attack: what it abused, what stands against it, and which tools give such access."""

    frame: Frame
    attack: Attack
    effects: tuple[EffectLink, ...]
    abused: tuple[Abuse, ...]
    references: tuple[Link, ...]
    count: str
    looked_at: str
    tools: tuple[ToolRow, ...]
    before: Link | None
    after: Link | None


class AttackTally:
    """Counts the tools that give the access which each attack abused, and keeps the riskiest of them."""

    def __init__(self, attacks: AttackList) -> None:
        self.attacks = attacks.attacks
        self.tools: Counter[str] = Counter()
        self.assessed = 0
        self._rows: dict[tuple[str, Risk], list[ToolRow]] = defaultdict(list)
        self._by_capability: dict[str, list[Attack]] = defaultdict(list)
        for attack in self.attacks:
            for capability in attack.capabilities:
                self._by_capability[capability].append(attack)

    def add(self, server: CatalogServer) -> None:
        """Compare a server's tools with all attacks."""
        shown: Counter[str] = Counter()
        order = list(Risk)
        judged = [(tool, tool.assessment) for tool in server.tools if tool.assessment]
        self.assessed += len(judged)
        for tool, assessment in sorted(judged, key=lambda one: -order.index(one[1].risk)):
            for attack in self.find(tool, assessment):
                self.tools[attack] += 1
                rows = self._rows[attack, assessment.risk]
                if shown[attack] < _A_SERVER and len(rows) < SHOWN:
                    shown[attack] += 1
                    rows.append(make_tool_row(server, JudgedTool(tool, recommend(tool.definition, assessment))))

    def find(self, tool: CatalogTool, assessment: Assessment) -> list[str]:
        """List the ids of all attacks that abused access which the tool gives, in a fixed order."""
        scores: Counter[str] = Counter()
        for access in find_accesses(tool, assessment):
            near = {attack.id: attack for name in access.capabilities for attack in self._by_capability.get(name, ())}
            for attack in near.values():
                if assessment.category in attack.categories:
                    scores[attack.id] += access.weight
        return sorted(id_ for id_, score in scores.items() if score >= _ENOUGH)

    def riskiest(self, attack: str) -> tuple[ToolRow, ...]:
        """Give the first of the riskiest tools that give the access."""
        rows = [row for risk in reversed(Risk) for row in self._rows.get((attack, risk), ())]
        return tuple(rows[:SHOWN])


def attack_page(attack: str) -> str:
    """Locate an attack's page by its id."""
    return f"attacks/{attack}/index.html"


def make_attack_index(tally: AttackTally, base_url: str) -> tuple[str, AttackIndexPage]:
    """Make the index of all documented attacks, with its path."""
    unread = sum(not attack.verified for attack in tally.attacks)
    return urls.ATTACKS, AttackIndexPage(
        frame=make_frame(
            "Documented attacks",
            "Attacks on agents and accidents with them that abused the access which tools give.",
            urls.ATTACKS,
            "attacks",
            base_url,
        ),
        attacks=tuple(
            AttackRow(
                id=attack.id,
                name=attack.name,
                href=attack_page(attack.id),
                summary=attack.summary,
                date=attack.date,
                categories=", ".join(attack.categories),
                count=plural(tally.tools[attack.id], "tool"),
                verified=attack.verified,
            )
            for attack in tally.attacks
        ),
        looked_at=plural(tally.assessed, "tool"),
        unverified=f"{unread:,} of {plural(len(tally.attacks), 'entry', 'entries')}" if unread else "",
    )


def make_attack_pages(tally: AttackTally, base_url: str) -> Iterator[tuple[str, AttackPage]]:
    """Make a page of each attack, with its path; each leads to the one before and the one after it in time."""
    for at, attack in enumerate(tally.attacks):
        path = attack_page(attack.id)
        root = urls.way_up(path)
        neighbours = [
            Link(other.name, root + attack_page(other.id)) if other else None
            for other in (_attack_at(tally, at + 1), _attack_at(tally, at - 1))
        ]
        yield (
            path,
            AttackPage(
                frame=make_frame(attack.name, attack.summary, path, "attacks", base_url),
                attack=attack,
                effects=tuple(
                    EffectLink(str(one), root + urls.category_page(one), risk_badge(BASE_RISK[one]))
                    for one in attack.categories
                ),
                abused=describe_abuse(attack.capabilities),
                references=tuple(Link(one, urls.web_link(one)) for one in attack.refs),
                count=f"{tally.tools[attack.id]:,}" if tally.tools[attack.id] else "",
                looked_at=plural(tally.assessed, "tool"),
                tools=tally.riskiest(attack.id),
                before=neighbours[0],
                after=neighbours[1],
            ),
        )


def _attack_at(tally: AttackTally, at: int) -> Attack | None:
    return tally.attacks[at] if 0 <= at < len(tally.attacks) else None
