"""What writes the catalog is tested on both databases, the rest of the crawl on SQLite."""

import pytest

from tests.databases import database_url, engine, postgresql_server, postgresql_url, run_on_both

__all__ = ["database_url", "engine", "postgresql_server", "postgresql_url"]

_ON_BOTH = {"test_changes", "test_claims", "test_discover", "test_identity", "test_places", "test_run"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.rpartition(".")[2] in _ON_BOTH:
        run_on_both(metafunc)
