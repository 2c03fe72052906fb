"""Opening a catalog that is new, missing, foreign, damaged or of another release."""

from pathlib import Path

import pytest
from sqlalchemy import update

from catalog.errors import CatalogError, UnknownServerError
from catalog.models import catalog_info
from catalog.queries import find_server
from catalog.session import open_catalog


def test_catalog_opens_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    open_catalog(url).dispose()
    open_catalog(url, create=False).dispose()


def test_missing_catalog_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="toolrisk crawl"):
        open_catalog(f"sqlite:///{tmp_path / 'none.db'}", create=False)
    assert list(tmp_path.iterdir()) == []


def test_other_release_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    engine = open_catalog(url)
    with engine.begin() as connection:
        connection.execute(update(catalog_info).values(value="99"))
    with pytest.raises(CatalogError, match="a newer release"):
        open_catalog(url)


@pytest.mark.parametrize("name", ["text.db", "no/such/folder/catalog.db"])
def test_what_is_no_catalog_is_one_clear_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.db").write_text("this is not a database, " * 100)
    with pytest.raises(CatalogError) as caught:
        open_catalog(f"sqlite:///{tmp_path / name}")
    assert "\n" not in str(caught.value)


def test_address_that_is_none_is_refused() -> None:
    with pytest.raises(CatalogError, match="not a catalog's address"):
        open_catalog("nosuch+driver://x")


def test_unknown_server_in_an_empty_catalog_says_where_to_look(tmp_path: Path) -> None:
    with pytest.raises(UnknownServerError, match="toolrisk status"):
        find_server(open_catalog(f"sqlite:///{tmp_path / 'catalog.db'}"), "anything")
