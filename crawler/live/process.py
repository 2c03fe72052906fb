"""A foreign server as a process of its own: started, spoken to over its pipes, and ended with all of its group.

It runs with this user's rights: what it may do is not limited here, only what it sees, how much it says and how long.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter

from crawler.errors import FetchError
from crawler.live.records import Allowance

_CHUNK = 64 * 1024
_STDERR_KEPT = 16 * 1024
_LAST_LINES = 10
_LINE_LENGTH = 300
_LEAVE_SECONDS = 1.0
_TERMINATE_SECONDS = 0.5
_REAP_SECONDS = 2.0
_WATCH_SECONDS = 0.02
_LAST_WORDS_SECONDS = 0.3
_COLOURS = re.compile(r"\x1b\[[0-9;?]{0,20}[@-~]")

_Heard = MemoryObjectSendStream[SessionMessage | Exception]
_Streams = tuple[MemoryObjectReceiveStream[SessionMessage | Exception], MemoryObjectSendStream[SessionMessage]]


@dataclass(slots=True)
class ServerState:
    """What is seen of a process from outside. `exit_code` is None unless it ended of itself."""

    allowance: Allowance
    noise: int = 0
    silent: bool = False
    of_itself: bool = False
    exit_code: int | None = None
    complaints: bytearray = field(default_factory=bytearray)

    def last_lines(self) -> list[str]:
        """Give the last lines of its standard error, made harmless to a terminal."""
        text = _COLOURS.sub("", self.complaints.decode("utf-8", "replace"))
        lines = ("".join(char for char in line if char.isprintable()).strip() for line in text.splitlines())
        return [line[:_LINE_LENGTH] for line in lines if line][-_LAST_LINES:]


@asynccontextmanager
async def open_process(
    command: Sequence[str], environment: Mapping[str, str], state: ServerState
) -> AsyncIterator[_Streams]:
    """Start a server in an empty folder and give the streams of its messages; nothing of its group is left behind.

    A process that leaves the group on purpose is not followed. Raises FetchError when it cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="toolrisk-live-", ignore_cleanup_errors=True) as folder:
        process = _start(command, environment, Path(folder))
        try:
            async with _connected(process, state) as streams:
                yield streams
        finally:
            _finish(process, state)


def _start(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> subprocess.Popen[bytes]:
    program = shutil.which(command[0], path=environment.get("PATH"))
    if program is None:
        raise FetchError(command[0], "no such command; name one on the PATH, or a file that can be run")
    work, home, temporary = (folder / name for name in ("work", "home", "tmp"))
    for one in (work, home, temporary):
        one.mkdir()
    try:
        return subprocess.Popen(
            [str(Path(program).absolute()), *command[1:]],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=work,
            env={"HOME": str(home), "TMPDIR": str(temporary), **environment},
            start_new_session=True,
        )
    except OSError as error:
        raise FetchError(command[0], f"cannot be started: {error.strerror}") from error


@asynccontextmanager
async def _connected(process: subprocess.Popen[bytes], state: ServerState) -> AsyncIterator[_Streams]:
    heard, read = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    write, spoken = anyio.create_memory_object_stream[SessionMessage](0)
    left = anyio.Event()
    async with heard, read, write, spoken, anyio.create_task_group() as tasks:
        tasks.start_soon(_hear, process, state, heard)
        tasks.start_soon(_overhear, process, state, heard)
        tasks.start_soon(_speak, process, spoken)
        tasks.start_soon(_watch, process, state, heard, left)
        polite = False
        try:
            yield read, write
            polite = True
        finally:
            # Shielded: a person's Ctrl-C or a time limit must not leave the server running.
            with anyio.CancelScope(shield=True):
                await read.aclose()
                await write.aclose()
                await _part(process, state, left, patience=_LEAVE_SECONDS if polite or state.silent else 0)
            tasks.cancel_scope.cancel()


async def _watch(process: subprocess.Popen[bytes], state: ServerState, heard: _Heard, left: anyio.Event) -> None:
    """Notice that the server has left, even when a child of it holds its output open."""
    while not _has_left(process, state):  # noqa: ASYNC110  whatever tells of its end also reaps it, see _has_left
        await anyio.sleep(_WATCH_SECONDS)
    left.set()
    await anyio.sleep(_LAST_WORDS_SECONDS)
    await heard.aclose()


async def _hear(process: subprocess.Popen[bytes], state: ServerState, heard: _Heard) -> None:
    """Pass on every line that is a message, until the server closes its output or has said too much."""
    buffer = bytearray()
    async with heard:
        while chunk := await _read(process.stdout):
            if not state.allowance.take(chunk):
                return
            buffer += chunk
            if b"\n" not in chunk:
                continue
            *lines, rest = bytes(buffer).split(b"\n")
            buffer = bytearray(rest)
            for line in lines:
                await _pass_on(line, state, heard)
        state.silent = True


async def _pass_on(line: bytes, state: ServerState, heard: _Heard) -> None:
    if not line.strip():
        return
    try:
        message = jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValueError:
        state.noise += 1
        return
    # Nobody listens any more: what comes until the server leaves is read so that it can, and dropped.
    with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
        await heard.send(SessionMessage(message))


async def _overhear(process: subprocess.Popen[bytes], state: ServerState, heard: _Heard) -> None:
    """Keep the end of what the server complains of."""
    while chunk := await _read(process.stderr):
        state.complaints += chunk
        del state.complaints[:-_STDERR_KEPT]
        if not state.allowance.take_text(chunk):
            await heard.aclose()
            return


async def _speak(process: subprocess.Popen[bytes], spoken: MemoryObjectReceiveStream[SessionMessage]) -> None:
    """Write what is to be said, and close the server's input when nothing more is: it then should leave."""
    if process.stdin is None:
        return
    number = process.stdin.fileno()
    os.set_blocking(number, False)
    with suppress(BrokenPipeError):
        async with spoken:
            async for item in spoken:
                text = item.message.model_dump_json(by_alias=True, exclude_unset=True)
                left = memoryview(text.encode() + b"\n")
                while left:
                    await anyio.wait_writable(number)
                    with suppress(BlockingIOError):
                        left = left[os.write(number, left) :]
    process.stdin.close()


async def _read(pipe: object) -> bytes:
    if not hasattr(pipe, "fileno"):
        return b""
    number = pipe.fileno()
    await anyio.wait_readable(number)
    return os.read(number, _CHUNK)


async def _part(process: subprocess.Popen[bytes], state: ServerState, left: anyio.Event, *, patience: float) -> None:
    """Wait a little for the server to leave of itself, then ask its whole group to."""
    with anyio.move_on_after(patience):
        await left.wait()
    state.of_itself = left.is_set()
    if not left.is_set():
        _signal_group(process, signal.SIGTERM)
        with anyio.move_on_after(_TERMINATE_SECONDS):
            await left.wait()


def _has_left(process: subprocess.Popen[bytes], state: ServerState) -> bool:
    """Tell whether the process has ended, without reaping it: until it is, its group's number is no other's."""
    if not hasattr(os, "waitid"):
        return state.silent
    ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return ended is not None


def _finish(process: subprocess.Popen[bytes], state: ServerState) -> None:
    """Kill what is left of the group, and only then reap its leader."""
    _signal_group(process, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    with suppress(subprocess.TimeoutExpired):
        code = process.wait(_REAP_SECONDS)
        state.exit_code = code if state.of_itself else None


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # Gone already, or a group of nothing but the ended leader, which some systems refuse to signal.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
