"""Many servers looked up at once by what configurations name, and the whole scan on anything a file may hold."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, update

from catalog.models import identities, packages, servers
from catalog.queries import find_servers
from catalog.session import open_catalog
from clients.client import Surroundings, System
from clients.configuration import ConfiguredServer, Launch, Problem
from tests.clients.scan_catalog import make_catalog
from toolrisk.scan.finding_servers import Found
from toolrisk.scan.json_report import scan_document
from toolrisk.scan.looking_up import look_up
from toolrisk.scan.report import ReadServer
from toolrisk.scan.run import Accepted, Readers, scan
from toolrisk.scan.sarif import sarif_document
from toolrisk.texts import dump_json


def test_servers_are_found_by_every_key_and_absent_ones_are_left_out(tmp_path: Path) -> None:
    engine = open_catalog(f"sqlite:///{make_catalog(tmp_path / 'c.db')}")
    with engine.begin() as connection:
        connection.execute(insert(identities).values(key="repository:github.com/acme/mail", server_id=1))
        usual = {"rank": 0, "usable": True, "hours": 24.0, "failures": 0, "declares": []}
        other = {"registry": "pypi", "name": "mail-mcp", "target": "pypi:mail-mcp", "server_id": 1}
        connection.execute(insert(packages).values(**usual, **other))
        connection.execute(update(servers).where(servers.c.id == 2).values(package_id=None))
    keys = ["npm:@acme/mail-mcp", "pypi:mail-mcp", "github:acme/mail", "https://mail.example/mcp", "oci:acme/mail"]
    absent = [
        "pypi:web-mcp",
        "npm:absent",
        "",
        "nothing",
        "npm:",
        "https://",
        "github:",
        "oci:x",
        *map(str, range(900)),
    ]
    found = find_servers(engine, [*keys, *absent])
    assert sorted(found) == sorted(keys)
    assert {server.name for server in found.values()} == {"@acme/mail-mcp"}
    assert find_servers(engine, []) == {}
    engine.dispose()


def test_a_catalog_that_is_not_there_is_a_note(tmp_path: Path) -> None:
    known, note = look_up(f"sqlite:///{tmp_path / 'absent.db'}", ["npm:a"])
    assert known == {}
    assert "toolrisk crawl" in (note or "")


TEXT = st.text(max_size=12) | st.sampled_from(["npx", "uvx", "docker", "run", "-y", "--from", ".", "/", "~"])
LAUNCHES = st.builds(
    Launch,
    st.none() | TEXT,
    st.lists(TEXT, max_size=4).map(tuple),
    st.none() | TEXT | st.just("https://mail.example/mcp"),
    st.lists(TEXT, max_size=2).map(tuple),
    st.lists(TEXT, max_size=2).map(tuple),
    st.none() | TEXT,
)
SERVERS = st.builds(
    ConfiguredServer,
    TEXT,
    st.sampled_from(["cursor", ""]),
    st.just("/srv/f.json"),
    st.none() | st.just(3),
    LAUNCHES,
    st.booleans(),
)


@settings(deadline=None, max_examples=80)
@given(st.lists(SERVERS, max_size=4), st.lists(TEXT, max_size=2))
def test_whatever_is_configured_becomes_a_report_that_can_be_written(configured: list[Any], wrong: list[str]) -> None:
    readers = Readers(lambda _: ({}, None), lambda _: "not read", lambda _: [])
    found = Found(
        tuple((one, None) for one in configured),
        tuple(("", Problem("/srv/f.json", 1, 1, text)) for text in wrong),
        ("/f",),
    )
    surroundings = Surroundings(System.LINUX, Path("/home/me"), {})
    report = scan(found, surroundings, readers, Accepted(date(2027, 1, 1)))
    assert len(report.servers) == len(configured)
    unread = [one for one in report.findings if one.rule == "not-analysed"]
    assert len(unread) == len({one.identity for one in report.servers if not one.configured.disabled})
    assert dump_json(scan_document(report, failed=False))
    assert dump_json(sarif_document(report, Path("/srv")))


def test_a_server_configured_twice_is_read_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(target: str) -> ReadServer | str:
        asked.append(target)
        return "could not be read: absent"

    launch = Launch("npx", ("-y", "made@1.0.0"))
    both = tuple((ConfiguredServer(name, "cursor", "f", None, launch), None) for name in ("a", "b"))
    readers = Readers(lambda _: ({}, None), lambda _: "not read", lambda _: [], fetch)
    surroundings = Surroundings(System.LINUX, tmp_path, {})
    report = scan(Found(both, (), ()), surroundings, readers, Accepted(date(2027, 1, 1)))
    assert asked == ["npm:made@1.0.0"]
    assert [server.reason for server in report.servers] == ["could not be read: absent"] * 2


@pytest.mark.parametrize(("version", "asked"), [("1.0.0", []), ("2.0.0", ["npm:made@2.0.0"])])
def test_with_fetch_another_version_than_the_known_one_is_read(tmp_path: Path, version: str, asked: list[str]) -> None:
    known = ReadServer("made", "catalog", "npm:made@1.0.0", "1.0.0", (), registry="npm")
    fetched: list[str] = []

    def fetch(target: str) -> ReadServer | str:
        fetched.append(target)
        return ReadServer("made", "fetched", target, version, (), registry="npm")

    launch = Launch("npx", ("-y", f"made@{version}"))
    readers = Readers(lambda _: ({"npm:made": known}, None), lambda _: "", lambda _: [], fetch)
    found = Found(((ConfiguredServer("a", "cursor", "f", None, launch), None),), (), ())
    report = scan(found, Surroundings(System.LINUX, tmp_path, {}), readers, Accepted(date(2027, 1, 1)))
    assert fetched == asked
    assert report.findings == ()
