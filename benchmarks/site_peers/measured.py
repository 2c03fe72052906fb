"""One program run and watched: CPU of its whole tree, the largest memory of any process in it, files made.

Not for knowing what the program is.
"""

import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_CHILD_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)
LEAST_FREE_MB = 3_000  # below this much of the machine's memory a run is ended: others work here too


@dataclass(frozen=True, slots=True)
class Run:
    """What a run took: seconds of the wall, of CPU; MB of its largest process. `stopped` says why it was ended."""

    wall: float
    cpu: float
    memory: float
    stopped: str = ""


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], limit: float = 3_600) -> Run:
    """Run a command to its end or to `limit` seconds; raises RuntimeError when it fails by itself."""
    adopt_orphans()
    before = _children_cpu()
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    watch = _Watch(process.pid, began + limit)
    thread = threading.Thread(target=watch.follow, daemon=True)
    thread.start()
    said = process.stderr.read() if process.stderr else b""
    process.wait()
    await_group(process.pid)
    watch.ended.set()
    thread.join()
    if process.returncode and not watch.stopped:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {said.decode(errors='replace')[-2_000:]}")
    return Run(time.monotonic() - began, _children_cpu() - before, watch.largest, watch.stopped)


def adopt_orphans() -> None:
    """Let what a command leaves behind be ours, to count its CPU: the server that workers are forked from."""
    ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)


def await_group(group: int) -> None:
    """Wait for every process of a group that is ours, and of which the first has ended."""
    while True:
        try:
            os.waitpid(-group, 0)
        except ChildProcessError:
            return


def count_files(folder: Path) -> int:
    """Count the files under a folder."""
    return sum(len(files) for _, _, files in os.walk(folder))


def say(text: str) -> None:
    """Tell whoever waits how far it is."""
    print(text, file=sys.stderr, flush=True)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Watch:
    def __init__(self, pid: int, deadline: float) -> None:
        self.ended = threading.Event()
        self.largest = 0.0
        self.stopped = ""
        self._pid = pid
        self._deadline = deadline

    def follow(self) -> None:
        while not self.ended.wait(0.1):
            peaks = [_status_mb(f"/proc/{pid}/status", "VmHWM") for pid in _tree(self._pid)]
            self.largest = max([self.largest, *peaks])
            if self.stopped:
                continue
            if time.monotonic() > self._deadline:
                self._stop("at the limit of time")
            elif _status_mb("/proc/meminfo", "MemAvailable") < LEAST_FREE_MB:
                self._stop("for want of memory")

    def _stop(self, why: str) -> None:
        self.stopped = why
        os.killpg(self._pid, 15)


def _tree(pid: int) -> list[int]:
    found = [pid]
    for path in Path("/proc").glob(f"{pid}/task/*/children"):
        try:
            below = path.read_text().split()
        except OSError:
            continue
        found += [one for child in below for one in _tree(int(child))]
    return found


def _status_mb(path: str, name: str) -> float:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    sizes = [line.split()[1] for line in lines if line.startswith(f"{name}:")]
    return int(sizes[0]) / 1024 if sizes else 0.0
