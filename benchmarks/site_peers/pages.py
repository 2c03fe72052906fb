"""The tool pages' contexts as JSON, for the builders that the site is compared with; and our pages made alone.

    python -m benchmarks.site_peers.pages export CATALOG FOLDER
    python -m benchmarks.site_peers.pages build CATALOG FOLDER

Not for the whole site: `toolrisk site` makes that.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from catalog.queries import iter_servers
from catalog.session import open_catalog
from site_builder import urls
from site_builder.attacks import read_attacks
from site_builder.environment import make_renderer
from site_builder.judged import judge_server
from site_builder.output import OutputFolder
from site_builder.pages import ToolPage
from site_builder.tool_page import make_tool_page
from toolrisk.collector import relax_collector
from toolrisk.settings import read_settings

_PAGES_A_FILE = 500


def main() -> None:
    """Do what is asked."""
    work, catalog, folder = sys.argv[1:]
    relax_collector()
    {"export": export_pages, "build": build_pages}[work](Path(catalog), Path(folder))


def export_pages(catalog: Path, folder: Path) -> None:
    """Write every page's context with its address, some hundred to a file."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = ({"path": path, "record": page} for path, page in make_pages(catalog))
    number = 0
    while together := list(islice(pages, _PAGES_A_FILE)):
        (folder / f"{number:05}.json").write_bytes(orjson.dumps(_as_peers_read(together)))
        number += 1


def build_pages(catalog: Path, folder: Path) -> None:
    """Make the tool pages and nothing else, from the catalog to files, as the site does."""
    render = make_renderer()
    files = ((path, render("pages/tool.html", page).encode("utf-8", "replace")) for path, page in make_pages(catalog))
    out = OutputFolder(folder)
    out.write_unit("tools", "", files)
    out.finish()


def make_pages(catalog: Path) -> Iterator[tuple[str, ToolPage]]:
    """Make the context of every tool's page, with the page's address."""
    attacks = read_attacks(read_settings().data / "incidents.jsonl")
    for server in iter_servers(open_catalog(f"sqlite:///{catalog}", create=False)):
        of = judge_server(replace(server, checked_at=None, claim=None, listed_by=()))
        for judged in of.tools:
            yield urls.tool_page(server.slug, judged.tool.slug), make_tool_page(of, judged, attacks, "")


def _as_peers_read(value: object) -> Any:
    """Give plain JSON, null for what is empty: an empty list is true in JavaScript."""
    return _empty_is_null(orjson.loads(orjson.dumps(value, default=dict)))


def _empty_is_null(value: Any) -> Any:
    if isinstance(value, list):
        return [_empty_is_null(one) for one in value] or None
    if isinstance(value, dict):
        return {name: _empty_is_null(one) for name, one in value.items()}
    return value


if __name__ == "__main__":
    main()
