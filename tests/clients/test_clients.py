"""Every client: places on three systems, fixtures for all it has, and the same three servers read from each."""

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from clients import CLIENTS
from clients.client import Client, Place, Surroundings, System
from clients.configuration import ConfiguredServer, Launch, read_configuration
from clients.discovery import find_project_files, find_user_files, name_file

FIXTURES = Path(__file__).parents[1] / "fixtures" / "clients"
IDS = [client.id for client in CLIENTS]
KINDS = [
    (client, kind) for client in CLIENTS for kind in ("user", "project") if kind == "user" or client.project_places
]


def fixture_of(client: Client, kind: str) -> Path:
    [found] = (FIXTURES / client.id).glob(f"{kind}.*")
    return found


def test_clients_are_sorted_and_each_has_fixtures_and_no_fixture_is_an_orphan() -> None:
    assert sorted(set(IDS)) == IDS
    assert sorted(path.name for path in FIXTURES.iterdir()) == IDS
    wanted = {(client.id, kind) for client, kind in KINDS}
    assert {(path.parent.name, path.stem) for path in FIXTURES.rglob("*.*")} == wanted


@pytest.mark.parametrize("client", CLIENTS, ids=IDS)
@pytest.mark.parametrize("system", System)
def test_each_client_has_places_on_each_system(client: Client, system: System) -> None:
    home = PureWindowsPath("C:\\Users\\me") if system is System.WINDOWS else PurePosixPath("/home/me")
    found = [path for path, _ in client.files(Surroundings(system, home, {}))]
    assert found
    assert all(path.is_relative_to(home) for path in found)


@pytest.mark.parametrize(
    ("system", "client", "path"),
    [
        (System.LINUX, "claude-desktop", "/home/me/.config/Claude/claude_desktop_config.json"),
        (System.MACOS, "claude-desktop", "/home/me/Library/Application Support/Claude/claude_desktop_config.json"),
        (System.WINDOWS, "claude-desktop", "D:\\Roaming\\Claude\\claude_desktop_config.json"),
        (System.LINUX, "vscode", "/home/me/.config/Code/User/mcp.json"),
        (System.MACOS, "vscode", "/home/me/Library/Application Support/Code/User/settings.json"),
        (System.WINDOWS, "vscode", "D:\\Roaming\\Code\\User\\mcp.json"),
        (System.MACOS, "zed", "/home/me/.config/zed/settings.json"),
        (System.WINDOWS, "zed", "D:\\Roaming\\Zed\\settings.json"),
        (System.WINDOWS, "codex", "C:\\Users\\me\\.codex\\config.toml"),
        (System.WINDOWS, "goose", "D:\\Roaming\\Block\\goose\\config\\config.yaml"),
        (System.MACOS, "goose", "/home/me/.config/goose/config.yaml"),
        (System.WINDOWS, "windsurf", "C:\\Users\\me\\.codeium\\windsurf\\mcp_config.json"),
    ],
)
def test_places_are_those_that_clients_document(system: System, client: str, path: str) -> None:
    on_windows = system is System.WINDOWS
    home = PureWindowsPath("C:\\Users\\me") if on_windows else PurePosixPath("/home/me")
    surroundings = Surroundings(system, home, {"APPDATA": "D:\\Roaming"} if on_windows else {})
    known = next(one for one in CLIENTS if one.id == client)
    assert path in [str(found) for found, _ in known.files(surroundings)]


@pytest.mark.parametrize(
    ("variable", "client", "path"),
    [
        ("CODEX_HOME", "codex", "/else/config.toml"),
        ("COPILOT_HOME", "copilot-cli", "/else/mcp-config.json"),
        ("CLAUDE_CONFIG_DIR", "claude-code", "/else/.claude.json"),
        ("XDG_CONFIG_HOME", "opencode", "/else/opencode/opencode.json"),
    ],
)
def test_a_variable_of_the_environment_moves_a_place(variable: str, client: str, path: str) -> None:
    surroundings = Surroundings(System.LINUX, PurePosixPath("/home/me"), {variable: "/else"})
    known = next(one for one in CLIENTS if one.id == client)
    assert PurePosixPath(path) in [found for found, _ in known.files(surroundings)]


@pytest.mark.parametrize(("client", "kind"), KINDS, ids=[f"{client.id}-{kind}" for client, kind in KINDS])
def test_the_servers_of_a_client_are_read_without_their_secrets(client: Client, kind: str) -> None:
    place = (client.places if kind == "user" else client.project_places)[0]
    path = fixture_of(client, kind)
    read = read_configuration(path, client.id, place)
    assert read.problems == ()
    assert "PLANTED" in path.read_text()
    assert "PLANTED" not in repr(read)
    check_servers({server.name: server for server in read.servers})
    lines = path.read_text().splitlines()
    for server in read.servers:
        assert server.line is not None
        assert server.name in lines[server.line - 1]


def check_servers(servers: dict[str, ConfiguredServer]) -> None:
    assert sorted(servers) == ["far", "off", "shop"]
    shop, far, off = servers["shop"].launch, servers["far"].launch, servers["off"].launch
    assert (shop.command, shop.arguments[:4]) == ("npx", ("-y", "@acme/shop-mcp@1.2.3", "--api-key", "•••"))
    assert "SHOP_TOKEN" in shop.variables
    assert far.url == "https://•••@far.example/mcp?key=•••"
    assert far.headers == ("Authorization",)
    assert off == Launch("uvx", ("acme-notes==2.0.0", "•••"))
    assert [servers[name].disabled for name in ("far", "off", "shop")] == [False, True, False]


@pytest.mark.parametrize("client", CLIENTS, ids=IDS)
@pytest.mark.parametrize("system", System)
def test_files_of_a_user_are_found_on_each_system(client: Client, system: System, tmp_path: Path) -> None:
    surroundings = Surroundings(system, tmp_path, {})
    path, place = next((path, place) for path, place in client.files(surroundings) if "*" not in str(path))
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(fixture_of(client, "user").read_bytes())
    [found] = find_user_files(surroundings)
    assert (found.path, found.client, found.place) == (path, client.id, place)
    assert [server.client for server in read_configuration(found.path, found.client, found.place).servers] == (
        [client.id] * 3
    )


@pytest.mark.parametrize("client", [client for client in CLIENTS if client.project_places], ids=lambda one: one.id)
def test_files_of_a_project_are_found_and_recognised_when_named(client: Client, tmp_path: Path) -> None:
    for place in client.project_places:
        path = Path(place.below(tmp_path / "work").as_posix().replace("*", "some"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(fixture_of(client, "project").read_bytes())
        named = name_file(path)
        assert (named.client, named.project) == (client.id, tmp_path / "work")
        assert named.place.servers == place.servers
    found = find_project_files(tmp_path / "work")
    assert {one.client for one in found} == {client.id}
    assert len(found) == len(client.project_places)


def test_a_file_reached_by_two_names_is_read_once(tmp_path: Path) -> None:
    (tmp_path / ".cursor").mkdir()
    (tmp_path / ".cursor" / "mcp.json").write_text("{}")
    (tmp_path / ".codeium" / "windsurf").mkdir(parents=True)
    (tmp_path / ".codeium" / "windsurf" / "mcp_config.json").symlink_to(tmp_path / ".cursor" / "mcp.json")
    found = find_user_files(Surroundings(System.LINUX, tmp_path, {}))
    assert [one.client for one in found] == ["cursor"]


def test_agents_and_profiles_are_found_in_any_number(tmp_path: Path) -> None:
    for path in (".aws/amazonq/cli-agents/a.json", ".config/Code/User/profiles/x1/mcp.json"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text("{}")
    found = find_user_files(Surroundings(System.LINUX, tmp_path, {}))
    assert [one.client for one in found] == ["amazon-q", "vscode"]


def test_a_packaged_client_on_windows_has_a_folder_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "local/Packages/Claude_x1/LocalCache/Roaming/Claude/claude_desktop_config.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    surroundings = Surroundings(System.WINDOWS, tmp_path, {"LOCALAPPDATA": str(tmp_path / "local")})
    assert [(one.client, one.path) for one in find_user_files(surroundings)] == [("claude-desktop", path)]


def test_a_file_of_an_unknown_name_is_read_by_its_language(tmp_path: Path) -> None:
    for name in ("servers.json", "config.toml", "some.yaml"):
        named = name_file(tmp_path / name)
        assert named.client == ""
        assert ("mcpServers",) in named.place.servers
        assert named.place.language.value == name.rpartition(".")[2]


def test_another_version_of_a_client_may_move_its_servers(tmp_path: Path) -> None:
    path = tmp_path / "opencode.json"
    path.write_text('{"mcp": {"servers": {"command": ["npx", "a"]}}}')
    place = Place("project", "opencode.json", (("mcp",), ("mcp", "servers")))
    read = read_configuration(path, "opencode", place)
    assert [server.name for server in read.servers if server.launch.command] == ["servers"]
