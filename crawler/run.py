"""The crawl stage: targets fetched here, read and recovered by workers, written to the catalog here.

Results are stored in the order of the targets, so that the same crawl makes the same catalog; those whose tools
may stand in dependencies come after all others, when the dependencies were fetched in one further batch.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine

from catalog.records import FileIssue
from catalog.report import StageReport
from catalog.session import reported_errors
from crawler.archive_cache import ArchiveCache
from crawler.errors import ClientError, ClientMissingError, CrawlError
from crawler.extract import extractors_fingerprint
from crawler.fetch import fetch_dependencies, fetch_targets
from crawler.fetched import Fetched
from crawler.recovery import Recovered, recover, split
from crawler.store import KnownSnapshot, find_known_snapshot, store_issues, store_recovered
from crawler.target import Target

log = logging.getLogger(__name__)

_Pending = Future[Recovered | None] | CrawlError | None
_Job = Callable[[], Recovered | None]


@dataclass(frozen=True, slots=True)
class CrawlSetting:
    """What a crawl needs beside its targets. `now` is ISO 8601 in UTC; `on_target` hears of each one."""

    engine: Engine
    cache: ArchiveCache
    make_executor: Callable[[], Executor]
    now: str
    on_target: Callable[[str], None] = lambda _: None


def crawl(targets: Sequence[Target], setting: CrawlSetting) -> StageReport:
    """Crawl targets into the catalog. One target's failure is an issue on it; the others go on."""
    run = _Crawl(list(dict.fromkeys(targets)), setting)
    with setting.make_executor() as executor:
        for target, fetched in fetch_targets(run.order, setting.cache):
            run.begin(target, fetched, executor)
            run.store_finished(wait=False)
        run.store_finished(wait=True)
        run.begin_shims(executor)
        run.store_finished(wait=True)
    return run.report()


class _Crawl:
    """One crawl's state: what is under way, and where in the order of targets storing has got."""

    def __init__(self, order: list[Target], setting: CrawlSetting) -> None:
        self.order = order
        self._setting = setting
        self._extractors = extractors_fingerprint()
        self._fetched: dict[Target, Fetched] = {}
        self._jobs: dict[Target, _Job] = {}
        self._known: dict[Target, str | None] = {}
        self._shims: dict[Target, Recovered] = {}
        self._pending: dict[Target, _Pending] = {}
        self._stored = 0
        self._counts: Counter[str] = Counter()
        self._problems: Counter[str] = Counter()

    def begin(self, target: Target, fetched: Fetched | CrawlError, executor: Executor) -> None:
        """Give a fetched target to a worker, unless the catalog already holds what it would find."""
        if isinstance(fetched, CrawlError):
            self._pending[target] = fetched
            return
        self._fetched[target] = fetched
        with self._setting.engine.connect() as connection:
            known = find_known_snapshot(connection, target)
        if known is not None and known.extractors != self._extractors:
            known = None
        if known is not None and fetched.digest is not None and _is_same(known, fetched):
            self._pending[target] = None
            return
        self._known[target] = known.digest if known else None
        self._submit(target, partial(recover, fetched, self._known[target]), executor)

    def begin_shims(self, executor: Executor) -> None:
        """Fetch what stored packages hand over to, all in one batch, and read those packages once more with it."""
        wanted = dict.fromkeys(one for shim in self._shims.values() for one in shim.wanted)
        found = dict(fetch_dependencies(wanted, self._setting.cache))
        self.order, self._stored = list(self._shims), 0
        for target, shim in self._shims.items():
            laid = {one: found[one] for one in shim.wanted}
            job = partial(recover, self._fetched[target], self._known[target], laid)
            self._submit(target, job, executor)
        self._shims = {}

    def _submit(self, target: Target, job: _Job, executor: Executor) -> None:
        self._jobs[target] = job
        try:
            self._pending[target] = executor.submit(job)
        except BrokenExecutor:
            # Another target killed the workers; this one gets a worker of its own when its turn comes.
            self._pending[target] = _broken()

    def store_finished(self, *, wait: bool) -> None:
        """Store results in order, as far as they are there; all of them when `wait`."""
        while self._stored < len(self.order):
            target = self.order[self._stored]
            pending = self._pending.get(target)
            if target not in self._pending or (isinstance(pending, Future) and not wait and not pending.done()):
                return
            with reported_errors("the catalog"):
                self._store(target, pending)
            del self._pending[target]
            self._stored += 1
            if target not in self._shims:
                self._setting.on_target(str(target))

    def report(self) -> StageReport:
        """Sum up."""
        problems = tuple(text if n == 1 else f"{text} ({n} targets)" for text, n in self._problems.items())
        counts = self._counts
        return StageReport("crawl", counts["done"], counts["skipped"], counts["failed"], problems)

    def _store(self, target: Target, pending: _Pending) -> None:
        if pending is None:
            self._skip(target)
            return
        try:
            recovered = self._result(target, pending)
        except CrawlError as error:
            outcome = "skipped" if isinstance(error, ClientMissingError) else "failed"
            self._fail(target, error.reason, outcome=outcome, shared=isinstance(error, ClientError))
            return
        except Exception as error:  # the one per-item boundary of this stage
            log.exception("a bug while reading %s", target)
            self._fail(target, f"not analysed, a bug of ours: {type(error).__name__}: {error}")
            return
        if recovered is not None and recovered.wanted:
            self._shims[target] = recovered
            return
        if recovered is None:
            self._skip(target)
            return
        fetched = self._fetched.pop(target)
        # What a dependency could not be had for is looked at again, whatever has not changed since.
        extractors = "" if recovered.unfinished else self._extractors
        with self._setting.engine.begin() as connection:
            for part_fetched, part in split(fetched, recovered):
                store_recovered(connection, part_fetched, part, extractors=extractors, now=self._setting.now)
        self._counts["done"] += 1

    def _result(self, target: Target, pending: CrawlError | Future[Recovered | None]) -> Recovered | None:
        if isinstance(pending, CrawlError):
            raise pending
        try:
            return pending.result()
        except BrokenExecutor:
            # A worker died of some target; alone, only the one that kills its worker fails.
            with self._setting.make_executor() as executor:
                try:
                    return executor.submit(self._jobs[target]).result()
                except BrokenExecutor as error:
                    raise CrawlError(str(target), "the process that read it died; not analysed") from error

    def _skip(self, target: Target) -> None:
        self._counts["skipped"] += 1
        with self._setting.engine.begin() as connection:
            store_issues(connection, target, (), stage="fetch", now=self._setting.now)

    def _fail(self, target: Target, reason: str, *, outcome: str = "failed", shared: bool = False) -> None:
        self._counts[outcome] += 1
        self._problems[reason if shared else f"{target}: {reason}"] += 1
        with self._setting.engine.begin() as connection:
            store_issues(connection, target, (FileIssue("", reason),), stage="fetch", now=self._setting.now)


def _is_same(known: KnownSnapshot, fetched: Fetched) -> bool:
    return known.archive_digest == fetched.digest and known.version in (fetched.version, None)


def _broken() -> Future[Recovered | None]:
    future: Future[Recovered | None] = Future()
    future.set_exception(BrokenExecutor("the workers died"))
    return future
