import importlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

import crawler.sources
from crawler.errors import CrawlError
from crawler.fetch.archive_cache import ArchiveCache
from crawler.listing import Source, SourceSetting
from crawler.sources import SOURCES
from crawler.web import Web
from tests.standins.quick_web import quick

FOLDER = Path(crawler.sources.__path__[0])
# What several sources share.
PARTS = frozenset(("asking", "folders", "git_catalog", "links", "server_json", "strange_values", "walk"))
LOCAL = frozenset(("checkouts", "docker-registry", "dumps", "list-file", "toolhive"))
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__" and path.stem not in PARTS)


def test_every_module_is_a_source_under_its_own_name() -> None:
    assert [source.id for source in SOURCES] == sorted(name.replace("_", "-") for name in MODULES)
    for source in SOURCES:
        module = importlib.import_module(f"crawler.sources.{source.id.replace('-', '_')}")
        assert module.SOURCE is source


def test_every_part_exists() -> None:
    assert all((FOLDER / f"{name}.py").is_file() for name in PARTS)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_source_says_what_it_is_and_how_to_name_it(source: Source) -> None:
    assert source.title
    assert source.terms.endswith(".")
    assert source.examples
    for example in source.examples:
        name, _, where = example.partition(":")
        assert name == source.id
        assert where or not source.needs_where
    assert source.key_variable or not source.needs_key


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_source_is_in_the_documentation(source: Source) -> None:
    text = (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")
    assert f"| `{source.id}` |" in text
    assert source.key_variable is None or f"`{source.key_variable}`" in text


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_key_is_in_no_error_and_no_representation(source: Source, tmp_path: Path) -> None:
    with Web(quick()) as web:
        # The port of the discard service: nobody is there.
        where = "http://somebody:word-word@127.0.0.1:9/x"
        setting = SourceSetting(web, ArchiveCache(tmp_path), where, {}, datetime.now(UTC), "secret-key:secret-tenant")
        with pytest.raises(CrawlError) as caught:
            list(source.pages(setting))
    for text in (str(caught.value), repr(caught.value), repr(setting)):
        assert "secret" not in text
    if source.id not in LOCAL:  # the name of a file or a repository is told as a person wrote it
        assert "word-word" not in str(caught.value)
