"""Running what writes a site in a process of its own, to kill it at a chosen moment or to limit it. Not for timing."""

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.site_builder.building"])  # else every process reads all of our code again
_SECONDS = 60


def run_killed(event: str, number: int, folder: Path, run: Callable[..., Any], *arguments: object) -> bool:
    """Run something that is killed at an audit event about `folder`; False: it got through before.

    Events are those of Python's audit hooks: `open`, `os.rename`, `os.remove` and so on. `number` counts from 1.
    """
    ended = _run_apart(_kill_at, event, number, str(folder), run, arguments)
    assert ended in (0, -signal.SIGKILL), ended
    return ended != 0


def run_limited(size: int, run: Callable[..., Any], *arguments: object) -> int:
    """Run something that may write no file beyond so many bytes; give the number of the system's error, or 0."""
    return _run_apart(_limit, size, run, arguments)


def _run_apart(run: Callable[..., Any], *arguments: object) -> int:
    child = _CONTEXT.Process(target=run, args=arguments)
    child.start()
    child.join(_SECONDS)
    assert child.exitcode is not None, "it did not end"
    return child.exitcode


def _kill_at(event: str, number: int, folder: str, run: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    left = number

    def watch(name: str, told: tuple[object, ...]) -> None:
        nonlocal left
        if name == event and told and str(told[0]).startswith(folder):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    run(*arguments)


def _limit(size: int, run: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        run(*arguments)
    except OSError as error:
        sys.exit(error.errno)
