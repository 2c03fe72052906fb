"""A package's archive taken as a file: for packages that have no wheel for this machine.

pip would run the package's build backend to learn an sdist's metadata; that is foreign code, so the index
that pip is set up with is asked directly and the archive is only ever unpacked.
"""

import shlex
import ssl
import sys
from pathlib import Path
from typing import Any

import httpx2
from unearth import PackageFinder
from unearth.errors import UnpackError
from unearth.fetchers import PyPIClient
from unearth.preparer import download_link

from crawler.archive_cache import ArchiveCache
from crawler.command import run_command
from crawler.errors import ClientError, FetchError
from crawler.fetched import Fetched
from crawler.target import Target

_SECONDS = 120


def fetch_any_archive(target: Target, folder: Path, cache: ArchiveCache) -> Fetched:
    """Fetch the best archive of a PyPI package, wheel of any platform or sdist, without building it.

    Raises FetchError when there is none or it cannot be had, ClientError when PyPI cannot be reached.
    """
    try:
        finder = _finder(folder, target.name)
        found = finder.find_best_match(target.requirement, allow_yanked=True).best
        if found is None:
            raise FetchError(str(target), "no such package or version")
        version = str(found.version)
        file = download_link(finder.session, found.link, folder / "archive", found.link.hash_option)
    except (httpx2.ConnectError, httpx2.TimeoutException, httpx2.ProxyError) as error:
        why = f"{type(error).__name__}; check the network or the proxy"
        raise ClientError("pip", f"PyPI cannot be reached ({why})") from error
    except (httpx2.HTTPError, OSError, UnpackError, ValueError) as error:
        raise FetchError(str(target), f"the archive could not be downloaded: {error}") from error
    archive = cache.add("pypi", target.name, target.exact_version or version, file)
    if target.version and not target.exact_version:
        cache.also("pypi", target.name, target.version, archive)
    return Fetched(target, archive.path, version=version, digest=archive.digest)


def _finder(folder: Path, name: str) -> PackageFinder:
    settings = _pip_settings(folder)
    index = settings.get("index-url") or _default_index(folder)
    session: Any = PyPIClient(verify=_trust(settings.get("cert")), timeout=_SECONDS)
    return PackageFinder(
        session,
        index_urls=[index, *settings.get("extra-index-url", "").split()],
        find_links=settings.get("find-links", "").split(),
        trusted_hosts=settings.get("trusted-host", "").split(),
        ignore_compatibility=True,
        prefer_binary=[name],
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
