"""Which clients a policy can be applied to: whose configuration names their servers, and which file the policy is in.

Not for reading or writing any of them.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from clients import CLIENTS
from clients.client import Client, Surroundings, System
from clients.configuration import ConfiguredServer
from toolrisk.settings import SettingError

_REMOTE = "-server"


@dataclass(frozen=True, slots=True)
class Where:
    """What the place of a policy depends on; `project` is the folder whose servers it is for, if one was named."""

    surroundings: Surroundings
    project: Path | None
    server: ConfiguredServer


@dataclass(frozen=True, slots=True)
class Appliable:
    """A client: `configured` is the one whose files name its servers, `form` its format.

    `file` says where the policy of a server goes; None where that is not known.
    """

    id: str
    configured: str
    form: str
    file: Callable[[Where], Path | None]

    @property
    def client(self) -> Client:
        """The client whose configuration counts."""
        return next(one for one in CLIENTS if one.id == self.configured)


def _own_file(where: Where) -> Path:
    return Path(where.server.file)


def _claude_code(where: Where) -> Path:
    if where.project is not None:
        return where.project / ".claude" / "settings.json"
    own = where.surroundings.named("CLAUDE_CONFIG_DIR")
    return Path(own or where.surroundings.home / ".claude") / "settings.json"


def _cursor(where: Where) -> Path:
    return Path(where.surroundings.home) / ".cursor" / "permissions.json"


def _cursor_cli(where: Where) -> Path:
    if where.project is not None:
        return where.project / ".cursor" / "cli.json"
    surroundings = where.surroundings
    shared = surroundings.named("XDG_CONFIG_HOME") if surroundings.system is System.LINUX else None
    usual = shared / "cursor" if shared else surroundings.home / ".cursor"
    return Path(surroundings.named("CURSOR_CONFIG_DIR") or usual) / "cli-config.json"


def _gemini_cli(where: Where) -> Path:
    name = where.server.name.replace(":", "-")
    return Path(where.surroundings.home) / ".gemini" / "policies" / f"toolrisk-{name}.toml"


def _vscode(where: Where) -> Path | None:
    file = Path(where.server.file)
    if any(part.startswith(".vscode") and _REMOTE in part for part in file.parts):
        return None  # such servers are configured afar, and settings of tools are those of the near machine
    return file.with_name("settings.json")


APPLIABLE = (
    Appliable("claude-code", "claude-code", "claude-code", _claude_code),
    Appliable("cline", "cline", "cline", _own_file),
    Appliable("codex", "codex", "codex", _own_file),
    Appliable("copilot-cli", "copilot-cli", "copilot-agent", _own_file),
    Appliable("cursor", "cursor", "cursor", _cursor),
    Appliable("cursor-cli", "cursor", "cursor-cli", _cursor_cli),
    Appliable("gemini-cli", "gemini-cli", "gemini-cli", _gemini_cli),
    Appliable("kiro", "kiro", "kiro", _own_file),
    Appliable("opencode", "opencode", "opencode", _own_file),
    Appliable("roo", "roo", "roo", _own_file),
    Appliable("vscode", "vscode", "vscode", _vscode),
)


def find_client(name: str) -> Appliable:
    """Find a client that a policy can be applied to. Raises SettingError, naming the nearest."""
    found = next((one for one in APPLIABLE if one.id == name), None)
    if found is None:
        ids = [one.id for one in APPLIABLE]
        near = difflib.get_close_matches(name, ids, n=3, cutoff=0.4)
        hint = f"did you mean {', '.join(near)}?" if near else f"expected one of {', '.join(ids)}"
        raise SettingError(f"--client {ascii(name[:60])[1:-1]}: no client that a policy can be applied to; {hint}")
    return found
