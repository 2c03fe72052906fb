import pytest

from crawler.errors import CrawlError
from crawler.sources.awesome import SOURCE
from crawler.sources.links import repository_link
from tests.crawler.sources.conftest import SERVERS
from tests.crawler.sources.visiting import Query, Visitor, last_state, listed, serve_answers, until_error
from tests.effort import ends_within
from tests.standins.serve import StandIns

LIST = """\
# Servers [![Badge](https://badges.example.com/a.svg)](https://github.com/badge/badge)

See [the rules](https://github.com/rules/rules) first.

- [One](https://github.com/owner/one) 🐍 - Does [one](https://github.com/other/thing) thing.
- 🎖️ **[Two](https://www.GitHub.com/Owner/Two.git)** - does two
* [site](https://two.example.com) and [Three](https://gitlab.com/group/sub/three/-/tree/main/servers/three)
- [rules](CONTRIBUTING.md), [topics](https://github.com/topics/mcp), [mail](mailto:a@b.example)
- Parent: [Four](https://codeberg.org/owner/four/src/branch/dev/pkg)
  - [Five](https://bitbucket.org/owner/five/src/main/five)
- ![picture](https://pictures.example.com/a.png) https://github.com/not/linked
- [Six](https://github.com/owner/six/blob/main/packages/six/README.md#start)
- [again](https://github.com/OWNER/one)
<!-- - [hidden](https://github.com/owner/hidden) -->
- [![Picture](a.png)](https://github.com/owner/seven)

<ul><li><a href="https://github.com/owner/eight">Eight &amp; more</a></li></ul>
<!-- <li><a href="https://github.com/owner/hidden">x</a></li> -->
"""
PLACES = {
    "github.com/owner/one": ("One", None, None),
    "github.com/owner/two": ("Two", None, None),
    "gitlab.com/group/sub/three#servers/three": ("Three", "main", "servers/three"),
    "codeberg.org/owner/four#pkg": ("Four", "dev", "pkg"),
    "bitbucket.org/owner/five#five": ("Five", "main", "five"),
    "github.com/owner/six#packages/six": ("Six", "main", "packages/six"),
    "github.com/owner/seven": (None, None, None),
    "github.com/owner/eight": ("Eight & more", None, None),
}


def test_first_link_to_a_repository_in_each_item_is_a_server(visitor: Visitor) -> None:
    with serve_answers(lambda *_: LIST.encode()) as service:
        pages = visitor.visit(SOURCE, f"{service.address}/README.md")
    found = listed(pages)
    assert {key: (one.title, one.ref, one.subfolder) for key, one in found.items()} == PLACES
    assert {one.description for one in found.values()} == {None}
    assert pages[-1].whole


def test_list_in_html_is_read_as_well(visitor: Visitor) -> None:
    page = b"<!DOCTYPE html><ul><LI class=x><p>A <a href='https://github.com/owner/one'>One</a> - *b*</LI></ul>"
    for given in (page, (page[15:], {"Content-Type": "text/html; charset=utf-8"})):
        with serve_answers(lambda *_, given=given: given) as service:
            assert listed(visitor.visit(SOURCE, f"{service.address}/list")).keys() == {"github.com/owner/one"}


def test_list_that_has_not_changed_is_not_sent_again(visitor: Visitor, standins: StandIns) -> None:
    where = f"{standins.address}/lists/owner/list/main/README.md"
    first = visitor.visit(SOURCE, where)
    servers = [standins.server(number) for number in range(0, SERVERS, 30)]
    expected = {
        server["repository"].lower() for server in servers if server["in_awesome"] and len(server["members"]) == 1
    }
    expected -= {server["repository"].lower() for server in servers if server["old_repository"]}
    assert expected
    assert {f"github.com/{name}" for name in expected} <= listed(first).keys()
    state = last_state(first)
    assert state.keys() == {"etag", "last-modified"}
    (same,) = visitor.visit(SOURCE, where, state=state)
    assert (same.listings, same.whole, same.state) == ((), False, state)
    standins.evolve(0.05)
    later = visitor.visit(SOURCE, where, state=state)
    assert later[-1].whole
    assert later[-1].state != state


def test_odd_validators_are_not_kept_and_not_sent(visitor: Visitor) -> None:
    with serve_answers(lambda *_: (LIST.encode(), {"ETag": '"' + "x" * 600 + '"'})) as service:
        pages = visitor.visit(SOURCE, f"{service.address}/list", state={"etag": 7, "last-modified": ["x"]})
        assert not {"if-none-match", "if-modified-since"} & service.headers[0].keys()
    assert last_state(pages) == {}


def test_path_closed_to_robots_is_not_asked_for(visitor: Visitor, standins: StandIns) -> None:
    _, error = until_error(visitor.start(SOURCE, f"{standins.address}/control/list"), CrawlError)
    assert "robots" in error


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"# No items\n\nhttps://github.com/a/b", b"- [x](https://x.example.com)"]
)
def test_list_without_a_repository_is_an_error_not_an_empty_one(visitor: Visitor, body: bytes) -> None:
    with serve_answers(lambda *_: body) as service:
        _, error = until_error(visitor.start(SOURCE, f"{service.address}/list"), CrawlError)
    assert "link to no repository" in error


def test_list_of_thousands_comes_in_pages(visitor: Visitor) -> None:
    body = "".join(f"- [r{number}](https://github.com/owner/r{number})\n" for number in range(2300)).encode()

    def reply(_path: str, _query: Query) -> object:
        return body, {"ETag": '"a"'}

    with serve_answers(reply) as service:
        pages = visitor.visit(SOURCE, f"{service.address}/list", state={"etag": '"old"'})
    assert [(len(page.listings), page.whole, page.state["etag"]) for page in pages] == [
        (1000, False, '"old"'),
        (1000, False, '"old"'),
        (300, True, '"a"'),
    ]


@pytest.mark.parametrize("piece", ["[", "![", "[a](", "*a ", "<div>", "<li><div>", "<!--", "- ", "> ", "`", "<a ", "&"])
def test_no_text_takes_long(visitor: Visitor, piece: str) -> None:
    lines = [piece * (2_000 // len(piece))] * 100
    body = ("- [x](https://github.com/owner/one)\n\n" + "\n".join(lines)).encode()
    with serve_answers(lambda *_: body) as service, ends_within(2):
        found = listed(visitor.visit(SOURCE, f"{service.address}/list"))
    assert "github.com/owner/one" in found


def test_page_that_nests_without_end_does_not_take_long(visitor: Visitor) -> None:
    body = b"<html><li><a href='https://github.com/owner/one'>x</a>" + b"<div>" * 300_000
    with serve_answers(lambda *_: body) as service, ends_within(2):
        assert len(listed(visitor.visit(SOURCE, f"{service.address}/list"))) == 1


def test_too_long_a_list_is_an_error(visitor: Visitor) -> None:
    with serve_answers(lambda *_: b"\n" * 100_001) as service:
        _, error = until_error(visitor.start(SOURCE, f"{service.address}/list"), CrawlError)
    assert "more than 100000 lines" in error


@pytest.mark.parametrize(
    "link",
    [
        "",
        "https://github.com",
        "https://github.com/owner",
        "https://github.com/topics/mcp-server",
        "https://github.com/sponsors/owner",
        "https://gist.github.com/owner/abc",
        "https://evil.example.com/github.com/owner/one",
        "https://github.com.evil.example.com/owner/one",
        "https://github.com@evil.example.com/owner/one",
        "javascript:https://github.com/owner/one",
        "https://github.com/owner/%2e%2e%2f%00",
        "https://github.com/" + "a/" * 500,
    ],
)
def test_link_leads_to_no_repository(link: str) -> None:
    assert repository_link(link) is None


@pytest.mark.parametrize(
    ("link", "place", "ref"),
    [
        ("https://github.com/Owner/One/", "github.com/owner/one", None),
        ("http://github.com/owner/one?tab=readme#x", "github.com/owner/one", None),
        ("https://github.com/owner/one/issues/7", "github.com/owner/one", None),
        ("https://github.com/owner/one/releases", "github.com/owner/one", None),
        ("https://github.com/owner/one/tree/v1.0", "github.com/owner/one", "v1.0"),
        ("https://github.com/owner/one/tree/main/a%20b/c", "github.com/owner/one#a b/c", "main"),
        ("https://github.com/owner/one/blob/main/README.md", "github.com/owner/one", "main"),
        ("https://github.com/owner/one/tree/main/../../x", "github.com/owner/one", "main"),
        ("https://gitlab.com/a/b/c/-/blob/main/d/e.md", "gitlab.com/a/b/c#d", "main"),
        ("https://gitlab.com/a/b/-/issues", "gitlab.com/a/b", None),
    ],
)
def test_link_leads_to_a_place(link: str, place: str, ref: str | None) -> None:
    repository = repository_link(link)
    assert repository is not None
    assert (repository.place, repository.ref) == (place, ref)
