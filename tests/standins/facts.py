"""What a server of the stand-ins is: its names, places and kinds, following from the seed and its number.

Nothing is looked up in a table: the number is part of every name, so that a name leads back to its server.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tests.standins.draws import draws, hexadecimal, pick
from tests.standins.words import FIELDS, FIRST_NAMES, SECOND_NAMES

BLOCK = 300
"""Servers in a block; the first two to four of each block share one repository, which is about one in a hundred."""

_NUMBER = re.compile(r"[a-z0-9-]{1,80}-x([0-9a-f]{1,8})(?:-suite)?")


class Place(StrEnum):
    """Where a server's files are published."""

    NPM = "npm"
    WHEEL = "wheel"
    SDIST = "sdist"
    REPOSITORY = "repository"
    BOTH = "npm and repository"


class Language(StrEnum):
    """What a server is written in."""

    PYTHON = "python"
    JAVASCRIPT = "javascript"
    GO = "go"


_PLACES = (Place.NPM,) * 45 + (Place.WHEEL,) * 22 + (Place.SDIST,) * 3 + (Place.REPOSITORY,) * 25 + (Place.BOTH,) * 5
_REPOSITORY_LANGUAGES = (Language.GO,) * 4 + (Language.PYTHON,) * 3 + (Language.JAVASCRIPT,) * 3


@dataclass(frozen=True, slots=True)
class Facts:
    """One server. `members` are the numbers of all servers of its repository, its own among them.

    `old_repository` is the repository's former name, under which some sources still list it.
    """

    number: int
    key: str
    name: str
    place: Place
    language: Language
    owner: str
    repository_name: str
    repository_id: int
    subfolder: str | None
    members: tuple[int, ...]
    old_repository: str | None
    package: str | None
    field: str
    in_registry: bool
    in_topic: bool
    in_awesome: bool

    @property
    def repository(self) -> str:
        """Give the repository's owner and name as they are now."""
        return f"{self.owner}/{self.repository_name}"

    @property
    def listed_repository(self) -> str:
        """Give the repository as the registry lists it: under its old name, if it had one."""
        return self.old_repository or self.repository

    @property
    def registry_name(self) -> str:
        """Give the name in the registry."""
        return f"io.github.{self.owner}/{self.name}"

    @property
    def title(self) -> str:
        """Give the name as people write it."""
        return self.name.rpartition("-x")[0].replace("-", " ").title()

    @property
    def summary(self) -> str:
        """Give one line on the server, at most 100 characters."""
        return f"Tools for {self.field}, by the name of {self.title}"[:100]

    @property
    def address(self) -> str:
        """Give the repository's address on the web."""
        return f"https://github.com/{self.repository}"

    def commit(self, revision: int) -> str:
        """Give the commit that a revision of the whole repository has."""
        return hexadecimal(f"{self.key}/commit/{self.members[0]}/{revision}", 40)


@lru_cache(maxsize=4096)
def facts_of(seed: int, number: int) -> Facts:
    """Work out what the server of a number is."""
    key = f"{seed}/{number}"
    numbers = draws(f"{key}/facts")
    members = _members(seed, number)
    first = members[0]
    alone = len(members) == 1
    place = pick(_PLACES, numbers)
    if not alone:
        place = Place.REPOSITORY
    renamed = number % 100 == 50 and alone
    if renamed:
        place = Place.BOTH
    language = _language(place, pick(_REPOSITORY_LANGUAGES, numbers), first, alone=alone)
    base = f"{pick(FIRST_NAMES, numbers)}-{pick(SECOND_NAMES, numbers)}"
    name = f"{base}-x{number:x}"
    owner = _owner(seed, first)
    repository_name = name if alone else f"workbench-x{first:x}-suite"
    listings = _listings(place, next(numbers) % 100, alone=alone, renamed=renamed)
    scoped = place in (Place.NPM, Place.BOTH) and next(numbers) % 5 < 2
    package = None if place is Place.REPOSITORY else f"@{owner}/{name}" if scoped else name
    return Facts(
        number=number,
        key=str(seed),
        name=name,
        place=place,
        language=language,
        owner=owner,
        repository_name=repository_name,
        repository_id=700_000_000 + seed % 1000 * 1_000_000 + first,
        subfolder=None if alone else f"servers/{base}",
        members=members,
        old_repository=f"{owner}/early-{name}" if renamed else None,
        package=package,
        field=FIELDS[next(draws(f"{key}/field")) % len(FIELDS)][0],
        in_registry=listings[0],
        in_topic=listings[1],
        in_awesome=listings[2],
    )


def number_in(name: str) -> int | None:
    """Read the number of a server out of a name of it or of its repository; whether it is right is the caller's."""
    match = _NUMBER.fullmatch(name)
    return int(match.group(1), 16) if match else None


def _members(seed: int, number: int) -> tuple[int, ...]:
    first = number // BLOCK * BLOCK
    size = 2 + next(draws(f"{seed}/suite/{first}")) % 3
    return tuple(range(first, first + size)) if number < first + size else (number,)


def _owner(seed: int, number: int) -> str:
    """Give who publishes it; about three servers have the same publisher."""
    numbers = draws(f"{seed}/owner/{number // 3}")
    return f"{pick(SECOND_NAMES, numbers)}-{pick(FIRST_NAMES, numbers)}-{number // 3:x}"


def _language(place: Place, repository_language: Language, first: int, *, alone: bool) -> Language:
    if place in (Place.NPM, Place.BOTH):
        return Language.JAVASCRIPT
    if place in (Place.WHEEL, Place.SDIST):
        return Language.PYTHON
    if not alone:
        return Language.PYTHON if first // BLOCK % 2 else Language.JAVASCRIPT
    return repository_language


def _listings(place: Place, lot: int, *, alone: bool, renamed: bool) -> tuple[bool, bool, bool]:
    """Tell whether the registry, the topic search and the awesome list have it; at least one does."""
    if place is Place.BOTH or renamed or not alone:
        return True, True, True
    if place is Place.REPOSITORY:
        if lot < 5:
            return False, False, True
        return lot < 30, lot >= 20, lot >= 85
    return True, lot < 10, lot < 3
