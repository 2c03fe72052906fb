"""PyPI packages, through pip itself: wheels in one call; a lone sdist as a file that nothing ever builds."""

import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from crawler.errors import ClientError, FetchError
from crawler.fetch.archive_cache import ArchiveCache, CachedArchive
from crawler.fetch.batch import Fetches
from crawler.fetch.command import run_command
from crawler.fetch.sdist import fetch_any_archives
from crawler.fetched import Fetched
from crawler.target import Target

_SECONDS = 300
_OUT_OF_REACH = re.compile(r"after connection broken by '(\w+)|(ProxyError|ConnectTimeout)")


def fetch_pypi(targets: Sequence[Target], cache: ArchiveCache) -> Fetches:
    """Fetch packages by exact name into the cache: wheels in one call of pip, else any archive of each, unbuilt.

    Raises ClientError when PyPI cannot be reached.
    """
    with tempfile.TemporaryDirectory(prefix="toolrisk-pypi-") as folder:
        inside = Path(folder)
        answer = run_command(
            [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
            + ["--ignore-requires-python", "--no-input", "--disable-pip-version-check", "--progress-bar=off"]
            + ["--dest", folder]
            + [target.requirement for target in targets],
            cwd=inside,
            seconds=_SECONDS,
        )
        if answer.returncode == 0:
            return _keep_wheels(targets, inside, cache)
        broken = _OUT_OF_REACH.search(answer.stderr)
        if broken is not None:
            why = broken.group(1) or broken.group(2)
            raise ClientError("pip", f"PyPI cannot be reached ({why}; check the network or the proxy)")
        # pip names one refused package at a time, so the rest of the batch is not given to it again.
        return fetch_any_archives(targets, inside, cache)


def _keep_wheels(targets: Sequence[Target], folder: Path, cache: ArchiveCache) -> Fetches:
    wheels: dict[str, tuple[Path, str]] = {}
    kept: dict[str, CachedArchive] = {}
    for path in folder.glob("*.whl"):
        try:
            name, version, _, _ = parse_wheel_filename(path.name)
        except InvalidWheelFilename:
            continue
        wheels[name] = (path, str(version))
    fetches: Fetches = {}
    for target in targets:
        key = canonicalize_name(target.name)
        if (found := wheels.get(key)) is None:
            fetches[target] = FetchError(str(target), "pip downloaded no wheel of that name")
            continue
        wheel, wheel_version = found
        # Several ranges of one package may mean the same wheel, which moves into the cache once.
        if key not in kept:
            kept[key] = cache.add("pypi", target.name, wheel_version, wheel)
        archive = kept[key]
        if target.version not in (None, wheel_version):
            cache.also("pypi", target.name, target.version, archive)
        fetches[target] = Fetched(target, archive.path, version=wheel_version, digest=archive.digest)
    return fetches
