"""A made-up machine with clients, on which scans are run as a user types them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.clients.scan_catalog import make_catalog
from toolrisk.scan_command import scans

SERVER = """
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("mine")


@mcp.tool()
def delete_everything(path: str) -> str:
    "Permanently deletes all files below a path."
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """A home with clients, and a project that is the current folder."""

    home: Path
    work: Path

    def configure(self, path: str, servers: dict[str, Any], key: str = "mcpServers") -> Path:
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({key: servers}, indent=1))
        return file

    def scan(self, *arguments: str) -> Result:
        return CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"}).invoke(scans, list(arguments))

    def report(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.scan(*arguments, "--json").stdout)
        return found

    def ids(self, *arguments: str) -> set[str]:
        return {one["id"] for one in self.report(*arguments)["findings"]}


def npx(package: str, *more: str, **keys: Any) -> dict[str, Any]:
    return {"command": "npx", "args": ["-y", package, *more], **keys}


@cache
def usual_catalog(folder: Path) -> Path:
    """Make the catalog once that nearly all tests only read."""
    return make_catalog(folder / "usual.db")


@pytest.fixture
def machine(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Machine:
    home, work = tmp_path / "home", tmp_path / "workspace"
    home.mkdir()
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TOOLRISK_CATALOG", str(usual_catalog(tmp_path_factory.getbasetemp())))
    monkeypatch.setenv("TOOLRISK_CACHE", str(tmp_path / "cache"))
    for name in ("XDG_CONFIG_HOME", "CODEX_HOME", "COPILOT_HOME", "CLAUDE_CONFIG_DIR", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    return Machine(home, work)
