"""Python's ways to start a server: uvx, uv, pipx, the interpreter itself.

Not for other languages: launch.py knows which program is whose.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from clients.local_programs import folder_or_reason
from clients.packages import Resolution, module_guess, pypi_package, unresolved
from clients.words import Words, split_words

_UV_VALUES = frozenset(
    (
        "--from",
        "--with",
        "--with-editable",
        "--with-requirements",
        "-w",
        "--python",
        "-p",
        "--index",
        "--default-index",
        "--index-url",
        "-i",
        "--extra-index-url",
        "--find-links",
        "-f",
        "--directory",
        "--project",
        "--env-file",
        "--cache-dir",
        "--config-file",
        "--refresh-package",
        "--upgrade-package",
        "-P",
        "--constraints",
        "-c",
        "--overrides",
        "--prerelease",
        "--resolution",
        "--link-mode",
        "--keyring-provider",
        "--index-strategy",
        "--exclude-newer",
        "--extra",
        "--group",
        "--package",
        "--only-group",
        "--no-extra",
        "--no-group",
        "--color",
        "--python-preference",
        "--python-platform",
        "-m",
        "--module",
    )
)
_PYTHON_VALUES = frozenset(("-W", "-X", "-m", "-c", "--check-hash-based-pycs"))
_PIPX_VALUES = frozenset(("--spec", "--python", "--index-url", "-i", "--pip-args", "--suffix", "--with"))
_SERVERS_OF_FILES = frozenset(("mcp", "fastmcp"))  # programs that run the file they are given
_INTERPRETERS = frozenset(("python", "python3", "py", "pythonw"))


def _uvx(words: Words, folder: str | None) -> Resolution:
    read = split_words(words, _UV_VALUES, stop=True)
    named = read.values("--from")
    if named or read.rest:
        base = next(iter(read.values("--directory")), folder)
        return pypi_package(named[0] if named else read.rest[0], base)
    return unresolved("no package is named")


def _uv(words: Words, folder: str | None) -> Resolution:
    """Read `uv run` and `uv tool run`; a folder may be given before the verb and behind it."""
    before = split_words(words, _UV_VALUES, stop=True)
    if before.rest[:1] == ("x",) or before.rest[:2] == ("tool", "run"):
        return _uvx(before.rest[1 if before.rest[0] == "x" else 2 :], folder)
    if before.rest[:1] != ("run",):
        return folder_or_reason(None, folder, "a command of uv")
    read = split_words(before.rest[1:], _UV_VALUES, stop=True)
    folders = [*before.values("--directory", "--project"), *read.values("--directory", "--project", "--with-editable")]
    if folders:
        return folder_or_reason(folders[0], folder, "a project of uv")
    return _run_by_uv(read.values("-m", "--module"), read.values("--with", "-w"), read.rest, folder)


def _run_by_uv(modules: list[str], extra: list[str], rest: Words, folder: str | None) -> Resolution:
    program = rest[0] if rest else ""
    script = next((word for word in rest[:4] if word.partition(":")[0].endswith(".py")), None)
    if script is not None and (script == program or program in _SERVERS_OF_FILES | _INTERPRETERS):
        return folder_or_reason(script.partition(".py:")[0] + (".py" if ".py:" in script else ""), folder, "a script")
    if program in _INTERPRETERS:
        return _python(rest[1:], folder)
    names = [one for requirement in extra for one in requirement.split(",") if one]
    own = [one for one in names if pypi_package(one).key == pypi_package(program or "-").key]
    if own:
        return pypi_package(own[0], folder)
    if folder is not None:
        return folder_or_reason(None, folder, "a project of uv")
    if len(names) == 1 and not modules and program not in _SERVERS_OF_FILES:
        return replace(pypi_package(names[0]), doubt="told by the only package that is named beside its program")
    if modules:
        return module_guess(modules[0])
    return unresolved(f"a local program: {program}" if program else "a project of uv, in a folder that is not named")


def _pipx(words: Words, folder: str | None) -> Resolution:
    read = split_words(words, _PIPX_VALUES, stop=True)
    if read.rest[:1] != ("run",):
        return unresolved("a command of pipx")
    inner = split_words(read.rest[1:], _PIPX_VALUES, stop=True)
    named = inner.values("--spec")
    if named or inner.rest:
        return pypi_package(named[0] if named else inner.rest[0], folder)
    return unresolved("no package is named")


def _python(words: Words, folder: str | None) -> Resolution:
    read = split_words(_until_module(words), _PYTHON_VALUES, stop=True)
    modules = read.values("-m")
    if modules and modules[0] == "uv":
        return _uv(_behind_module(words), folder)
    if modules and modules[0] == "pipx":
        return _pipx(_behind_module(words), folder)
    if modules:
        return folder_or_reason(None, folder, "a module") if folder is not None else module_guess(modules[0])
    if read.rest:
        return folder_or_reason(read.rest[0], folder, "a script")
    return folder_or_reason(None, folder, "code given on the command line")


def _until_module(words: Words) -> Words:
    """Leave out what belongs to the module: its options are not the interpreter's."""
    return words[: list(words).index("-m") + 2] if "-m" in words else words


def _behind_module(words: Words) -> Words:
    return words[list(words).index("-m") + 2 :]


PYTHON_RUNNERS: Mapping[str, Callable[[Words, str | None], Resolution]] = {
    "uvx": _uvx,
    "uv": _uv,
    "pipx": _pipx,
    **dict.fromkeys(sorted(_INTERPRETERS), _python),
}
