"""Running the ecosystems' own clients: a list of arguments, no shell, a time limit, no questions asked."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from crawler.errors import ClientMissingError, FetchError


def run_command(
    arguments: Sequence[str], *, cwd: Path, seconds: int, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a client and return what it printed, whatever its exit code.

    The user's own environment (mirrors, proxies, credentials) reaches it, with `environment` on top.
    Raises ClientMissingError when the client is not installed, FetchError when it takes longer than `seconds`.
    """
    try:
        return subprocess.run(
            arguments,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError as error:
        raise ClientMissingError(arguments[0], f"{arguments[0]} is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise FetchError(arguments[0], f"gave no answer within {seconds} s; try again") from error
