"""Servers read now: folders of this machine without a word to any network, and targets fetched when that is allowed.

Not for what the catalog knows already: that is looking_up.py.
"""

from pathlib import Path

from catalog.records import Extraction
from catalog.vocabulary import Outcome, Role
from crawler.errors import CrawlError
from crawler.fetched import Fetched
from crawler.recovery.recover import Recovered, recover, server_name, split
from crawler.target import Target, TargetKind, parse_target
from toolrisk.one_target import recover_one
from toolrisk.scan.report import ReadServer
from toolrisk.settings import Settings
from toolrisk.subject import assess_definitions

_NO_DEPENDENCIES = "its dependencies, which may declare tools, were not read; --fetch reads them"


def read_folder(folder: Path, settings: Settings, *, fetch: bool) -> ReadServer | str:
    """Read a server's source in a folder; without `fetch` nothing leaves the machine. Text says why that failed."""
    found = _recover_folder(folder, settings, fetch=fetch)
    if isinstance(found, str):
        return found
    fetched, recovered = found
    if recovered.parts:
        return f"the folder holds {len(recovered.parts)} servers; name the folder of one of them"
    if not recovered.extraction.definitions:
        return _nothing(recovered.extraction)
    return _read(fetched, recovered, "folder", unread=bool(recovered.wanted) and not fetch)


def read_sources(folder: Path, settings: Settings, *, fetch: bool) -> list[ReadServer]:
    """Read the servers whose source a folder is; none where it holds no tools."""
    found = _recover_folder(folder, settings, fetch=fetch)
    if isinstance(found, str):
        return []
    return [
        _read(part_fetched, part, "folder", unread=bool(part.wanted) and not fetch)
        for part_fetched, part in split(*found)
        if part.extraction.definitions
    ]


def fetch_target(text: str, settings: Settings) -> ReadServer | str:
    """Fetch a target and read it; text says why that failed."""
    try:
        fetched, recovered = recover_one(parse_target(text), settings)
    except CrawlError as error:
        return f"could not be read: {error.reason}"
    except OSError as error:
        return f"could not be read: {error.strerror or 'the system refused'}"
    if recovered.parts:
        return f"the repository holds {len(recovered.parts)} servers, and which one is started is not known"
    if not recovered.extraction.definitions:
        return _nothing(recovered.extraction)
    return _read(fetched, recovered, "fetched", unread=False)


def _recover_folder(folder: Path, settings: Settings, *, fetch: bool) -> tuple[Fetched, Recovered] | str:
    target = Target(TargetKind.DIRECTORY, str(folder))
    try:
        if fetch:
            return recover_one(target, settings)
        fetched = Fetched(target, folder)
        recovered = recover(fetched)
    except CrawlError as error:
        return f"its folder could not be read: {error.reason}"
    except OSError as error:
        return f"its folder could not be read: {error.strerror or 'the system refused'}"
    return (fetched, recovered) if recovered is not None else "its folder could not be read"


def _read(fetched: Fetched, recovered: Recovered, origin: str, *, unread: bool) -> ReadServer:
    manifest, extraction = recovered.manifest, recovered.extraction
    name = server_name(fetched.target, manifest)
    subject = assess_definitions(name, manifest.description, extraction.definitions)
    return ReadServer(
        name=name,
        origin=origin,
        target=str(fetched.target) if origin == "fetched" else None,
        version=fetched.version or manifest.version,
        tools=tuple(subject.tools),
        description=manifest.description,
        registry=str(fetched.target.kind),
        gaps=_gaps(extraction, unread=unread),
    )


def _gaps(extraction: Extraction, *, unread: bool) -> tuple[str, ...]:
    gaps = extraction.reasons[:3] if extraction.outcome is not Outcome.COMPLETE else ()
    gateway = ["a gateway: it offers tools of other servers when it runs"] if extraction.role is Role.GATEWAY else []
    return (*gaps, *gateway, *([_NO_DEPENDENCIES] if unread else []))


def _nothing(extraction: Extraction) -> str:
    reasons = "; ".join(extraction.reasons[:3])
    return f"no tools were found in its source{f': {reasons}' if reasons else ''}"
