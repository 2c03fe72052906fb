"""The crawl stage: due places fetched here, read and recovered by workers, written to the catalog here.

What is under way is bounded, whatever the number of places; looks are stored as they finish, some at a time, each with
its next due time, so that a killed crawl is finished by the next.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Engine

from catalog.dialects import writing
from catalog.report import StageReport
from catalog.session import reported_errors
from crawler.due import iter_due, iter_places, make_reread_due
from crawler.errors import ClientError, ClientMissingError, CrawlError
from crawler.fetch.fetching import FetchSetting, fetch_dependencies, fetch_targets
from crawler.fetched import Fetched
from crawler.recovery.extract import extractors_fingerprint
from crawler.recovery.recover import FetchedDependencies, Recovered, recover
from crawler.store import Look, Place, store_looks
from crawler.target import Target, TargetKind
from crawler.workers import JobError, WorkerDiedError, Workers

log = logging.getLogger(__name__)

_SECONDS_APART = 1.0
_SHIMS_TOGETHER = 200
_MAX_PROBLEMS = 1_000


@dataclass(frozen=True, slots=True)
class CrawlSetting:
    """What a crawl needs. `now` is in UTC; `on_look` hears of each place with what came of it.

    `stored_together` looks at most are written in one transaction. After `workers_read` places the workers are
    replaced: a few kilobytes a place that the allocator does not give back would add up over a hundred thousand.
    """

    engine: Engine
    fetch: FetchSetting
    make_executor: Callable[[], Executor]
    now: datetime
    on_look: Callable[[Look], None] = lambda _: None
    stored_together: int = 200
    workers_read: int = 8_000


def crawl(setting: CrawlSetting, places: Sequence[int] | None = None) -> StageReport:
    """Look at the places with these ids, or at all that are due. One's failure is an issue on it; the others go on."""
    run = _Crawl(setting)
    try:
        if places is not None:
            run.look_at(iter_places(setting.engine, places))
            return run.report()
        with reported_errors("the catalog"):
            make_reread_due(setting.engine, extractors_fingerprint(), setting.now)
        # Where a server's first place has no tools, its next one becomes due.
        while run.look_at(iter_due(setting.engine, setting.now)):
            pass
        return run.report()
    finally:
        run.close()


@dataclass(slots=True)
class _Reading:
    """One place with a worker, and what was fetched of it."""

    place: Place
    fetched: Fetched


@dataclass(slots=True)
class _Tally:
    """What is counted for the report."""

    counts: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)

    def add(self, look: Look) -> None:
        error = look.error
        if error is None:
            self.counts["done" if look.recovered is not None else "skipped"] += 1
            return
        self.counts["skipped" if isinstance(error, ClientMissingError) else "failed"] += 1
        self.causes[error.cause] += 1
        text = error.reason if isinstance(error, ClientError) else f"{look.place.target}: {error.reason}"
        if text in self.problems or len(self.problems) < _MAX_PROBLEMS:
            self.problems[text] += 1


class _Crawl:
    """One crawl's state: what the workers have, and what is not stored yet."""

    def __init__(self, setting: CrawlSetting) -> None:
        self._setting = setting
        self._extractors = extractors_fingerprint()
        self._workers: Workers[_Reading, Recovered | None] = Workers(setting.make_executor, setting.workers_read)
        self._looks: list[Look] = []
        self._shims: list[tuple[_Reading, Recovered]] = []
        self._stored_at = time.monotonic()
        self._tally = _Tally()

    def close(self) -> None:
        """Let the workers go; what they still have is done again by the next crawl."""
        self._workers.close()

    def report(self) -> StageReport:
        """Sum up."""
        tally = self._tally
        problems = tuple(text if n == 1 else f"{text} ({n} targets)" for text, n in tally.problems.items())
        counts = (tally.counts["done"], tally.counts["skipped"], tally.counts["failed"])
        return StageReport("crawl", *counts, problems, tuple(tally.causes.most_common()))

    def look_at(self, places: Iterable[Place]) -> int:
        """Look at places and store what came of it; say how many there were."""
        before = self._tally.counts.total()
        by_target: dict[Target, Place] = {}
        for target, fetched in fetch_targets(self._to_fetch(places, by_target), self._setting.fetch):
            place = by_target.pop(target)
            if isinstance(fetched, CrawlError):
                self._finish(Look(place, error=fetched))
            elif _is_same(place, fetched, self._extractors):
                self._finish(Look(place, fetched))
            else:
                self._read(_Reading(place, fetched))
            self._collect()
            if len(self._shims) >= _SHIMS_TOGETHER:
                self._read_shims()
        self._collect(everything=True)
        self._read_shims()
        self._collect(everything=True)
        self._store()
        return self._tally.counts.total() - before

    def _to_fetch(self, places: Iterable[Place], by_target: dict[Target, Place]) -> Iterator[Target]:
        for place in places:
            if _is_known(place, self._extractors):
                self._finish(Look(place))
            elif place.target not in by_target:
                by_target[place.target] = place
                yield place.target

    def _known_digest(self, place: Place) -> str | None:
        known = place.known
        return known["digest"] if known and known["extractors"] == self._extractors else None

    def _read(self, reading: _Reading, dependencies: FetchedDependencies | None = None) -> None:
        # Workers may be in another folder, or on another machine that shares this path.
        fetched = replace(reading.fetched, path=reading.fetched.path.absolute())
        self._workers.add(reading, partial(recover, fetched, self._known_digest(reading.place), dependencies))

    def _collect(self, *, everything: bool = False) -> None:
        """Take what the workers have finished; wait for what is too much, or for everything."""
        for reading, outcome in self._workers.finished(everything=everything):
            self._take(reading, outcome)
            self._store_some()
        self._store_some()

    def _take(self, reading: _Reading, outcome: Recovered | CrawlError | JobError | WorkerDiedError | None) -> None:
        place, target = reading.place, str(reading.place.target)
        if isinstance(outcome, WorkerDiedError):
            error = CrawlError(target, "the process that read it died; not analysed", cause="died")
            self._finish(Look(place, error=error))
        elif isinstance(outcome, JobError):
            log.error("a bug while reading %s\n%s", target, outcome.told)
            reason = f"not analysed, a bug of ours: {outcome.reason}"
            self._finish(Look(place, error=CrawlError(target, reason, cause="bug")))
        elif isinstance(outcome, CrawlError):
            if reading.fetched.digest is not None:  # what arrived damaged must not be found in the cache for ever
                self._setting.fetch.cache.discard(reading.fetched.digest)
            self._finish(Look(place, error=outcome))
        else:
            self._recovered(reading, outcome)

    def _recovered(self, reading: _Reading, recovered: Recovered | None) -> None:
        if recovered is not None and recovered.wanted:
            self._shims.append((reading, recovered))
            return
        # What a dependency could not be had for is looked at again, whatever has not changed since.
        extractors = "" if recovered is not None and recovered.unfinished else self._extractors
        self._finish(Look(reading.place, reading.fetched, recovered, extractors=extractors))

    def _read_shims(self) -> None:
        """Fetch what places hand over to, all in one batch, and read those places once more with it."""
        shims, self._shims = self._shims, []
        wanted = dict.fromkeys(one for _, shim in shims for one in shim.wanted)
        found = dict(fetch_dependencies(wanted, self._setting.fetch))
        for reading, shim in shims:
            self._read(reading, {one: found[one] for one in shim.wanted})
            self._collect()

    def _finish(self, look: Look) -> None:
        self._looks.append(look)
        self._tally.add(look)

    def _store_some(self) -> None:
        if len(self._looks) >= self._setting.stored_together or time.monotonic() - self._stored_at > _SECONDS_APART:
            self._store()

    def _store(self) -> None:
        looks, self._looks = self._looks, []
        self._stored_at = time.monotonic()
        if not looks:
            return
        with reported_errors("the catalog"), writing(self._setting.engine) as connection:
            store_looks(connection, looks, self._setting.now)
        for look in looks:
            self._setting.on_look(look)


def _is_known(place: Place, extractors: str) -> bool:
    """Tell whether a look would find what the last one found: a package's exact version never changes."""
    known, target = place.known, place.target
    if known is None or known["extractors"] != extractors or not target.is_fixed:
        return False
    return target.kind in (TargetKind.NPM, TargetKind.PYPI) and known["version"] == target.version


def _is_same(place: Place, fetched: Fetched, extractors: str) -> bool:
    known = place.known
    if known is None or fetched.digest is None or known["extractors"] != extractors:
        return False
    return known["archive_digest"] == fetched.digest and fetched.version in (known["version"], None)
