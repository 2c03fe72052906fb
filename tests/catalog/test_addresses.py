"""Where a catalog is: addresses that are wrong, servers that are out of reach, and a password that is never shown."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from catalog.address import read_address
from catalog.errors import CatalogError
from catalog.models import servers
from catalog.session import open_catalog, reported_errors

ROOT = Path(__file__).parents[2]
SECRET = "hidden-word"


def told(url: str) -> str:
    """Give what opening a catalog fails with; it is one line without any secret."""
    with pytest.raises(CatalogError) as caught:
        open_catalog(url)
    said = str(caught.value)
    assert "\n" not in said
    assert SECRET not in said
    return said


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://me:{SECRET}@host:no-port/catalog",
        f"nosuch+driver://me:{SECRET}@host/catalog",
        f"nosuch://me:{SECRET}@at@host/catalog",
        "catalog.db",
        "",
    ],
)
def test_address_that_is_none_is_refused(url: str) -> None:
    assert "not a catalog's address" in told(url)


def test_other_databases_are_refused() -> None:
    assert "not in mysql" in told(f"mysql://me:{SECRET}@host/catalog")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_usual_ways_to_write_the_scheme_mean_the_same(scheme: str) -> None:
    address = read_address(f"{scheme}://me:{SECRET}@host/catalog?sslpassword={SECRET}&sslmode=require")
    assert address.url.drivername == "postgresql+psycopg"
    assert address.url.password == SECRET
    assert address.shown == "postgresql+psycopg://me:***@host/catalog?sslmode=require"


@pytest.mark.parametrize("where", ["@127.0.0.1:1/catalog", "@no-such-host.invalid/catalog", "@/catalog?host=/nowhere"])
def test_server_that_is_out_of_reach_is_told(where: str) -> None:
    began = time.monotonic()
    assert "no PostgreSQL can be reached" in told(f"postgresql://me:{SECRET}{where}")
    assert time.monotonic() - began < 15


def test_driver_that_is_not_installed_is_told() -> None:
    program = f"""
import sys
sys.modules["psycopg"] = None
from catalog.session import open_catalog
open_catalog("postgresql://me:{SECRET}@host/catalog")
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False, capture_output=True, text=True)
    last = done.stderr.splitlines()[-1]
    assert "CatalogError: postgresql+psycopg://me:***@host/catalog: PostgreSQL's driver is not installed" in last
    assert "extra `postgres`" in last


def test_refused_user_is_told(postgresql_server: URL) -> None:
    for user in ("toolrisk", "nobody-knows"):
        wrong = postgresql_server.set(username=user, password=SECRET)
        assert "refuses this user or password" in told(wrong.render_as_string(hide_password=False))
    without = URL.create("postgresql", "toolrisk", database="postgres", query=postgresql_server.query)
    assert "asks for a password" in told(without.render_as_string(hide_password=False))


def test_database_that_is_not_there_is_told(postgresql_server: URL) -> None:
    assert "`createdb`" in told(postgresql_server.set(database="absent").render_as_string(hide_password=False))


def test_user_who_may_not_make_tables_is_told(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE reader LOGIN PASSWORD '{SECRET}'"))
    engine.dispose()
    url = make_url(postgresql_url).set(username="reader", password=SECRET)
    assert "may not do that" in told(url.render_as_string(hide_password=False))


def test_database_without_a_catalog_says_what_to_run(postgresql_url: str) -> None:
    with pytest.raises(CatalogError, match="toolrisk crawl"):
        open_catalog(postgresql_url, create=False)


def test_server_that_ends_the_connection_is_one_line(postgresql_url: str) -> None:
    engine = open_catalog(postgresql_url)
    with engine.connect() as connection, engine.connect() as other:
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        other.execute(text(f"SELECT pg_terminate_backend({own})"))
        with pytest.raises(CatalogError, match="ended the connection") as caught, reported_errors("the catalog"):
            connection.execute(servers.select())
    assert "\n" not in str(caught.value)
    engine.dispose()
