"""The engine that renders the site writes what Jinja2 writes, to the byte: the templates mean what Jinja2 says."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from site_builder.environment import make_reference, make_renderer
from tests.site_builder.conftest import build


def read_all(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_page_is_the_same_by_both_engines(site: Path, tmp_path: Path) -> None:
    build(tmp_path / "reference", renderer=make_reference())
    ours, reference = read_all(site), read_all(tmp_path / "reference")
    assert ours.keys() == reference.keys()
    assert [path for path in ours if ours[path] != reference[path]] == []


def test_what_a_context_does_not_have_is_an_error_in_both() -> None:
    with pytest.raises(UndefinedError):
        make_reference()("pages/not_found.html", object())
    with pytest.raises(Exception, match="undefined"):
        make_renderer()("pages/not_found.html", object())
