"""The further pages as a whole: well-formed, linked, without code, alike in both engines."""

import re
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from catalog.records import CatalogServer
from site_builder import (
    attack_pages,
    change_pages,
    combination_pages,
    facet_pages,
    finding_pages,
    rule_pages,
    source_pages,
)
from site_builder.attacks import read_attacks
from site_builder.environment import TEMPLATES, make_reference, make_renderer
from site_builder.survey import Survey
from tests.site_builder.catalog_factory import make_catalog, make_large_catalog
from tests.site_builder.change_factory import make_changes
from tests.site_builder.conftest import INCIDENTS, build
from tests.site_builder.further_pages import make_further
from tests.site_builder.status_factory import EMPTY_STATUS
from tests.site_builder.test_pages import internal_links, outline

CONTEXTS: dict[str, type] = {
    "attack": attack_pages.AttackPage,
    "attack_index": attack_pages.AttackIndexPage,
    "change_day": change_pages.DayPage,
    "changes": change_pages.ChangesPage,
    "combinations": combination_pages.CombinationsPage,
    "facet": facet_pages.FacetPage,
    "facets": facet_pages.FacetsPage,
    "finding_list": finding_pages.FindingListPage,
    "findings": finding_pages.FindingsPage,
    "rule": rule_pages.RulePage,
    "rules": rule_pages.RulesPage,
    "sources": source_pages.SourcesPage,
}
MADE = tuple(make_further(make_catalog(), make_changes()))
PATHS = [made.path for made in MADE]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site and write the further pages into it."""
    out = tmp_path_factory.mktemp("further") / "public"
    build(out)
    render = make_renderer()
    for made in MADE:
        path = out / made.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(render(f"pages/{made.template}.html", made.page).encode("utf-8", "replace"))
    return out


@pytest.mark.parametrize("template", sorted(CONTEXTS))
def test_context_holds_exactly_what_its_template_uses(template: str) -> None:
    text = (TEMPLATES / "pages" / f"{template}.html").read_text() + (TEMPLATES / "layout.html").read_text()
    used = set(re.findall(r"\bpage\.([a-z_]+)", text))
    assert used == {field.name for field in fields(CONTEXTS[template])}


def test_every_page_is_of_the_context_of_its_template_and_no_template_is_unused() -> None:
    assert all(type(made.page) is CONTEXTS[made.template] for made in MADE)
    assert {made.template for made in MADE} == set(CONTEXTS)
    assert len(set(PATHS)) == len(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_page_is_well_formed_and_carries_no_code(whole: Path, path: str) -> None:
    found = outline(whole / path)
    assert found.problems == []
    assert len(set(found.ids)) == len(found.ids)
    assert found.headings.count(1) == 1
    assert found.headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(found.headings))
    assert {urlsplit(link).scheme for link in found.links} <= {"", "http", "https"}


@pytest.mark.parametrize("path", PATHS)
def test_every_internal_link_leads_somewhere(whole: Path, path: str) -> None:
    for target, fragment in internal_links(whole, path):
        assert target.is_relative_to(whole.resolve()), target
        assert target.is_file(), target
        if fragment:
            assert fragment in outline(target).ids, f"{target}#{fragment}"


@pytest.mark.parametrize("template", sorted(CONTEXTS))
def test_both_engines_write_the_same(template: str) -> None:
    render, reference = make_renderer(), make_reference()
    for made in MADE:
        if made.template == template:
            assert render(f"pages/{template}.html", made.page) == reference(f"pages/{template}.html", made.page)


def test_two_surveys_of_one_catalog_make_the_same_pages() -> None:
    assert tuple(make_further(make_catalog(), make_changes())) == MADE


def test_empty_catalog_makes_pages_that_say_so() -> None:
    render = make_renderer()
    pages = {made.path: render(f"pages/{made.template}.html", made.page) for made in make_further([], (), EMPTY_STATUS)}
    assert "No tool in this catalog has this answer." in pages["facets/egress/arbitrary/index.html"]
    assert "<strong>None found</strong> in the definitions of 0 tools" in pages["findings/index.html"]
    assert "No source was visited." in pages["sources/index.html"]
    assert "No tool has been seen to change yet." in pages["changes/index.html"]
    assert "No server in this catalog makes it" in pages["combinations/index.html"]
    assert "For none of 0 tools" in pages["rules/deletes-data/index.html"]


def test_known_address_makes_canonical_links() -> None:
    render = make_renderer()
    for made in make_further(make_catalog(), make_changes(), base_url="https://tools.example.org/"):
        page = render(f"pages/{made.template}.html", made.page)
        address = made.path.removesuffix("index.html")
        assert f'<link rel="canonical" href="https://tools.example.org/{address}">' in page


def test_survey_holds_no_more_for_a_large_catalog_than_for_a_small_one() -> None:
    few, many = make_large_catalog(servers=60, tools=8), make_large_catalog(servers=600, tools=8)
    assert _rows_held(many) <= _rows_held(few) + 50


def _rows_held(servers: tuple[CatalogServer, ...]) -> int:
    survey = Survey(read_attacks(INCIDENTS))
    for _ in survey.watch(servers):
        pass
    attacks = sum(len(survey.attacks.riskiest(attack.id)) for attack in survey.attacks.attacks)
    return attacks + sum(map(len, survey.rules.examples.values()))
