"""Fixtures that many tests share: an empty catalog, a cache, a registry on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from catalog.session import open_catalog
from crawler.fetch.archive_cache import ArchiveCache
from tests.loopback_registry import LoopbackRegistry, serve_registry

# A slow machine is no failure: what takes too long has a bound of its own in CPU time, see tests/effort.py.
settings.register_profile("suite", deadline=None, max_examples=60)
settings.load_profile("suite")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def cache(tmp_path: Path) -> ArchiveCache:
    return ArchiveCache(tmp_path / "cache")


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackRegistry]:
    """A registry of our own, and npm and pip pointed at it through their own settings."""
    with serve_registry() as registry:
        for name, value in registry.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))
        yield registry
