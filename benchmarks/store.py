"""Measure how fast looks are stored: anew, again, where nothing was read, and the same rows as SQLModel objects.

    python benchmarks/store.py [--tools 50000] [--ratios FILE]

Definitions are made up here; the catalog lies in a temporary folder. A row is a definition and its tool.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from benchmarks.ratios import add_ratios_option, tell_ratios
from catalog.models import Definition, Tool
from catalog.records import Extraction, Origin, ToolDefinition
from catalog.session import open_catalog
from catalog.vocabulary import Outcome
from crawler.discover import list_targets
from crawler.due import iter_places
from crawler.fetched import Fetched
from crawler.recovery.manifest import Manifest
from crawler.recovery.recover import Recovered
from crawler.store import Look, store_looks
from crawler.target import Target, TargetKind
from toolrisk.collector import relax_collector

NOW, LATER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
TOOLS_OF_A_SERVER = 10
STORED_TOGETHER = 200
ROUNDS = 3
_WORDS = ("read", "list", "write", "notes", "ledger", "folder", "invoice", "message", "weather", "station", "record")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=int, default=50_000)
    add_ratios_option(parser)
    asked = parser.parse_args()
    servers = asked.tools // TOOLS_OF_A_SERVER
    relax_collector()  # as every command does that handles many records
    ways: dict[str, list[float]] = {
        "anew": [],
        "read again, the same": [],
        "not read again": [],
        "SQLModel add_all": [],
    }
    rounds = [measure(servers) for _ in range(ROUNDS)]
    for one in rounds:
        for way, rate in one.items():
            ways[way].append(rate)
    bound = statistics.median(ways["SQLModel add_all"])
    times = {way: statistics.median(rates) / bound for way, rates in ways.items()}
    print("| tools stored | tools/CPU-s | against add_all |\n| --- | ---: | ---: |")
    for way, rates in ways.items():
        print(f"| {way} | {statistics.median(rates):,.0f} | {times[way]:.1f} |")
    tell_ratios(
        asked.ratios, {f"store: {way}": times[way] for way in ("anew", "read again, the same", "not read again")}
    )


def measure(servers: int) -> dict[str, float]:
    """Give tools a CPU-second for each way, once; making the tools up is not counted."""
    targets = [Target(TargetKind.NPM, f"server-{number}", "1.0.0") for number in range(servers)]
    made = [recovered(number) for number in range(servers)]
    with tempfile.TemporaryDirectory() as folder:
        engine = open_catalog(f"sqlite:///{folder}/catalog.db")
        places = list_targets(engine, targets, NOW)
        seconds = {"anew": timed(lambda: store(engine, places, made, NOW))}
        seconds["read again, the same"] = timed(lambda: store(engine, places, made, LATER))
        seconds["not read again"] = timed(lambda: store(engine, places, [None] * servers, LATER))
        objects = open_catalog(f"sqlite:///{folder}/objects.db")
        list_targets(objects, targets, NOW)
        seconds["SQLModel add_all"] = timed(lambda: add_all(objects, made))
        return {way: servers * TOOLS_OF_A_SERVER / taken for way, taken in seconds.items()}


def timed(work: Callable[[], None]) -> float:
    """Give the CPU seconds that some work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def store(engine: Engine, places: list[int], made: Sequence[Recovered | None], now: datetime) -> None:
    """Store a look at every place, as the crawl does; None is one whose archive was the same."""
    looks = [
        Look(place, Fetched(place.target, Path("archive"), version="1.0.0", digest="d"), found, None, "x")
        for place, found in zip(iter_places(engine, places), made, strict=True)
    ]
    for start in range(0, len(looks), STORED_TOGETHER):
        with engine.begin() as connection:
            store_looks(connection, looks[start : start + STORED_TOGETHER], now)


def add_all(engine: Engine, made: list[Recovered]) -> None:
    """Store the same definitions and tools as objects."""
    for start in range(0, len(made), STORED_TOGETHER):
        with Session(engine) as session:
            for number in range(start, min(len(made), start + STORED_TOGETHER)):
                found = made[number].extraction.definitions
                session.add_all([definition_object(one) for one in found])
                session.flush()
                session.add_all([tool_object(number + 1, one) for one in found])
            session.commit()


def definition_object(one: ToolDefinition) -> Definition:
    """Make the object of a definition's row."""
    return Definition(
        digest=one.digest(),
        name=one.name,
        title=one.title,
        description=one.description,
        input_schema=one.input_schema,
        output_schema=one.output_schema,
        annotations=one.annotations,
    )


def tool_object(package: int, one: ToolDefinition) -> Tool:
    """Make the object of a tool's row."""
    origin = one.origin or Origin("", 0, "")
    return Tool(
        package_id=package,
        name=one.name,
        slug=one.name,
        definition_digest=one.digest(),
        path=origin.path,
        line=origin.line,
        pattern=origin.pattern,
        unresolved=[],
        first_seen=NOW.isoformat(),
    )


def recovered(server: int) -> Recovered:
    """Make what was read of a server."""
    return Recovered(Manifest(), Extraction(tuple(definitions(server)), Outcome.COMPLETE), f"digest-{server}")


def definitions(server: int) -> Iterator[ToolDefinition]:
    """Make a server's tools."""
    for at in range(TOOLS_OF_A_SERVER):
        word = _WORDS[(server + at) % len(_WORDS)]
        parameters = {
            f"{one}_{at}": {"type": "string", "description": f"The {one} of the {word}, as server {server} has it."}
            for one in _WORDS[: 3 + at % 5]
        }
        yield ToolDefinition(
            name=f"{word}_{at}",
            description=f"Takes the {word} number {at} of server {server}. " + "More is said of it here. " * 9,
            input_schema={"type": "object", "properties": parameters, "required": list(parameters)[:2]},
            annotations={"readOnlyHint": True},
            origin=Origin("dist/index.js", at, "registerTool"),
        )


if __name__ == "__main__":
    main()
