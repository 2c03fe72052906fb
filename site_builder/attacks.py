"""The documented attacks and accidents, and which of them abuse the access that a tool gives.

Not for judging tools: an attack is listed for the access it abused, whether or not the tool had any part in it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter

from catalog.records import Assessment, CatalogTool
from catalog.vocabulary import Category
from site_builder.access import Access, find_accesses

_ENOUGH = 2  # one general trait, such as reading private data, is shared by half of all tools
_SHOWN = 3


class Attack(BaseModel):
    """One documented attack or accident. `verified` is true only when its references were read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    date: str
    categories: tuple[Category, ...]
    capabilities: tuple[str, ...]
    summary: str
    refs: tuple[str, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class SharedAccess:
    """An attack beside a tool, and the kinds of access the two share, in words."""

    attack: Attack
    says: tuple[str, ...]


class AttackList:
    """The attacks, newest first, found by the kinds of access they abused."""

    def __init__(self, attacks: Sequence[Attack]) -> None:
        self.attacks = tuple(sorted(attacks, key=lambda attack: (attack.date, attack.id), reverse=True))
        # Tools are many, and what they give access to is the same few things.
        self._found = lru_cache(maxsize=5_000)(self._find)

    def match(self, tool: CatalogTool, assessment: Assessment) -> tuple[SharedAccess, ...]:
        """Pick at most three attacks whose category is the tool's and which abused access that it gives."""
        return self._found(assessment.category, find_accesses(tool, assessment))[:_SHOWN]

    def find(self, tool: CatalogTool, assessment: Assessment) -> tuple[str, ...]:
        """List the ids of all attacks whose category is the tool's and which abused access that it gives, sorted."""
        found = self._found(assessment.category, find_accesses(tool, assessment))
        return tuple(sorted(one.attack.id for one in found))

    def _find(self, category: Category, accesses: tuple[Access, ...]) -> tuple[SharedAccess, ...]:
        """List the attacks on tools of a category that abused some of these kinds of access, best match first."""
        scores: dict[int, int] = defaultdict(int)
        shared: dict[int, list[str]] = defaultdict(list)
        for access in accesses:
            for index, attack in enumerate(self.attacks):
                if category in attack.categories and not access.capabilities.isdisjoint(attack.capabilities):
                    scores[index] += access.weight
                    shared[index].append(access.says)
        best = sorted((index for index in scores if scores[index] >= _ENOUGH), key=lambda at: (-scores[at], at))
        return tuple(SharedAccess(self.attacks[index], tuple(shared[index])) for index in best)


def read_attacks(path: Path) -> AttackList:
    """Read attacks from a file with one JSON object a line. Raises OSError or ValueError, naming what is wrong."""
    lines = [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
    return AttackList(TypeAdapter(list[Attack]).validate_python(lines))
