"""Builds that a full disk, a limit or a kill breaks off: the site stays whole, or the next build makes it so."""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from site_builder.output import KEPT
from tests.site_builder.apart import run_killed, run_limited
from tests.site_builder.building import build_list, read_all, read_remains, read_times, write_files
from tests.site_builder.catalog_factory import make_file_server, make_mail_server, make_shop

EVENTS = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir")
OLD = {"index.html": b"old", "a/index.html": b"a", "a/gone/index.html": b"gone", "b/index.html": b"b", "c.txt": b"same"}
NEW = {"index.html": b"new", "a/index.html": b"a2", "d/e/index.html": b"e", "c.txt": b"same", "f.txt": b"f"}
BEFORE = (make_shop(), make_mail_server())
AFTER = (make_file_server(), replace(make_mail_server(), title="Another name"))
MOMENTS = [("open", 60), ("os.rename", 15), ("os.remove", 5)]


@contextmanager
def mounted_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Give an empty disk, or skip where we may not make one."""
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def nearly_full(disk: Path, left: int) -> Iterator[None]:
    """Fill a disk but for some bytes."""
    found = os.statvfs(disk)
    (disk / "filling").write_bytes(b"x" * (found.f_bavail * found.f_frsize - left))
    yield
    (disk / "filling").unlink()


def test_full_disk_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    with mounted_disk(tmp_path / "disk", 8) as disk:
        out = disk / "site"
        build_list(out, BEFORE[:1])
        before, times = read_all(out), read_times(out)
        with nearly_full(disk, 600_000), pytest.raises(OSError, match="No space left") as caught:
            build_list(out, BEFORE)
        assert caught.value.errno == errno.ENOSPC
        assert read_all(out) == before
        assert read_times(out) == times
        assert read_remains(out) == set()
        build_list(out, BEFORE)
        assert read_all(out) != before


def test_disk_that_is_full_when_the_state_is_written_is_an_error_of_the_system_too(tmp_path: Path) -> None:
    files = {f"p/{number}/index.html": b"x" for number in range(300)}
    with mounted_disk(tmp_path / "disk", 8) as disk:
        out = disk / "site"
        write_files(out, OLD)
        with nearly_full(disk, 4_096 * (len(files) + 8)), pytest.raises(OSError, match=r"full|No space"):
            write_files(out, files)
        assert read_all(out) == OLD


def test_file_that_may_not_grow_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    write_files(tmp_path, OLD)
    times, limit = read_times(tmp_path), 200_000
    files = {"a/index.html": b"new", "b/index.html": b"x" * (2 * limit)}
    assert run_limited(limit, write_files, tmp_path, files) == errno.EFBIG
    assert read_all(tmp_path) == OLD
    assert read_times(tmp_path) == times
    assert read_remains(tmp_path) == set()


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("then", [NEW, OLD], ids=["new", "old"])
def test_killed_at_any_call_the_folder_is_made_whole_by_the_next_build(
    tmp_path: Path, event: str, then: dict[str, bytes]
) -> None:
    number = 0
    while True:
        number += 1
        out = tmp_path / str(number)
        write_files(out, OLD)
        if not run_killed(event, number, out, write_files, out, NEW):
            break
        write_files(out, then)
        assert read_all(out) == then
        assert read_remains(out) == set()
    assert number > 1
    assert read_all(out) == NEW


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site before and the one after, each built at once."""
    folder = tmp_path_factory.mktemp("sites")
    for name, servers in {"before": BEFORE, "after": AFTER}.items():
        build_list(folder / name, servers)
    return folder


@pytest.mark.parametrize(("event", "number"), MOMENTS)
def test_build_that_was_killed_and_is_repeated_makes_the_site_that_one_build_makes(
    tmp_path: Path, sites: Path, event: str, number: int
) -> None:
    out = tmp_path / "site"
    shutil.copytree(sites / "before", out)
    assert run_killed(event, number, out, build_list, out, AFTER)
    if event == "open":
        assert read_all(out) == read_all(sites / "before")
    build_list(out, AFTER)
    assert read_all(out) == read_all(sites / "after")
    assert build_list(out, AFTER).pages_written == 0


def test_what_a_killed_build_left_behind_is_removed_by_the_next_one(tmp_path: Path, sites: Path) -> None:
    out = tmp_path / "site"
    shutil.copytree(sites / "before", out)
    assert run_killed("open", 1, out / KEPT / "scratch", build_list, out, AFTER)
    assert build_list(out, BEFORE).pages_written == 0
    assert read_remains(out) == set()


def test_first_build_that_was_killed_and_is_repeated_makes_the_site_that_one_build_makes(
    tmp_path: Path, sites: Path
) -> None:
    assert run_killed("open", 30, tmp_path / "site", build_list, tmp_path / "site", AFTER)
    build_list(tmp_path / "site", AFTER)
    assert read_all(tmp_path / "site") == read_all(sites / "after")
