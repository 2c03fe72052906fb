"""Compiled templates write what Jinja2 writes, to the byte, or are refused; a theme may say what is not compiled."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, TemplateNotFound, UndefinedError
from markupsafe import Markup

from site_builder.environment import make_reference, make_renderer
from site_builder.template_compiler import NotCompiledError, Render, TemplateCompiler
from tests.site_builder.building import build_list, read_all
from tests.site_builder.catalog_factory import make_shop

HOSTILE = "<script>alert('x')</script> & \"quoted\" {{ 7 * 7 }} {% raw %} \u202e\x00 \ud800 ' ” é"
ROWS = [SimpleNamespace(name=f"<{at}>", odd=at % 2 == 1, inner=list(range(at))) for at in range(4)]
PAGE = SimpleNamespace(
    rows=ROWS,
    none=[],
    text=HOSTILE,
    markup=Markup("<b>bold</b> &amp;"),
    number=3,
    real=0.1,
    yes=True,
    no=False,
    nothing=None,
    lines=("one\n", "  two", ""),
)
PARTS = {
    "layout.html": "<i>{% block title %}none{% endblock %}</i>\n{% block body %}\nempty\n{% endblock %}\n<p>end",
    "middle.html": '{% extends "layout.html" %}\n{% block title %}{% block what %}-{% endblock %}{% endblock %}',
    "macros.html": (
        "{% macro item(one, word) %}\n<li>{{ word }} {{ one.name }}</li>\n{% endmacro %}\n"
        "{% macro items(rows, word) %}\n<ul>{% for one in rows %}{{ item(one, word) }}{% endfor %}\n{% endmacro %}\n"
        "{% macro nothing() %}{% endmacro %}"
    ),
}
COMPILED = {
    "text alone": "a <b> & 'c' \n\n  d\n",
    "texts are escaped": "{{ page.text }}|{{ page.markup }}|{{ page.number }}|{{ page.real }}|{{ page.nothing }}",
    "constants": '{{ "<&>" }}{{ 7 }}{{ none }}{{ true }}',
    "if": "{% if page.yes %}yes{% endif %}{% if page.no %}no{% endif %}.",
    "if and else": "{% if page.no %}\n  no\n{% else %}\n  else\n{% endif %}\n.",
    "elif": (
        "{% for one in page.rows %}{% if one.name == '<1>' %}a{% elif one.odd %}b{% else %}c{% endif %}, {% endfor %}"
    ),
    "empty branches": "{% if page.yes %}{% elif page.no %}{% else %}{% endif %}{% for one in page.rows %}{% endfor %}",
    "comparisons": (
        "{% if 1 < page.number <= 3 %}a{% endif %}{% if page.number in page.none %}b{% endif %}"
        "{% if page.number not in page.none %}c{% endif %}{% if page.number != 3 %}d{% endif %}"
        "{% if page.number >= 4 or page.number > 2 %}e{% endif %}"
    ),
    "words between": "{% if not page.no and (page.nothing or page.yes) %}a{% endif %}{{ page.nothing or page.text }}",
    "condition in a line": "{{ page.text if page.no else page.markup }}{{ 'a' if page.yes else 'b' }}",
    "loop": "{% for one in page.rows %}\n  <i>{{ one.name }}</i>\n{% endfor %}\n",
    "loop tells where it is": (
        "{% for one in page.rows %}{{ loop.index }}/{{ loop.index0 }}"
        "{% if loop.first %} first{% endif %}{% if not loop.last %}, {% endif %}{% endfor %}"
    ),
    "nested loops": (
        "{% for one in page.rows %}{{ loop.index }}:{% for two in one.inner %}{{ one.name }}{{ two }}"
        "{{ loop.index }}{% if loop.last %};{% endif %}{% else %}none{{ loop.last }}{% endfor %}"
        "{{ loop.last }}{% endfor %}"
    ),
    "same name in nested loops": (
        "{% for one in page.rows %}{% for one in one.inner %}{{ one }}{% endfor %}{{ one.name }}{% endfor %}"
    ),
    "else of a loop": (
        "{% for one in page.none %}a{% else %}none{% endfor %}{% for one in page.rows %}.{% else %}none{% endfor %}"
    ),
    "filters": "{{ page.text | upper }}{{ page.lines | join('<br>') }}{{ page.markup | striptags }}",
    "filters after filters": "{{ page.text | e | upper }}{{ page.text | truncate(9) }}{{ page.lines | join | trim }}",
    "marked as safe": "{{ page.text | safe }}",
    "macros": '{% from "macros.html" import items, nothing %}\n{{ items(page.rows, page.text) }}{{ nothing() }}.',
    "macro by another name": (
        '{% from "macros.html" import item as row %}{% for one in page.rows %}{{ row(one, "-") }}{% endfor %}'
    ),
    "macro of its own": "{% macro own(word) %}[{{ word }}]{% endmacro %}\n{{ own(page.text) }}{{ own(1) }}",
    "layout": '{% extends "layout.html" %}\nnot shown\n{% block title %}{{ page.text }}{% endblock %}',
    "layout of a layout": '{% extends "middle.html" %}{% block what %}{{ page.number }}{% endblock %}',
    "macro in a block": (
        '{% extends "layout.html" %}\n{% from "macros.html" import item %}\n'
        "{% block body %}{% for one in page.rows %}{{ item(one, loop.index) }}{% endfor %}{% endblock %}"
    ),
    "remarks and spaces": "a {# not shown #}\n  {%- if page.yes -%}  b  {%- endif %}\n{# \n #}\n c",
}
REFUSED = {
    "set": "{% set word = page.text %}{{ word }}",
    "include": 'a{% include "part.html" %}b',
    "super": '{% extends "layout.html" %}{% block title %}{{ super() }}, {{ page.number }}{% endblock %}',
    "call": "{% macro box() %}<i>{{ caller() }}</i>{% endmacro %}{% call box() %}{{ page.text }}{% endcall %}",
    "default of a macro": "{% macro own(word='x') %}{{ word }}{% endmacro %}{{ own() }}{{ own('y') }}",
    "arguments by name": "{% macro own(word) %}{{ word }}{% endmacro %}{{ own(word=1) }}{{ page.lines | join(d='-') }}",
    "result of a macro as a value": "{% macro own() %}<i>{% endmacro %}{{ own() | upper }}{% if own() %}a{% endif %}",
    "tests": "{{ page.missing is defined }}{{ page.number is odd }}",
    "several names in a loop": "{% for a, b in [(1, 2), (3, 4)] %}{{ a }}{{ b }}{% endfor %}",
    "condition of a loop": "{% for one in page.rows if one.odd %}{{ one.name }}{{ loop.length }}{% endfor %}",
    "global functions": "{% for one in range(3) %}{{ one }}{% endfor %}",
    "items, sums and joined texts": "{{ page.rows[0].name }}{{ page.number + 1 }}{{ page.text ~ page.number }}",
    "other words of a loop": "{% for one in page.rows %}{{ loop.length }}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "import": '{% import "macros.html" as parts %}{{ parts.nothing() }}.',
    "condition without else": "{{ page.text if page.yes }}",
    "filter of a block": "{% filter upper %}{{ page.text }}{% endfilter %}",
    "block of its own": "{% block one %}a{% endblock %}{{ self.one() }}",
}

EITHER = {
    "default for what the page lacks": "{{ page.missing | default('x') }}{{ page.text | default('x') }}",
    "filters that take a filter": "{{ page.lines | map('upper') | join(',') }}{{ page.lines | select | join }}",
    "layout on a condition": '{% if page.yes %}{% extends "layout.html" %}{% endif %}{% block title %}a{% endblock %}b',
    "text before the layout": 'a\n{% extends "layout.html" %}',
    "name that is a word of Python": "{{ page.no and page.class }}{{ page.no and page.lambda }}",
}


def make_environment(texts: dict[str, str]) -> Environment:
    loader = DictLoader({"part.html": "<hr>", **PARTS, **texts})
    settings: dict[str, Any] = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    return Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True, **settings)  # noqa: S701 - on


def render_both(text: str, page: object = PAGE) -> tuple[str, str]:
    environment = make_environment({"page.html": text})
    return TemplateCompiler(environment).compile("page.html")(page), environment.get_template("page.html").render(
        page=page
    )


@pytest.mark.parametrize("text", COMPILED.values(), ids=COMPILED)
def test_compiled_template_writes_what_jinja_writes(text: str) -> None:
    ours, reference = render_both(text)
    assert ours == reference


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_is_not_compiled_is_refused_and_rendered_by_jinja(text: str, tmp_path: Path) -> None:
    with pytest.raises(NotCompiledError, match=r"page\.html"):
        TemplateCompiler(make_environment({"page.html": text})).compile("page.html")
    for name, content in {"part.html": "<hr>", **PARTS, "page.html": text}.items():
        (tmp_path / name).write_text(content)
    ours, reference = make_renderer(tmp_path)("page.html", PAGE), make_reference(tmp_path)("page.html", PAGE)
    assert ours == reference == make_environment({"page.html": text}).get_template("page.html").render(page=PAGE)


@pytest.mark.parametrize("text", EITHER.values(), ids=EITHER)
def test_theme_may_say_whatever_jinja_understands(text: str, tmp_path: Path) -> None:
    for name, content in {**PARTS, "page.html": text}.items():
        (tmp_path / name).write_text(content)
    assert make_renderer(tmp_path)("page.html", PAGE) == make_reference(tmp_path)("page.html", PAGE)


@given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=4), st.booleans())
def test_any_texts_come_out_as_from_jinja(text: str, lines: list[str], yes: bool) -> None:  # noqa: FBT001 - drawn
    page = SimpleNamespace(text=text, lines=lines, yes=yes)
    assert ANY(page) == ANY_REFERENCE.render(page=page)


def make_any() -> tuple[Render, Any]:
    text = (
        "{% macro show(one, last) %}{{ one }}{% if not last %}, {% endif %}{% endmacro %}"
        "{% if page.yes %}{{ page.text }}{% else %}{{ page.text | title }}{% endif %}"
        "{% for one in page.lines %}{{ show(one, loop.last) }}{% else %}none{% endfor %}"
    )
    environment = make_environment({"page.html": text})
    return TemplateCompiler(environment).compile("page.html"), environment.get_template("page.html")


ANY, ANY_REFERENCE = make_any()


@pytest.mark.parametrize(
    "text",
    [
        "{{ page.missing }}",
        "{% if page.missing %}a{% endif %}",
        "{% for one in page.rows %}{{ one.missing }}{% endfor %}",
        "{{ page.missing | upper }}",
        "{% macro own(word) %}{{ word.missing }}{% endmacro %}{{ own(page.text) }}",
    ],
)
def test_what_the_page_lacks_is_an_error_that_names_the_template(text: str) -> None:
    environment = make_environment({"page.html": text})
    with pytest.raises(UndefinedError, match=r"page\.html: .*missing"):
        TemplateCompiler(environment).compile("page.html")(PAGE)
    with pytest.raises(UndefinedError, match="missing"):
        environment.get_template("page.html").render(page=PAGE)


def test_template_that_is_not_there_is_an_error() -> None:
    with pytest.raises(TemplateNotFound):
        make_renderer()("pages/missing.html", PAGE)


def test_theme_replaces_a_template_and_a_static_file_and_keeps_all_others(tmp_path: Path) -> None:
    theme = tmp_path / "theme"
    (theme / "pages").mkdir(parents=True)
    (theme / "static").mkdir()
    (theme / "pages" / "not_found.html").write_text(
        '{% extends "layout.html" %}\n{% block content %}\n{% set words = "Nothing & nobody" %}\n'
        "<h1>{{ words }}</h1>\n{% endblock %}\n"
    )
    (theme / "static" / "style.css").write_text("body { color: black }\n")
    (theme / "static" / "own.js").write_text("'use strict';\n")
    build_list(tmp_path / "ours", [make_shop()])
    build_list(tmp_path / "themed", [make_shop()], theme=theme)
    ours, themed = read_all(tmp_path / "ours"), read_all(tmp_path / "themed")
    assert "<h1>Nothing &amp; nobody</h1>" in themed["404.html"].decode()
    assert themed["static/style.css"] == b"body { color: black }\n"
    assert {path for path in themed if themed[path] != ours.get(path)} == {
        *("404.html", "static/style.css", "static/own.js"),
    }
    assert ours.keys() <= themed.keys()
    (theme / "static" / "style.css").write_text("body { color: navy }\n")
    assert build_list(tmp_path / "themed", [make_shop()], theme=theme).pages_written == 1
