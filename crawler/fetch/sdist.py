"""A package's archive taken as a file: for packages that have no wheel for this machine.

pip would run the package's build backend to learn an sdist's metadata; that is foreign code, so the index
that pip is set up with is asked directly and the archive is only ever unpacked.
"""

import shlex
import ssl
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2
from unearth import PackageFinder
from unearth.errors import UnpackError
from unearth.fetchers import PyPIClient
from unearth.preparer import download_link

from crawler.errors import ClientError, FetchError
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.batch import Fetches
from crawler.fetch.command import run_command
from crawler.fetched import Fetched
from crawler.target import Target

_SECONDS = 120


def fetch_any_archives(targets: Sequence[Target], folder: Path, cache: ArchiveCache) -> Fetches:
    """Fetch the best archive of each PyPI package, wheel of any platform or sdist, without building it.

    Raises ClientError when PyPI cannot be reached.
    """
    fetches: Fetches = {}
    settings = _pip_settings(folder)
    with PyPIClient(verify=_trust(settings.get("cert")), timeout=_SECONDS) as session:
        finder = _finder(session, settings, folder, [target.name for target in targets])
        for number, target in enumerate(targets):
            fetches[target] = _fetch_or_error(target, finder, folder / f"archive-{number}", cache)
    return fetches


def _fetch_or_error(target: Target, finder: PackageFinder, folder: Path, cache: ArchiveCache) -> Fetched | FetchError:
    try:
        return _fetch(target, finder, folder, cache)
    except (httpx2.ConnectError, httpx2.TimeoutException, httpx2.ProxyError) as error:
        why = f"{type(error).__name__}; check the network or the proxy"
        raise ClientError("pip", f"PyPI cannot be reached ({why})") from error
    except ClientError:
        raise
    except FetchError as error:
        return error
    except (httpx2.HTTPError, OSError, UnpackError, ValueError) as error:
        return FetchError(str(target), f"the archive could not be downloaded: {error}")


def _fetch(target: Target, finder: PackageFinder, folder: Path, cache: ArchiveCache) -> Fetched:
    found = finder.find_best_match(target.requirement, allow_yanked=True).best
    if found is None or found.link is None:
        raise FetchError(str(target), "no such package or version", cause="not found")
    version = str(found.version)
    file = download_link(finder.session, found.link, folder, found.link.hash_option)
    archive = cache.add("pypi", target.name, target.exact_version or version, file)
    if target.version and not target.exact_version:
        cache.also("pypi", target.name, target.version, archive)
    return Fetched(target, archive.path, version=version, digest=archive.digest)


def _finder(session: Any, settings: Mapping[str, str], folder: Path, names: list[str]) -> PackageFinder:
    index = settings.get("index-url") or _default_index(folder)
    return PackageFinder(
        session,
        index_urls=[index, *settings.get("extra-index-url", "").split()],
        find_links=settings.get("find-links", "").split(),
        trusted_hosts=settings.get("trusted-host", "").split(),
        ignore_compatibility=True,
        prefer_binary=names,
    )


def _trust(certificates: str | None) -> ssl.SSLContext | bool:
    return ssl.create_default_context(cafile=certificates) if certificates else True


def _pip_settings(folder: Path) -> dict[str, str]:
    """Read pip's own configuration; what stands closer to the command wins, as in pip."""
    answer = run_command([sys.executable, "-m", "pip", "config", "list"], cwd=folder, seconds=_SECONDS)
    settings: dict[str, dict[str, str]] = {"global": {}, "download": {}, ":env:": {}}
    for line in answer.stdout.splitlines():
        key, equals, value = line.partition("=")
        section, dot, name = key.partition(".")
        if equals and dot and section in settings:
            settings[section][name] = " ".join(shlex.split(value)).replace("\\n", " ")
    return settings["global"] | settings["download"] | settings[":env:"]


def _default_index(folder: Path) -> str:
    """Ask pip where it looks when nothing is configured, so that no address stands here."""
    program = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
    answer = run_command([sys.executable, "-c", program], cwd=folder, seconds=_SECONDS)
    if answer.returncode:
        raise FetchError("pip", "this version does not tell its default index; set index-url in pip's configuration")
    return answer.stdout.strip()
