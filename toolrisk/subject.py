"""A server's tools, wherever they are known from: the catalog, a target, or a `tools/list` file."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalog.errors import CatalogError, UnknownToolError
from catalog.queries import find_server
from catalog.records import Assessment, ServerContext, ToolDefinition
from catalog.session import open_catalog
from catalog.vocabulary import Outcome
from classifier.assess import assess_tools
from classifier.siblings import server_context
from crawler.errors import CrawlError, TargetError
from crawler.recovery.recover import server_name, split
from crawler.target import Target, parse_target
from toolrisk.one_target import read_dump, recover_one
from toolrisk.settings import Settings


@dataclass(frozen=True, slots=True)
class Subject:
    """A server and its tools, each with its assessment; None for one that the catalog has not classified.

    `outcome` and `reasons` tell how far its source could be read.
    """

    name: str
    slug: str | None
    context: ServerContext
    tools: Sequence[tuple[ToolDefinition, Assessment | None]]
    outcome: Outcome = Outcome.COMPLETE
    reasons: tuple[str, ...] = ()

    def find_tool(self, name: str) -> tuple[ToolDefinition, Assessment | None]:
        """Find one tool. Raises UnknownToolError, naming the nearest."""
        found = next((pair for pair in self.tools if pair[0].name == name), None)
        if found is None:
            near = difflib.get_close_matches(name, [definition.name for definition, _ in self.tools], n=3, cutoff=0.4)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise UnknownToolError(f"{self.name}: no tool {name}{hint}")
        return found


def read_subject(subject: str, settings: Settings) -> Subject:
    """Look for `subject` in the catalog first, then take it as a target, then as a `tools/list` file.

    Raises UnknownServerError naming the nearest servers, or CrawlError.
    """
    unknown: Exception | None = None
    try:
        server = find_server(open_catalog(settings.catalog, create=False), subject)
    except CatalogError as error:
        unknown = error
    else:
        context = server_context(server.name, server.description, [tool.definition for tool in server.tools])
        pairs = [(tool.definition, tool.assessment) for tool in server.tools]
        return Subject(server.name, server.slug, context, pairs, server.outcome, server.reasons)
    target = _as_target(subject)
    if target is not None:
        return _from_target(target, settings)
    if not Path(subject).is_file():
        raise unknown
    return assess_definitions("", None, read_dump(subject).definitions)


def assess_definitions(name: str, description: str | None, definitions: Sequence[ToolDefinition]) -> Subject:
    """Assess a server's tools beside each other."""
    context = server_context(name, description, definitions)
    judged = assess_tools([(definition, context) for definition in definitions])
    return Subject(name, None, context, list(zip(definitions, judged, strict=True)))


def _as_target(subject: str) -> Target | None:
    try:
        return parse_target(subject)
    except TargetError:
        return None


def _from_target(target: Target, settings: Settings) -> Subject:
    fetched, recovered = recover_one(target, settings)
    if recovered.parts:
        named = ", ".join(str(part.target) for part, _ in split(fetched, recovered)[:10])
        raise CrawlError(str(target), f"holds {len(recovered.parts)} servers; say which: {named}")
    name = server_name(fetched.target, recovered.manifest)
    found = assess_definitions(name, recovered.manifest.description, recovered.extraction.definitions)
    return replace(found, outcome=recovered.extraction.outcome, reasons=recovered.extraction.reasons)
