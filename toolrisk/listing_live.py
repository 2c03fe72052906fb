"""What `toolrisk live` prepares before a server is asked: what it may see, and a person's leave to start it.

Not for what is shown afterwards: that is toolrisk/live_output.py.
"""

import importlib
import logging
import os
import re
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import typer

from crawler.errors import FetchError
from crawler.live.records import LiveListing, LiveSetting, LiveTarget

Ask = Callable[[LiveTarget, LiveSetting], LiveListing]

_SDK = frozenset(("mcp", "mcp_types", "httpx2"))
_HARMLESS = ("PATH", "LANG")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_ANSWER_LENGTH = 100


class RefusedError(Exception):
    """The command is not carried out as it was given."""


class SdkMissingError(Exception):
    """The optional part of the installation that speaks to servers is not there."""


def find_sdk() -> Ask:
    """Give the function that asks servers. Raises SdkMissingError when the MCP SDK is not installed."""
    try:
        ask: Ask = importlib.import_module("crawler.live.asking").list_live
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _SDK:
            raise
        raise SdkMissingError("needs the MCP SDK; install it by: pip install 'toolrisk[live]'") from error
    # It logs with tracebacks what servers send; what a person needs of that is in our one line.
    logging.getLogger("mcp").setLevel(logging.CRITICAL)
    return ask


def make_setting(
    target: LiveTarget, allowed: Sequence[str], headers: Sequence[str], seconds: float, *, allow_private: bool
) -> LiveSetting:
    """Say what the server may see and is sent. Raises RefusedError for what does not fit its kind."""
    if target.command and (headers or allow_private):
        raise RefusedError("--header and --allow-private are for https targets")
    if target.url and allowed:
        raise RefusedError("--allow-env is for stdio targets; --header NAME=ENVVAR sends a value to an https target")
    shared = {name: _variable(name) for name in allowed}
    sent = dict(map(_header, headers))
    harmless = {name: os.environ[name] for name in _HARMLESS if name in os.environ}
    return LiveSetting(
        seconds=seconds,
        environment={"PATH": os.defpath, **harmless, **shared},
        headers=sent,
        secrets=tuple(value for name, value in [*shared.items(), *sent.items()] if name not in _HARMLESS),
        allow_private=allow_private,
    )


def check_out(out: Path | None) -> None:
    """Raise RefusedError when the file could not be written, before anything foreign is started."""
    if out is not None and (out.is_dir() or not out.parent.is_dir()):
        raise RefusedError(f"--out {out}: no folder {out.parent}, or a folder itself; name a file")


def ask_leave(target: LiveTarget, setting: LiveSetting, *, yes: bool) -> None:
    """Say aloud what is about to run, and wait for a yes. Raises RefusedError without one."""
    if not target.command:
        return
    seen = ", ".join(sorted({"HOME", "TMPDIR", *setting.environment}))
    for line in (
        "WARNING: FOREIGN CODE IS ABOUT TO RUN WITH YOUR RIGHTS.",
        "  It can read and change your files and use your network.",
        f"  command: {_exactly(target.command)}",
        f"  It sees the variables {seen}; it starts in an empty folder and is ended after {setting.seconds:g} s.",
        *_misplaced(target.command),
    ):
        typer.echo(line, err=True)
    if yes:
        return
    if not sys.stdin.isatty():
        raise RefusedError("not started: nobody can be asked here; --yes starts it without a question")
    typer.echo("Type yes to start it: ", nl=False, err=True)
    if sys.stdin.readline(_ANSWER_LENGTH).strip() != "yes":
        raise RefusedError("not started")


def ask_server(ask: Ask, target: LiveTarget, setting: LiveSetting) -> LiveListing:
    """Ask the server; what it complained of before it failed goes to standard error. Raises FetchError."""
    try:
        with _ending_as_by_hand():
            return ask(target, setting)
    except FetchError as error:
        for line in getattr(error, "__notes__", ()):
            typer.echo(f"  the server said: {line}", err=True)
        raise


@contextmanager
def _ending_as_by_hand() -> Iterator[None]:
    """Let every signal to end do what Ctrl-C does, so that no server is left running without us."""
    signals = (signal.SIGTERM, signal.SIGHUP)
    before = {one: signal.signal(one, lambda *_: signal.raise_signal(signal.SIGINT)) for one in signals}
    try:
        yield
    finally:
        for one, how in before.items():
            signal.signal(one, how)


def _exactly(command: Sequence[str]) -> str:
    """Write a command as a shell would take it, with what cannot be seen spelled out."""
    shown = (one if one.isprintable() else one.encode("unicode_escape").decode() for one in command)
    return shlex.join(shown)


def _misplaced(command: Sequence[str]) -> list[str]:
    """Name arguments that are files here and will not be where the server starts."""
    found = [one for one in command[1:] if not one.startswith(("-", "/")) and Path(one).is_file()]
    return [f"  Not found from there, name it from the root: {_exactly(found)}"] if found else []


def _variable(name: str) -> str:
    value = os.environ.get(name)
    if value is None:
        raise RefusedError(f"no variable {name} is set here")
    return value


def _header(text: str) -> tuple[str, str]:
    name, equals, variable = text.partition("=")
    if not equals or not _HEADER.fullmatch(name):
        # What stands after the sign may be the value itself, by mistake: it is not repeated.
        raise RefusedError("--header takes NAME=ENVVAR: a header's name, and the variable that holds its value")
    value = os.environ.get(variable)
    if value is None:
        raise RefusedError(f"--header {name}: the variable that should hold its value is not set here")
    if not (value.isascii() and value.isprintable() and value == value.strip()):
        raise RefusedError(
            f"--header {name}: its variable holds what no header can: a line break, or a space at an end"
        )
    return name, value
