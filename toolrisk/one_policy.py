"""The recommended policy for one server, wherever it is known from: the catalog, a target, or a dump."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from catalog.errors import CatalogError
from catalog.queries import find_server
from catalog.records import Assessment, Extraction, ServerContext, ToolDefinition
from catalog.session import open_catalog
from classifier.assess import assess_tools
from crawler.archive_cache import ArchiveCache
from crawler.errors import CrawlError, TargetError
from crawler.recovery import split
from crawler.target import Target, parse_target
from policy.document import build_document, render_document
from policy.recommend import recommend
from toolrisk.one_target import read_dump, recover_one, server_context
from toolrisk.settings import Settings


def recommend_for(subject: str, settings: Settings) -> tuple[str, bool]:
    """Give the policy document as text, and whether any tool stands behind it.

    `subject` is looked for in the catalog first, then taken as a target, then as a `tools/list` file.
    Raises UnknownServerError naming the nearest servers, or CrawlError.
    """
    judged = _from_catalog(subject, settings)
    recommendations = [recommend(definition, assessment) for definition, assessment in judged]
    return render_document(build_document(recommendations)), bool(recommendations)


def write_atomically(path: Path, text: str) -> None:
    """Replace a file by its new text in one step. Raises OSError, the old file whole."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            Path(file.name).unlink()
            raise
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


_Judged = Sequence[tuple[ToolDefinition, Assessment | None]]


def _from_catalog(subject: str, settings: Settings) -> _Judged:
    unknown: Exception | None = None
    try:
        server = find_server(open_catalog(settings.catalog, create=False), subject)
    except CatalogError as error:
        unknown = error
    else:
        return [(tool.definition, tool.assessment) for tool in server.tools]
    target = _as_target(subject)
    if target is None and not Path(subject).is_file():
        raise unknown
    return _from_file(subject) if target is None else _from_target(target, settings)


def _as_target(subject: str) -> Target | None:
    try:
        return parse_target(subject)
    except TargetError:
        return None


def _from_target(target: Target, settings: Settings) -> _Judged:
    fetched, recovered = recover_one(target, ArchiveCache(settings.cache))
    if recovered.parts:
        named = ", ".join(str(part.target) for part, _ in split(fetched, recovered)[:10])
        raise CrawlError(str(target), f"holds {len(recovered.parts)} servers; say which: {named}")
    return _assess(recovered.extraction, server_context(fetched, recovered))


def _from_file(file: str) -> _Judged:
    return _assess(read_dump(file), ServerContext(""))


def _assess(extraction: Extraction, context: ServerContext) -> _Judged:
    judged = assess_tools([(definition, context) for definition in extraction.definitions])
    return list(zip(extraction.definitions, judged, strict=True))
