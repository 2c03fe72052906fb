import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from crawler.errors import CrawlError
from crawler.identity import name_listing
from crawler.listing import Source
from crawler.sources import docker_registry, toolhive
from tests.crawler.sources.visiting import Visitor, last_state, listed, problems
from tests.standins.serve import StandIns

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SERVER = f"""
name: one
image: mcp/one
type: server
about: {{title: One, description: "Does one thing"}}
source:
  project: https://github.com/owner/one
  branch: main
  commit: {COMMIT}
  directory: servers/one
"""
SPEC = "name: two\ndescription: Does\nrepository_url: https://github.com/owner/two\nimage: images.example.com/two:1\n"


def make_repository(folder: Path, files: Mapping[str, str | bytes]) -> str:
    folder.mkdir(exist_ok=True)
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = {f"GIT_{role}_{what}": "somebody" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--allow-empty", "-m", "hour"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True, env={**os.environ, **quiet, **who})
    return str(folder)


def test_server_of_docker_has_its_exact_source(visitor: Visitor, tmp_path: Path) -> None:
    remote = "name: far\ntype: remote\nremote: {transport_type: sse, url: https://far.example.com/sse}\n"
    where = make_repository(tmp_path / "r", {"servers/one/server.yaml": SERVER, "servers/far/server.yaml": remote})
    pages = visitor.visit(docker_registry.SOURCE, where)
    found = listed(pages)
    one = found["one"]
    assert (one.title, one.description) == ("One", "Does one thing")
    assert [str(target) for target in name_listing(one).places()] == [f"github:owner/one@{COMMIT}#servers/one"]
    assert one.elsewhere == ("oci:mcp/one",)
    assert found["far"].elsewhere == ("https://far.example.com/sse",)
    assert name_listing(found["far"]).places() == ()
    assert pages[-1].whole
    assert problems(pages) == []


def test_stamp_follows_the_commit_that_is_named(visitor: Visitor, tmp_path: Path) -> None:
    where = make_repository(tmp_path / "r", {"servers/one/server.yaml": SERVER})
    first = listed(visitor.visit(docker_registry.SOURCE, where))["one"]
    make_repository(tmp_path / "r", {"servers/one/server.yaml": SERVER.replace("Does one", "Makes one")})
    worded = listed(visitor.visit(docker_registry.SOURCE, where))["one"]
    make_repository(tmp_path / "r", {"servers/one/server.yaml": SERVER.replace(COMMIT, COMMIT[::-1])})
    moved = listed(visitor.visit(docker_registry.SOURCE, where))["one"]
    assert first.stamp == worded.stamp != moved.stamp


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a\n- list", "not YAML"),
        ("a: b: c", "not YAML"),
        (b"\xff\xfe\x00", "not YAML"),
        ("a: " + "[" * 500 + "]" * 500, "not YAML"),
        ("a: &a [x]\nb: " + "[*a, " * 6000 + "]" * 6000, "not YAML"),
        ("a: " + "x" * (5 << 20), "not YAML"),
    ],
)
def test_entry_that_cannot_be_read_is_a_problem_and_the_others_are_kept(
    visitor: Visitor, tmp_path: Path, text: str | bytes, problem: str
) -> None:
    where = make_repository(tmp_path / "r", {"servers/one/server.yaml": SERVER, "servers/bad/server.yaml": text})
    pages = visitor.visit(docker_registry.SOURCE, where)
    assert listed(pages).keys() == {"one"}
    (line,) = problems(pages)
    assert line.startswith(f"servers/bad/server.yaml: {problem}")


@pytest.mark.parametrize(
    "odd", ["source: 7\nabout: []\nremote: x", "source: {project: [1], commit: {}, directory: 3}", "image: {}"]
)
def test_fields_of_wrong_types_are_left_out(visitor: Visitor, tmp_path: Path, odd: str) -> None:
    where = make_repository(tmp_path / "r", {"servers/odd/server.yaml": f"name: odd\n{odd}\n"})
    listing = listed(visitor.visit(docker_registry.SOURCE, where))["odd"]
    assert (listing.repository, listing.title, listing.elsewhere) == (None, None, ())


def test_server_of_toolhive_is_known_by_its_folder_and_once(visitor: Visitor, tmp_path: Path) -> None:
    server = """{"name": "io.github.catalog/one", "title": "One", "version": "1.0.0",
        "repository": {"url": "https://github.com/owner/one", "source": "github"},
        "packages": [{"registryType": "oci", "identifier": "images.example.com/one:1"}]}"""
    files = {
        "registries/official/servers/one/server.json": server,
        "registries/toolhive/servers/one/server.json": server.replace("One", "Other"),
        "registries/toolhive/servers/bad/server.json": '{"name": 7}',
        "registries/toolhive/skills/one/server.json": server,
        "registry/two/spec.yaml": SPEC,
        "registry/worse/spec.yaml": "- 1",
    }
    pages = visitor.visit(toolhive.SOURCE, make_repository(tmp_path / "r", files))
    found = listed(pages)
    assert found.keys() == {"one", "two"}
    assert (found["one"].title, found["one"].repository) == ("One", "https://github.com/owner/one")
    assert not found["one"].vouched
    assert (found["two"].title, found["two"].elsewhere) == ("two", ("oci:images.example.com/two:1",))
    assert [line.split(":")[0] for line in problems(pages)] == [
        "registries/toolhive/servers/bad/server.json",
        "registry/worse/spec.yaml",
    ]


@pytest.mark.parametrize(
    ("source", "name"),
    [(docker_registry.SOURCE, "docker/mcp-registry"), (toolhive.SOURCE, "stacklok/toolhive-catalog")],
)
def test_catalog_is_read_over_http_and_again_only_at_another_commit(
    visitor: Visitor, standins: StandIns, source: Source, name: str
) -> None:
    where = f"{standins.address}/git/{name}"
    first = visitor.visit(source, where)
    assert len(listed(first)) > 50
    assert problems(first) == []
    (same,) = visitor.visit(source, where, state=last_state(first))
    assert (same.listings, same.whole, same.state) == ((), False, first[-1].state)
    standins.evolve(0.05)
    later = visitor.visit(source, where, state=last_state(first))
    assert later[-1].whole
    assert later[-1].state != first[-1].state
    stamps = {key: listing.stamp for key, listing in listed(later).items()}
    assert stamps != {key: listing.stamp for key, listing in listed(first).items()}


@pytest.mark.parametrize("source", [docker_registry.SOURCE, toolhive.SOURCE], ids=lambda source: source.id)
def test_repository_of_another_layout_is_an_error_not_an_empty_catalog(
    visitor: Visitor, tmp_path: Path, source: Source
) -> None:
    where = make_repository(tmp_path / "r", {"README.md": "# Something else"})
    with pytest.raises(CrawlError, match="is it the right repository"):
        visitor.visit(source, where)


@pytest.mark.parametrize("where", ["/nowhere/at/all", "-o", "a\nb"])
def test_place_that_is_no_repository_is_an_error(visitor: Visitor, where: str) -> None:
    with pytest.raises(CrawlError):
        visitor.visit(docker_registry.SOURCE, where)
