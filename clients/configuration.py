"""One configuration file read into servers, without a single secret: values of variables and headers are never kept.

Not for deciding what a server is: that is launch.py. Nothing here starts anything or asks a network.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clients.client import Place
from clients.documents import Document, Entry, find_entries, parse_document
from clients.errors import DocumentError
from clients.redaction import redact_address, redact_arguments, redact_word

_MAX_BYTES = 4 * 1024 * 1024
_MAX_SERVERS = 1000
_MAX_ARGUMENTS = 1000
_MAX_TEXT = 4000
_COMMANDS, _ARGUMENTS, _FOLDERS = ("command", "cmd"), ("args", "arguments"), ("cwd",)
_ADDRESSES = ("url", "serverUrl", "httpUrl", "uri")
_VARIABLES = ("env", "environment", "envs", "env_vars", "env_keys")
_HEADERS = ("headers", "http_headers", "env_http_headers")


@dataclass(frozen=True, slots=True)
class Launch:
    """How a client starts or reaches a server, secrets hidden; of variables and headers only the names."""

    command: str | None = None
    arguments: tuple[str, ...] = ()
    url: str | None = None
    variables: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class ConfiguredServer:
    """A server as one file names it. `project` is the folder that it is for, where the file says so."""

    name: str
    client: str
    file: str
    line: int | None
    launch: Launch
    disabled: bool = False
    project: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that could not be read: where, and what was expected."""

    file: str
    line: int | None
    column: int | None
    expected: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """What one file holds."""

    servers: tuple[ConfiguredServer, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_configuration(path: Path, client: str, place: Place) -> Configuration:
    """Read a file; whatever is wrong with it is a problem, never an exception."""
    file = printable(str(path))
    try:
        document = parse_document(_read_bytes(path), place.language)
    except DocumentError as error:
        return Configuration((), (Problem(file, error.line, error.column, error.expected),))
    servers: list[ConfiguredServer] = []
    problems: list[Problem] = []
    for entry in _entries(document, place):
        if len(servers) >= _MAX_SERVERS:
            problems.append(Problem(file, entry.line, None, f"expected at most {_MAX_SERVERS} servers in one file"))
            break
        known = {(server.name, server.project) for server in servers}
        server, wrong = _read_server(document, entry, client, file)
        if (server.name, server.project) in known:
            wrong.append(f"expected one server of the name {server.name}; clients take the last")
        servers.append(server)
        problems += [Problem(file, entry.line, None, expected) for expected in wrong]
    return Configuration(tuple(servers), tuple(problems))


def _read_bytes(path: Path) -> bytes:
    """Read a file, however hostile its name is. Raises DocumentError."""
    try:
        # A named pipe would otherwise wait for a writer for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise DocumentError("expected a regular file")
            data: bytes = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, DocumentError):
            raise
        reason = getattr(error, "strerror", None) or "not a name of a file"
        raise DocumentError(f"expected a file that can be read: {reason}") from None
    if len(data) > _MAX_BYTES:
        raise DocumentError(f"expected at most {_MAX_BYTES // 1024 // 1024} MB")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise DocumentError("expected text in UTF-8")
    return data.removeprefix(b"\xef\xbb\xbf")


def _entries(document: Document, place: Place) -> Iterator[Entry]:
    for path in place.servers:
        for entry in find_entries(document, path):
            deeper = (*path, entry.name) in place.servers
            if not (deeper and not _has_launch(document, entry.node)):
                yield entry


def _has_launch(document: Document, node: Any) -> bool:
    return any(key in (*_COMMANDS, *_ADDRESSES) for key, _, _ in document.members(node) or ())


def _read_server(document: Document, entry: Entry, client: str, file: str) -> tuple[ConfiguredServer, list[str]]:
    wrong: list[str] = []
    value: Any = None
    try:
        value = document.plain(entry.node)
    except DocumentError as error:
        wrong.append(error.expected)
    if not isinstance(value, dict):
        wrong.append("expected an object that says how to start or reach the server")
        value = {}
    launch = _read_launch(value, wrong)
    disabled = value.get("disabled") is True or value.get("enabled") is False
    project = _bounded(entry.scope[0]) if entry.scope else None
    name = redact_word(_bounded(entry.name), pathlike=True)
    return ConfiguredServer(name, client, file, entry.line, launch, disabled, project), wrong


def _read_launch(value: Mapping[str, Any], wrong: list[str]) -> Launch:
    command, arguments, variables = _read_command(value, wrong)
    address = _first(value, _ADDRESSES)
    if address is not None and not isinstance(address, str):
        wrong.append("expected the address to be text")
    folder = _first(value, _FOLDERS)
    return Launch(
        command,
        arguments,
        redact_address(_bounded(address)) if isinstance(address, str) and address else None,
        tuple(sorted({*variables, *_names(value, _VARIABLES)})),
        _names(value, _HEADERS),
        redact_word(_bounded(folder)) if isinstance(folder, str) and folder else None,
    )


def _read_command(value: Mapping[str, Any], wrong: list[str]) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    """Read a command, whether it is text, a list of words, or an object with its arguments."""
    command, more = _first(value, _COMMANDS), _first(value, _ARGUMENTS)
    variables: tuple[str, ...] = ()
    if isinstance(command, dict):
        variables = _names(command, _VARIABLES)
        more = _first(command, _ARGUMENTS) if more is None else more
        command = command.get("path")
    words: list[str] = []
    if isinstance(command, list):
        words = _texts(command, "the command", wrong)
    elif isinstance(command, str):
        words = [_bounded(command)]
    elif command is not None:
        wrong.append("expected the command to be text")
    if isinstance(more, str):
        more = [more]
    if more is not None:
        words = (words or [""]) + _texts(more, "the arguments", wrong)
    shown = redact_arguments(words)
    return shown[0] if shown and shown[0] else None, shown[1:], variables


def _texts(value: Any, what: str, wrong: list[str]) -> list[str]:
    if not isinstance(value, list):
        wrong.append(f"expected {what} to be a list of text")
        return []
    if len(value) > _MAX_ARGUMENTS:
        wrong.append(f"expected at most {_MAX_ARGUMENTS} words in {what}")
    plain = [one for one in value[:_MAX_ARGUMENTS] if isinstance(one, (str, int, float))]
    if len(plain) < len(value[:_MAX_ARGUMENTS]):
        wrong.append(f"expected {what} to be text only")
    return [_bounded(str(one)) for one in plain]


def _names(value: Mapping[str, Any], keys: tuple[str, ...]) -> tuple[str, ...]:
    """Give the names in tables and lists of variables or headers; what they are set to is never looked at."""
    found: set[str] = set()
    for key in keys:
        held = value.get(key)
        names = held if isinstance(held, (dict, list)) else ()
        found.update(redact_word(_bounded(name.partition("=")[0])) for name in names if isinstance(name, str))
    return tuple(sorted(found))


def _first(value: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((value[key] for key in keys if value.get(key) is not None), None)


def _bounded(text: str) -> str:
    return printable(text[:_MAX_TEXT])


def printable(text: str) -> str:
    """Write halves of characters, which JSON and names of files may hold, so that they can be printed anywhere."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
