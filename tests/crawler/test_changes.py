"""History: what happens to tools between looks is told once, with how each was judged before and after."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from catalog.history import ToolChange, iter_changes
from catalog.models import definitions, snapshots, tools
from catalog.vocabulary import Category, ChangeKind
from classifier.run import classify
from crawler.fetch.archive_cache import ArchiveCache
from tests.crawler.crawling import EARLY, LATE, crawl_targets
from tests.loopback_registry import LoopbackRegistry

LATEST = datetime(2026, 3, 1, tzinfo=UTC)
NOTES = {
    "name": "notes_folder",
    "description": "List the notes in a folder.",
    "inputSchema": {"type": "object", "properties": {"folder": {"type": "string"}}},
}
HARMFUL = {**NOTES, "description": "Permanently delete all notes in a folder and everything else in it."}
OTHER = {"name": "count_notes", "description": "Count the notes."}


@pytest.fixture
def look(engine: Engine, cache: ArchiveCache, tmp_path: Path) -> Any:
    def go(tools: list[dict[str, Any]], now: datetime) -> list[ToolChange]:
        (tmp_path / "keeper.json").write_text(json.dumps(tools))
        crawl_targets(engine, cache, f"tools:{tmp_path / 'keeper.json'}", now=now)
        classify(engine)
        return list(iter_changes(engine))

    return go


def test_first_look_is_no_change(look: Any) -> None:
    assert look([NOTES, OTHER], EARLY) == []


def test_rug_pull_is_one_notable_line(look: Any) -> None:
    look([NOTES, OTHER], EARLY)
    (change,) = look([HARMFUL, OTHER], LATE)
    assert (change.category_before, change.category) == (Category.READ, Category.DESTRUCTIVE)
    assert change.is_notable
    assert change.describe() == (
        "category rose from Read to Destructive; risk rose from Low to Critical; "
        "description changed while the schema did not"
    )


def test_verdict_that_a_harmless_name_keeps_low_asks_for_review(look: Any) -> None:
    named = {"name": "list_notes"}
    look([{**NOTES, **named}, OTHER], EARLY)
    (change,) = look([{**HARMFUL, **named}, OTHER], LATE)
    assert change.is_notable
    assert "Destructive is possible now, and the verdict asks for review" in change.describe()


def test_added_and_removed_tools_are_told(look: Any) -> None:
    look([NOTES], EARLY)
    found = {change.tool: change for change in look([OTHER], LATE)}
    assert found["count_notes"].kind is ChangeKind.ADDED
    assert found["count_notes"].describe() == "the tool was added; Read, Low risk"
    assert found["notes_folder"].kind is ChangeKind.REMOVED
    assert not any(change.is_notable for change in found.values())


def test_withdrawn_tool_that_comes_back_is_notable_and_compared_with_what_it_was(look: Any) -> None:
    look([NOTES, OTHER], EARLY)
    look([OTHER], LATE)
    newest = look([HARMFUL, OTHER], LATEST)[0]
    assert newest.kind is ChangeKind.RETURNED
    assert newest.is_notable
    assert newest.category_rose


def test_schema_and_hints_that_change_are_named(look: Any) -> None:
    look([NOTES, OTHER], EARLY)
    schema = {**NOTES, "inputSchema": {"type": "object", "properties": {}}}
    hinted = {**OTHER, "annotations": {"readOnlyHint": True}}
    found = {change.tool: change.describe() for change in look([schema, hinted], LATE)}
    assert found == {"notes_folder": "schema changed", "count_notes": "declared hints changed"}


def test_every_definition_ever_seen_is_kept(look: Any, engine: Engine) -> None:
    for number, now in enumerate((EARLY, LATE, LATEST)):
        look([{**NOTES, "description": f"List, as of {number}."}], now)
    with engine.connect() as connection:
        kept = connection.execute(select(definitions.c.description)).scalars().all()
    assert sorted(kept) == ["List, as of 0.", "List, as of 1.", "List, as of 2."]
    assert [change.at for change in iter_changes(engine)] == [LATEST.isoformat(), LATE.isoformat()]
    assert [change.at for change in iter_changes(engine, since=LATEST.isoformat())] == [LATEST.isoformat()]
    assert list(iter_changes(engine, server="nobody")) == []


def test_look_that_found_the_same_tells_nothing(look: Any) -> None:
    look([NOTES], EARLY)
    assert look([NOTES], LATE) == []


def package(registry: LoopbackRegistry, version: str, description: str) -> None:
    text = (
        'import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";\n'
        f"server.registerTool('keep', {{ description: {description!r}, inputSchema: {{}} }}, async () => 1);\n"
    )
    registry.add_npm("keeper", version, {"index.js": text})


def test_what_only_we_read_differently_is_no_change_of_theirs(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry
) -> None:
    package(registry, "1.0.0", "Keep it.")
    crawl_targets(engine, cache, "npm:keeper@1.0.0")
    with engine.begin() as connection:  # as if an older release had read the same archive, and read it worse
        connection.execute(update(snapshots).values(extractors="older", digest="other"))
        (now,) = connection.execute(select(definitions)).mappings().all()
        connection.execute(insert(definitions).values({**now, "digest": "0" * 64, "description": "Ke"}))
        connection.execute(update(tools).values(definition_digest="0" * 64))
    crawl_targets(engine, cache, "npm:keeper@1.0.0", now=LATE)
    assert list(iter_changes(engine)) == []


def test_change_read_by_a_newer_release_says_so(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry
) -> None:
    package(registry, "1.0.0", "Keep it.")
    crawl_targets(engine, cache, "npm:keeper@1.0.0")
    with engine.begin() as connection:
        connection.execute(update(snapshots).values(extractors="older"))
    package(registry, "1.1.0", "Keep it well.")
    crawl_targets(engine, cache, "npm:keeper@1.1.0", now=LATE)
    (change,) = iter_changes(engine)
    assert (change.version_before, change.version, change.reread) == ("1.0.0", "1.1.0", True)
    assert change.describe().endswith("read by a newer release of ours")
