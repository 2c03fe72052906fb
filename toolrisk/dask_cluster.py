"""A Dask cluster as an executor: reached, held against this machine, watched while it works.

Not for starting one: docs/scale.md says how. It is loaded only where a cluster is asked for.
"""

import asyncio
import importlib
import logging
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, ParamSpec, TypeVar
from weakref import WeakSet

from toolrisk.executors import ExecutorError
from toolrisk.same_work import Machine, describe_machine, find_difference

P = ParamSpec("P")
T = TypeVar("T")

_CONNECT_SECONDS = 10
_NO_WORKER_SECONDS = 30  # long enough for workers that are started again, see docs/scale.md
_WATCH_SECONDS = 2.0
_CLOSE_SECONDS = 5


class ClusterExecutor(Executor):
    """Runs calls on a cluster's workers.

    A call whose worker dies is done again by Dask as often as its scheduler is set to, and then ends in BrokenExecutor.
    Where the scheduler is lost, or has no worker for half a minute, calls are cancelled.
    """

    def __init__(self, distributed: Any, client: Any, workers: int) -> None:
        self.workers = workers
        self._client = client
        self._standard = client.get_executor(pure=False)
        self._killed: type[Exception] = distributed.KilledWorker
        self._pending: WeakSet[Future[Any]] = WeakSet()
        self._seen = time.monotonic()
        ioloop = importlib.import_module("tornado.ioloop")
        self._watching = ioloop.PeriodicCallback(self._watch, _WATCH_SECONDS * 1000)
        client.loop.add_callback(self._watching.start)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have `fn` called by a worker; what it is, its arguments and its result are pickled."""
        future: Future[T] = Future()
        if self._client.status != "running":
            future.set_exception(CancelledError())
            return future
        self._pending.add(future)
        asked = self._standard.submit(_Work(partial(fn, *args, **kwargs), getattr(fn, "__name__", "work")))
        asked.add_done_callback(partial(self._pass_on, future))
        future.add_done_callback(lambda done: asked.cancel() if done.cancelled() else None)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as Executor has it
        """Leave the cluster; its workers stay for others. What is not to be cancelled is waited for."""
        if wait and not cancel_futures:
            for future in list(self._pending):
                with suppress(Exception):
                    future.exception()
        with suppress(Exception):  # it may have gone before us
            self._client.loop.add_callback(self._watching.stop)
            self._client.close(timeout=_CLOSE_SECONDS)

    def _pass_on(self, future: Future[Any], asked: Future[Any]) -> None:
        if future.done():
            return
        if asked.cancelled():
            future.set_exception(CancelledError())
        elif (error := asked.exception()) is None:
            future.set_result(asked.result())
        else:
            future.set_exception(BrokenExecutor(str(error)) if isinstance(error, self._killed) else error)

    async def _watch(self) -> None:
        """Count the workers; let nobody wait for ever when there are none."""
        try:
            threads = await self._client.scheduler.ncores()
        except (OSError, AttributeError):  # no scheduler: its loss cancels all calls by itself
            return
        if threads:
            self.workers, self._seen = sum(threads.values()), time.monotonic()
        elif time.monotonic() - self._seen > _NO_WORKER_SECONDS:
            for future in [one for one in self._pending if not one.done()]:
                future.set_exception(CancelledError())


class _Work:
    """A call whose arguments no log of Dask's shows: a catalog's address holds a password."""

    def __init__(self, call: Callable[[], Any], name: str) -> None:
        self._call = call
        self.__name__ = name  # what Dask's own pages show

    def __call__(self) -> Any:
        return self._call()


def connect(address: str, shown: str, shared: Sequence[Path], *, one_machine: bool) -> Executor:
    """Reach the cluster whose scheduler is at an address, and see that its workers do the work as it is done here.

    `shared` are folders and files that they must find at the same paths; `shown` is what is told of the address.
    Raises ExecutorError when they do not, or when there are none.
    """
    distributed = _load(shown)
    try:
        asyncio.run(_reach(distributed, address))
        client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (TypeError, RuntimeError) as error:  # how Dask says that it has no certificates
        reason = "the connection cannot be made secure; name the certificates in Dask's settings, see docs/scale.md"
        raise ExecutorError(f"{shown}: {reason}") from error
    except (OSError, ValueError) as error:
        reason = "no scheduler answers there; start one with `dask scheduler`, see docs/scale.md"
        raise ExecutorError(f"{shown}: {reason}") from error
    try:
        workers = _check_workers(client, shared, one_machine=one_machine)
    except ExecutorError as error:
        client.close(timeout=_CLOSE_SECONDS)
        raise ExecutorError(f"{shown}: {error}") from error
    except OSError as error:
        client.close(timeout=_CLOSE_SECONDS)
        raise ExecutorError(f"{shown}: its scheduler went away; start it again, see docs/scale.md") from error
    return ClusterExecutor(distributed, client, workers)


async def _reach(distributed: Any, address: str) -> None:
    """See that a scheduler answers: a client that finds none keeps the process from ending for a while."""
    arguments = distributed.Security().get_connection_args("client")
    comm = await distributed.comm.connect(address, timeout=_CONNECT_SECONDS, **arguments)
    comm.abort()


def _load(shown: str) -> Any:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise ExecutorError(f"{shown}: Dask is not installed; install toolrisk with its extra `dask`") from error
    # What it would say of lost connections and of other versions, we say in one line.
    warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return distributed


def _check_workers(client: Any, shared: Sequence[Path], *, one_machine: bool) -> int:
    """Give how many workers there are. Raises ExecutorError for the first that is not as it must be."""
    try:
        client.wait_for_workers(1, timeout=_NO_WORKER_SECONDS)
    except TimeoutError as error:
        raise ExecutorError("its scheduler has no worker; start some with `dask worker`, see docs/scale.md") from error
    with _marked(shared) as paths:
        here = describe_machine(paths)
        told = client.run(describe_machine, paths, on_error="return")
    for worker, there in sorted(told.items()):
        if reason := _refuse(here, there, one_machine=one_machine):
            raise ExecutorError(f"its worker {worker} {reason}")
    threads: dict[str, int] = client.nthreads()
    for worker, number in sorted(threads.items()):
        if number != 1:
            raise ExecutorError(f"its worker {worker} has {number} threads; start it with `--nthreads 1 --nworkers N`")
    return max(1, len(threads))


def _refuse(here: Machine, there: Machine | Exception, *, one_machine: bool) -> str | None:
    if isinstance(there, Exception):  # there is nothing there to answer with
        return f"has no toolrisk that is like this one ({there}); install the same there"
    if one_machine and there.name != here.name:
        return "is on another machine, which cannot read a SQLite catalog; move the catalog to PostgreSQL"
    return find_difference(here, there)


@contextmanager
def _marked(shared: Sequence[Path]) -> Iterator[list[str]]:
    """Put a file into each folder for the time being; give the paths of these and of the files."""
    files, marks = [path for path in shared if path.is_file()], []
    try:
        for folder in (path for path in shared if not path.is_file()):
            folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=folder, prefix=".shared-", delete=False) as mark:
                marks.append(Path(mark.name))
                mark.write(mark.name)
        yield [str(path) for path in (*files, *marks)]
    finally:
        for one in marks:
            one.unlink(missing_ok=True)
