"""A folder of checkouts: each folder in it, or in a folder of an owner's, is a server's files.

Not for where they were checked out from: they are taken as they lie there.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from crawler.listing import Listing, Page, Source, SourceSetting
from crawler.sources.folders import entries_of, folder_at
from crawler.sources.list_file import list_target
from crawler.sources.walk import ENTRIES, require_some, split_pages
from crawler.target import Target, TargetKind


def pages(setting: SourceSetting) -> Iterator[Page]:
    """Give every checkout below the folder at `where`."""
    folder = folder_at(setting.where)
    found: list[Listing] = []
    for checkout in _checkouts(folder):
        if len(found) < ENTRIES:
            found.append(list_target(Target(TargetKind.DIRECTORY, str(checkout))))
    require_some(found, str(folder), "there is no folder in it")
    yield from split_pages(found, (), before=setting.state, after={}, whole=True)


def _checkouts(folder: Path) -> Iterator[Path]:
    for entry in entries_of(folder):
        if not entry.is_dir(follow_symlinks=False):
            continue
        path = folder / entry.name
        inner = list(entries_of(path))
        if inner and not _is_checkout(path, inner):
            yield from (path / one.name for one in inner)
        else:
            yield path


def _is_checkout(path: Path, inner: list[os.DirEntry[str]]) -> bool:
    """Tell a checkout from an owner's folder, which holds nothing but folders."""
    return (path / ".git").exists() or not all(one.is_dir(follow_symlinks=False) for one in inner)


SOURCE = Source(
    id="checkouts",
    title="A folder of checkouts at WHERE, NAME or OWNER/NAME",
    pages=pages,
    terms="Your own.",
    needs_where=True,
    examples=("checkouts:/srv/checkouts",),
)
