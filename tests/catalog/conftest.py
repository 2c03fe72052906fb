"""What reads and writes the catalog is tested on both databases."""

from tests.databases import database_url, engine, postgresql_server, postgresql_url
from tests.databases import run_on_both as pytest_generate_tests

__all__ = ["database_url", "engine", "postgresql_server", "postgresql_url", "pytest_generate_tests"]
