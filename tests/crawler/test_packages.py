"""Repositories with several packages: which of them run, what each needs of the others, and whose tool is whose."""

import json
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from catalog.models import packages, servers, tools
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetched import Fetched
from crawler.recovery.packages import find_packages, package_at, view_of
from crawler.recovery.recover import recover, split
from crawler.target import parse_target
from tests.crawler.crawling import crawl_targets
from toolrisk.executors import make_executor

SDK = 'import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";\n'
SHARED = SDK + (
    "export function registerShared(server) {\n"
    '  server.registerTool("ask_porter", { description: "Asks the porter.", inputSchema: {} }, () => {});\n'
    "}\n"
)


def server_in(name: str, tool: str, *, shared: bool) -> dict[str, bytes]:
    manifest = {"name": name, "bin": "src/index.js", "dependencies": {"@inn/shared": "workspace:*"} if shared else {}}
    code = f'server.registerTool("{tool}", {{ description: "Does {tool}.", inputSchema: {{}} }}, () => {{}});\n'
    if shared:
        code = 'import { registerShared } from "@inn/shared/src/porter.js";\n' + code + "registerShared(server);\n"
    folder = f"apps/{name}"
    return {f"{folder}/package.json": json.dumps(manifest).encode(), f"{folder}/src/index.js": (SDK + code).encode()}


INN = {
    "package.json": b'{"name": "inn", "private": true, "workspaces": ["apps/*", "packages/*"]}',
    **server_in("kitchen", "cook", shared=True),
    **server_in("cellar", "draw_beer", shared=False),
    "packages/shared/package.json": b'{"name": "@inn/shared", "main": "src/porter.js"}',
    "packages/shared/src/porter.js": SHARED.encode(),
    "examples/toy/package.json": b'{"name": "toy", "bin": "toy.js"}',
}


@pytest.fixture
def inn(tmp_path: Path) -> Path:
    for path, data in INN.items():
        (tmp_path / "inn" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "inn" / path).write_bytes(data)
    return tmp_path / "inn"


def test_packages_that_run_are_told_from_libraries_and_examples() -> None:
    found = {one.folder: one.runs for one in find_packages(INN)}
    assert found == {"": False, "apps/cellar": True, "apps/kitchen": True, "packages/shared": False}


def test_package_sees_what_its_manifest_names_and_no_more() -> None:
    found = find_packages(INN)
    kitchen, cellar = package_at(found, "apps/kitchen"), package_at(found, "apps/cellar")
    assert kitchen is not None
    assert cellar is not None
    view = view_of(INN, kitchen, found)
    assert sorted(view.files) == [
        "+npm/@inn/shared/package.json", "+npm/@inn/shared/src/porter.js", "package.json", "src/index.js",
    ]  # fmt: skip
    assert view.place("+npm/@inn/shared/src/porter.js:3: x") == "../../packages/shared/src/porter.js:3: x"
    assert sorted(view_of(INN, cellar, found).files) == ["package.json", "src/index.js"]


@pytest.mark.parametrize(
    ("files", "runs"),
    [
        ({"go.mod": b"module example.org/a\n", "cmd/a/main.go": b"package main\n"}, True),
        ({"go.mod": b"module example.org/a\n", "a.go": b"package a\n"}, False),
        ({"Cargo.toml": b'[package]\nname = "a"\n', "src/main.rs": b""}, True),
        ({"Cargo.toml": b'[package]\nname = "a"\n', "src/lib.rs": b""}, False),
        ({"pyproject.toml": b'[project]\nname = "a"\n[project.scripts]\na = "a:main"\n'}, True),
        ({"pyproject.toml": b'[project]\nname = "a"\n'}, False),
        ({"A.csproj": b"<Project><OutputType>Exe</OutputType></Project>"}, True),
        ({"A.csproj": b"<Project></Project>"}, False),
        ({"pom.xml": b"<artifactId>a-mcp</artifactId>", "A.java": b"public static void main(String[] a)"}, True),
        ({"Package.swift": b'Package(name: "A", products: [.executable(name: "a")])'}, True),
        ({"pubspec.yaml": b"name: a\n", "bin/a.dart": b""}, True),
        ({"package.json": b"{"}, False),
        ({"Cargo.toml": b"[[["}, None),
    ],
)
def test_what_makes_a_package_run(files: dict[str, bytes], runs: bool | None) -> None:  # noqa: FBT001
    found = find_packages(files)
    assert [one.runs for one in found] == ([] if runs is None else [runs])


def test_repository_with_several_servers_is_several_servers(inn: Path) -> None:
    target = parse_target(str(inn))
    recovered = recover(Fetched(target, inn))
    assert recovered is not None
    found = {
        str(part.target): [(one.name, one.origin.path if one.origin else "") for one in of.extraction.definitions]
        for part, of in split(Fetched(target, inn), recovered)
    }
    assert found == {
        f"{inn}#apps/cellar": [("draw_beer", "src/index.js")],
        f"{inn}#apps/kitchen": [("ask_porter", "../../packages/shared/src/porter.js"), ("cook", "src/index.js")],
    }


def test_subfolder_target_gives_what_the_whole_gave_for_it(inn: Path) -> None:
    target = parse_target(f"{inn}#apps/kitchen")
    recovered = recover(Fetched(target, inn))
    assert recovered is not None
    assert [one.name for one in recovered.extraction.definitions] == ["ask_porter", "cook"]
    assert recovered.parts == ()


def test_crawl_stores_each_server_and_skips_all_when_nothing_changed(
    inn: Path, engine: Engine, cache: ArchiveCache
) -> None:
    for command in (
        ["init", "--quiet"],
        ["add", "."],
        ["-c", "user.name=T", "-c", "user.email=t@e", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=inn, check=True)
    assert crawl_targets(engine, cache, f"git:{inn}", make=make_executor).done == 1
    assert crawl_targets(engine, cache, f"git:{inn}", make=make_executor).skipped == 1
    with engine.connect() as connection:
        rows = connection.execute(
            select(packages.c.target, tools.c.name).join(servers, servers.c.id == packages.c.server_id)
            .join(tools, tools.c.package_id == servers.c.package_id).order_by(packages.c.target, tools.c.name)
        ).all()  # fmt: skip
    assert [(text.rpartition("#")[2], name) for text, name in rows] == [
        ("apps/cellar", "draw_beer"), ("apps/kitchen", "ask_porter"), ("apps/kitchen", "cook"),
    ]  # fmt: skip
