"""A Dask cluster on this machine, each part of it a process of its own. Not for tests themselves."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
_BOUND = "300"  # seconds after which each part ends by itself
_STARTS = 60


def need_dask() -> None:
    """Skip where Dask is not installed; fail where that must not be."""
    try:
        import distributed  # noqa: F401, PLC0415
    except ImportError:
        reason = "Dask is not installed: pip install 'toolrisk[dask]'"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


@dataclass
class Cluster:
    """A scheduler and what was started for it."""

    folder: Path
    port: int
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the scheduler is."""
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def form(self) -> str:
        """What an executor of it is asked for with."""
        return f"dask:{self.address}"

    def start_scheduler(self, **environment: str) -> None:
        """Start a scheduler that gives a call up when its worker died once, and wait until it listens."""
        place = ["--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard", "--idle-timeout", _BOUND]
        settings = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0", **environment}
        self.scheduler = self._start("scheduler", ["distributed.cli.dask_scheduler", *place], settings)
        deadline = time.monotonic() + _STARTS
        while not _listens(self.port):
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.05)

    def start_workers(self, number: int, *options: str, **environment: str) -> None:
        """Start workers of one thread each, which a nanny starts again when they die; they join in a second or two."""
        place = ["--host", "127.0.0.1", "--no-dashboard", "--local-directory", str(self.folder)]
        bound = ["--death-timeout", "60", "--lifetime", _BOUND]
        asked = options or ("--nthreads", "1")
        for _ in range(number):
            command = ["distributed.cli.dask_worker", self.address, *place, *bound, *asked]
            self.workers.append(self._start(f"worker-{len(self.workers)}", command, environment))

    def stop_scheduler(self, by: signal.Signals = signal.SIGKILL) -> None:
        """End the scheduler; workers end by themselves then."""
        assert self.scheduler is not None
        self.scheduler.send_signal(by)
        self.scheduler.wait(30)

    def stop(self) -> None:
        """End all that was started."""
        started = [*self.workers, *([self.scheduler] if self.scheduler else [])]
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(15)
        self.workers, self.scheduler = [], None

    def kill_worker(self) -> None:
        """Kill one of the processes that do the work, not the nanny that starts it again."""
        os.kill(_working(self.workers[0].pid), signal.SIGKILL)

    def _start(self, name: str, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        self.folder.mkdir(parents=True, exist_ok=True)
        # Elsewhere than the tests are, as on another machine: no path may depend on it.
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


@contextmanager
def new_cluster(folder: Path) -> Iterator[Cluster]:
    """Give a cluster of which nothing is started yet, and end what then was."""
    need_dask()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        cluster = Cluster(folder, free.getsockname()[1])
    try:
        yield cluster
    finally:
        cluster.stop()


def run_toolrisk(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder, with its catalog and cache there."""
    own = {"TOOLRISK_CATALOG": "catalog.db", "TOOLRISK_CACHE": "cache", "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "toolrisk", *arguments],
        cwd=folder,
        env={**os.environ, **own, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def write_dumps(folder: Path, servers: int, tools: int = 1) -> list[str]:
    """Write servers as answers to `tools/list`, of all kinds of risk; give the targets that name them."""
    folder.mkdir(parents=True, exist_ok=True)
    does = ("Delete a file for ever", "List the invoices", "Send an e-mail to anyone", "Run a command in a shell")
    targets = []
    for number in range(servers):
        path = folder / f"server-{number:04d}.json"
        path.write_text(json.dumps({"tools": [_tool(does, number, at) for at in range(tools)]}))
        targets.append(f"tools:{path}")
    return targets


def _tool(does: tuple[str, ...], number: int, at: int) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"path": {"type": "string"}}}
    return {"name": f"tool_{at}", "description": f"{does[(number + at) % 4]} of {number}.", "inputSchema": schema}


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _working(nanny: int) -> int:
    """Give the worker below a nanny: the one of its children that is none of multiprocessing's own."""
    children = [pid for path in Path(f"/proc/{nanny}/task").glob("*/children") for pid in path.read_text().split()]
    return next(int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes())
