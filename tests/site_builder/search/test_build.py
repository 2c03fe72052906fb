"""The index holds every word of every record, in the order in which results are shown, and always the same bytes."""

from collections import defaultdict
from itertools import combinations

import pytest

from catalog.vocabulary import Category, Facet, Risk
from site_builder.search.build import build_index
from site_builder.search.contents import Limits
from site_builder.search.ranking import CATEGORIES, RISKS, Ranking
from site_builder.search.record import SearchRecord, make_records
from site_builder.search.words import cut_name, cut_text
from tests.site_builder.catalog_factory import make_catalog, make_large_catalog
from tests.site_builder.record_factory import make_server, make_tool
from tests.site_builder.search.index_reader import read_contents, read_lists, read_records

SMALL = Limits(records_a_file=7, frequent_from=12, words_file=300, list_file=8, pairs_from=8)


def all_records() -> list[SearchRecord]:
    servers = [*make_catalog(), *make_large_catalog(20, 9)]
    return [record for server in servers for record in make_records(server)]


def build(records: list[SearchRecord], limits: Limits | None = None) -> dict[str, bytes]:
    return dict(build_index(iter(records), limits))


@pytest.mark.parametrize("limits", [SMALL, Limits()], ids=["small files", "as published"])
def test_every_word_of_every_record_leads_to_it(limits: Limits) -> None:
    names: defaultdict[str, set[int]] = defaultdict(set)
    texts: defaultdict[str, set[int]] = defaultdict(set)
    with Ranking() as ranking:
        ranking.add(all_records())
        ranked = list(ranking.iter_ranked())
    for rank, record in enumerate(ranked):
        named, _ = cut_name(record.name)
        for word in named:
            names[word].add(rank)
        for word in {*cut_text(record.text)} - named:
            texts[word].add(rank)
        for word in (f"@{record.server}", *(f":{facet}" for facet in record.facets)):
            texts[word].add(rank)
    often = {word for word, ranks in names.items() if len(ranks) >= limits.pairs_from}
    for one, other in combinations(sorted(often), 2):
        if both := names[one] & names[other]:
            names[f"{one} {other}"] = both
    in_names, in_texts = read_lists(build(all_records(), limits))
    assert {word: ranks for word, ranks in in_names.items() if ranks} == names
    assert {word: ranks for word, ranks in in_texts.items() if ranks} == texts


def test_small_files_are_of_every_kind() -> None:
    contents = read_contents(build(all_records(), SMALL))
    assert len(contents["words"]) > 5
    assert any(len(name_starts) > 1 for *_, name_starts, _ in contents["frequent"])
    assert {together for _, _, _, _, together, _, _ in contents["frequent"]} == {True, False}


def test_records_stand_by_risk_effect_and_length_of_name() -> None:
    files = build(all_records(), SMALL)
    by_place = {(record.server, record.tool or ""): record for record in all_records()}
    found = [
        by_place[server, tool or (name if (server, name) in by_place else "")]
        for name, server, tool in read_records(files)
    ]
    keys = [
        (RISKS.index(one.risk), CATEGORIES.index(one.category), min(cut_name(one.name)[1], 9), one.tool is not None)
        for one in found
    ]
    assert len(found) == len(by_place)
    assert keys == sorted(keys)


def test_runs_say_what_stands_where() -> None:
    files = build(all_records(), SMALL)
    contents = read_contents(files)
    with Ranking() as ranking:
        ranking.add(all_records())
        for rank, record in enumerate(ranking.iter_ranked()):
            run = max(run for run in contents["runs"] if run[0] <= rank)
            one = record.standing
            assert run[1:] == [one.risk, one.category, one.words, one.is_tool]
    assert contents["records"] == len(all_records())


def test_the_same_records_make_the_same_bytes_in_whatever_order() -> None:
    assert build(all_records(), SMALL) == build(all_records()[::-1], SMALL)


def test_one_changed_word_changes_the_version() -> None:
    records = all_records()
    changed = [*records[:-1], SearchRecord("new", None, "new", "", None, None)]
    versions = {read_contents(build(one))["version"] for one in (records, changed)}
    assert len(versions) == 2


def test_an_empty_catalog_has_an_index_that_finds_nothing() -> None:
    files = build([])
    assert list(files) == ["search/index.js"]
    assert read_contents(files)["records"] == 0


def test_largest_is_what_any_file_may_cost() -> None:
    files = build(all_records(), SMALL)
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
