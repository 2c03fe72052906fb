"""Contexts and templates fit each other: no field without use, no template without a context."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from site_builder import (
    attack_pages,
    change_pages,
    combination_pages,
    facet_pages,
    finding_pages,
    pages,
    rule_pages,
    source_pages,
)
from site_builder.compare_page import ComparePage
from site_builder.environment import TEMPLATES
from site_builder.policy_page import PolicyPage
from site_builder.search.page import SearchPage

CONTEXTS: dict[str, type] = {
    "attack": attack_pages.AttackPage,
    "attack_index": attack_pages.AttackIndexPage,
    "change_day": change_pages.DayPage,
    "changes": change_pages.ChangesPage,
    "combinations": combination_pages.CombinationsPage,
    "compare": ComparePage,
    "facet": facet_pages.FacetPage,
    "facets": facet_pages.FacetsPage,
    "finding_list": finding_pages.FindingListPage,
    "findings": finding_pages.FindingsPage,
    "index": pages.IndexPage,
    "methodology": pages.MethodologyPage,
    "not_analysed": pages.NotAnalysedPage,
    "not_found": pages.NotFoundPage,
    "policy": PolicyPage,
    "rule": rule_pages.RulePage,
    "rules": rule_pages.RulesPage,
    "search": SearchPage,
    "server": pages.ServerPage,
    "sources": source_pages.SourcesPage,
    "tool": pages.ToolPage,
    "tool_list": pages.ToolListPage,
}


def used_fields(template: str) -> set[str]:
    text = (TEMPLATES / "pages" / f"{template}.html").read_text() + (TEMPLATES / "layout.html").read_text()
    return set(re.findall(r"\bpage\.([a-z_]+)", text))


@pytest.mark.parametrize("template", sorted(CONTEXTS))
def test_context_holds_exactly_what_its_template_uses(template: str) -> None:
    context = CONTEXTS[template]
    worked_out = {name for name, one in vars(context).items() if isinstance(one, property)}
    assert used_fields(template) == {field.name for field in fields(context)} | worked_out


def test_every_template_and_every_context_is_known() -> None:
    assert {path.stem for path in (TEMPLATES / "pages").iterdir()} == set(CONTEXTS)
    declared = {one for name, one in vars(pages).items() if name.endswith("Page")}
    assert declared == {context for context in CONTEXTS.values() if context.__module__ == pages.__name__}


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_template_has_no_logic_but_loops_and_conditions(path: Path) -> None:
    statements = set(re.findall(r"{%-?\s*([a-z]+)", path.read_text()))
    assert statements <= {
        "extends",
        "block",
        "endblock",
        "from",
        "macro",
        "endmacro",
        "for",
        "endfor",
        "if",
        "elif",
    } | {
        "else",
        "endif",
    }
    assert "| safe" not in path.read_text()
    Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).get_template(
        path.relative_to(TEMPLATES).as_posix()
    )
