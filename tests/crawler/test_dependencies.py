"""Packages that are shims: which dependencies are followed, how they are fetched, and what their tools say of it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from catalog.queries import find_server, iter_servers
from catalog.records import Extraction
from catalog.vocabulary import Outcome
from crawler.fetch.archive_cache import ArchiveCache
from crawler.recovery.dependencies import FEW_TOOLS, MAX_DEPENDENCIES, wanted_dependencies
from crawler.recovery.dependencies_declared import declared_dependencies
from crawler.recovery.extract import extract_tools
from crawler.target import parse_target
from tests.crawler.crawling import crawl_targets
from tests.loopback_registry import LoopbackRegistry
from toolrisk.one_target import recover_one
from toolrisk.settings import read_settings

TOOL = "server.registerTool('{name}', {{ description: 'Does it.', inputSchema: {{}} }}, async () => 1);\n"


def manifest(name: str, version: str, dependencies: dict[str, str], **more: Any) -> dict[str, str]:
    return {"package.json": json.dumps({"name": name, "version": version, "dependencies": dependencies, **more})}


def brings(name: str) -> str:
    return f"import {{ McpServer }} from '@modelcontextprotocol/sdk/server/mcp.js';\n{TOOL.format(name=name)}"


def publish_shim(registry: LoopbackRegistry, wanted: str = "^2.1.0") -> None:
    registry.add_npm(
        "thin-mcp",
        "1.0.0",
        manifest("thin-mcp", "1.0.0", {"thick-core": wanted, "unused": "1.0.0"}, main="cli.js")
        | {"cli.js": "#!/usr/bin/env node\nconst { run } = require('thick-core/lib/main');\nrun();\n"},
    )
    registry.add_npm("thick-core", "2.1.5", manifest("thick-core", "2.1.5", {}) | {"lib/main.js": brings("carry")})
    registry.add_npm("thick-core", "2.0.0", manifest("thick-core", "2.0.0", {}) | {"lib/main.js": brings("old")})


def run(engine: Engine, cache: ArchiveCache, *texts: str) -> Any:
    return crawl_targets(engine, cache, *texts)


def test_tools_of_a_shim_stand_in_its_dependency(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry
) -> None:
    publish_shim(registry)
    assert run(engine, cache, "npm:thin-mcp@1.0.0").done == 1
    server = find_server(engine, "thin-mcp")
    assert [tool.definition.name for tool in server.tools] == ["carry"]
    origin = server.tools[0].definition.origin
    assert origin is not None
    assert origin.path == "node_modules/thick-core/lib/main.js"
    assert server.outcome == Outcome.COMPLETE
    assert server.reasons == ("declared in the dependency thick-core 2.1.5: 1 of the tools",)
    assert not any("unused" in path for path in registry.asked)


def test_all_ways_to_get_a_shim_find_the_same(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry, tmp_path: Path
) -> None:
    publish_shim(registry)
    folder = tmp_path / "thin"
    folder.mkdir()
    for path, text in (
        manifest("thin-mcp", "1.0.0", {"thick-core": "^2.1.0"}, main="cli.js")
        | {"cli.js": "#!/usr/bin/env node\nconst { run } = require('thick-core/lib/main');\nrun();\n"}
    ).items():
        (folder / path).write_text(text)
    archive = tmp_path / "thin.tgz"
    archive.write_bytes(registry.files["/npm-files/thin-mcp-1.0.0.tgz"])
    assert run(engine, cache, "npm:thin-mcp@1.0.0", str(folder), str(archive)).done == 3
    found = list(iter_servers(engine))
    assert len(found) == 3
    assert {tuple(tool.definition.digest() for tool in server.tools) for server in found} == {
        (found[0].tools[0].definition.digest(),)
    }
    assert len({server.reasons for server in found}) == 1


def test_one_target_is_read_as_a_crawl_reads_it(registry: LoopbackRegistry, tmp_path: Path) -> None:
    publish_shim(registry)
    settings = replace(read_settings(), cache=tmp_path / "cache")
    _, recovered = recover_one(parse_target("npm:thin-mcp@1.0.0"), settings)
    assert [definition.name for definition in recovered.extraction.definitions] == ["carry"]


def test_second_crawl_of_a_shim_changes_nothing_and_needs_no_registry(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry
) -> None:
    publish_shim(registry)
    assert run(engine, cache, "npm:thin-mcp@1.0.0").done == 1
    asked = len(registry.asked)
    assert run(engine, cache, "npm:thin-mcp@1.0.0").skipped == 1
    assert len(registry.asked) == asked


def test_dependency_that_cannot_be_had_is_said_and_tried_again(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry
) -> None:
    publish_shim(registry, "^9.0.0")
    assert run(engine, cache, "npm:thin-mcp@1.0.0").done == 1
    server = find_server(engine, "thin-mcp")
    assert server.outcome == Outcome.NO_TOOLS
    assert server.reasons[-1] == "the dependency thick-core ^9.0.0 could not be read: no such version"
    registry.add_npm("thick-core", "9.1.0", manifest("thick-core", "9.1.0", {}) | {"lib/main.js": brings("late")})
    assert run(engine, cache, "npm:thin-mcp@1.0.0").done == 1
    assert [tool.definition.name for tool in find_server(engine, "thin-mcp").tools] == ["late"]


def test_range_is_taken_from_the_cache_where_the_registry_is_out_of_reach(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    publish_shim(registry)
    run(engine, cache, "npm:thin-mcp@1.0.0")
    archive = tmp_path / "copy.tgz"
    archive.write_bytes(registry.files["/npm-files/thin-mcp-1.0.0.tgz"])
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    assert run(engine, cache, str(archive)).done == 1
    found = [[tool.definition.name for tool in server.tools] for server in iter_servers(engine)]
    assert found == [["carry"], ["carry"]]


def test_tools_of_several_providers_are_put_together(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry
) -> None:
    dependencies = {"mcp-provider-a": "1.0.0", "mcp-provider-b": "1.0.0", "mcp-provider-c": "1.0.0", "colour": "1.0.0"}
    registry.add_npm(
        "hub-mcp",
        "1.0.0",
        manifest("hub-mcp", "1.0.0", dependencies, main="index.js")
        | {
            "index.js": brings("own") + "import './registry.js';\nimport 'colour';",
            "registry.js": "import 'mcp-provider-a'; import 'mcp-provider-b';",
            "unreached.js": "import 'mcp-provider-c';",
        },
    )
    for letter in "abc":
        name = f"mcp-provider-{letter}"
        files = manifest(name, "1.0.0", {}, exports={".": {"import": "./lib/index.js"}})
        registry.add_npm(name, "1.0.0", files | {"lib/index.js": brings(f"tool_{letter}")})
    run(engine, cache, "npm:hub-mcp@1.0.0")
    server = find_server(engine, "hub-mcp")
    assert [tool.definition.name for tool in server.tools] == ["own", "tool_a", "tool_b"]
    # Who has tools of its own gets only what offers tools; the rest is not fetched.
    assert not any("colour" in path or "provider-c" in path for path in registry.asked)


def test_python_shim_is_followed_into_a_wheel(engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry) -> None:
    tool = "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\n@mcp.tool()\ndef reach(far: int): 'Reach.'\n"
    registry.add_wheel("long-arm", "3.2.0", {"long_arm/server.py": tool})
    registry.add_sdist(
        "short-arm-mcp",
        "1.0",
        {
            "pyproject.toml": "[project]\nname='short-arm-mcp'\nversion='1.0'\ndependencies=['long-arm>=3,<4']\n",
            "short_arm/__main__.py": "from long_arm.server import mcp\n\nmcp.run()\n",
        },
    )
    run(engine, cache, "pypi:short-arm-mcp==1.0")
    server = find_server(engine, "short-arm-mcp")
    assert [tool.definition.name for tool in server.tools] == ["reach"]
    origin = server.tools[0].definition.origin
    assert origin is not None
    assert origin.path == "site-packages/long_arm/server.py"
    assert server.reasons == ("declared in the dependency long-arm 3.2.0: 1 of the tools",)


@pytest.mark.parametrize(
    "wanted",
    ["file:../core", "git+ssh://git@host/core.git", "https://host/core.tgz", "workspace:*", "npm:other@1", "a/b"],
)
def test_dependency_that_is_no_version_of_a_name_is_not_followed(wanted: str) -> None:
    assert declared_dependencies({k: v.encode() for k, v in manifest("x", "1", {"core": wanted}).items()}) == {}


def test_dependencies_followed_are_bounded() -> None:
    names = {f"part-{n}": "1.0.0" for n in range(40)}
    text = "".join(f"require('{name}');" for name in names)
    files = {k: v.encode() for k, v in (manifest("x-mcp", "1", names, main="i.js") | {"i.js": text}).items()}
    extraction = extract_tools(files)
    assert len(wanted_dependencies(files, extraction)) == MAX_DEPENDENCIES


def test_package_with_many_tools_is_no_shim() -> None:
    text = "import 'mcp-more';" + brings("a") + "".join(TOOL.format(name=f"t{n}") for n in range(FEW_TOOLS))
    files = {
        k: v.encode() for k, v in (manifest("x", "1", {"mcp-more": "1.0.0"}, main="i.js") | {"i.js": text}).items()
    }
    assert wanted_dependencies(files, extract_tools(files)) == ()


def test_package_that_says_why_it_has_no_tools_is_no_shim() -> None:
    text = "import 'colour'; import 'mcp-more';"
    files = {
        k: v.encode()
        for k, v in (manifest("x", "1", {"colour": "1", "mcp-more": "1"}, main="i.js") | {"i.js": text}).items()
    }
    silent = extract_tools(files)
    telling = replace(silent, reasons=("i.js:1: a tool's name is computed at run time: x",))
    assert [one.name for one in wanted_dependencies(files, silent)] == ["mcp-more", "colour"]
    assert [one.name for one in wanted_dependencies(files, telling)] == ["mcp-more"]
    assert wanted_dependencies({}, Extraction((), Outcome.NO_TOOLS)) == ()
