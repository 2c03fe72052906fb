"""The servers that Docker builds images of: a folder each in a git repository, with the exact source it is built from.

Not for the images: what is in them is not looked at.
"""

import re
from collections.abc import Iterator, Mapping

from crawler.listing import Listing, Page, Source, SourceSetting
from crawler.sources.git_catalog import Entries, read_entry, walk_catalog
from crawler.sources.strange_values import (
    ADDRESS,
    DESCRIPTION,
    NAME,
    TITLE,
    as_object,
    as_prose,
    as_word,
    stamp_of,
)

_USUAL = "https://github.com/docker/mcp-registry"
_PATH = re.compile(r"servers/([^/\s]{1,100})/server\.ya?ml")


def pages(setting: SourceSetting) -> Iterator[Page]:
    """Give every server of the repository, when anything in it has changed."""
    yield from walk_catalog(setting, _USUAL, _read)


def _read(files: Mapping[str, bytes]) -> Entries:
    for path, data in files.items():
        if match := _PATH.fullmatch(path):
            document = read_entry(path, data)
            yield path, "not YAML that can be read" if document is None else _listing(match.group(1), document)


def _listing(folder: str, document: Mapping[str, object]) -> Listing:
    about, source, remote = (as_object(document.get(name)) for name in ("about", "source", "remote"))
    image = as_word(document.get("image"), NAME)
    repository = as_word(source.get("project"), ADDRESS)
    ref = as_word(source.get("commit"), 200) or as_word(source.get("branch"), 200)
    subfolder = as_word(source.get("directory"), 500)
    elsewhere = tuple(filter(None, (f"oci:{image}" if image else None, as_word(remote.get("url"), ADDRESS))))
    return Listing(
        folder,
        title=as_prose(about.get("title"), TITLE),
        description=as_prose(about.get("description"), DESCRIPTION),
        repository=repository,
        subfolder=subfolder,
        ref=ref if repository else None,
        elsewhere=elsewhere,
        stamp=stamp_of(repository, ref, subfolder, *elsewhere),
    )


SOURCE = Source(
    id="docker-registry",
    title="The servers that Docker builds images of, or a repository of that layout at WHERE",
    pages=pages,
    terms="MIT; each server keeps its own licence.",
    examples=("docker-registry", "docker-registry:/srv/mirrors/mcp-registry"),
)
