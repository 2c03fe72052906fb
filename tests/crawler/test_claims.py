"""Whether the repository that a package names knows it, and when the two are one server."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from catalog.models import packages
from crawler.discover import store_listings
from crawler.fetch.archive_cache import ArchiveCache
from crawler.listing import Listing
from crawler.target import Target, TargetKind
from tests.crawler.crawling import EARLY, crawl_targets
from tests.loopback_registry import LoopbackRegistry

PLACE = "https://git.example/quiet/lantern"
CODE = (
    'import {{ McpServer }} from "@modelcontextprotocol/sdk/server/mcp.js";\n'
    "server.registerTool('light', {{ description: 'Lights {what}.', inputSchema: {{}} }}, async () => 1);\n"
    "server.registerTool('dim', {{ description: 'Dims it.', inputSchema: {{}} }}, async () => 1);\n"
)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository on this machine that git takes for the one at PLACE, as an `insteadOf` of a user's would."""
    folder = tmp_path / "lantern"
    folder.mkdir()
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    (tmp_path / "gitconfig").write_text(f'[url "{folder}"]\n\tinsteadOf = {PLACE}.git\n[safe]\n\tdirectory = *\n')
    return folder


def commit(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    for command in (
        ["init", "--quiet"],
        ["add", "."],
        ["-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)


def manifest(name: str, **more: Any) -> str:
    return json.dumps({"name": name, "version": "1.0.0", "bin": "index.js", **more})


def publish(registry: LoopbackRegistry, name: str = "lantern-mcp") -> None:
    files = {"package.json": manifest(name, repository=f"git+{PLACE}.git"), "index.js": CODE.format(what="a room")}
    registry.add_npm(name, "1.0.0", files)


def claims(engine: Engine) -> dict[str, tuple[Any, int]]:
    with engine.connect() as connection:
        rows = connection.execute(select(packages.c.target, packages.c.claim, packages.c.server_id)).all()
    return {row[0]: (row[1], row[2]) for row in rows}


def test_claim_on_a_repository_that_nobody_looked_at_is_unknown(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry
) -> None:
    publish(registry)
    crawl_targets(engine, cache, "npm:lantern-mcp@1.0.0")
    assert claims(engine)["npm:lantern-mcp@1.0.0"][0] == "unknown"


@pytest.mark.parametrize("repository_first", [True, False])
def test_package_and_repository_that_name_each_other_are_one_server(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry, repository: Path, *, repository_first: bool
) -> None:
    publish(registry)
    commit(repository, {"package.json": manifest("lantern-mcp"), "index.js": CODE.format(what="a room, soon")})
    targets = [f"git:{PLACE}.git", "npm:lantern-mcp@1.0.0"]
    for target in targets if repository_first else reversed(targets):
        crawl_targets(engine, cache, target)
    found = claims(engine)
    assert found["npm:lantern-mcp@1.0.0"][0] == "verified"
    assert len({server for _, server in found.values()}) == 1


def test_claim_on_a_repository_that_does_not_know_the_package_is_unverified(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry, repository: Path
) -> None:
    publish(registry, "lantern-mcp-imitation")
    commit(repository, {"package.json": manifest("lantern-mcp"), "index.js": CODE.format(what="a room")})
    crawl_targets(engine, cache, f"git:{PLACE}.git", "npm:lantern-mcp-imitation@1.0.0")
    found = claims(engine)
    assert found["npm:lantern-mcp-imitation@1.0.0"][0] == "unverified"
    assert len({server for _, server in found.values()}) == 2


def test_package_whose_tools_are_others_stays_a_server_of_its_own(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry, repository: Path
) -> None:
    publish(registry)
    other = CODE.replace("'light'", "'ring'").replace("'dim'", "'mute'").format(what="it")
    commit(repository, {"package.json": manifest("lantern-mcp"), "index.js": other})
    crawl_targets(engine, cache, f"git:{PLACE}.git", "npm:lantern-mcp@1.0.0")
    found = claims(engine)
    assert found["npm:lantern-mcp@1.0.0"][0] == "verified"
    assert len({server for _, server in found.values()}) == 2


@pytest.mark.parametrize(("vouched", "claim"), [(True, "verified"), (False, "unknown")])
def test_proven_owner_of_a_listing_vouches_for_its_packages(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry, *, vouched: bool, claim: str
) -> None:
    publish(registry)
    listing = Listing(
        "example.git/lantern",
        repository=PLACE,
        packages=(Target(TargetKind.NPM, "lantern-mcp", "1.0.0"),),
        vouched=vouched,
    )
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO source (name, state, walk) VALUES ('registry', '{}', 1)")
        store_listings(connection, "registry", [listing], walk=1, at=EARLY.isoformat())
    crawl_targets(engine, cache, "npm:lantern-mcp@1.0.0")
    assert claims(engine)["npm:lantern-mcp@1.0.0"][0] == claim


def test_server_json_of_a_repository_names_its_packages(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry, repository: Path
) -> None:
    publish(registry)
    told = json.dumps({"packages": [{"registryType": "npm", "identifier": "lantern-mcp"}, 7, {"registryType": []}]})
    commit(repository, {"package.json": manifest("private"), "server.json": told, "index.js": CODE.format(what="it")})
    crawl_targets(engine, cache, f"git:{PLACE}.git", "npm:lantern-mcp@1.0.0")
    assert claims(engine)["npm:lantern-mcp@1.0.0"][0] == "verified"
