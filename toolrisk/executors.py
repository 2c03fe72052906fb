"""Where a stage's work runs: in this process, in a pool of them, or on a Dask cluster.

Stages take a standard `concurrent.futures.Executor`; what they know beside it is its attribute `workers`, the number
of jobs that it does at once.
"""

import multiprocessing
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

FORMS = "serial, processes, processes:N or dask:ADDRESS"


class ExecutorError(ValueError):
    """An executor was asked for that is none, cannot be reached, or broke; the message says what to do."""


class SerialExecutor(Executor):
    """Runs each call where it is submitted; for tests, and for machines with one core."""

    workers = 1

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` now and give its result, or its exception, as a finished future."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - a future carries whatever its call raised
            future.set_exception(error)
        return future


class PoolExecutor(ProcessPoolExecutor):
    """Runs calls in so many processes of this machine."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers, mp_context=multiprocessing.get_context("forkserver"))
        self.workers = workers


def make_executor(form: str = "processes", *, shared: Sequence[Path] = (), one_machine: bool = False) -> Executor:
    """Make an executor from its form: `serial`, `processes[:N]` (usually one a core), or `dask:ADDRESS`.

    `shared` are folders and files that the work needs to find at these paths wherever it runs; `one_machine` says that
    it can only be done on this one. Raises ExecutorError for another form, when Dask is not installed, when its
    scheduler does not answer, or when its workers cannot do the work as it is done here.
    """
    kind, _, detail = form.partition(":")
    if form == "serial":
        return SerialExecutor()
    if kind == "processes" and (not detail or (detail.isdecimal() and int(detail) > 0)):
        number = int(detail) if detail else _count_cores()
        return SerialExecutor() if number == 1 else PoolExecutor(number)
    if kind == "dask" and detail:
        # Here because loading Dask takes a second, and most have no cluster.
        from toolrisk.dask_cluster import connect  # noqa: PLC0415

        return connect(detail, _without_secrets(form), shared, one_machine=one_machine)
    raise ExecutorError(f"{_without_secrets(form)}: no such executor; there are {FORMS}")


@contextmanager
def reported_deaths(what: str) -> Iterator[None]:
    """Turn the death of workers, and of what they were reached by, into one ExecutorError about `what`."""
    try:
        yield
    except (BrokenExecutor, CancelledError) as error:
        reason = "workers died, or their scheduler is out of reach; what there was is whole, run again to go on"
        raise ExecutorError(f"{what}: {reason}") from error


def _without_secrets(form: str) -> str:
    return re.sub(r"(?<=://).*@|(?<=dask:)[^/]*@", "***@", form)  # greedy: a password may hold an @ itself


def _count_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
