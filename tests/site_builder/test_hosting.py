"""What hosts read says one thing in each host's words, and nothing that the pages do not say."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import insert

from catalog.models import identities, packages, servers
from catalog.session import open_catalog
from site_builder.environment import TEMPLATES, make_reference, make_renderer
from site_builder.hosting import (
    header_rules,
    make_host_files,
    make_moved_pages,
    page_policy,
    read_moved,
    security_headers,
)
from site_builder.parts import Frame
from tests.site_builder.api.documents_factory import make_documents

BASE = "https://tools.example.org/catalog/"
MOVED = [("old-mail", "paperboat-mail"), ("older-mail", "paperboat-mail")]


def read_files(base_url: str = "", moved: list[tuple[str, str]] | None = None) -> dict[str, str]:
    return {path: content.decode() for path, content in make_host_files(base_url, moved or [])}


def read_headers_file(text: str) -> dict[str, dict[str, str]]:
    rules: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if line.startswith("/"):
            rules[line] = {}
        elif line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            list(rules.values())[-1][name] = value
    return rules


def test_the_headers_policy_is_that_of_the_pages_and_forbids_frames(site: Path) -> None:
    tree = LexborHTMLParser((site / "index.html").read_text())
    (meta,) = tree.css('meta[http-equiv="Content-Security-Policy"]')
    own = meta.attributes["content"]
    assert page_policy() == own
    assert dict(security_headers())["Content-Security-Policy"] == f"{own}; frame-ancestors 'none'"


def test_every_host_is_told_the_same() -> None:
    files = read_files()
    wanted = {f"/{rule.folder}/*".replace("//", "/"): dict(rule.headers) for rule in header_rules()}
    assert read_headers_file(files["_headers"]) == wanted
    vercel = orjson.loads(files["vercel.json"])
    told = {one["source"]: {each["key"]: each["value"] for each in one["headers"]} for one in vercel["headers"]}
    assert told == {path.replace("*", "(.*)"): headers for path, headers in wanted.items()}
    azure = orjson.loads(files["staticwebapp.config.json"])
    routes = {one["route"]: one["headers"] for one in azure["routes"]}
    assert {"/*": azure["globalHeaders"], **routes} == wanted


def test_no_header_is_told_twice_for_one_file() -> None:
    everywhere, *folders = header_rules()
    for rule in folders:
        assert not {name for name, _ in rule.headers} & {name for name, _ in everywhere.headers}


def test_nginx_repeats_the_headers_of_all_where_a_folder_has_its_own() -> None:
    told = read_files()["nginx.conf"]
    for name, value in security_headers():
        assert told.count(f'add_header {name} "{value}" always;') == len(header_rules())
    assert told.count("{") == told.count("}") == len(header_rules())
    assert all('"' not in value for _, value in security_headers())
    below = read_files(BASE, MOVED)["nginx.conf"]
    assert "error_page 404 /catalog/404.html;" in below
    assert "location = /catalog/servers/old-mail/ { return 301 /catalog/servers/paperboat-mail/; }" in below


@pytest.mark.parametrize(
    ("names", "caching"),
    [
        (["style.css", "site.js"], "public, max-age=0, must-revalidate"),
        (["style-0123abcd.css", "site.js"], "public, max-age=0, must-revalidate"),
        (["style-0123abcd.css", "site.89abcdef01.js"], "public, max-age=31536000, immutable"),
        ([], "public, max-age=0, must-revalidate"),
    ],
)
def test_static_files_are_kept_long_only_when_all_names_are_hashed(names: list[str], caching: str) -> None:
    (static,) = [rule for rule in header_rules(names) if rule.folder == "static"]
    assert static.headers == (("Cache-Control", caching),)


def test_former_addresses_lead_on_at_hosts_that_redirect() -> None:
    files = read_files(BASE, MOVED)
    lines = [line.split() for line in files["_redirects"].splitlines()]
    assert ["/catalog/servers/old-mail/", "/catalog/servers/paperboat-mail/", "301"] in lines
    assert ["/catalog/api/v1/servers/older-mail.json", "/catalog/api/v1/servers/paperboat-mail.json", "301"] in lines
    redirects = orjson.loads(files["vercel.json"])["redirects"]
    assert [[one["source"], one["destination"], "301"] for one in redirects] == lines
    assert all(one["permanent"] for one in redirects)


def test_more_redirects_than_hosts_read_are_left_to_the_pages() -> None:
    moved = [(f"old-{at}", "paperboat-mail") for at in range(3_000)]
    assert len(read_files("", moved)["_redirects"].splitlines()) == 2_000
    assert len(list(make_moved_pages(moved, ""))) == 3_000


def test_without_former_addresses_there_are_no_redirects() -> None:
    assert "_redirects" not in read_files()


@pytest.mark.parametrize("base_url", ["", BASE])
def test_a_former_address_leads_on_at_any_host(site: Path, base_url: str) -> None:
    for path, page in make_moved_pages(MOVED, base_url):
        html = make_renderer()("hosting/moved.html", page)
        assert html == make_reference()("hosting/moved.html", page)
        tree = LexborHTMLParser(html)
        (refresh,) = tree.css('meta[http-equiv="refresh"]')
        target = (refresh.attributes["content"] or "").removeprefix("0; url=")
        assert (site / Path(path).parent / target).resolve() == site / "servers/paperboat-mail/index.html"
        assert [link.attributes["href"] for link in tree.css("body a")] == [target]
        canonical = [link.attributes["href"] for link in tree.css('link[rel="canonical"]')]
        assert canonical == ([f"{BASE}servers/paperboat-mail/"] if base_url else [])
        assert tree.css("script, style, [style]") == []


def test_the_catalog_knows_the_former_slugs_of_servers_that_went_into_another(tmp_path: Path) -> None:
    engine = open_catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    with engine.begin() as connection:
        rows = [{"id": 1, "slug": "mail", "name": "mail"}, {"id": 2, "slug": "listed-only", "name": "listed-only"}]
        connection.execute(insert(servers), rows)
        place: dict[str, Any] = {"server_id": 1, "registry": "npm", "name": "mail", "target": "npm:mail", "rank": 0}
        place |= {"usable": True, "hours": 24.0, "failures": 0, "declares": []}
        package = connection.execute(insert(packages).values(**place).returning(packages.c.id)).scalar_one()
        connection.execute(servers.update().where(servers.c.id == 1).values(package_id=package))
        keys = [("slug:zz-mail", 1), ("slug:a_mail", 1), ("npm:slug:mail", 1), ("slug:unseen", 2), ("slugs", 1)]
        connection.execute(insert(identities), [{"key": key, "server_id": server} for key, server in keys])
    assert read_moved(engine) == [("a_mail", "mail"), ("zz-mail", "mail")]


def test_robots_and_the_guide_for_models_lead_to_what_is_there(site: Path, tmp_path: Path) -> None:
    there = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    there |= {*make_documents(tmp_path, []), "downloads/index.html"}
    guide = read_files()["llms.txt"]
    links = re.findall(r"^- \[[^\]]+\]\(([^)]+)\): \S", guide, re.MULTILINE)
    assert links
    assert set(links) <= there
    assert guide.startswith("# Toolrisk\n\n> ")
    assert re.findall(r"^## (.*)$", guide, re.MULTILINE) == ["Pages", "API", "Optional"]
    assert "Sitemap" not in read_files()["robots.txt"]
    known = read_files(BASE)
    assert "Sitemap: https://tools.example.org/catalog/sitemap.xml\n" in known["robots.txt"]
    assert "(https://tools.example.org/catalog/api/v1/openapi.json)" in known["llms.txt"]


def test_the_empty_file_against_jekyll_is_empty() -> None:
    assert read_files()[".nojekyll"] == ""


def test_a_page_says_what_it_is_where_it_is_shared() -> None:
    frame = Frame('A "tool" on <b>', "What it can do & more", "../", "servers", f"{BASE}servers/x/")
    source = '{% from "hosting/open_graph.html" import open_graph %}{{ open_graph(page.frame) }}'
    template = TEMPLATES / "hosting" / "open_graph.html"
    assert "| safe" not in template.read_text()
    html = render_macro(source, frame)
    tree = LexborHTMLParser(f"<head>{html}</head>")
    said = {meta.attributes["property"]: meta.attributes["content"] for meta in tree.css("meta")}
    assert said == {
        "og:type": "website",
        "og:site_name": "Toolrisk",
        "og:title": 'A "tool" on <b>',
        "og:description": "What it can do & more",
        "og:url": f"{BASE}servers/x/",
    }
    assert "og:url" not in render_macro(source, Frame("t", "s", "", "servers"))


def render_macro(source: str, frame: Frame) -> str:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.from_string(source).render(page={"frame": frame})
