"""A cluster that cannot do the work as it is done here is refused at once, in a line that says what to do."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scale.cluster import ROOT, Cluster, new_cluster, run_toolrisk, write_dumps
from toolrisk import dask_cluster
from toolrisk.executors import ExecutorError, make_executor

PACKAGES = ("catalog", "classifier", "clients", "crawler", "policy", "site_builder", "site_templates", "toolrisk")
ONE = ("--nthreads", "1", "--no-nanny")


@pytest.fixture(scope="module")
def scheduled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with new_cluster(tmp_path_factory.mktemp("scheduled")) as cluster:
        cluster.start_scheduler()
        yield cluster


@pytest.fixture
def cluster(scheduled: Cluster) -> Iterator[Cluster]:
    """A scheduler without workers."""
    yield scheduled
    for worker in scheduled.workers:
        worker.kill()
        worker.wait(15)
    scheduled.workers.clear()


def refusal(cluster: Cluster, *shared: Path) -> str:
    with pytest.raises(ExecutorError) as caught:
        make_executor(cluster.form, shared=shared)
    told = str(caught.value)
    assert "\n" not in told
    return told


def test_no_worker(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "_NO_WORKER_SECONDS", 1)
    assert "its scheduler has no worker; start some with `dask worker`" in refusal(cluster)


def test_worker_of_several_threads_and_one_that_finds_other_files(cluster: Cluster) -> None:
    cluster.start_workers(1, "--nthreads", "2", "--no-nanny")
    assert "has 2 threads; start it with `--nthreads 1" in refusal(cluster)
    # A path that is not whole leads elsewhere from where a worker is.
    incidents = Path("data", "incidents.jsonl")
    assert (ROOT / incidents).is_file()
    assert "does not find at data/incidents.jsonl what is there" in refusal(cluster, incidents)


def test_worker_with_other_code(cluster: Cluster, tmp_path: Path) -> None:
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "crawler" / "target.py").open("a") as file:
        file.write("# another release\n")
    cluster.start_workers(1, *ONE, PYTHONPATH=str(tmp_path))
    assert "install the same on all" in refusal(cluster)


def test_worker_without_toolrisk_is_one_line_of_the_command(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "without.py").write_text("import sys\nsys.modules['toolrisk'] = None\n")
    cluster.start_workers(1, *ONE, "--preload", str(tmp_path / "without.py"))
    done = run_toolrisk(tmp_path, "--executor", cluster.form, "crawl", *write_dumps(tmp_path / "dumps", 1))
    assert done.returncode == 2
    assert "has no toolrisk that is like this one" in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
