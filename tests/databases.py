"""Both databases that a catalog may lie in: SQLite in a file, and a real PostgreSQL that is started for the tests.

Not for tests of one of them alone: those open what they need. A conftest takes the fixtures from here.
"""

import functools
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import OperationalError

from catalog.session import open_catalog

DATABASES = ("sqlite", "postgresql")
USER, PASSWORD = "toolrisk", "s3cret word"
_START_SECONDS = 30
_NUMBER = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """A PostgreSQL of our own on a socket in a temporary folder; the address of its first database."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = shutil.which("initdb")
    if not programs and found is None:
        reason = "no PostgreSQL is installed: apt-get install postgresql"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    # Not below pytest's own folder: only we may enter that, and a socket's path is at most 107 characters long.
    folder = Path(tempfile.mkdtemp(prefix="toolrisk-postgresql-"))
    try:
        with _running(programs[-1] if programs else Path(str(found)).resolve().parent, folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_url(postgresql_server: URL) -> Iterator[str]:
    """Where a new database is."""
    with new_database(postgresql_server) as url:
        yield url


def run_on_both(metafunc: pytest.Metafunc) -> None:
    """Have a test that asks for `database_url` or `engine` run on both databases."""
    if "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", DATABASES, indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a catalog may be made: in SQLite unless the test was parametrised."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{tmp_path / 'catalog.db'}"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An empty catalog."""
    engine = open_catalog(database_url)
    yield engine
    engine.dispose()


@contextmanager
def new_database(server: URL) -> Iterator[str]:
    """Make a database that is empty and sorts text by a language, not by code points; give its address."""
    name = f"catalog_{next(_NUMBER)}"
    _administer(server, f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _running(programs: Path, folder: Path) -> Iterator[URL]:
    # It refuses to run as root; Debian's package has made a user for it.
    as_user = functools.partial(subprocess.run, check=True, capture_output=True, timeout=_START_SECONDS)
    user = "postgres" if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    data, password = folder / "data", folder / "password"
    password.write_text(PASSWORD)
    password.chmod(0o644)
    locale = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
    trusted = ("--username", USER, "--pwfile", str(password), "--auth=scram-sha-256", "--no-sync")
    as_user([programs / "initdb", "-D", data, *locale, *trusted], user=user)
    settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}
    settings |= {"full_page_writes": "off", "autovacuum": "off"}
    chosen = [f"--{name}={value}" for name, value in settings.items()]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([programs / "postgres", "-D", data, *chosen], user=user, stdout=log, stderr=log)
    url = URL.create("postgresql+psycopg", USER, PASSWORD, database="postgres", query={"host": str(folder)})
    try:
        _wait_for(url, server, folder / "log")
        yield url
    finally:
        server.send_signal(signal.SIGINT)  # it ends its own processes first, so that none writes into what is removed
        server.wait(_START_SECONDS)


def _wait_for(url: URL, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            _administer(url, "SELECT 1")
        except OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"PostgreSQL did not start: {log.read_text()[-500:]}")


def _administer(url: URL, statement: str) -> None:
    engine = create_engine(make_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
