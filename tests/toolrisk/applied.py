"""A home with one client set up in it, and the command run on it."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from tests.clients.scan_catalog import make_catalog
from toolrisk.policy_apply_command import apply

MAIL = {"command": "npx", "args": ["-y", "@acme/mail-mcp"], "env": {"PASSWORD": "hunter2"}}
LOCAL = {"command": "/opt/bin/thing"}
BOTH = json.dumps({"mcpServers": {"mail": MAIL, "thing": LOCAL}}, indent=2) + "\n"
CODEX = '# mine\n[mcp_servers.mail]\ncommand = "npx"\nargs = ["-y", "@acme/mail-mcp"]\nenv = { PASSWORD = "hunter2" }\n'
OPENCODE = json.dumps({"mcp": {"mail": {"type": "local", "command": ["npx", "-y", "@acme/mail-mcp"]}}})
EXTENSION = ".config/Code/User/globalStorage"
CLIENTS = {  # where the client names its servers, what it says there, and where the policy goes
    "claude-code": (".claude.json", BOTH, ".claude/settings.json"),
    "cline": (f"{EXTENSION}/saoudrizwan.claude-dev/settings/cline_mcp_settings.json", BOTH, None),
    "codex": (".codex/config.toml", CODEX, None),
    "copilot-cli": (".copilot/mcp-config.json", BOTH, None),
    "cursor": (".cursor/mcp.json", BOTH, ".cursor/permissions.json"),
    "cursor-cli": (".cursor/mcp.json", BOTH, ".cursor/cli-config.json"),
    "gemini-cli": (".gemini/settings.json", BOTH, ".gemini/policies/toolrisk-mail.toml"),
    "kiro": (".kiro/settings/mcp.json", BOTH, None),
    "opencode": (".config/opencode/opencode.json", OPENCODE, None),
    "roo": (f"{EXTENSION}/rooveterinaryinc.roo-cline/settings/mcp_settings.json", BOTH, None),
    "vscode": (".config/Code/User/mcp.json", BOTH.replace("mcpServers", "servers"), ".config/Code/User/settings.json"),
}


def make_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    make_catalog(tmp_path / "catalog.db")
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "COPILOT_HOME", "XDG_CONFIG_HOME", "CURSOR_CONFIG_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TOOLRISK_CATALOG", str(tmp_path / "catalog.db"))
    monkeypatch.setattr("sys.platform", "linux")
    return home


def set_up(home: Path, client: str) -> Path:
    """Configure a client; gives the file that the policy goes into."""
    source, text, target = CLIENTS[client]
    write(home / source, text)
    return home / (target or source)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def run(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(apply)
    return CliRunner().invoke(app, list(arguments))


def in_json(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--json").stdout)
    return found


def files_below(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
