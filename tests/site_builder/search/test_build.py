"""The index holds every word of every record, in the order in which results are shown, and always the same bytes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.records import CatalogServer
from catalog.vocabulary import Category, Facet, Risk
from site_builder.search.build import pack_index
from site_builder.search.contents import Limits
from site_builder.search.packed import decode
from site_builder.search.record import SearchRecord, make_records, pack, pack_records
from site_builder.search.standing import CATEGORIES, RISKS, Standing
from tests.site_builder.catalog_factory import make_catalog, make_large_catalog
from tests.site_builder.record_factory import make_server, make_tool
from tests.site_builder.search.expected_order import cut_record, order_records, stand
from tests.site_builder.search.index_reader import read_contents, read_lists, read_records

SMALL = Limits(records_a_file=7, frequent_from=12, words_file=300, list_file=8, pairs_from=8, at_once=100)


def all_servers() -> list[CatalogServer]:
    return [*make_catalog(), *make_large_catalog(20, 9)]


def all_records() -> list[SearchRecord]:
    return [record for server in all_servers() for record in make_records(server)]


def build(servers: Iterable[CatalogServer], limits: Limits | None = None) -> dict[str, bytes]:
    return dict(pack_index(map(pack_records, servers), limits=limits))


@pytest.mark.parametrize("limits", [SMALL, Limits()], ids=["small files", "as published"])
def test_every_word_of_every_record_leads_to_it(limits: Limits) -> None:
    names: defaultdict[str, set[int]] = defaultdict(set)
    texts: defaultdict[str, set[int]] = defaultdict(set)
    for rank, record in enumerate(order_records(all_records())):
        for held, words in zip((names, texts), cut_record(record), strict=True):
            for word in words:
                held[word].add(rank)
    often = {word for word, ranks in names.items() if len(ranks) >= limits.pairs_from}
    for one, other in combinations(sorted(often), 2):
        if both := names[one] & names[other]:
            names[f"{one} {other}"] = both
    in_names, in_texts = read_lists(build(all_servers(), limits))
    assert {word: ranks for word, ranks in in_names.items() if ranks} == names
    assert {word: ranks for word, ranks in in_texts.items() if ranks} == texts


def test_small_files_are_of_every_kind() -> None:
    contents = read_contents(build(all_servers(), SMALL))
    assert len(contents["words"]) > 5
    assert any(len(name_starts) > 1 for *_, name_starts, _ in contents["frequent"])
    assert {together for _, _, _, _, together, _, _ in contents["frequent"]} == {True, False}


def test_records_stand_by_risk_effect_and_length_of_name() -> None:
    found = read_records(build(all_servers(), SMALL))
    assert found == [
        (one.name, one.server, "" if one.tool in {None, one.name} else one.tool) for one in order_records(all_records())
    ]


def test_runs_say_what_stands_where() -> None:
    contents = read_contents(build(all_servers(), SMALL))
    for rank, record in enumerate(order_records(all_records())):
        run = max(run for run in contents["runs"] if run[0] <= rank)
        assert tuple(run[1:]) == stand(record)
    assert contents["records"] == len(all_records())


@given(st.lists(st.tuples(st.sampled_from(RISKS), st.sampled_from(CATEGORIES), st.integers(0, 20), st.booleans())))
def test_standings_sort_as_their_numbers(found: list[tuple[Risk | None, Category | None, int, bool]]) -> None:
    standings = [Standing.of(risk, category, words, is_tool=is_tool) for risk, category, words, is_tool in found]
    assert sorted(standings, key=astuple) == [
        Standing.from_number(number) for number in sorted(one.number for one in standings)
    ]


def test_the_same_servers_make_the_same_bytes_in_whatever_order() -> None:
    assert build(all_servers(), SMALL) == build(all_servers()[::-1], SMALL)
    assert list(map(pack_records, all_servers())) == list(map(pack_records, all_servers()))


def test_one_changed_word_changes_the_version() -> None:
    packed = [pack_records(server) for server in all_servers()]
    other = pack("new", [SearchRecord("new", None, "new", "", None, None)])
    versions = {read_contents(dict(pack_index(one)))["version"] for one in (packed, [*packed, other])}
    assert len(versions) == 2


def test_an_empty_catalog_has_an_index_that_finds_nothing() -> None:
    files = build([])
    assert list(files) == ["search/index.js"]
    assert read_contents(files)["records"] == 0


def test_scratch_is_empty_when_the_files_were_taken(tmp_path: Path) -> None:
    files = pack_index(map(pack_records, all_servers()), scratch=tmp_path)
    next(files)
    assert list(tmp_path.iterdir())
    for _ in files:
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_packed_server_holds_each_word_once() -> None:
    for server in all_servers():
        words = decode(pack_records(server)).words.split(" ")
        assert len(words) == len(set(words))
        assert f"@{server.slug}" in words


def test_largest_is_what_any_file_may_cost() -> None:
    files = build(all_servers(), SMALL)
    sizes = [len(content) for path, content in files.items() if path != "search/index.js"]
    assert read_contents(files)["largest"] == max(sizes)


def test_a_server_stands_by_its_strongest_tool() -> None:
    tools = [
        make_tool("wipe", "Wipe it.", Category.DESTRUCTIVE, "Wipe"),
        make_tool("peek", "Look at it.", Category.READ, "Look", facets={Facet.EGRESS: "arbitrary"}),
        make_tool("odd", None, None),
    ]
    server, *records = make_records(make_server("box", tools, title="The Box", description="Holds things. And more."))
    assert (server.category, server.risk, server.tool, server.name) == (
        Category.DESTRUCTIVE,
        Risk.CRITICAL,
        None,
        "The Box",
    )
    assert "Holds things." in server.text
    assert "And more" not in server.text
    assert [record.risk for record in records] == [None, Risk.LOW, Risk.CRITICAL]
    assert "egress.arbitrary" in records[1].facets
    assert records[0].facets == ()


def test_a_server_without_tools_is_not_analysed() -> None:
    (record,) = make_records(make_server("silent"))
    assert (record.category, record.risk) == (None, None)


def test_hidden_characters_of_strangers_are_written_out() -> None:
    hostile = next(server for server in make_catalog() if server.slug == "hostile")
    for record in make_records(hostile):
        assert "\u202e" not in record.name + record.text
        assert "\n" not in record.name + record.text
        assert len(record.name) <= 80
        assert len(record.text) < 600
