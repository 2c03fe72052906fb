"""The documented attacks: an index, and a page of each with the tools that give the access it abused.

Not an accusation of those tools: an attack is compared by access, whether or not a tool had any part in it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.vocabulary import BASE_RISK, Risk
from site_builder import urls
from site_builder.attack_wording import Abuse, describe_abuse
from site_builder.attacks import Attack, AttackList
from site_builder.brief import Listed, ServerBrief, make_row
from site_builder.frames import make_frame
from site_builder.parts import Badge, Frame, Link, ToolRow
from site_builder.riskiest import RiskiestLists
from site_builder.rows import risk_badge
from site_builder.wording import plural

SHOWN = 20
_A_SERVER = 2  # one server whose tools are all alike would fill the list
_RISKS = list(Risk)


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
        self.lists: RiskiestLists[str, Listed] = RiskiestLists(SHOWN)
        self.assessed = 0

    def add(self, server: ServerBrief) -> None:
        """Compare a server's tools with all attacks."""
        shown: Counter[str] = Counter()
        judged = [(_RISKS.index(tool.risk), tool) for tool in server.tools if tool.risk]
        self.assessed += len(judged)
        for _, tool in sorted(judged, key=lambda pair: -pair[0]):
            for attack in tool.attacks:
                shown[attack] += 1
                listed = Listed(server.slug, server.label, tool) if shown[attack] <= _A_SERVER else None
                self.lists.add(attack, tool.risk, listed)

    def count(self, attack: str) -> int:
        """Count the tools that give the access."""
        return self.lists.count(attack)

    def riskiest(self, attack: str) -> tuple[ToolRow, ...]:
        """Give the first of the riskiest tools that give the access."""
        return tuple(make_row(one) for one in self.lists.rows(attack))


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
                count=plural(tally.count(attack.id), "tool"),
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
                count=f"{tally.count(attack.id):,}" if tally.count(attack.id) else "",
                looked_at=plural(tally.assessed, "tool"),
                tools=tally.riskiest(attack.id),
                before=neighbours[0],
                after=neighbours[1],
            ),
        )


def _attack_at(tally: AttackTally, at: int) -> Attack | None:
    return tally.attacks[at] if 0 <= at < len(tally.attacks) else None
