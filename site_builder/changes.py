"""What happened to tools, as pages show it: newest first, each thing once, linked where there is a page.

Not for deciding what is notable: the catalog's record does that. Feeds are made in feed.py.
"""

from collections.abc import Iterable, Mapping

from catalog.history import ToolChange
from catalog.records import CatalogServer
from site_builder import urls
from site_builder.foreign_text import show_line
from site_builder.parts import ChangeRow, Link
from site_builder.wording import day

CHANGES_A_PAGE = 10
_NAME_LIMIT = 80
_VERSION_LIMIT = 24

Key = tuple[str, str, str, str, str | None, str | None, bool, bool, bool]
Pages = Mapping[tuple[str, str], str]


def change_key(change: ToolChange) -> Key:
    """Give what makes a change the one it is, whatever its tool is judged to be later."""
    return (
        *(change.server, change.tool, change.at, change.kind.value, change.version_before, change.version),
        *(change.description_changed, change.schema_changed, change.hints_changed),
    )


def tell_once(changes: Iterable[ToolChange]) -> tuple[ToolChange, ...]:
    """Leave out what is said already: a server's places may change alike, noticed at the same time."""
    told: dict[Key, ToolChange] = {}
    for change in changes:
        key = change_key(change)
        # Alike in every word, and yet judged differently: the one that should worry is told.
        if key not in told or (change.is_notable and not told[key].is_notable):
            told[key] = change
    return tuple(told.values())


def find_pages(server: CatalogServer, changes: Iterable[ToolChange]) -> dict[tuple[str, str], str]:
    """Locate the pages of a server's changed tools by server and name, and its own page by an empty name.

    A tool that is gone, or that only another place of the server offers, has none.
    """
    changed = {change.tool for change in changes if change.server == server.slug}
    pages = {
        (server.slug, tool.definition.name): urls.tool_page(server.slug, tool.slug)
        for tool in server.tools
        if tool.definition.name in changed
    }
    return {**pages, (server.slug, ""): urls.server_page(server.slug)}


def make_change_rows(changes: Iterable[ToolChange], pages: Pages) -> tuple[ChangeRow, ...]:
    """Make the rows of a list of changes, their addresses from the root of the site."""
    return tuple(
        ChangeRow(
            day=day(change.at),
            tool=Link(tool_name(change), pages.get((change.server, change.tool)) if change.tool else None),
            server=Link(server_name(change), pages.get((change.server, ""))),
            versions=version_words(change, "→"),
            says=_sentence(change.describe()),
            notable=change.is_notable,
        )
        for change in changes
    )


def tool_name(change: ToolChange) -> str:
    """Give the changed tool's name as one line."""
    return show_line(change.tool, _NAME_LIMIT) or change.tool_slug


def server_name(change: ToolChange) -> str:
    """Give the name of the changed tool's server as one line."""
    return show_line(change.server_name, _NAME_LIMIT) or change.server


def version_words(change: ToolChange, arrow: str) -> str:
    """Say from which version to which; one word when it stayed the same, nothing when none is known."""
    before, after = (show_line(one or "", _VERSION_LIMIT) for one in (change.version_before, change.version))
    return after if before == after else f"{before or '?'} {arrow} {after or '?'}"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
