"""An ecosystem of servers that follows from a seed, and its next hours; files are made when they are asked for.

Not for serving: one module beside this for each service. Nothing but a few small numbers a server stays in memory.
"""

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.standins.draws import draws, sample
from tests.standins.facts import Facts, Place, facts_of, number_in
from tests.standins.tools import Tool, change_of, make_tools, slots_of

FIRST_DAY = int(datetime(2024, 11, 25, tzinfo=UTC).timestamp())
START = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())
_HOUR = 3600
_SPREAD = (1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 10, 12, 14, 16, 18, 22, 28, 36, 110)
MOST_TOOLS = 80


@dataclass(frozen=True, slots=True)
class WorldSettings:
    """How large a world is; `tools` is the sum over all servers, `burst` how many repositories one second has."""

    servers: int = 60
    tools: int = 600
    seed: int = 1
    burst: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What an hour brought: the numbers of the servers, each kind apart."""

    generation: int
    changed: tuple[int, ...]
    new: tuple[int, ...]
    withdrawn: tuple[int, ...]
    harmed: tuple[int, ...]


class World:
    """All servers at one hour. A server's files follow from seed, number and revision alone."""

    def __init__(self, settings: WorldSettings) -> None:
        self.settings = settings
        self.seed = settings.seed
        self.generation = 0
        self.revisions = array("H", bytes(2 * settings.servers))
        self.updated = array("q", (self._first_update(number) for number in range(settings.servers)))
        self.withdrawn: dict[int, int] = {}
        self.harmed: dict[int, int] = {}
        self._pushed: list[tuple[int, int]] | None = None
        self._tools = _tool_counts(settings)
        self.in_registry = [number for number in range(len(self)) if self.server(number).in_registry]
        self.in_registry.sort(key=self.registry_order)

    def __len__(self) -> int:
        """Give how many servers there are or ever were."""
        return len(self.revisions)

    @property
    def now(self) -> datetime:
        """Give the hour the world is in."""
        return datetime.fromtimestamp(START + self.generation * _HOUR, UTC)

    def server(self, number: int) -> Facts:
        """Give what a server is."""
        return facts_of(self.seed, number)

    def living(self) -> Iterator[Facts]:
        """Give the servers that are not withdrawn."""
        return (self.server(number) for number in range(len(self)) if number not in self.withdrawn)

    def registry_order(self, number: int) -> str:
        """Give what the registry sorts by."""
        return self.server(number).registry_name

    def version(self, number: int, revision: int | None = None) -> str:
        """Give a server's version at a revision, its newest when none is given."""
        return f"1.{number % 7}.{self.revisions[number] if revision is None else revision}"

    def revision_of(self, number: int, version: str) -> int | None:
        """Give the revision that a version is."""
        last = version.rpartition(".")[2]
        known = last.isdigit() and int(last) <= self.revisions[number] and version == self.version(number, int(last))
        return int(last) if known else None

    def tools(self, number: int, revision: int | None = None) -> tuple[Tool, ...]:
        """Give the tools that a server offers."""
        key = f"{self.seed}/{number}"
        revision = self.revisions[number] if revision is None else revision
        slots = slots_of(key, self._tools[number], revision, self.harmed.get(number))
        return make_tools(self.seed, key, slots)

    def change(self, number: int) -> str | None:
        """Tell what a server's newest revision changed: harm, added, removed, description or schema."""
        revision = self.revisions[number]
        return change_of(f"{self.seed}/{number}", revision, self.harmed.get(number)) if revision else None

    def repository_revision(self, server: Facts) -> int:
        """Give how often anything in a server's repository has changed."""
        return sum(self.revisions_in(server))

    def revisions_in(self, server: Facts) -> tuple[int, ...]:
        """Give the revision of each server of a repository."""
        return tuple(self.revisions[member] for member in server.members if member < len(self))

    def first_published(self, number: int) -> int:
        """Give when a server was first published, in seconds."""
        return min(self.updated[number], self._first_update(number))

    def registry_from(self, name: str) -> Iterator[int]:
        """Give the numbers of the registry's servers in the order of their names, from a name on."""
        at = bisect_left(self.in_registry, name, key=self.registry_order) if name else 0
        return (self.in_registry[place] for place in range(at, len(self.in_registry)))

    def pushed(self, server: Facts) -> int:
        """Give when a server's repository last changed, in seconds."""
        return max(self.updated[member] for member in server.members if member < len(self))

    def pushed_between(self, first: int, last: int) -> list[int]:
        """Give the first servers of repositories with the topic that last changed in a span, the oldest first."""
        if self._pushed is None:
            firsts = (server for server in self.living() if server.in_topic and server.number == server.members[0])
            self._pushed = sorted((self.pushed(server), server.number) for server in firsts)
        start, end = bisect_left(self._pushed, (first, -1)), bisect_left(self._pushed, (last + 1, -1))
        return [number for _, number in self._pushed[start:end]]

    def find(self, name: str) -> Facts | None:
        """Find a server by its own name."""
        number = number_in(name)
        server = self.server(number) if number is not None and number < len(self) else None
        return server if server is not None and server.name == name else None

    def find_package(self, name: str, places: tuple[Place, ...]) -> Facts | None:
        """Find a server by its package's name."""
        server = self.find(name.rpartition("/")[2])
        known = server is not None and server.package == name and server.place in places
        return server if known and server is not None and server.number not in self.withdrawn else None

    def find_repository(self, owner: str, name: str) -> Facts | None:
        """Find the first server of a repository by its present or former name, in whatever case that is written."""
        owner, name = owner.lower(), name.lower()
        number = number_in(name.removeprefix("early-"))
        if number is None or number >= len(self):
            return None
        server = self.server(number)
        known = f"{owner}/{name}" in (server.repository, server.old_repository)
        return server if known and number == server.members[0] else None

    def evolve(self, fraction: float, seed: int = 0) -> Changes:
        """Go on by an hour: a share of the servers gets a new version, a few come, a few go, one turns harmful."""
        self.generation += 1
        self._pushed = None
        numbers = draws(f"{self.seed}/evolve/{self.generation}/{seed}")
        alive = [number for number in range(len(self)) if number not in self.withdrawn]
        wanted = max(1, round(fraction * len(alive))) if fraction else 0
        few = max(1, wanted // 10) if wanted else 0
        chosen = sample(len(alive), wanted + few, numbers)
        gone = sample(len(chosen), few, numbers)
        withdrawn = [alive[chosen[at]] for at in gone]
        changed = [alive[at] for place, at in enumerate(chosen) if place not in set(gone)]
        for place, number in enumerate(changed + withdrawn):
            self.updated[number] = self._moment(place)
        for number in changed:
            self.revisions[number] += 1
        harmless = [number for number in changed if number not in self.harmed]
        harmed = harmless[len(harmless) // 2 :][:1]
        self.harmed.update((number, self.revisions[number]) for number in harmed)
        self.withdrawn.update(dict.fromkeys(withdrawn, self.generation))
        new = [self._add(place) for place in range(few)]
        return Changes(self.generation, tuple(changed), tuple(new), tuple(withdrawn), tuple(harmed))

    def _add(self, place: int) -> int:
        number = len(self)
        self.revisions.append(0)
        self.updated.append(self._moment(place))
        self._tools.append(1 + next(draws(f"{self.seed}/late/{number}")) % 20)
        if self.server(number).in_registry:
            insort(self.in_registry, number, key=self.registry_order)
        return number

    def _moment(self, place: int) -> int:
        """Give a moment within the hour that ends now."""
        return START + self.generation * _HOUR - 1 - place % _HOUR

    def _first_update(self, number: int) -> int:
        if number < self.settings.burst:
            return START - 86_400
        at = draws(f"{self.seed}/updated/{number}")
        return FIRST_DAY + (next(at) << 16 | next(at)) % (START - 1 - FIRST_DAY)


def _tool_counts(settings: WorldSettings) -> "array[int]":
    """Share the tools out: most servers have a few, some very many, and the sum is what was asked for."""
    mean = settings.tools / max(1, settings.servers)
    usual = sum(_SPREAD) / len(_SPREAD)
    counts = array("B")
    for number in range(settings.servers):
        share = _SPREAD[next(draws(f"{settings.seed}/count/{number}")) % len(_SPREAD)]
        counts.append(max(1, min(MOST_TOOLS, round(share * mean / usual))))
    missing = settings.tools - sum(counts)
    step = 1 if missing > 0 else -1
    for turn in range(MOST_TOOLS):
        for number in range(len(counts)):
            if not missing:
                return counts
            if 1 <= counts[number] + step <= MOST_TOOLS and (turn or number % 3 == 0):
                counts[number] += step
                missing -= step
    return counts
