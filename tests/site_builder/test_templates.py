"""Contexts and templates fit each other: no field without use, no template without a context."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from site_builder import pages
from site_builder.compare_page import ComparePage
from site_builder.environment import TEMPLATES
from site_builder.policy_page import PolicyPage
from site_builder.search.page import SearchPage
from tests.site_builder.test_survey import CONTEXTS as FURTHER

CONTEXTS = {
    "index": pages.IndexPage,
    "methodology": pages.MethodologyPage,
    "not_analysed": pages.NotAnalysedPage,
    "not_found": pages.NotFoundPage,
    "server": pages.ServerPage,
    "tool": pages.ToolPage,
    "tool_list": pages.ToolListPage,
    "compare": ComparePage,
    "policy": PolicyPage,
    "search": SearchPage,
    **FURTHER,
}
ELSEWHERE = {*FURTHER, "compare", "policy", "search"}


def used_fields(template: str) -> set[str]:
    text = (TEMPLATES / "pages" / f"{template}.html").read_text() + (TEMPLATES / "layout.html").read_text()
    return set(re.findall(r"\bpage\.([a-z_]+)", text))


@pytest.mark.parametrize("template", sorted(CONTEXTS))
def test_context_holds_exactly_what_its_template_uses(template: str) -> None:
    assert used_fields(template) == {field.name for field in fields(CONTEXTS[template])}


def test_every_template_and_every_context_is_known() -> None:
    assert {path.stem for path in (TEMPLATES / "pages").iterdir()} == set(CONTEXTS)
    declared = {name for name in vars(pages) if name.endswith("Page")}
    assert declared == {context.__name__ for name, context in CONTEXTS.items() if name not in ELSEWHERE}


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
