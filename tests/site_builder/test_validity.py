"""The whole site conforms, leads nowhere that is not there, and is in reach; and the checks see what does not."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import check_site as program
from scripts.check_markup import Markup
from scripts.check_site import check_site
from tests.site_builder.conftest import build

HEAD = '<!doctype html>\n<html lang="en"><head><title>Tools</title></head><body>'
TAIL = "</body></html>"
AWAY = '<a href="https://elsewhere.example/" rel="nofollow noopener">Away</a>'


def page(body: str) -> str:
    return f"{HEAD}<h1>Tools</h1>{body}{TAIL}"


def write_site(folder: Path, **pages: str) -> Path:
    for name, body in pages.items():
        path = folder / name.replace("__", "/") / "index.html" if name != "index" else folder / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(body))
    return folder


def test_site_without_a_public_address_is_valid(site: Path) -> None:
    assert list(check_site(site)) == []


def test_site_with_a_public_address_and_packed_files_is_valid(tmp_path: Path) -> None:
    out = tmp_path / "public"
    build(out, base_url="https://tools.example.org/catalog", precompress=True)
    assert (out / "sitemap.xml").is_file()
    assert (out / "index.html.gz").is_file()
    assert list(check_site(out)) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<div><p>a</div>", "</div> closes another element"),
        ("<div>", "</body> closes another element"),
        ("<p><div>a</div></p>", "div is written, and a browser reads"),
        ('<a href="x">a <a href="y">b</a></a>', "a is written, and a browser reads"),
        ("<table><tr><td>a</td></tr></table>", "tr is written, and a browser reads tbody"),
        ("<div/>", "<div/> does not close itself"),
        ('<p id="a" id="b">a</p>', "<p> has an attribute twice"),
        ('<p id="a">a</p><p id="a">b</p>', "the id 'a' is there 2 times"),
        ('<p id="a b">a</p>', "'a b' is no id"),
        ('<section aria-labelledby="none">a</section>', "aria-labelledby of <section> names 'none'"),
        ('<label for="none">a</label>', "for of <label> names 'none'"),
        ('<p id="words">a</p><label for="words">a</label>', "a label names <p>"),
        ('<input type="search">', "<input> has no label"),
        ('<button type="button"></button>', "<button> has no words"),
        ("<h2></h2>", "<h2> has no words"),
        ('<img src="a.png">', "<img> has no alt"),
        ("<h3>a</h3>", "<h3> follows <h1>"),
        ("<h1>a</h1>", "the page does not begin with its one <h1>"),
        ("<ul><p>a</p></ul>", "<p> stands in <ul>"),
        ("<dt>a</dt>", "<dt> stands in <body>"),
        ("<span><div>a</div></span>", "<div> stands in <span>, which holds words"),
        ("<details><summary><p>a</p></summary></details>", "<p> stands in <summary>, which holds words"),
        ('<button type="button"><a href="x">a</a></button>', "<a> stands in <button>"),
    ],
)
def test_markup_that_does_not_conform_is_named(body: str, problem: str) -> None:
    assert any(problem in found for found in Markup.read(page(body)).problems), Markup.read(page(body)).problems


@pytest.mark.parametrize("body", [AWAY, "<details><summary><h2>a</h2></summary></details>", "<p>a<br>b</p>"])
def test_markup_that_conforms_is_not(body: str) -> None:
    assert Markup.read(page(body)).problems == ()


def test_page_without_doctype_language_or_title_is_named() -> None:
    problems = Markup.read("<html><head></head><body><h1>a</h1></body></html>").problems
    assert problems == ("there is no doctype", "the language or the title is missing")


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ('<a href="none/index.html">a</a>', "none/index.html leads to no file"),
        ('<a href="../outside.html">a</a>', "../outside.html leads to no file"),
        ('<a href="#none">a</a>', "#none names no place in index.html"),
        ('<a href="a/index.html#none">a</a>', "a/index.html#none names no place in a/index.html"),
        ('<a href="javascript:alert(1)">a</a>', "javascript:alert(1) is no web address"),
        ('<a href="https://elsewhere.example/">a</a>', "leads away without nofollow noopener"),
        ('<img alt="" src="https://elsewhere.example/a.png">', "<img> asks another site for https://elsewhere"),
        ('<img alt="" src="//elsewhere.example/a.png">', "//elsewhere.example/a.png is no web address"),
    ],
)
def test_link_that_leads_nowhere_is_named(tmp_path: Path, link: str, problem: str) -> None:
    (tmp_path / "outside.html").write_text(page(""))
    site = write_site(tmp_path / "public", index=f'<a href="a/index.html">a</a>{link}', a='<a href="../">up</a>')
    (found,) = check_site(site)
    assert found.startswith("index.html: ")
    assert problem in found


def test_file_that_no_page_leads_to_is_named(tmp_path: Path) -> None:
    site = write_site(tmp_path, index=f'<a href="a/">a</a>{AWAY}', a="", b='<a href="../a/">a</a>')
    (site / "404.html").write_text(page(""))
    (site / "_headers").write_text("/*\n")
    (site / "a" / "index.html.gz").write_bytes(b"")
    (site / "a" / "more.json").write_text("{}")
    assert list(check_site(site)) == ["a/more.json: no page leads to it", "b/index.html: no page leads to it"]


def test_former_address_needs_no_heading_and_no_link(tmp_path: Path) -> None:
    site = write_site(tmp_path, index="")
    moved = '<meta http-equiv="refresh" content="0; url=../index.html"></head>'
    (site / "old").mkdir()
    (site / "old" / "index.html").write_text(HEAD.replace("</head>", moved) + '<p><a href="../">a</a></p>' + TAIL)
    assert list(check_site(site)) == []


def test_sitemap_that_names_no_page_is_named(tmp_path: Path) -> None:
    site = write_site(tmp_path, index="")
    home = (site / "index.html").read_text()
    canonical = '<link rel="canonical" href="https://tools.example.org/"></head>'
    (site / "index.html").write_text(home.replace("</head>", canonical))
    (site / "sitemap.xml").write_text(
        "<loc>https://tools.example.org/</loc><loc>https://tools.example.org/a/</loc><loc>https://other.example/</loc>"
    )
    assert list(check_site(site)) == [
        "sitemap.xml: https://tools.example.org/a/ is no file of the site",
        "sitemap.xml: https://other.example/ is no file of the site",
    ]


def test_command_prints_each_problem_and_fails(tmp_path: Path) -> None:
    site = write_site(tmp_path, index='<a href="none">a</a>')
    command = [sys.executable, program.__file__]
    failed = subprocess.run([*command, site], capture_output=True, text=True, check=False)
    assert (failed.returncode, failed.stdout) == (1, "index.html: none leads to no file\n")
    passed = subprocess.run([*command, write_site(tmp_path / "b", index="")], capture_output=True, check=False)
    assert (passed.returncode, passed.stdout) == (0, b"")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert list(check_site(empty)) == ["index.html: there is no home page"]
