"""How fast archives are read, in CPU-seconds: ours, with all its limits, against tarfile reading every member.

It measures packed and plain tars, not fetching them; without arguments it makes a corpus of this project's own files.

    python benchmarks/archives.py [ARCHIVE_OR_FOLDER ...] [--rounds 5] [--ratios FILE]
"""

import statistics
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.ratios import RatiosFile, tell_ratios
from crawler.snapshots.snapshot import read_archive, snapshot_of

_PROJECT = Path(__file__).parents[1]
_SUFFIXES = (".tgz", ".tar.gz", ".tar")
_COPIES = 6
_FORMS = {  # name: format, whether times have fractions, the comment that `git archive` writes
    "ustar.tgz": (tarfile.USTAR_FORMAT, False, None),  # as npm packs
    "pax.tar.gz": (tarfile.PAX_FORMAT, True, None),  # as most sdists are: a header more for each time
    "git.tar.gz": (tarfile.PAX_FORMAT, False, "0" * 40),
    "gnu.tar": (tarfile.GNU_FORMAT, False, None),
}


def main(
    archives: Annotated[list[Path] | None, typer.Argument(help="Tar archives, or folders of them.")] = None,
    rounds: Annotated[int, typer.Option(min=1, max=50, help="How often each is read; the median counts.")] = 5,
    ratios: RatiosFile = None,
) -> None:
    """Measure and print a table in Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        groups = {str(path): _archives_of(path) for path in archives or _own_corpus(Path(folder))}
        print(
            "| archives | files | MB | tarfile, MB/CPU-s | ours | times | both with digest | | times"
            " | tarfile, files/CPU-s | ours |"
        )
        print("| --- |" + " ---: |" * 10)
        times = {}
        for name, paths in groups.items():
            if paths:
                row, times[f"archives: {Path(name).name}"] = _row(Path(name).name, paths, rounds)
                print(row)
    tell_ratios(ratios, times)


def _archives_of(path: Path) -> list[Path]:
    found = sorted(path.iterdir()) if path.is_dir() else [path]
    return [one for one in found if one.name.endswith(_SUFFIXES)]


def _own_corpus(folder: Path) -> list[Path]:
    paths = [path for top in ("crawler", "classifier", "site_builder", "tests", "docs") for path in _texts(top)]
    files = {str(path.relative_to(_PROJECT)): path.read_bytes() for path in paths}
    for name, (form, fractions, comment) in _FORMS.items():
        headers = {"comment": comment} if comment else None
        mode = "w" if name.endswith(".tar") else "w:gz"
        with tarfile.open(folder / name, mode, format=form, pax_headers=headers) as archive:  # type: ignore[call-overload]
            for copy in range(_COPIES):
                for path, data in files.items():
                    member = tarfile.TarInfo(f"package/{copy}/{path}"[:99])
                    member.size, member.mtime = len(data), 1_700_000_000 + (0.25 if fractions else 0)
                    archive.addfile(member, BytesIO(data))
    return [folder / name for name in _FORMS]


def _texts(top: str) -> Iterable[Path]:
    return (path for path in sorted(_PROJECT.joinpath(top).rglob("*")) if path.suffix in {".py", ".md", ".json", ".ts"})


def _row(name: str, paths: list[Path], rounds: int) -> tuple[str, float]:
    """Give a row of the table, and how many times as fast as tarfile ours is."""
    files = {str(path): _by_tarfile(path) for path in paths}
    count = sum(map(len, files.values()))
    size = sum(len(data) for one in files.values() for data in one.values()) / 1e6
    ours = [read_archive(path, strip_top=True).files for path in paths]
    stock, whole, digest, stock_digest = _medians(
        rounds,
        lambda: [_by_tarfile(path) for path in paths],
        lambda: [read_archive(path, strip_top=True) for path in paths],
        lambda: [snapshot_of(one, ()) for one in ours],
        lambda: [snapshot_of(one, ()) for one in files.values()],
    )
    alone = whole - digest
    both = stock + stock_digest
    row = (
        f"| {name} | {count:,} | {size:.0f} | {size / stock:.0f} | {size / alone:.0f} | {stock / alone:.1f}"
        f" | {size / both:.0f} | {size / whole:.0f} | {both / whole:.1f}"
        f" | {count / stock:,.0f} | {count / alone:,.0f} |"
    )
    return row, stock / alone


def _by_tarfile(path: Path) -> dict[str, bytes]:
    files = {}
    with tarfile.open(path, "r" if path.name.endswith(".tar") else "r:gz") as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isreg() else None
            if stream is not None:
                files[member.name] = stream.read()
    return files


def _medians(rounds: int, *calls: Callable[[], object]) -> list[float]:
    """Give each call's CPU-seconds; the rounds are interleaved, so that a busy moment falls on all."""
    seconds: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for call, taken in zip(calls, seconds, strict=True):
            began = time.process_time()
            call()
            taken.append(time.process_time() - began)
    return [statistics.median(taken) for taken in seconds]


if __name__ == "__main__":
    typer.run(main)
