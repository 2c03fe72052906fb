"""Executors as they are asked for, and the jobs of a crawl done by them; a cluster's are in tests/scale."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

import pytest

from crawler.errors import SnapshotError
from crawler.workers import JobError, WorkerDiedError, Workers
from tests.scale.cluster import need_dask, run_toolrisk, write_dumps
from toolrisk.executors import ExecutorError, SerialExecutor, make_executor
from toolrisk.same_work import Machine, describe_machine, find_difference


def work(number: int) -> int:
    """Do as a place may that is read: most end well, some do not."""
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 8:
        raise SnapshotError("eight", "is damaged")
    if number == 9:
        raise LookupError(number)
    return number * 2


def do_all(make: Callable[[], Executor], numbers: list[int], jobs_each: int = 1_000) -> dict[int, object]:
    workers: Workers[int, int] = Workers(make, jobs_each)
    results: dict[int, object] = {}
    try:
        for number in numbers:
            workers.add(number, partial(work, number))
            results.update(workers.finished())
        results.update(workers.finished(everything=True))
    finally:
        workers.close()
    return results


@pytest.mark.parametrize("form", ["", "serial:2", "processes:0", "processes:x", "threads", "dask", "dask:"])
def test_form_that_is_none_is_refused_with_those_there_are(form: str) -> None:
    with pytest.raises(ExecutorError, match="no such executor; there are serial, processes"):
        make_executor(form)


def test_executor_says_how_much_it_does_at_once() -> None:
    for form, workers in (("serial", 1), ("processes:1", 1), ("processes:3", 3)):
        with make_executor(form) as executor:
            assert getattr(executor, "workers", None) == workers


def test_only_the_job_that_kills_its_worker_is_given_up() -> None:
    results = do_all(partial(make_executor, "processes:2"), list(range(40)))
    assert sorted(results) == list(range(40))
    assert isinstance(results.pop(7), WorkerDiedError)
    assert isinstance(results[8], SnapshotError)
    assert isinstance(results[9], JobError)
    assert "LookupError" in results[9].reason
    assert "Traceback" in results[9].told
    assert all(result == number * 2 for number, result in results.items() if number not in (8, 9))


def test_jobs_are_given_out_many_together_and_workers_are_replaced() -> None:
    made: list[SerialExecutor] = []

    def make() -> SerialExecutor:
        made.append(SerialExecutor())
        return made[-1]

    assert do_all(make, list(range(10, 17)), jobs_each=3) == {number: number * 2 for number in range(10, 17)}
    assert len(made) == 3


def test_password_in_an_address_is_not_told(tmp_path: Path) -> None:
    need_dask()
    dump = write_dumps(tmp_path / "dumps", 1)
    for form in ("dask:tcp://me:s3cret@127.0.0.1:1", "dask:me:s3cret@127.0.0.1:1", "desk:tcp://me:s3cret@127.0.0.1:1"):
        done = run_toolrisk(tmp_path, "--executor", form, "crawl", *dump)
        assert done.returncode == 2
        assert "s3cret" not in done.stderr + done.stdout
        assert done.stderr.count("\n") == 1, done.stderr


def test_difference_between_machines_is_told_with_what_to_do(tmp_path: Path) -> None:
    path = str(tmp_path / "shared")
    here = describe_machine([path])
    assert find_difference(here, here) is None
    older = Machine("other", {**here.software, "jinja2": "3.0"}, here.files)
    assert "has jinja2 3.0, this machine has" in (find_difference(here, older) or "")
    without = {name: version for name, version in here.software.items() if name != "jinja2"}
    assert "has jinja2 none" in (find_difference(here, Machine("other", without, here.files)) or "")
    (tmp_path / "shared").write_text("x")
    assert f"does not find at {path}" in (find_difference(describe_machine([path]), here) or "")
