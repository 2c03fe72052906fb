"""A folder of answers to `tools/list`, a JSON file each.

Not for getting them from servers: that is the live scan.
"""

from collections.abc import Iterator

from crawler.listing import Page, Source, SourceSetting
from crawler.sources.folders import entries_of, folder_at
from crawler.sources.list_file import list_target
from crawler.sources.walk import ENTRIES, require_some, split_pages
from crawler.target import Target, TargetKind


def pages(setting: SourceSetting) -> Iterator[Page]:
    """Give every JSON file in the folder at `where`."""
    folder = folder_at(setting.where)
    names = [
        entry.name
        for entry in entries_of(folder)
        if entry.name.lower().endswith(".json") and entry.is_file(follow_symlinks=False)
    ]
    require_some(names, str(folder), "there is no .json file in it")
    found = (list_target(Target(TargetKind.TOOLS, str(folder / name))) for name in names[:ENTRIES])
    yield from split_pages(found, (), before=setting.state, after={}, whole=True)


SOURCE = Source(
    id="dumps",
    title="A folder of tools/list answers at WHERE, a .json file each",
    pages=pages,
    terms="Your own.",
    needs_where=True,
    examples=("dumps:/srv/dumps",),
)
