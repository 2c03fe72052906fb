"""A file of targets, one a line, as a person keeps it.

Not for lists of links: crawler/sources/awesome.py reads those.
"""

from collections.abc import Iterator
from pathlib import Path

from crawler.errors import TargetError
from crawler.listing import Listing, Page, Source, SourceSetting
from crawler.repository import repository_of
from crawler.sources.walk import ENTRIES, require_some, split_pages
from crawler.target import Target, read_targets

_MAX_BYTES = 32 << 20


def pages(setting: SourceSetting) -> Iterator[Page]:
    """Give every target of the file at `where`. Raises TargetError when the file or a line of it cannot be read."""
    path = Path(setting.where or "")
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise TargetError(str(path), f"a list of more than {_MAX_BYTES} bytes; split it", cause="too large")
    except (OSError, ValueError) as error:
        raise TargetError(str(path), "the list cannot be read; is it there?", cause="not found") from error
    targets = read_targets(path)
    if len(targets) > ENTRIES:
        raise TargetError(str(path), f"more than {ENTRIES} targets; split it", cause="too large")
    require_some(targets, str(path), "the list names nothing")
    found = {key_of(target): list_target(target) for target in targets}
    yield from split_pages(found.values(), (), before=setting.state, after={}, whole=True)


def list_target(target: Target) -> Listing:
    """Make the listing of a target that somebody named."""
    repository = repository_of(target)
    place = (repository.address, repository.subfolder, repository.ref) if repository else (None, None, None)
    address, subfolder, ref = place
    return Listing(key_of(target), repository=address, subfolder=subfolder, ref=ref, packages=(target,))


def key_of(target: Target) -> str:
    """Name a target so that no folder can be taken for a name in a registry: a kind and a colon come first."""
    text = str(target)
    return text if text.startswith(f"{target.kind}:") else f"{target.kind}:{text}"


SOURCE = Source(
    id="list-file",
    title="A file of targets, one a line, at WHERE",
    pages=pages,
    terms="Your own.",
    needs_where=True,
    examples=("list-file:servers.txt",),
)
