"""The tool pages' contexts as JSON, for all builders that are compared; and our pages made from them.

    python -m benchmarks.site_peers.pages export CATALOG FOLDER
    python -m benchmarks.site_peers.pages build FOLDER OUT
    python -m benchmarks.site_peers.pages build-with-jinja FOLDER OUT

Not for the whole site: `toolrisk site` makes that.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import orjson
from markupsafe import Markup

from catalog.queries import iter_servers
from catalog.session import open_catalog
from site_builder import urls
from site_builder.attacks import Attack, read_attacks
from site_builder.environment import Render, make_reference, make_renderer
from site_builder.judged import judge_server
from site_builder.output import OutputFolder
from site_builder.pages import ToolPage
from site_builder.tool_page import make_tool_page
from toolrisk.collector import relax_collector
from toolrisk.settings import read_settings

PEERS, OURS = "peers", "ours"
_PAGES_A_FILE = 500


@dataclass(frozen=True, slots=True)
class Record:
    """A page's context and its address."""

    path: str
    record: ToolPage


def main() -> None:
    """Do what is asked."""
    work, source, target = sys.argv[1:]
    relax_collector()
    works = {"export": export_pages, "build": build_pages, "build-with-jinja": build_pages_with_jinja}
    works[work](Path(source), Path(target))


def export_pages(catalog: Path, folder: Path) -> None:
    """Write every page's context with its address, some hundred to a file; for the peers null stands for what is empty.

    An empty list is true in JavaScript, and false in Python.
    """
    for kind in (PEERS, OURS):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    pages = ({"path": path, "record": page} for path, page in make_pages(catalog))
    number = 0
    while together := list(islice(pages, _PAGES_A_FILE)):
        plain = orjson.dumps(together, default=_plain)
        (folder / OURS / f"{number:05}.json").write_bytes(plain)
        (folder / PEERS / f"{number:05}.json").write_bytes(orjson.dumps(_empty_is_null(orjson.loads(plain))))
        number += 1


def build_pages(folder: Path, out: Path) -> None:
    """Make the tool pages from their contexts, as the site does."""
    with OutputFolder(out) as output:
        output.write_unit("tools", "", _render_all(folder / OURS, make_renderer()))
        output.finish()


def build_pages_with_jinja(folder: Path, out: Path) -> None:
    """Make the same pages with Jinja2 as it comes, and write them as plainly as can be."""
    for path, content in _render_all(folder / OURS, make_reference()):
        file = out / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _render_all(folder: Path, render: Render) -> Iterator[tuple[str, bytes]]:
    decoder = msgspec.json.Decoder(list[Record], dec_hook=_read_foreign)
    for file in sorted(folder.iterdir()):
        for one in decoder.decode(file.read_bytes()):
            yield one.path, render("pages/tool.html", one.record).encode("utf-8", "replace")


def make_pages(catalog: Path) -> Iterator[tuple[str, ToolPage]]:
    """Make the context of every tool's page, with the page's address."""
    attacks = read_attacks(read_settings().data / "incidents.jsonl")
    for server in iter_servers(open_catalog(f"sqlite:///{catalog}", create=False)):
        of = judge_server(server)
        for judged in of.tools:
            yield urls.tool_page(server.slug, judged.tool.slug), make_tool_page(of, judged, attacks, "")


def _plain(value: Any) -> object:
    return value.model_dump() if isinstance(value, Attack) else str(value) if isinstance(value, Markup) else dict(value)


def _read_foreign(wanted: type, value: Any) -> object:
    return Attack.model_construct(**value) if wanted is Attack else Markup(value)  # noqa: S704 - as it was written


def _empty_is_null(value: Any) -> Any:
    if isinstance(value, list):
        return [_empty_is_null(one) for one in value] or None
    if isinstance(value, dict):
        return {name: _empty_is_null(one) for name, one in value.items()}
    return value


if __name__ == "__main__":
    main()
