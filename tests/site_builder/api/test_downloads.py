"""Downloads hold every tool, the same bytes each time, and say what is left out."""

import hashlib
import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import Engine, func, insert, select

from catalog.errors import CatalogError
from catalog.models import sources
from catalog.queries import iter_servers
from catalog.records import CatalogServer
from catalog.session import open_catalog
from catalog.vocabulary import Category
from site_builder.api.documents import all_tool_fields, dump
from site_builder.api.downloads import (
    Libraries,
    compress_lines,
    copy_catalog,
    downloads_document,
    find_libraries,
    write_downloads,
)
from site_builder.api.list_models import DownloadsDocument
from site_builder.api.models import ToolRow
from site_builder.api.schemas import make_schemas
from site_builder.judged import judge_server
from tests.site_builder.api.documents_factory import make_servers, open_empty
from tests.site_builder.record_factory import make_server, make_tool

NOTHING = Libraries(None, None)


@pytest.fixture
def zstd() -> ModuleType:
    found = find_libraries().zstd
    return pytest.skip("there is no Zstandard library") if found is None else found


@pytest.fixture
def arrow() -> ModuleType:
    found = find_libraries().arrow
    return pytest.skip("there is no Parquet library") if found is None else found


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_empty(tmp_path)
    with engine.begin() as connection:
        connection.execute(insert(sources), [{"name": f"source {number}", "state": {}} for number in range(50)])
    return engine


def make_folder(tmp_path: Path, name: str = "downloads") -> Path:
    folder = tmp_path / name
    folder.mkdir()
    return folder


def make_verbose_server(tools: int) -> CatalogServer:
    return make_server("verbose", [make_tool(f"tool_{at}", "word " * 20_000, Category.READ) for at in range(tools)])


def lines_of(servers: Iterable[CatalogServer]) -> Callable[[], list[bytes]]:
    held = [compress_lines(server, all_tool_fields(judge_server(server))) for server in servers]
    return lambda: held


def test_lines_hold_every_tool_as_the_schema_says(tmp_path: Path, zstd: ModuleType) -> None:
    folder, servers = make_folder(tmp_path), make_servers()
    write_downloads(folder, lines_of(servers), None, Libraries(zstd, None))
    with zstd.open(folder / "tools.jsonl.zst", "rb") as file:
        lines = file.read().splitlines()
    schema = orjson.loads(dict(make_schemas(""))["api/v1/schema/tool-row.schema.json"])
    for line in lines:
        Draft202012Validator(schema).validate(orjson.loads(line))
        ToolRow.model_validate_json(line)
    assert [(row["server"], row["name"]) for row in map(orjson.loads, lines)] == [
        (server.slug, tool.definition.name) for server in servers for tool in server.tools
    ]


def test_the_table_holds_every_tool_with_its_verdict(tmp_path: Path, zstd: ModuleType, arrow: ModuleType) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    folder, servers = make_folder(tmp_path), make_servers()
    write_downloads(folder, lines_of(servers), None, Libraries(zstd, arrow))
    rows: list[dict[str, Any]] = parquet.read_table(folder / "tools.parquet").to_pylist()
    assert len(rows) == sum(len(server.tools) for server in servers)
    by_name = {(row["server"], row["name"]): row for row in rows}
    sends = by_name["paperboat-mail", "send_mail"]
    assert (sends["category"], sends["risk"], sends["egress"]) == ("Write", "Medium", "arbitrary")
    assert sends["probability_write"] == pytest.approx(0.968)
    assert orjson.loads(sends["evidence"])[0]["quote"] == "Send a mail to one or more people"
    assert set(orjson.loads(sends["input_schema"])["properties"]) == {"to", "subject", "body", "importance"}
    unknown = by_name["corner-shop", "restock"]
    assert unknown["category"] is unknown["probability_read"] is unknown["money"] is unknown["moves"] is None
    assert unknown["decision"] == "deny"


def test_long_texts_are_written_in_more_groups(tmp_path: Path, zstd: ModuleType, arrow: ModuleType) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    folder = make_folder(tmp_path)
    write_downloads(folder, lines_of([make_verbose_server(700)]), None, Libraries(zstd, arrow))
    metadata = parquet.ParquetFile(folder / "tools.parquet").metadata
    assert (metadata.num_rows, metadata.num_row_groups) == (700, 3)


def test_an_empty_catalog_makes_empty_files_that_can_be_read(
    tmp_path: Path, zstd: ModuleType, arrow: ModuleType
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    folder = make_folder(tmp_path)
    made = write_downloads(folder, list, None, Libraries(zstd, arrow))
    assert zstd.decompress((folder / "tools.jsonl.zst").read_bytes()) == b""
    assert parquet.read_table(folder / "tools.parquet").num_rows == 0
    assert [one.name for one in made.files] == ["tools.jsonl.zst", "tools.parquet"]


def test_two_times_the_same_catalog_makes_the_same_bytes(tmp_path: Path, engine: Engine) -> None:
    made = [
        write_downloads(
            make_folder(tmp_path, name),
            lines_of(make_servers()),
            lambda path: copy_catalog(engine, path),
            find_libraries(),
        )
        for name in ("one", "two")
    ]
    assert [one.sha256 for one in made[0].files] == [one.sha256 for one in made[1].files]


def test_the_list_says_size_and_digest_of_what_is_there(tmp_path: Path, engine: Engine) -> None:
    folder = make_folder(tmp_path)
    made = write_downloads(folder, lines_of(make_servers()), lambda path: copy_catalog(engine, path), find_libraries())
    document = orjson.loads(dump(downloads_document(made)))
    DownloadsDocument.model_validate(document)
    schema = orjson.loads(dict(make_schemas(""))["api/v1/schema/downloads.schema.json"])
    Draft202012Validator(schema).validate(document)
    assert {one["name"] for one in document["files"]} == {path.name for path in folder.iterdir()}
    for one in document["files"]:
        content = (folder / one["document"]).read_bytes()
        assert (one["size"], one["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_what_needs_a_library_that_is_not_installed_is_left_out_and_said_to_be(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    document = downloads_document(write_downloads(folder, lines_of(make_servers()), None, NOTHING))
    assert document["files"] == []
    assert {one["name"] for one in document["left_out"]} == {"tools.jsonl.zst", "tools.parquet", "catalog.db"}
    assert list(folder.iterdir()) == []


def test_the_copy_is_a_catalog_and_holds_what_was_committed(tmp_path: Path, engine: Engine) -> None:
    out = tmp_path / "copy.db"
    with engine.begin() as writing:
        writing.execute(insert(sources).values(name="not committed", state={}))
        assert copy_catalog(engine, out)
    copied = open_catalog(f"sqlite:///{out}", create=False)
    with copied.connect() as connection:
        assert connection.execute(select(func.count()).select_from(sources)).scalar_one() == 50
    assert list(iter_servers(copied)) == []


def test_a_copy_that_cannot_be_written_is_one_clear_line(tmp_path: Path, engine: Engine) -> None:
    with pytest.raises(CatalogError, match=r"copy\.db: cannot be opened; does its folder exist"):
        copy_catalog(engine, tmp_path / "nowhere" / "copy.db")


def test_a_broken_off_stream_leaves_its_error_and_no_hidden_one(tmp_path: Path, zstd: ModuleType) -> None:
    def broken() -> Any:
        yield from lines_of(make_servers()[:1])()
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError, match="gone"):
        write_downloads(make_folder(tmp_path), broken, None, Libraries(zstd, find_libraries().arrow))


def test_lines_can_be_read_as_a_stream(tmp_path: Path, zstd: ModuleType) -> None:
    folder = make_folder(tmp_path)
    servers = [replace(make_verbose_server(1), slug=f"server-{at}") for at in range(20)]
    write_downloads(folder, lines_of(servers), None, Libraries(zstd, None))
    with zstd.open(folder / "tools.jsonl.zst", "rb") as file:
        first = io.BufferedReader(file).readline()
    assert orjson.loads(first)["server"] == "server-0"
