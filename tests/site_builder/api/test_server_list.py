"""The list of servers: whole, in pieces, and never all in memory."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from catalog.records import CatalogServer
from catalog.vocabulary import Category, Risk
from site_builder.api.models import ServersPieceDocument
from site_builder.api.publish import make_stream_files
from site_builder.api.server_list import SERVERS_A_PIECE
from site_builder.api.vocabularies import rules_document
from site_builder.brief import ServerBrief
from tests.site_builder.building import make_briefs
from tests.site_builder.catalog_factory import make_catalog, make_large_catalog


def read(servers: list[CatalogServer]) -> dict[str, Any]:
    return {path: orjson.loads(content) for path, content in make_stream_files(make_briefs(servers), [], "")}


@pytest.mark.parametrize("count", [0, 1, SERVERS_A_PIECE, SERVERS_A_PIECE + 1])
def test_the_pieces_hold_every_server_once_and_the_head_names_them(count: int) -> None:
    servers = list(make_large_catalog(count, 1))
    documents = read(servers)
    head = documents["api/v1/servers.json"]
    pieces = [documents[f"api/v1/{piece['document']}"] for piece in head["pieces"]]
    assert [entry["slug"] for piece in pieces for entry in piece["servers"]] == [server.slug for server in servers]
    assert [piece["servers"] for piece in head["pieces"]] == [len(piece["servers"]) for piece in pieces]
    assert all(ServersPieceDocument.model_validate(piece) for piece in pieces)
    assert max(len(piece["servers"]) for piece in pieces) <= SERVERS_A_PIECE
    assert (head["servers"], head["tools"]) == (count, count)


def test_counts_are_those_of_the_catalog() -> None:
    servers = list(make_catalog())
    documents = read(servers)
    judged = [tool.assessment for server in servers for tool in server.tools if tool.assessment]
    head = documents["api/v1/servers.json"]
    assert head["tools"] == sum(len(server.tools) for server in servers)
    assert head["unclassified"] == head["tools"] - len(judged) == documents["api/v1/risks.json"]["unclassified"] == 1
    for entry in documents["api/v1/categories.json"]["categories"]:
        assert entry["tools"] == sum(one.category == entry["name"] for one in judged) == sum(entry["by_risk"].values())
    for entry in documents["api/v1/risks.json"]["risks"]:
        assert entry["tools"] == sum(one.risk == entry["name"] for one in judged) == sum(entry["by_category"].values())
    assert [entry["name"] for entry in documents["api/v1/categories.json"]["categories"]] == list(Category)
    assert [entry["name"] for entry in documents["api/v1/risks.json"]["risks"]] == list(Risk)


def test_a_piece_is_written_before_the_next_servers_are_read() -> None:
    read_so_far = 0

    def stream() -> Iterator[ServerBrief]:
        nonlocal read_so_far
        for brief in make_briefs(make_large_catalog(SERVERS_A_PIECE + 1, 0)):
            read_so_far += 1
            yield brief

    path, _ = next(make_stream_files(stream(), [], ""))
    assert (path, read_so_far) == ("api/v1/servers-1.json", SERVERS_A_PIECE)


def test_rules_say_what_they_speak_for() -> None:
    rules = {rule["id"]: rule for rule in rules_document()["rules"]}
    assert rules["deletes-data"]["says"] == {"kind": "category", "name": "Destructive", "value": None}
    assert rules["takes-arbitrary-code"]["says"]["kind"] == "facet"
    assert rules["hides-instructions"]["says"]["kind"] == "threat"
