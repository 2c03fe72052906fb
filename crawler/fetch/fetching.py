"""Getting targets onto this machine: packages in batches through their clients, repositories through git, and HTTP.

What the cache holds at the version asked for is not fetched again. Any number of targets streams through; a bounded
number is under way.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from crawler.errors import ClientError, FetchError
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.batch import FetchBatch, Fetches, fetch_in_batches
from crawler.fetch.downloads import GitHub, fetch_github, fetch_url
from crawler.fetch.git import fetch_git
from crawler.fetch.npm import fetch_npm
from crawler.fetch.pypi import fetch_pypi
from crawler.fetched import Fetched
from crawler.recovery.dependencies_declared import Dependency
from crawler.target import Target, TargetKind
from crawler.web import Web

BATCH = 10  # names in one call of a client: enough to hide its start-up, few enough to see progress
_CLIENTS = 4  # clients running at once
_DOWNLOADS = 16  # downloads at once; how many of one host the web's own setting decides
_UNDER_WAY = 3 * (_CLIENTS + _DOWNLOADS)

Found = tuple[Target, Fetched | FetchError]


@dataclass(frozen=True, slots=True)
class FetchSetting:
    """What fetching needs: a cache, HTTP for those targets that need it, GitHub's API when there is a token for it.

    `batch` is how many names one call of a package client gets.
    """

    cache: ArchiveCache
    web: Web | None = None
    github: GitHub | None = None
    batch: int = BATCH


def fetch_targets(targets: Iterable[Target], setting: FetchSetting) -> Iterator[Found]:
    """Fetch targets, yielding each once it is there; of two that are equal, one is yielded."""
    fetching = _Fetching(setting)
    clients = ThreadPoolExecutor(_CLIENTS, thread_name_prefix="client")
    downloads = ThreadPoolExecutor(_DOWNLOADS, thread_name_prefix="download")
    with clients, downloads:
        for target in targets:
            if (fetched := _at_hand(target, setting.cache)) is not None:
                yield target, fetched
                continue
            fetching.take(target, clients, downloads)
            yield from fetching.finished(keep=_UNDER_WAY)
        fetching.take_rest(clients)
        yield from fetching.finished(keep=0)


def fetch_dependencies(
    wanted: Iterable[Dependency], setting: FetchSetting
) -> Iterator[tuple[Dependency, Fetched | FetchError]]:
    """Fetch dependencies; what a range last meant is taken from the cache where no registry can be reached."""
    by_target = {dependency.target: dependency for dependency in wanted}
    for target, found in fetch_targets(list(by_target), setting):
        fetched = _cached(target, setting.cache) if isinstance(found, ClientError) else None
        yield by_target[target], fetched or found


class _Fetching:
    """What waits for a batch to fill, and what is under way."""

    def __init__(self, setting: FetchSetting) -> None:
        self._setting = setting
        self._batches: dict[TargetKind, dict[Target, None]] = {TargetKind.NPM: {}, TargetKind.PYPI: {}}
        self._under_way: set[Future[Fetches]] = set()

    def take(self, target: Target, clients: ThreadPoolExecutor, downloads: ThreadPoolExecutor) -> None:
        """Begin to fetch a target, or have it wait until its batch is full."""
        if target.kind in self._batches:
            batch = self._batches[target.kind]
            batch[target] = None
            if len(batch) >= self._setting.batch:
                self._begin_batch(target.kind, clients)
            return
        fetch, is_download = _fetcher(target, self._setting)
        pool = downloads if is_download else clients
        self._under_way.add(pool.submit(_alone, target, fetch))

    def take_rest(self, clients: ThreadPoolExecutor) -> None:
        """Begin the batches that did not fill."""
        for kind in self._batches:
            self._begin_batch(kind, clients)

    def finished(self, *, keep: int) -> Iterator[Found]:
        """Give what is finished; wait until at most `keep` are under way."""
        while self._under_way:
            timeout = None if len(self._under_way) > keep else 0
            done, self._under_way = wait(self._under_way, timeout, FIRST_COMPLETED)
            if not done:
                return
            for future in done:
                yield from future.result().items()

    def _begin_batch(self, kind: TargetKind, clients: ThreadPoolExecutor) -> None:
        batch, self._batches[kind] = list(self._batches[kind]), {}
        fetch = fetch_npm if kind is TargetKind.NPM else fetch_pypi
        fetch_batch: FetchBatch = partial(fetch, cache=self._setting.cache)
        if batch:
            self._under_way.add(clients.submit(fetch_in_batches, batch, fetch_batch))


def _at_hand(target: Target, cache: ArchiveCache) -> Fetched | FetchError | None:
    if target.kind in (TargetKind.DIRECTORY, TargetKind.ARCHIVE, TargetKind.TOOLS):
        path = Path(target.name)
        return Fetched(target, path) if path.exists() else FetchError(str(target), "no such file", cause="not found")
    return _cached(target, cache) if target.is_fixed else None


def _cached(target: Target, cache: ArchiveCache) -> Fetched | None:
    if target.kind not in (TargetKind.NPM, TargetKind.PYPI) or not target.version:
        return None
    archive = cache.find(target.kind, target.name, target.version)
    return Fetched(target, archive.path, version=target.version, digest=archive.digest) if archive else None


def _fetcher(target: Target, setting: FetchSetting) -> tuple[Callable[[], Fetched], bool]:
    """Give what fetches a target, and whether that is a download rather than a client of its own."""
    if target.kind is TargetKind.URL and setting.web is not None:
        return partial(fetch_url, target, setting.web, setting.cache), True
    if target.kind is TargetKind.GITHUB and setting.github is not None and setting.web is not None:
        return partial(fetch_github, target, setting.github, setting.web, setting.cache), True
    return partial(fetch_git, target, setting.cache), False


def _alone(target: Target, fetch: Callable[[], Fetched]) -> Fetches:
    try:
        return {target: fetch()}
    except FetchError as error:
        return {target: error}
