"""What launches come to: every way in which people start a server, and what is never taken for one."""

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.configuration import Launch
from clients.launch import resolve
from clients.local_programs import source_folder
from crawler.target import parse_target

PACKAGES = [
    ("npx -y shop-mcp", "npm:shop-mcp", False),
    ("npx --yes @acme/shop-mcp@1.2.3 --port 3000", "npm:@acme/shop-mcp@1.2.3", True),
    ("npx @acme/shop-mcp@latest", "npm:@acme/shop-mcp", False),
    ("npx shop-mcp@^1.2.0", "npm:shop-mcp", False),
    ("npx shop-mcp@1", "npm:shop-mcp", False),
    ("npx -y -p @acme/shop-mcp@2.0.0 serve", "npm:@acme/shop-mcp@2.0.0", True),
    ("npx --package=@acme/shop-mcp serve", "npm:@acme/shop-mcp", False),
    ("npx --registry https://packages.example shop-mcp", "npm:shop-mcp", False),
    ("npx -c 'npx -y shop-mcp'", "npm:shop-mcp", False),
    ("npx -y -- shop-mcp@1.0.0", "npm:shop-mcp@1.0.0", True),
    ("/usr/local/bin/npx -y shop-mcp", "npm:shop-mcp", False),
    ("NPX.CMD -y shop-mcp", "npm:shop-mcp", False),
    ("cmd /c npx -y shop-mcp", "npm:shop-mcp", False),
    ("cmd.exe /d /s /c 'npx -y shop-mcp@1.0.0'", "npm:shop-mcp@1.0.0", True),
    ("bash -lc 'cd /tmp && exec npx -y shop-mcp'", "npm:shop-mcp", False),
    ("sh -c 'MODE=fast npx shop-mcp'", "npm:shop-mcp", False),
    ("env MODE=fast npx -y shop-mcp", "npm:shop-mcp", False),
    ("op run --env-file=.env -- npx -y shop-mcp", "npm:shop-mcp", False),
    ("bunx shop-mcp", "npm:shop-mcp", False),
    ("bunx --bun shop-mcp@3.0.0", "npm:shop-mcp@3.0.0", True),
    ("bun x shop-mcp", "npm:shop-mcp", False),
    ("pnpm dlx shop-mcp", "npm:shop-mcp", False),
    ("pnpx shop-mcp", "npm:shop-mcp", False),
    ("yarn dlx -p @acme/shop-mcp serve", "npm:@acme/shop-mcp", False),
    ("npm exec -y -- shop-mcp@1.0.0", "npm:shop-mcp@1.0.0", True),
    ("npm x shop-mcp", "npm:shop-mcp", False),
    ("deno run -A --allow-env npm:@acme/shop-mcp@1.0.0", "npm:@acme/shop-mcp@1.0.0", True),
    ("deno run npm:/shop-mcp", "npm:shop-mcp", False),
    ("npx -y github:acme/shop", "github:acme/shop", False),
    ("npx acme/shop#main", "github:acme/shop@main", False),
    ("npx git+https://github.com/acme/shop.git", "github:acme/shop", False),
    ("npx git+ssh://git@forge.example/acme/shop.git", "git:ssh://forge.example/acme/shop.git", False),
    ("uvx shop-mcp", "pypi:shop-mcp", False),
    ("uvx Shop_MCP@latest", "pypi:shop-mcp", False),
    ("uvx shop-mcp@1.2", "pypi:shop-mcp==1.2", True),
    ("uvx shop-mcp==1.2.3 --verbose", "pypi:shop-mcp==1.2.3", True),
    ("uvx 'shop-mcp[http]>=1,<2'", "pypi:shop-mcp", False),
    ("uvx --python 3.12 --with httpx shop-mcp", "pypi:shop-mcp", False),
    ("uvx --from acme-shop==2.0 shop-serve", "pypi:acme-shop==2.0", True),
    ("uvx --from git+https://github.com/acme/shop@v1#subdirectory=server shop", "github:acme/shop@v1#server", False),
    (f"uvx --from git+https://github.com/acme/shop@{'a1' * 20} shop", f"github:acme/shop@{'a1' * 20}", True),
    ("uvx --from 'acme-shop @ git+https://github.com/acme/shop' shop", "github:acme/shop", False),
    ("uv tool run shop-mcp", "pypi:shop-mcp", False),
    ("uv x shop-mcp", "pypi:shop-mcp", False),
    ("uv run --with shop-mcp shop-mcp", "pypi:shop-mcp", False),
    ("uv run --with httpx,shop-mcp==1.0 shop-mcp", "pypi:shop-mcp==1.0", True),
    ("uv run --with shop-mcp serve", "pypi:shop-mcp", False),
    ("powershell -NoProfile -Command 'npx -y shop-mcp'", "npm:shop-mcp", False),
    ("pwsh -c npx -y shop-mcp", "npm:shop-mcp", False),
    ("npx -y npm:shop-mcp@1.0.0", "npm:shop-mcp@1.0.0", True),
    ("uvx --from 'git+https://github.com/acme/shop#subdirectory=../..' shop", "github:acme/shop", False),
    ("npx git+https://github.com/acme/shop#semver:^1", "github:acme/shop", False),
    ("pipx run shop-mcp", "pypi:shop-mcp", False),
    ("pipx run --spec acme-shop==1.0 shop", "pypi:acme-shop==1.0", True),
    ("python3 -m pipx run shop-mcp", "pypi:shop-mcp", False),
    ("python -m uv tool run shop-mcp", "pypi:shop-mcp", False),
    ("go run github.com/acme/shop/cmd/server@v1.2.0", "github:acme/shop@v1.2.0", False),
]
PATHS = [
    ("node /srv/shop/dist/index.js --port 1", "/srv/shop/dist/index.js"),
    ("node --enable-source-maps -r dotenv/config /srv/shop/index.mjs", "/srv/shop/index.mjs"),
    ("npx tsx /srv/shop/src/index.ts", "/srv/shop/src/index.ts"),
    ("npx -y /srv/shop", "/srv/shop"),
    ("bun run /srv/shop/index.ts", "/srv/shop/index.ts"),
    ("bun /srv/shop/index.ts", "/srv/shop/index.ts"),
    ("npm --prefix /srv/shop run start", "/srv/shop"),
    ("pnpm -C /srv/shop start", "/srv/shop"),
    ("npm run start --prefix /srv/shop", "/srv/shop"),
    ("deno run -A /srv/shop/main.ts", "/srv/shop/main.ts"),
    ("python /srv/shop/server.py", "/srv/shop/server.py"),
    ("/srv/shop/.venv/bin/python3.12 -u /srv/shop/server.py", "/srv/shop/server.py"),
    ("uv --directory /srv/shop run shop", "/srv/shop"),
    ("uv run --directory /srv/shop server.py", "/srv/shop"),
    ("uv run --project=/srv/shop shop", "/srv/shop"),
    ("uv run --with mcp[cli] mcp run /srv/shop/server.py:app", "/srv/shop/server.py"),
    ("uv run /srv/shop/server.py", "/srv/shop/server.py"),
    ("uvx --from /srv/shop shop", "/srv/shop"),
    ("uvx --from file:///srv/shop shop", "/srv/shop"),
    ("uv run python /srv/shop/server.py", "/srv/shop/server.py"),
    ("uv run --with-editable /srv/shop shop", "/srv/shop"),
    ("pnpm --dir=/srv/shop start", "/srv/shop"),
    ("/srv/shop/server.py", "/srv/shop/server.py"),
]
IMAGES = [
    ("docker run -i --rm -e TOKEN ghcr.io/acme/shop", "oci:ghcr.io/acme/shop", False),
    ("docker run -i --rm -e TOKEN=x -v /a:/b --network host acme/shop:1.2", "oci:acme/shop", True),
    ("docker run --rm -it acme/shop:latest serve", "oci:acme/shop", False),
    (f"podman run --name=shop localhost:5000/shop@sha256:{'a1' * 32}", "oci:localhost:5000/shop", True),
    ("docker --context far run acme/shop", "oci:acme/shop", False),
    ("docker container run acme/shop", "oci:acme/shop", False),
]
NOTHING = [
    ("shop-mcp --stdio", "a local program: shop-mcp"),
    ("/usr/local/bin/shop-mcp", "a local program: shop-mcp"),
    ("docker exec shop serve", "exists already"),
    ("docker mcp gateway run", "a gateway"),
    ("npx", "no package"),
    ("npx -y ../../\x00", ""),
    ("uvx", "no package"),
    ("node -e 'console.log(1)'", "folder that is not named"),
    ("npm run start", "folder that is not named"),
    ("python -m shop_server", "installed on this machine"),
    ("deno run https://example.org/shop.ts", "an address"),
    ("npx 'no such name!'", "no name of a package"),
    ("java -jar shop.jar", "a local program: java"),
    ("uv sync", "folder that is not named"),
    ("uv run", "folder that is not named"),
    ("uv run shop", "a local program: shop"),
    ("uv run -m shop.server", "installed on this machine"),
    ("pipx install shop", "a command of pipx"),
    ("pipx run", "no package"),
    ("python", "folder that is not named"),
    ("docker run", "no image"),
    ("docker run -it --rm", "no image"),
    ("deno run", "no script"),
    ("go run ./cmd/shop", ""),
    ("go run", "folder that is not named"),
    ("uvx 'shop mcp!'", "no name of a package"),
    ("uvx https://example.org/shop.zip", "neither a package nor a repository"),
    ("uvx --from git+ssh:shop shop", "no address of a repository"),
    ("npx git+https://forge.example/•••/shop.git", "kept secret"),
    ("supergateway --stdio x", "a local program"),
    ("bash script.sh", "a local program: bash"),
    ("sh", "a local program: sh"),
    ("cmd", "a local program: cmd"),
    ("powershell -File x.ps1", "a local program: powershell"),
]


def launch_of(line: str, folder: str | None = None) -> Launch:
    command, *arguments = shlex.split(line)
    return Launch(command, tuple(arguments), folder=folder)


@pytest.mark.parametrize(("line", "target", "pinned"), PACKAGES, ids=[line for line, *_ in PACKAGES])
def test_a_package_is_named_as_the_crawler_reads_it(line: str, target: str, pinned: bool) -> None:  # noqa: FBT001
    found = resolve(launch_of(line))
    assert (found.target, found.pinned, found.reason) == (target, pinned, None)
    read = parse_target(target)
    assert str(read) == target
    assert found.key == f"{read.kind}:{read.key}"


@pytest.mark.parametrize(("line", "path"), PATHS, ids=[line for line, _ in PATHS])
def test_a_script_or_folder_of_this_machine_is_a_path(line: str, path: str) -> None:
    found = resolve(launch_of(line))
    assert (found.path, found.target, found.pinned) == (path, None, None)


@pytest.mark.parametrize(("line", "key", "pinned"), IMAGES, ids=[line for line, *_ in IMAGES])
def test_an_image_is_only_looked_up(line: str, key: str, pinned: bool) -> None:  # noqa: FBT001
    found = resolve(launch_of(line))
    assert (found.key, found.pinned, found.target) == (key, pinned, None)
    assert found.reason


@pytest.mark.parametrize(("line", "reason"), NOTHING, ids=[repr(line) for line, _ in NOTHING])
def test_what_cannot_be_told_has_a_reason(line: str, reason: str) -> None:
    found = resolve(launch_of(line))
    assert found.target is None
    if reason:
        assert reason in (found.reason or "")


@pytest.mark.parametrize(
    "launch",
    [
        Launch(url="https://MCP.example.org/sse/"),
        launch_of("npx -y mcp-remote https://mcp.example.org/sse --header X"),
        launch_of("npx mcp-remote@0.1.0 https://mcp.example.org/sse?key=1"),
        launch_of("mcp-remote https://mcp.example.org/sse"),
    ],
)
def test_a_remote_server_is_known_by_its_address_only(launch: Launch) -> None:
    found = resolve(launch)
    assert (found.key, found.target, found.pinned) == ("https://mcp.example.org/sse", None, None)
    assert "remote server" in (found.reason or "")


def test_a_whole_line_in_place_of_the_command_is_taken_apart() -> None:
    assert resolve(Launch("npx -y shop-mcp@1.0.0")).target == "npm:shop-mcp@1.0.0"
    assert "Shop" in (resolve(Launch("C:\\Program Files\\Shop Server.exe")).reason or "")


@pytest.mark.parametrize("command", ["", " ", "\r", "''", '"', "npx '", "bash -c ''", "cmd /c ''"])
def test_a_blank_or_broken_command_has_a_reason(command: str) -> None:
    assert resolve(Launch(command)).reason


def test_a_launch_in_a_folder_is_of_that_folder() -> None:
    for line in ("uv run shop", "python -m shop", "npm run start", "uv sync"):
        found = resolve(launch_of(line, "/srv/shop"))
        assert (found.path, found.folder) == (".", "/srv/shop"), line


def test_a_guess_is_looked_up_and_never_fetched() -> None:
    found = resolve(launch_of("python -m shop_server.main"))
    assert (found.key, found.target) == ("pypi:shop-server", None)
    assert found.doubt


@pytest.mark.parametrize(
    ("launch", "doubted"),
    [
        (launch_of("npx --registry https://packages.example shop-mcp"), True),
        (launch_of("cmd /c npx --registry=https://packages.example shop-mcp"), True),
        (launch_of("uvx --index-url https://packages.example Shop_MCP"), True),
        (launch_of("uvx --from shop-mcp --default-index=https://packages.example shop"), True),
        (Launch("npx", ("shop-mcp",), variables=("NPM_CONFIG_REGISTRY",)), True),
        (launch_of("npx shop-mcp --registry https://shops.example"), False),
        (launch_of("npx shop-mcp"), False),
    ],
)
def test_a_package_from_a_registry_of_the_launchs_own_is_doubted(launch: Launch, doubted: bool) -> None:  # noqa: FBT001
    assert (resolve(launch).doubt is not None) == doubted


def test_the_nearest_manifest_says_which_folder_is_the_server(tmp_path: Path) -> None:
    home, project = tmp_path / "home", tmp_path / "home" / "code" / "shop"
    (project / "dist").mkdir(parents=True)
    (project / "dist" / "index.js").write_text("")
    (project / "package.json").write_text("{}")
    (home / "package.json").write_text("{}")
    (home / "lone.py").write_text("")
    asked = [
        (f"node {project}/dist/index.js", None, project),
        ("node dist/index.js", str(project), project),
        ("node ${workspaceFolder}/dist/index.js", None, project),
        ("node ~/code/shop/dist/index.js", None, project),
        ("node $HOME/code/shop/dist/index.js", None, project),
        ("node ./dist/index.js", None, project),
        ("node ~/lone.py", None, None),
        ("node ~/absent.js", None, None),
        ("node ~", None, None),
        ("node /", None, None),
    ]
    for line, folder, wanted in asked:
        found = resolve(launch_of(line, folder))
        assert source_folder(found, home, project, {}) == wanted, line


def test_a_loop_of_links_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert source_folder(resolve(launch_of(f"node {tmp_path}/a/x.js")), tmp_path / "home", None, {}) is None


WORDS = st.sampled_from(
    ["npx", "-y", "-p", "--", "uvx", "uv", "run", "--from", "-m", "docker", "cmd", "/c", "sh", "-c"]
)


@given(st.lists(WORDS | st.text(max_size=20), min_size=1, max_size=8), st.none() | st.text(max_size=20))
def test_any_words_come_to_something_or_to_a_reason(words: list[str], folder: str | None) -> None:
    found = resolve(Launch(words[0], tuple(words[1:]), folder=folder))
    assert found.target or found.path or found.reason
    if found.target is not None and not found.target.startswith("git:"):
        parse_target(found.target)
