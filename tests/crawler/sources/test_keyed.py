import pytest

from crawler.errors import CrawlError
from crawler.listing import Source
from crawler.sources import glama, pulsemcp, smithery
from tests.crawler.sources.visiting import (
    Query,
    Visitor,
    last_state,
    listed,
    problems,
    serve_answers,
    until_error,
)
from tests.standins.keyed import KEY, TENANT
from tests.standins.serve import StandIns

BOTH = f"{KEY}:{TENANT}"
KEYED = pytest.mark.parametrize(
    ("source", "key"),
    [(glama.SOURCE, KEY), (smithery.SOURCE, KEY), (pulsemcp.SOURCE, BOTH)],
    ids=["glama", "smithery", "pulsemcp"],
)


def where(standins: StandIns, source: Source) -> str:
    return f"{standins.address}/{source.id}"


@KEYED
def test_walk_lists_everything_once_and_its_end_is_whole(
    visitor: Visitor, standins: StandIns, source: Source, key: str
) -> None:
    pages = visitor.visit(source, where(standins, source), key=key)
    found = listed(pages)
    assert sum(len(page.listings) for page in pages) == len(found) >= 700
    assert [page.whole for page in pages] == [False] * (len(pages) - 1) + [True]
    assert problems(pages) == []
    assert not any(listing.vouched for listing in found.values())
    assert all((listing.repository or "").startswith("https://github.com/") for listing in found.values())


@KEYED
def test_killed_walk_goes_on_where_it_was(visitor: Visitor, standins: StandIns, source: Source, key: str) -> None:
    whole = listed(visitor.visit(source, where(standins, source), key=key))
    begun = visitor.start(source, where(standins, source), key=key)
    before = [next(begun), next(begun)]
    rest = visitor.visit(source, where(standins, source), key=key, state=last_state(before))
    assert listed(before) | listed(rest) == whole
    assert not listed(before).keys() & listed(rest).keys()


@KEYED
def test_wrong_key_is_an_error_that_does_not_tell_it(
    visitor: Visitor, standins: StandIns, source: Source, key: str
) -> None:
    assert key
    _, error = until_error(visitor.start(source, where(standins, source), key="wrong-word:other-word"), CrawlError)
    assert "answered 401" in error
    assert "-word" not in error


@KEYED
def test_odd_entries_are_problems_and_the_others_are_kept(
    visitor: Visitor, standins: StandIns, source: Source, key: str
) -> None:
    whole = listed(visitor.visit(source, where(standins, source), key=key))
    standins.set_fault(f"/{source.id}/", "odd_types")
    pages = visitor.visit(source, where(standins, source), key=key)
    assert listed(pages) == whole
    assert len(problems(pages)) == 8 * len(pages)


@KEYED
def test_answer_of_another_service_is_an_error(visitor: Visitor, source: Source, key: str) -> None:
    with serve_answers(lambda *_: {"items": []}) as service:
        _, error = until_error(visitor.start(source, service.address, key=key), CrawlError)
    assert "lists no servers" in error


def test_glama_and_smithery_names_claim_no_name_of_the_registry(visitor: Visitor) -> None:
    entry = {"namespace": "com.example", "slug": "server", "qualifiedName": "com.example/server"}
    with serve_answers(lambda *_: {"servers": [entry]}) as service:
        for source in (glama.SOURCE, smithery.SOURCE):
            assert listed(visitor.visit(source, service.address, key=KEY)).keys() == {"@com.example/server"}


def test_glama_circle_ends_the_walk_and_keeps_what_was_read(visitor: Visitor) -> None:
    def reply(_path: str, query: Query) -> object:
        slug = query.get("after", "start")
        servers = [{"namespace": "owner", "slug": slug}]
        return {"servers": servers, "pageInfo": {"hasNextPage": True, "endCursor": "again"}}

    with serve_answers(reply) as service:
        pages, error = until_error(visitor.start(glama.SOURCE, service.address, key=KEY), CrawlError)
    assert listed(pages).keys() == {"@owner/start", "@owner/again"}
    assert "leads in a circle" in error


def test_glama_cursor_that_means_nothing_any_more_begins_anew(visitor: Visitor) -> None:
    def reply(_path: str, query: Query) -> object:
        return 400 if "after" in query else {"servers": [{"namespace": "owner", "slug": "one"}]}

    with serve_answers(reply) as service:
        pages = visitor.visit(glama.SOURCE, service.address, key=KEY, state={"cursor": "old"})
        assert [query.get("after") for _, query in service.asked] == ["old", None]
    assert listed(pages).keys() == {"@owner/one"}


def test_smithery_that_shifts_while_it_is_read_is_not_whole(visitor: Visitor) -> None:
    def reply(_path: str, query: Query) -> object:
        page = int(query["page"])
        servers = [{"qualifiedName": "owner/same"}, {"qualifiedName": f"owner/r{page}"}]
        return {"servers": servers, "pagination": {"totalPages": 2, "totalCount": 4}}

    with serve_answers(reply) as service:
        pages = visitor.visit(smithery.SOURCE, service.address, key=KEY)
    assert len(listed(pages)) == 3
    assert not any(page.whole for page in pages)


def test_smithery_homepage_that_is_a_repository_is_the_servers(visitor: Visitor) -> None:
    servers = [
        {"qualifiedName": "one", "homepage": "https://github.com/owner/one/tree/main/pkg"},
        {"qualifiedName": "two", "homepage": "https://two.example.com", "deploymentUrl": "https://run.example.com"},
    ]
    with serve_answers(lambda *_: {"servers": servers}) as service:
        found = listed(visitor.visit(smithery.SOURCE, service.address, key=KEY))
    one, two = found["@one"], found["@two"]
    assert (one.repository, one.ref, one.subfolder) == ("https://github.com/owner/one", "main", "pkg")
    assert (two.repository, two.elsewhere) == (None, ("https://run.example.com",))


def test_pulsemcp_is_told_key_and_tenant_and_asked_only_for_what_changed(visitor: Visitor, standins: StandIns) -> None:
    first = visitor.visit(pulsemcp.SOURCE, where(standins, pulsemcp.SOURCE), key=BOTH)
    standins.evolve(0.02)
    later = visitor.visit(pulsemcp.SOURCE, where(standins, pulsemcp.SOURCE), key=BOTH, state=last_state(first))
    assert 0 < len(listed(later)) < 150
    with serve_answers(lambda *_: {"servers": []}) as service:
        visitor.visit(pulsemcp.SOURCE, service.address, key="only-key")
        assert service.headers[0]["x-api-key"] == "only-key"
        assert "x-tenant-id" not in service.headers[0]


def test_pulsemcp_reads_its_own_words_on_an_entry_and_not_the_publishers(visitor: Visitor) -> None:
    meta = {
        "io.modelcontextprotocol.registry/publisher-provided": {
            "status": "deleted",
            "updatedAt": "2026-11-20T00:00:00Z",
        },
        "com.pulsemcp/server": {"isOfficial": True},
        "com.pulsemcp/server-version": {"status": "active", "updatedAt": "2026-11-01T10:00:00Z", "isLatest": True},
    }
    entry = {"server": {"name": "com.example/one"}, "_meta": meta}
    with serve_answers(lambda *_: {"servers": [entry]}) as service:
        pages = visitor.visit(pulsemcp.SOURCE, service.address, key=BOTH)
    assert not listed(pages)["com.example/one"].withdrawn
    assert last_state(pages) == {"updated_since": "2026-11-01T09:00:00Z"}


def test_pulsemcp_without_a_key_is_an_error(visitor: Visitor) -> None:
    with pytest.raises(CrawlError, match="PULSEMCP_API_KEY"):
        visitor.visit(pulsemcp.SOURCE, "http://127.0.0.1:9")
