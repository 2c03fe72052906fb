"""The engine that renders the site writes what Jinja2 writes, to the byte: the templates mean what Jinja2 says."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from site_builder.environment import make_reference, make_renderer
from tests.site_builder.building import read_all
from tests.site_builder.conftest import build


def test_every_page_is_the_same_by_both_engines(site: Path, tmp_path: Path) -> None:
    build(tmp_path / "reference", engine=make_reference)
    ours, reference = read_all(site), read_all(tmp_path / "reference")
    assert ours.keys() == reference.keys()
    assert [path for path in ours if ours[path] != reference[path]] == []


def test_what_a_context_does_not_have_is_an_error_in_both() -> None:
    for render in (make_reference(), make_renderer()):
        with pytest.raises(UndefinedError, match="has no attribute 'frame'"):
            render("pages/not_found.html", object())
