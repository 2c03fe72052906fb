"""The servers in ToolHive's catalog: a `server.json` each in a git repository, or a `spec.yaml` as it once had.

Not for the tools that it names: ours are recovered from source.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from crawler.listing import Listing, Page, Source, SourceSetting
from crawler.sources.git_catalog import Entries, read_entry, walk_catalog
from crawler.sources.server_json import read_server_json
from crawler.sources.strange_values import ADDRESS, DESCRIPTION, NAME, TITLE, as_prose, as_word, stamp_of

_USUAL = "https://github.com/stacklok/toolhive-catalog"
_SERVER_JSON = re.compile(r"registries/[^/]{1,100}/servers/([^/\s]{1,100})/server\.json")
_SPEC = re.compile(r"registry/([^/\s]{1,100})/spec\.ya?ml")


def pages(setting: SourceSetting) -> Iterator[Page]:
    """Give every server of the repository, when anything in it has changed; one in two of its lists counts once."""
    yield from walk_catalog(setting, _USUAL, _read)


def _read(files: Mapping[str, bytes]) -> Entries:
    for path, data in files.items():
        if match := _SERVER_JSON.fullmatch(path):
            listing = read_server_json(read_entry(path, data))
            # The names are in the catalog's own namespace, so that the folder says as much.
            yield path, listing if isinstance(listing, str) else replace(listing, key=match.group(1))
        elif match := _SPEC.fullmatch(path):
            document = read_entry(path, data)
            yield path, "not YAML that can be read" if document is None else _listing(match.group(1), document)


def _listing(folder: str, document: Mapping[str, object]) -> Listing:
    image = as_word(document.get("image"), NAME)
    repository = as_word(document.get("repository_url"), ADDRESS)
    elsewhere = tuple(filter(None, (f"oci:{image}" if image else None, as_word(document.get("url"), ADDRESS))))
    return Listing(
        folder,
        title=as_prose(document.get("title"), TITLE) or as_prose(document.get("name"), TITLE),
        description=as_prose(document.get("description"), DESCRIPTION),
        repository=repository,
        elsewhere=elsewhere,
        stamp=stamp_of(repository, *elsewhere),
    )


SOURCE = Source(
    id="toolhive",
    title="The servers in ToolHive's catalog, or a repository of that layout at WHERE",
    pages=pages,
    terms="Apache-2.0; each server keeps its own licence.",
    examples=("toolhive", "toolhive:/srv/mirrors/toolhive-catalog"),
)
