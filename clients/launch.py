"""What a launch starts: a package, a repository, a folder, an image or an address, told by its words alone.

Nothing is run and nothing is asked for: whether a folder is there is the business of whoever reads it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from clients.configuration import Launch
from clients.images import image_of
from clients.local_programs import folder_or_reason, local_program
from clients.packages import Resolution, address, npm_package, unresolved
from clients.python_runners import PYTHON_RUNNERS
from clients.words import Words, split_words
from clients.wrappers import program_of, unwrap

_NPX_VALUES = frozenset(("-c", "--call", "--registry", "--prefix", "--cache", "--userconfig", "-w", "--workspace"))
_NODE_VALUES = frozenset(
    (
        "-r",
        "--require",
        "--import",
        "--loader",
        "--experimental-loader",
        "--env-file",
        "-C",
        "--conditions",
        "--title",
        "-e",
        "--eval",
        "-p",
        "--print",
    )
)
_BRIDGES = ("mcp-remote", "mcp-proxy", "supergateway", "@modelcontextprotocol/proxy")
_SCRIPT_RUNNERS = frozenset(("tsx", "ts-node", "ts-node-esm", "nodemon"))
_NODE = frozenset(("node", "nodejs", "electron", *_SCRIPT_RUNNERS))
_DLX = {"pnpm": ("dlx",), "yarn": ("dlx",), "npm": ("exec", "x"), "bun": ("x",)}
_REGISTRY_FLAGS = ("--registry", "--index", "--index-url", "--default-index", "--extra-index-url", "--find-links")
_NAMING_FLAGS = ("--from", "--package", "-p", "--spec")
_REGISTRY_VARIABLES = frozenset(
    (
        "npm_config_registry",
        "bun_config_registry",
        "yarn_npm_registry_server",
        "uv_index",
        "uv_index_url",
        "uv_default_index",
        "uv_extra_index_url",
        "pip_index_url",
        "pip_extra_index_url",
    )
)
_FOLDER_FLAGS = ("--prefix", "--dir", "-C", "--cwd", "--directory")


def resolve(launch: Launch) -> Resolution:
    """Say what a launch starts or reaches; what cannot be told has a reason."""
    if launch.command is None:
        if launch.url is not None:
            return address(launch.url)
        return unresolved("neither a command nor an address: a part of its client, or incomplete")
    command, words = unwrap(launch.command, launch.arguments)
    runner = _RUNNERS.get(program_of(command))
    found = runner(words, launch) if runner else local_program(command, launch.folder)
    if found.key is not None and _names_registry(words, launch, found.key):
        return replace(found, doubt="got from a registry that the launch names, not from the public one")
    return found


def _names_registry(words: Words, launch: Launch, key: str) -> bool:
    """Tell whether a package comes from a registry of the launch's own; what stands behind it is the server's."""
    kind, _, name = key.partition(":")
    if kind not in ("npm", "pypi"):
        return False
    # Where the package's name is not the first plain word, it is not told whose option is whose: all words count.
    plain = [at for at, word in enumerate(words) if at == 0 or words[at - 1] not in _NAMING_FLAGS]
    own = next((at for at in plain if words[at].lower().startswith(name.lower())), len(words))
    named = any(word.partition("=")[0] in _REGISTRY_FLAGS for word in words[:own])
    return named or bool(_REGISTRY_VARIABLES & {name.lower() for name in launch.variables})


def _npx(words: Words, launch: Launch) -> Resolution:
    read = split_words(words, _NPX_VALUES | {"-p", "--package"})
    named = read.values("-p", "--package")
    if not named and not read.rest:
        call = read.values("-c", "--call")
        return _called(call[0], launch) if call else unresolved("no package is named")
    package = named[0] if named else read.rest[0]
    after = read.rest if named else read.rest[1:]
    plain = package.rsplit("@", 1)[0] if package.rfind("@") > 0 else package
    if plain in _SCRIPT_RUNNERS:
        return _script(after, launch)
    if plain in _BRIDGES and (reached := _bridged(after)):
        return reached
    return npm_package(package, launch.folder)


def _called(call: str, launch: Launch) -> Resolution:
    command, words = unwrap(call, ())
    return _npx(words, launch) if program_of(command) == "npx" else local_program(command, launch.folder)


def _package_manager(words: Words, launch: Launch, *, program: str) -> Resolution:
    """Read `npm exec`, `pnpm dlx`, `yarn dlx`, `bun x`; anything else runs a script of a folder."""
    read = split_words(words, frozenset(_FOLDER_FLAGS), stop=True)
    verb, after = (read.rest[0], read.rest[1:]) if read.rest else ("", ())
    if verb in _DLX[program]:
        return _npx(after, launch)
    scripts = [word for word in read.rest if word.endswith((".js", ".mjs", ".cjs", ".ts", ".mts"))]
    if program == "bun" and scripts:
        return _script(scripts[:1], launch)
    folders = [*read.values(*_FOLDER_FLAGS), *split_words(after, frozenset(_FOLDER_FLAGS)).values(*_FOLDER_FLAGS)]
    return folder_or_reason(folders[0] if folders else None, launch.folder, f"a script that {program} runs")


def _script(words: Words, launch: Launch) -> Resolution:
    read = split_words(words, _NODE_VALUES, stop=True)
    if not read.rest:
        return folder_or_reason(None, launch.folder, "code given on the command line")
    return folder_or_reason(read.rest[0], launch.folder, "a script")


def _in_python(runner: Callable[[Words, str | None], Resolution], words: Words, launch: Launch) -> Resolution:
    return runner(words, launch.folder)


def _image(words: Words, _launch: Launch) -> Resolution:
    return image_of(words)


def _deno(words: Words, launch: Launch) -> Resolution:
    read = split_words(
        words, frozenset(("-c", "--config", "--import-map", "--lock", "--cert", "--env-file")), stop=True
    )
    rest = read.rest[1:] if read.rest[:1] in (("run",), ("x",)) else read.rest
    inner = split_words(rest, frozenset(("-c", "--config", "--import-map", "--lock", "--cert")), stop=True).rest
    if not inner:
        return unresolved("no script is named")
    if inner[0].startswith("npm:"):
        return npm_package(inner[0].removeprefix("npm:").lstrip("/"), launch.folder)
    if inner[0].startswith("jsr:") or "://" in inner[0]:
        return unresolved("a script from an address that is not read")
    return folder_or_reason(inner[0], launch.folder, "a script")


def _go(words: Words, launch: Launch) -> Resolution:
    read = split_words(words, frozenset(("-C", "-mod", "-modfile", "-tags")), stop=True)
    module = read.rest[1] if read.rest[:1] == ("run",) and len(read.rest) > 1 else ""
    path, _, version = module.partition("@")
    parts = path.split("/")
    if parts[0] == "github.com" and len(parts) >= 3:
        return npm_package(
            f"github:{parts[1]}/{parts[2]}" + (f"#{version}" if version not in ("", "latest") else ""), None
        )
    return folder_or_reason(module or None, launch.folder, "a program in Go")


def _bridge(words: Words, launch: Launch) -> Resolution:
    return _bridged(words) or local_program("a bridge", launch.folder)


def _bridged(words: Words) -> Resolution | None:
    """Find the address that a bridge to a remote server is given."""
    found = next((word for word in words if word.startswith(("https://", "http://"))), None)
    return address(found) if found else None


_RUNNERS: Mapping[str, Callable[[Words, Launch], Resolution]] = {
    **dict.fromkeys(("npx", "bunx", "pnpx"), _npx),
    **{program: partial(_package_manager, program=program) for program in _DLX},
    **dict.fromkeys(_NODE, _script),
    **{name: partial(_in_python, runner) for name, runner in PYTHON_RUNNERS.items()},
    **dict.fromkeys(("docker", "podman", "nerdctl"), _image),
    **dict.fromkeys(_BRIDGES, _bridge),
    "deno": _deno,
    "go": _go,
}
__all__ = ["Resolution", "resolve"]
