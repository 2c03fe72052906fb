"""The crawl stage: due places fetched here, read and recovered by workers, written to the catalog here.

What is under way is bounded, whatever the number of places; looks are stored as they finish, some at a time, each with
its next due time, so that a killed crawl is finished by the next.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Engine

from catalog.report import StageReport
from catalog.session import reported_errors
from crawler.due import iter_due, iter_places, make_reread_due
from crawler.errors import ClientError, ClientMissingError, CrawlError
from crawler.fetch.fetching import FetchSetting, fetch_dependencies, fetch_targets
from crawler.fetched import Fetched
from crawler.recovery.extract import extractors_fingerprint
from crawler.recovery.recover import Recovered, recover
from crawler.store import Look, Place, store_looks
from crawler.target import Target, TargetKind

log = logging.getLogger(__name__)

_READING = 32  # places with the workers at once: enough to keep them busy, few enough to hold in memory
_SECONDS_APART = 1.0
_SHIMS_TOGETHER = 200
_MAX_PROBLEMS = 1_000

_Job = Callable[[], Recovered | None]


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
    """One place with a worker: what it is given, and how to do it again."""

    place: Place
    fetched: Fetched
    job: _Job


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
        self._executor = setting.make_executor()
        self._workers_read = 0
        self._reading: dict[Future[Recovered | None], _Reading] = {}
        self._looks: list[Look] = []
        self._shims: list[tuple[_Reading, Recovered]] = []
        self._stored_at = time.monotonic()
        self._tally = _Tally()

    def close(self) -> None:
        """Let the workers go; what they still have is done again by the next crawl."""
        self._executor.shutdown(wait=True, cancel_futures=True)

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
                digest = self._known_digest(place)
                self._read(_Reading(place, fetched, partial(recover, fetched, digest)))
            self._collect(keep=_READING)
            if len(self._shims) >= _SHIMS_TOGETHER:
                self._read_shims()
        self._collect(keep=0)
        self._read_shims()
        self._collect(keep=0)
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

    def _read(self, reading: _Reading) -> None:
        if self._workers_read >= self._setting.workers_read:
            self._collect(keep=0)
            self._replace_workers()
        self._workers_read += 1
        try:
            self._reading[self._executor.submit(reading.job)] = reading
        except BrokenExecutor:
            self._read_alone(reading)

    def _collect(self, *, keep: int) -> None:
        """Take what the workers have finished; wait until they have at most `keep` left."""
        while self._reading:
            timeout = None if len(self._reading) > keep else 0
            done, _ = wait(self._reading, timeout, FIRST_COMPLETED)
            if not done:
                break
            for future in done:
                self._take(self._reading.pop(future), future)
        if len(self._looks) >= self._setting.stored_together or time.monotonic() - self._stored_at > _SECONDS_APART:
            self._store()

    def _take(self, reading: _Reading, future: Future[Recovered | None]) -> None:
        try:
            self._recovered(reading, future.result())
        except BrokenExecutor:
            self._read_alone(reading)
        except CrawlError as error:
            if reading.fetched.digest is not None:  # what arrived damaged must not be found in the cache for ever
                self._setting.fetch.cache.discard(reading.fetched.digest)
            self._finish(Look(reading.place, error=error))
        except Exception as error:  # the one per-item boundary of this stage
            log.exception("a bug while reading %s", reading.place.target)
            reason = f"not analysed, a bug of ours: {type(error).__name__}: {error}"
            self._finish(Look(reading.place, error=CrawlError(str(reading.place.target), reason, cause="bug")))

    def _read_alone(self, reading: _Reading) -> None:
        """Read a place whose workers died in a worker of its own, so that only the one that kills it fails."""
        with self._setting.make_executor() as executor:
            alone: Future[Recovered | None] = executor.submit(reading.job)
            wait([alone])
        if isinstance(alone.exception(), BrokenExecutor):
            error = CrawlError(str(reading.place.target), "the process that read it died; not analysed", cause="died")
            self._finish(Look(reading.place, error=error))
        else:
            self._take(reading, alone)
        if _is_broken(self._executor):
            self._replace_workers()

    def _replace_workers(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._executor, self._workers_read = self._setting.make_executor(), 0

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
            laid = {one: found[one] for one in shim.wanted}
            job = partial(recover, reading.fetched, self._known_digest(reading.place), laid)
            self._read(replace(reading, job=job))
            self._collect(keep=_READING)

    def _finish(self, look: Look) -> None:
        self._looks.append(look)
        self._tally.add(look)

    def _store(self) -> None:
        looks, self._looks = self._looks, []
        self._stored_at = time.monotonic()
        if not looks:
            return
        with reported_errors("the catalog"), self._setting.engine.begin() as connection:
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


def _is_broken(executor: Executor) -> bool:
    return bool(getattr(executor, "_broken", False))
