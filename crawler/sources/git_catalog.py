"""A list of servers that is kept as files in a git repository: read as a whole, and only when its commit is another.

Not for repositories of servers themselves.
"""

from collections.abc import Callable, Iterator, Mapping

from crawler.errors import TargetError
from crawler.extractors.yaml_text import MAX_BYTES, read_document
from crawler.fetch.git import fetch_git
from crawler.listing import Listing, Page, SourceSetting
from crawler.snapshots.snapshot import read_archive
from crawler.sources.walk import ENTRIES, require_some, split_pages
from crawler.target import parse_target

Entries = Iterator[tuple[str, Listing | str]]


def walk_catalog(setting: SourceSetting, usual: str, read: Callable[[Mapping[str, bytes]], Entries]) -> Iterator[Page]:
    """Give what `read` finds in the repository at `where`: pairs of a path and a listing, or what is wrong there."""
    where = setting.where or usual
    try:
        target = parse_target(f"git:{where}")
    except TargetError:
        raise TargetError(where, "not a git repository; write its address or its folder") from None
    fetched = fetch_git(target, setting.cache)
    state = {"commit": fetched.commit}
    if fetched.commit == setting.state.get("commit"):
        yield Page((), state)
        return
    found: dict[str, Listing] = {}
    problems = []
    for path, listing in read(read_archive(fetched.path, strip_top=False).files):
        if isinstance(listing, str):
            problems.append(f"{path}: {listing}")
        elif len(found) < ENTRIES:
            found.setdefault(listing.key, listing)
    require_some(found, where, "holds no server in the way that this source has them; is it the right repository?")
    yield from split_pages(found.values(), problems, before=setting.state, after=state, whole=True)


def read_entry(path: str, data: bytes) -> Mapping[str, object] | None:
    """Read one file of such a repository, JSON or YAML; None when it is no object."""
    document = read_document(path, data) if len(data) <= MAX_BYTES else None
    return document if isinstance(document, dict) else None
