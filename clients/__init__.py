"""The MCP clients that are known, and where each keeps its configuration; reading one is configuration.py.

Not for deciding anything about the servers found: nothing here knows the catalog or a risk.
"""

from clients.client import Client, Language, Place, System

_LINUX, _UNIX, _WINDOWS = (System.LINUX,), (System.LINUX, System.MACOS), (System.WINDOWS,)
_EDITORS = ("Code", "Code - Insiders", "VSCodium")
_HOSTS = (*_EDITORS, "Cursor", "Windsurf")  # editors that run extensions made for Visual Studio Code
_REMOTE = (".vscode-server", ".vscode-server-insiders")
_IN_SETTINGS = (("mcp", "servers"),)
_OPENCODE = (("mcp",), ("mcp", "servers"))  # its second version moved servers one level down


def _extension(path: str) -> tuple[Place, ...]:
    """Give where an extension of an editor keeps a file: in each editor, and where one is reached from afar."""
    near = tuple(Place("app", f"{host}/User/globalStorage/{path}") for host in _HOSTS)
    far = tuple(Place("home", f"{folder}/data/User/globalStorage/{path}", systems=_LINUX) for folder in _REMOTE)
    return near + far


CLIENTS = (
    Client(
        "amazon-q",
        "Amazon Q Developer",
        (
            Place("home", ".aws/amazonq/mcp.json"),
            Place("home", ".aws/amazonq/default.json"),
            Place("home", ".aws/amazonq/agents/*.json"),
            Place("home", ".aws/amazonq/cli-agents/*.json"),
        ),
        (
            Place("project", ".amazonq/mcp.json"),
            Place("project", ".amazonq/default.json"),
            Place("project", ".amazonq/agents/*.json"),
            Place("project", ".amazonq/cli-agents/*.json"),
        ),
    ),
    Client(
        "claude-code",
        "Claude Code",
        (Place("claude", ".claude.json", (("mcpServers",), ("projects", "*", "mcpServers"))),),
        (Place("project", ".mcp.json"),),
    ),
    Client(
        "claude-desktop",
        "Claude Desktop",
        (
            Place("app", "Claude/claude_desktop_config.json"),
            # As a packaged program it reads only its own copy of the roaming folder.
            Place("local", "Packages/Claude_*/LocalCache/Roaming/Claude/claude_desktop_config.json", systems=_WINDOWS),
        ),
    ),
    Client(
        "cline",
        "Cline",
        (
            *_extension("saoudrizwan.claude-dev/settings/cline_mcp_settings.json"),
            Place("home", ".cline/data/settings/cline_mcp_settings.json"),
        ),
    ),
    Client(
        "codex",
        "Codex",
        (Place("codex", "config.toml", (("mcp_servers",),), Language.TOML),),
        (Place("project", ".codex/config.toml", (("mcp_servers",),), Language.TOML),),
    ),
    Client(
        "copilot-cli",
        "GitHub Copilot CLI",
        (Place("copilot", "mcp-config.json"), Place("config", "copilot/mcp-config.json", systems=_UNIX)),
        (Place("project", ".github/mcp.json"),),
    ),
    Client(
        "cursor",
        "Cursor",
        (Place("home", ".cursor/mcp.json"),),
        (Place("project", ".cursor/mcp.json"),),
    ),
    Client(
        "gemini-cli",
        "Gemini CLI",
        (Place("home", ".gemini/settings.json"),),
        (Place("project", ".gemini/settings.json"),),
    ),
    Client(
        "goose",
        "goose",
        (
            Place("config", "goose/config.yaml", (("extensions",),), Language.YAML, _UNIX),
            Place("app", "Block/goose/config/config.yaml", (("extensions",),), Language.YAML, _WINDOWS),
        ),
    ),
    Client(
        "kiro",
        "Kiro",
        (Place("home", ".kiro/settings/mcp.json"),),
        (Place("project", ".kiro/settings/mcp.json"),),
    ),
    Client(
        "opencode",
        "opencode",
        (Place("config", "opencode/opencode.json", _OPENCODE), Place("config", "opencode/opencode.jsonc", _OPENCODE)),
        (
            Place("project", "opencode.json", _OPENCODE),
            Place("project", "opencode.jsonc", _OPENCODE),
            Place("project", ".opencode/opencode.json", _OPENCODE),
            Place("project", ".opencode/opencode.jsonc", _OPENCODE),
        ),
    ),
    Client(
        "roo",
        "Roo Code",
        _extension("rooveterinaryinc.roo-cline/settings/mcp_settings.json"),
        (Place("project", ".roo/mcp.json"),),
    ),
    Client(
        "vscode",
        "Visual Studio Code",
        (
            *(Place("app", f"{editor}/User/mcp.json", (("servers",),)) for editor in _EDITORS),
            *(Place("app", f"{editor}/User/profiles/*/mcp.json", (("servers",),)) for editor in _EDITORS),
            *(Place("app", f"{editor}/User/settings.json", _IN_SETTINGS) for editor in _EDITORS),
            *(Place("home", f"{folder}/data/User/mcp.json", (("servers",),), systems=_LINUX) for folder in _REMOTE),
        ),
        (
            Place("project", ".vscode/mcp.json", (("servers",),)),
            Place("project", ".vscode/settings.json", _IN_SETTINGS),
        ),
    ),
    Client("windsurf", "Windsurf", (Place("home", ".codeium/windsurf/mcp_config.json"),)),
    Client(
        "zed",
        "Zed",
        (
            Place("config", "zed/settings.json", (("context_servers",),), systems=_LINUX),
            Place("home", ".config/zed/settings.json", (("context_servers",),), systems=(System.MACOS,)),
            Place("app", "Zed/settings.json", (("context_servers",),), systems=_WINDOWS),
        ),
        (Place("project", ".zed/settings.json", (("context_servers",),)),),
    ),
)
__all__ = ["CLIENTS"]
