"""Build the static site from the catalog: the stage's only entry.

What changed is found by digests, made in parts by an executor's processes, and put beside the site; then the pages
about the whole catalog are made from what is kept of each server; at the end, all new files go to their places.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from catalog.digests import ServerDigest
from site_builder import urls
from site_builder.digest import digest
from site_builder.environment import digest_generator
from site_builder.making import Job, MadeServer, Recipe, make_servers
from site_builder.output import OutputFolder
from site_builder.reading import Reader
from site_builder.settings import SiteSettings
from site_builder.state import load_files
from site_builder.token_cost import name_counter
from site_builder.whole import Holdings, write_whole

_TOOLS_AT_ONCE = 400
_SERVERS_AT_ONCE = 200
_FEW = 3
_WAITING_EACH = 3  # parts of each worker, under way or done and not yet taken: what bounds the memory


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a build did, counted in files of the site, and where its first page is."""

    pages_written: int
    pages_unchanged: int
    pages_removed: int
    index_path: Path


def build_site(
    reader: Reader,
    out: Path,
    *,
    settings: SiteSettings,
    holdings: Holdings,
    executor: Executor,
    on_tools: Callable[[int, int], object] = lambda _done, _of: None,
) -> SiteReport:
    """Build the site into `out`, writing only what differs and removing what is no longer there.

    `holdings` is what else the catalog holds; `executor` says in its attribute `workers`, if it has one, how many
    parts it makes at once; `on_tools` is told how many tools are done, and of how many.
    Raises ForeignFolderError when `out` holds somebody else's files, BusyFolderError when another build writes it,
    OSError when it cannot be written; the site is then what it was.
    """
    with OutputFolder(out, precompress=settings.precompress) as folder:
        recipe = Recipe(reader, folder.place, settings)
        build = _ServerBuild(folder, recipe, _digest_recipe(settings), executor)
        build.on_tools = lambda done: on_tools(done, holdings.status.tools)
        whole = build.run()
        write_whole(folder, recipe, holdings, whole)
        folder.finish()
        return SiteReport(folder.written, folder.unchanged, folder.removed, out / urls.INDEX)


def _digest_recipe(settings: SiteSettings) -> str:
    """Digest all that decides what pages look like, apart from the catalog."""
    said = (settings.base_url, settings.report_url, str(settings.precompress), name_counter())
    return digest(digest_generator(settings.theme), settings.incidents.read_bytes(), *said)


class _ServerBuild:
    """Makes the files of the servers that changed, and forgets those that are gone."""

    def __init__(
        self,
        folder: OutputFolder,
        recipe: Recipe,
        generator: str,
        executor: Executor,
    ) -> None:
        self._folder = folder
        self._recipe = recipe
        self._generator = generator
        self._executor = executor
        self.on_tools: Callable[[int], object] = lambda _: None
        self._done = 0
        self._known = folder.state.server_keys()

    def run(self) -> str:
        """Make what changed; give the digest of all servers."""
        parts = self._cut_jobs()
        first = list(islice(parts, _FEW))
        if len(first) < _FEW:  # done before another process would have started
            for jobs in first:
                self._take(make_servers(self._recipe, jobs))
        else:
            self._share_out(chain(first, parts))
        for slug in self._known:
            self._folder.state.remove_server(slug)
        # Of what was made, not of what was listed: a server may go between the two.
        made = sorted(self._folder.state.server_keys().items())
        return digest(self._generator, *(f"{slug} {page}" for slug, (_, page) in made))

    def _share_out(self, parts: Iterable[list[Job]]) -> None:
        waiting: deque[Future[list[MadeServer]]] = deque()
        try:
            for jobs in parts:
                waiting.append(self._executor.submit(make_servers, self._recipe, jobs))
                while len(waiting) >= _WAITING_EACH * int(getattr(self._executor, "workers", 1)):
                    self._take(waiting.popleft().result())
            while waiting:
                self._take(waiting.popleft().result())
        finally:
            for future in waiting:
                future.cancel()

    def _cut_jobs(self) -> Iterator[list[Job]]:
        jobs: list[Job] = []
        tools = 0
        for found in self._recipe.reader.digests():
            mixed = replace(found, tools=digest(self._generator, found.tools), page=digest(self._generator, found.page))
            if job := self._plan(mixed):
                jobs.append(job)
                tools += found.tool_count
            if tools >= _TOOLS_AT_ONCE or len(jobs) >= _SERVERS_AT_ONCE:
                yield jobs
                jobs, tools = [], 0
        if jobs:
            yield jobs

    def _plan(self, found: ServerDigest) -> Job | None:
        tools, page = self._known.pop(found.slug, ("", ""))
        tool_files, page_files = self._folder.state.server_files(found.slug)
        keeps_tools = tools == found.tools and self._count_whole(tool_files) is not None
        if keeps_tools and page == found.page and (own := self._count_whole(page_files)) is not None:
            self._folder.unchanged += own + len(load_files(tool_files))
            self._count(found.tool_count)
            return None
        return Job(found, tool_files, page_files, keeps_tools)

    def _count_whole(self, files: bytes) -> int | None:
        records = load_files(files)
        return len(records) if all(map(self._folder.place.holds, records)) else None

    def _take(self, made: list[MadeServer]) -> None:
        for server in made:
            self._folder.state.write_server(server.state)
            self._folder.state.add_stale(iter(server.gone))
            self._folder.written += server.written
            self._folder.unchanged += server.unchanged
            self._count(server.tools)

    def _count(self, tools: int) -> None:
        self._done += tools
        self.on_tools(self._done)
