"""At which of its places a server is looked at, and whose tools it shows."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select

from catalog.models import packages, sources
from catalog.queries import iter_servers
from catalog.report import StageReport
from crawler.discover import store_listings
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.fetching import FetchSetting
from crawler.listing import Listing
from crawler.run import CrawlSetting, crawl
from crawler.target import Target, TargetKind
from tests.crawler.crawling import EARLY, crawl_targets
from tests.loopback_registry import LoopbackRegistry
from toolrisk.executors import SerialExecutor

TOOL = "server.registerTool('{name}', {{ description: 'Does it.', inputSchema: {{}} }}, async () => 1);\n"
CODE = 'import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";\n'
PYTHON = """
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("two")


@mcp.tool()
def from_pypi() -> str:
    "Does it."
"""
BOTH = Listing(
    "com.example/two", packages=(Target(TargetKind.NPM, "two", "1.0.0"), Target(TargetKind.PYPI, "two", "1.0.0"))
)


@pytest.fixture
def listed(engine: Engine, registry: LoopbackRegistry) -> LoopbackRegistry:
    registry.add_wheel("two", "1.0.0", {"two/server.py": PYTHON})
    with engine.begin() as connection:
        connection.execute(insert(sources).values(name="registry", state={}, walk=1))
        store_listings(connection, "registry", [BOTH], walk=1, at=EARLY.isoformat())
    return registry


def run(engine: Engine, cache: ArchiveCache, now: datetime = EARLY) -> StageReport:
    return crawl(CrawlSetting(engine, FetchSetting(cache), SerialExecutor, now))


def shown(engine: Engine) -> list[str]:
    return [tool.definition.name for server in iter_servers(engine) for tool in server.tools]


def test_only_the_first_place_is_looked_at_when_it_has_tools(
    engine: Engine, cache: ArchiveCache, listed: LoopbackRegistry
) -> None:
    listed.add_npm("two", "1.0.0", {"index.js": CODE + TOOL.format(name="from_npm")})
    assert run(engine, cache).done == 1
    assert shown(engine) == ["from_npm"]
    assert not any("pypi" in path or "simple" in path for path in listed.asked)


def test_next_place_is_looked_at_when_the_first_has_no_tools(
    engine: Engine, cache: ArchiveCache, listed: LoopbackRegistry
) -> None:
    listed.add_npm("two", "1.0.0", {"index.js": "console.log('nothing');\n"})
    assert run(engine, cache).done == 2
    assert shown(engine) == ["from_pypi"]


@pytest.mark.usefixtures("listed")
def test_next_place_is_looked_at_when_the_first_is_gone(engine: Engine, cache: ArchiveCache) -> None:
    report = run(engine, cache)
    assert (report.done, report.failed) == (1, 1)
    assert shown(engine) == ["from_pypi"]


def test_next_place_waits_while_the_first_is_out_of_reach(
    engine: Engine, cache: ArchiveCache, listed: LoopbackRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed.add_npm("two", "1.0.0", {"index.js": CODE + TOOL.format(name="from_npm")})
    with monkeypatch.context() as away:
        away.setenv("npm_config_registry", "http://127.0.0.1:9/")
        assert run(engine, cache).failed == 1
    assert shown(engine) == []
    assert run(engine, cache, EARLY + timedelta(hours=2)).done == 1
    assert shown(engine) == ["from_npm"]


def test_places_keep_their_tools_apart(engine: Engine, cache: ArchiveCache, listed: LoopbackRegistry) -> None:
    listed.add_npm("two", "1.0.0", {"index.js": "console.log('nothing');\n"})
    run(engine, cache)
    listed.add_npm("two", "2.0.0", {"index.js": CODE + TOOL.format(name="from_npm")})
    newer = Listing(BOTH.key, packages=(Target(TargetKind.NPM, "two", "2.0.0"), BOTH.packages[1]), stamp="2")
    later = EARLY + timedelta(days=1)
    with engine.begin() as connection:
        store_listings(connection, "registry", [newer], walk=1, at=later.isoformat())
    run(engine, cache, later)
    assert shown(engine) == ["from_npm"]
    with engine.connect() as connection:
        assert len(set(connection.execute(select(packages.c.server_id)).scalars())) == 1


def test_server_that_was_read_is_still_shown_when_it_goes_into_an_older_one(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry
) -> None:
    registry.add_npm("late", "1.0.0", {"index.js": CODE + TOOL.format(name="from_npm")})
    repository = "https://github.com/quiet-works/late"
    package = Target(TargetKind.NPM, "late", "1.0.0")

    def listing(source: str, *found: Listing) -> None:
        with engine.begin() as connection:
            connection.execute(insert(sources).values(name=source, state={}, walk=1))
            store_listings(connection, source, found, walk=1, at=EARLY.isoformat())

    listing("awesome", Listing("quiet-works/late", repository=repository))
    crawl_targets(engine, cache, "npm:late@1.0.0")
    assert shown(engine) == ["from_npm"]
    listing("registry", Listing("com.example/late", repository=repository, packages=(package,)))
    assert shown(engine) == ["from_npm"]
    crawl_targets(engine, cache, "npm:late@1.0.0")
    assert shown(engine) == ["from_npm"]
