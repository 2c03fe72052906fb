"""Tools of one server that could be taken for another server's, or that speak of another server's tools.

Not a threat rule: a rule sees one tool; what shadows another is only seen beside it.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalog.records import ToolDefinition
from catalog.vocabulary import Severity
from classifier.lookalikes import skeleton

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+")  # names, not plain words
_TEXT_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Shadow:
    """Two tools of two servers: `tool` is like `other`, or its text names it. `quote` is what shows it."""

    kind: str
    severity: Severity
    server: str
    tool: str
    other_server: str
    other_tool: str
    quote: str

    @property
    def says(self) -> str:
        """The finding as a sentence."""
        mine, theirs = f"{self.tool} of {self.server}", f"{self.other_tool} of {self.other_server}"
        if self.kind == "same name":
            return f"{mine} and {theirs} have one name: a client may call either."
        if self.kind == "look-alike name":
            return f"{mine} looks like {theirs} and is written with other characters."
        return f"The text of {mine} speaks of {theirs}, which is another server's."


def find_shadows(servers: Mapping[str, Sequence[ToolDefinition]]) -> list[Shadow]:
    """Compare the tools of several servers; each pair is found once, in a fixed order."""
    by_skeleton: dict[str, list[tuple[str, ToolDefinition]]] = defaultdict(list)
    for server in sorted(servers):
        for definition in sorted(servers[server], key=lambda one: one.name):
            by_skeleton[skeleton(definition.name)].append((server, definition))
    found = [shadow for alike in by_skeleton.values() for shadow in _alike(alike)]
    found += _named(servers, by_skeleton)
    return sorted(found, key=lambda one: (one.kind, one.server, one.tool, one.other_server, one.other_tool))


def _alike(alike: Sequence[tuple[str, ToolDefinition]]) -> Iterable[Shadow]:
    for at, (server, definition) in enumerate(alike):
        for other_server, other in alike[at + 1 :]:
            if server == other_server:
                continue
            plain = unicodedata.normalize("NFKC", definition.name) == unicodedata.normalize("NFKC", other.name)
            mixed = not (definition.name.isascii() and other.name.isascii())
            if not plain and mixed:
                yield Shadow(
                    "look-alike name", Severity.HIGH, server, definition.name, other_server, other.name, definition.name
                )
            else:
                yield Shadow(
                    "same name", Severity.LOW, server, definition.name, other_server, other.name, definition.name
                )


def _named(
    servers: Mapping[str, Sequence[ToolDefinition]], known: Mapping[str, Sequence[tuple[str, ToolDefinition]]]
) -> Iterable[Shadow]:
    for server, definitions in servers.items():
        own = {skeleton(definition.name) for definition in definitions}
        for definition in definitions:
            text = (definition.description or "")[:_TEXT_LIMIT]
            for word in dict.fromkeys(_WORD.findall(text)):
                mark = skeleton(word)
                if mark in own:
                    continue
                for other_server, other in known.get(mark, ())[:1]:
                    yield Shadow(
                        "names another's tool", Severity.MEDIUM, server, definition.name, other_server, other.name, word
                    )
