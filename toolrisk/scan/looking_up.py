"""What the catalog knows of the servers that are configured: one look-up for all of them.

Not for reading sources: that is reading.py, which is loaded only when something has to be read.
"""

from collections.abc import Collection
from pathlib import Path

from catalog.address import read_address
from catalog.queries import find_servers
from catalog.records import CatalogServer
from catalog.session import open_catalog
from catalog.vocabulary import Outcome, Role
from toolrisk.scan.report import ReadServer

Known = dict[str, ReadServer | str]


def look_up(url: str, keys: Collection[str]) -> tuple[Known, str | None]:
    """Give what is known under each key, or why that is no use; and a note when there is no catalog.

    Raises CatalogError when there is one that cannot be used.
    """
    path = read_address(url).file
    if path is not None and not Path(path).exists():
        return {}, "there is no catalog yet, so that only what is read now is known; `toolrisk crawl` makes one"
    engine = open_catalog(url, create=False)
    try:
        found = find_servers(engine, keys)
    finally:
        engine.dispose()
    return {key: _known(server) for key, server in found.items()}, None


def _known(server: CatalogServer) -> ReadServer | str:
    if not server.tools:
        reasons = "; ".join(server.reasons[:3]) or f"outcome {server.outcome}"
        return f"no tools were found when the catalog looked at {server.target}: {reasons}"
    gaps = list(server.reasons[:3]) if server.outcome is not Outcome.COMPLETE else []
    if server.role is Role.GATEWAY:
        gaps.append("a gateway: it offers tools of other servers when it runs")
    return ReadServer(
        name=server.name,
        origin="catalog",
        target=server.target,
        version=server.version,
        tools=tuple((tool.definition, tool.assessment) for tool in server.tools),
        slug=server.slug,
        description=server.description,
        registry=server.registry,
        gaps=tuple(gaps),
    )
