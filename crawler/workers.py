"""Jobs done by an executor's workers, many at once, so that handing them over costs little beside doing them.

Where workers die, the jobs that they had are done again one at a time, so that only a job that kills its worker is
given up. Not for what the jobs are.
"""

import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from crawler.errors import CrawlError

Item = TypeVar("Item")
Result = TypeVar("Result")

_TOGETHER = 50  # about a second's work: a hand-over to another machine costs as much as reading half a place
_SECONDS_TOGETHER = 2.0  # what of them is not begun by then is handed out anew, to whoever is free
_MOST_LOST = 3


class JobError(Exception):
    """A job raised what it should not; `told` is the traceback, as text."""

    def __init__(self, reason: str, told: str) -> None:
        super().__init__(reason, told)
        self.reason = reason
        self.told = told


class WorkerDiedError(Exception):
    """A job was done alone, and its worker died of it."""


@dataclass(slots=True)
class _Task(Generic[Item, Result]):
    """A job, what it is for, and how often it was lost while it was done alone."""

    item: Item
    job: Callable[[], Result]
    lost: int = 0


class Workers(Generic[Item, Result]):
    """The workers of one executor after another.

    `make_executor` makes one; of one with more than a few workers, its attribute `workers` says how many there are.
    After `jobs_each` jobs it is replaced: what workers do not give back to the system would add up.
    """

    def __init__(self, make_executor: Callable[[], Executor], jobs_each: int) -> None:
        self._make_executor = make_executor
        self._jobs_each = jobs_each
        self._executor = make_executor()
        self._given = 0
        self._is_broken = False
        self._waiting: deque[_Task[Item, Result]] = deque()
        self._under_way: dict[Future[list[Result | CrawlError | JobError]], list[_Task[Item, Result]]] = {}
        self._suspects: deque[_Task[Item, Result]] = deque()

    def close(self) -> None:
        """Let the workers go; what they still have is lost."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def add(self, item: Item, job: Callable[[], Result]) -> None:
        """Have a job done, at once if a worker is free. Jobs and results travel between machines."""
        self._waiting.append(_Task(item, job))
        self._hand_out()

    def finished(
        self, *, everything: bool = False
    ) -> Iterator[tuple[Item, Result | CrawlError | JobError | WorkerDiedError]]:
        """Give what is finished, and wait while too much is waiting for workers, or until `everything` is finished.

        A job's CrawlError is its result, and so is a JobError for anything else that it raised.
        Raises what `make_executor` raises, when workers died and no others can be had.
        """
        while self._waiting or self._under_way or self._suspects:
            self._hand_out()
            if not self._under_way:
                yield from self._do_alone()
                continue
            hurries = everything or bool(self._suspects) or len(self._waiting) >= _TOGETHER * self._count_workers()
            done, _ = wait(self._under_way, None if hurries else 0, FIRST_COMPLETED)
            if not done:
                return
            for future in done:
                yield from self._take(self._under_way.pop(future), future)

    def _hand_out(self) -> None:
        """Give waiting jobs to workers that will be free; none while it is to be found out which job kills them."""
        workers = self._count_workers()
        while self._waiting and not self._suspects and len(self._under_way) < 2 * workers:
            if self._is_broken or self._given >= self._jobs_each:
                if self._under_way:
                    return
                self._replace()
            # The last of all are shared out evenly, so that no worker does them while the others wait.
            number = min(_TOGETHER, -(-len(self._waiting) // workers), self._jobs_each - self._given)
            tasks = [self._waiting.popleft() for _ in range(number)]
            self._given += number
            try:
                self._under_way[self._submit(tasks)] = tasks
            except BrokenExecutor:
                self._suspect(tasks)

    def _take(
        self, tasks: list[_Task[Item, Result]], future: Future[list[Result | CrawlError | JobError]]
    ) -> Iterator[tuple[Item, Result | CrawlError | JobError]]:
        try:
            results = future.result()
        except Exception:  # noqa: BLE001 - whatever the executor says of them: no job's own error arrives like this
            self._suspect(tasks)
            return
        self._waiting.extendleft(reversed(tasks[len(results) :]))
        yield from zip((task.item for task in tasks), results, strict=False)

    def _suspect(self, tasks: list[_Task[Item, Result]]) -> None:
        self._suspects.extend(tasks)
        self._is_broken = True

    def _do_alone(self) -> Iterator[tuple[Item, Result | CrawlError | JobError | WorkerDiedError]]:
        """Do one of the jobs whose workers died, with nothing else under way."""
        if self._is_broken:
            self._replace()
        task = self._suspects.popleft()
        try:
            (result,) = self._submit([task]).result()
        except Exception as error:  # noqa: BLE001 - as above
            self._is_broken = True
            task.lost += 1
            if isinstance(error, CancelledError) and task.lost < _MOST_LOST:  # nothing says that it was this job
                self._suspects.appendleft(task)
                return
            yield task.item, WorkerDiedError(f"{type(error).__name__}: {error}")
            return
        yield task.item, result

    def _submit(self, tasks: list[_Task[Item, Result]]) -> Future[list[Any]]:
        return self._executor.submit(_do, [task.job for task in tasks])

    def _replace(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._executor, self._given, self._is_broken = self._make_executor(), 0, False

    def _count_workers(self) -> int:
        return int(getattr(self._executor, "workers", 1))


def _do(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Do jobs until some seconds are over; runs with the worker. At least one is done."""
    began, results = time.monotonic(), []
    for job in jobs:
        try:
            results.append(job())
        except CrawlError as error:
            results.append(error)
        except Exception as error:  # noqa: BLE001 - the one per-item boundary of the crawl
            # As text: not every exception can travel.
            results.append(JobError(f"{type(error).__name__}: {error}", traceback.format_exc()))
        if time.monotonic() - began > _SECONDS_TOGETHER:
            break
    return results
