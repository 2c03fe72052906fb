"""Documents say what pages and commands say, of any server."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.records import CatalogServer
from catalog.status import read_status
from catalog.vocabulary import Category
from policy.document import build_document, render_document
from site_builder.api.documents import (
    all_tool_fields,
    assessment_fields,
    change_fields,
    dump,
    server_document,
    status_document,
)
from site_builder.api.publish import make_server_file
from site_builder.judged import judge_server
from tests.site_builder.api.documents_factory import make_documents, make_reviewed_server, make_servers, open_empty
from tests.site_builder.catalog_factory import make_catalog, make_mail_server, make_shop
from tests.site_builder.change_factory import make_changes
from tests.site_builder.record_factory import LOOKED_AT, make_server, make_tool
from toolrisk.changes_command import _document as told_change
from toolrisk.json_output import assessment_fields as told_assessment
from toolrisk.printing import status_document as told_status


def decode(document: object) -> Any:
    return orjson.loads(dump(document))


def read_server(server: CatalogServer) -> Any:
    return orjson.loads(make_server_file(server, all_tool_fields(judge_server(server)))[1])


@pytest.mark.parametrize("server", make_servers(), ids=lambda server: server.slug)
def test_a_verdict_reads_as_the_command_prints_it(server: Any) -> None:
    for tool in server.tools:
        if tool.assessment is not None:
            printed = orjson.loads(orjson.dumps(told_assessment(tool.assessment), option=orjson.OPT_NON_STR_KEYS))
            published = decode(assessment_fields(tool.assessment))
            assert {key: published[key] for key in printed} == printed
            assert set(published) - set(printed) == {"facet_evidence"}


def test_a_change_reads_as_the_command_prints_it() -> None:
    for change in make_changes():
        printed, published = decode(told_change(change)), decode(change_fields(change))
        assert {key: published[key] for key in printed} == printed
        assert set(published) - set(printed) == {"says"}


def test_the_status_reads_as_the_command_prints_it(tmp_path: Path) -> None:
    status = read_status(open_empty(tmp_path), LOOKED_AT)
    assert decode(status_document(status)) == decode(told_status(status))


@pytest.mark.parametrize("server", make_servers(), ids=lambda server: server.slug)
def test_a_tools_policy_is_the_one_in_its_policy_file(server: Any) -> None:
    of = judge_server(server)
    published = read_server(server)["tools"]
    assert [one["policy"] for one in published] == [
        orjson.loads(render_document(build_document([judged.recommendation]))) for judged in of.tools
    ]
    assert [one["decision"] for one in published] == [judged.recommendation.decision for judged in of.tools]


def test_a_tool_without_a_verdict_has_null_for_one_and_is_counted_apart() -> None:
    document = read_server(make_shop())
    restock = next(tool for tool in document["tools"] if tool["name"] == "restock")
    judged = next(tool for tool in document["tools"] if tool["name"] == "get_price")
    assert set(restock) == set(judged)
    assert restock["category"] is restock["risk"] is restock["facets"] is None
    assert restock["decision"] == "deny"
    assert document["counts"]["unclassified"] == 1
    assert document["counts"]["tools"] == len(make_shop().tools)
    assert sum(document["counts"]["by_risk"].values()) == len(make_shop().tools) - 1


def test_a_quote_of_a_facet_is_kept() -> None:
    document = read_server(make_mail_server())
    sends = next(tool for tool in document["tools"] if tool["name"] == "send_mail")
    assert sends["facets"]["egress"] == "arbitrary"
    assert sends["facet_evidence"]["egress"]["quote"] == "Send a mail to one or more people"
    assert "money" not in sends["facet_evidence"]


def test_a_persons_verdict_and_modes_are_kept() -> None:
    tool = read_server(make_reviewed_server())["tools"][0]
    assert tool["override"]["reviewer"] == "a reviewer"
    assert tool["modes"][1] == {"parameter": "action", "choice": "other", "category": None}


def test_strangers_text_is_kept_as_it_is(tmp_path: Path) -> None:
    hostile = next(server for server in make_catalog() if server.slug == "hostile")
    documents = make_documents(tmp_path, make_servers())
    document = orjson.loads(documents["api/v1/servers/hostile.json"])
    assert [tool["name"] for tool in document["tools"]] == [tool.definition.name for tool in hostile.tools]
    assert document["target"] == hostile.target


def test_every_link_of_a_document_leads_to_a_page_of_the_site(site: Path, tmp_path: Path) -> None:
    documents = make_documents(tmp_path, make_catalog())
    followed = 0
    for path, content in documents.items():
        if path.endswith((".schema.json", "openapi.json")):
            continue
        for link in _links(orjson.loads(content)):
            target = (site / path).parent / link.partition("#")[0]
            inside = target.resolve().relative_to(site.resolve()).as_posix()
            assert inside in documents or (site / inside).is_file(), f"{path} leads to {inside}"
            followed += 1
    assert followed > 100


def test_schemas_that_are_read_only_or_as_deep_as_the_catalog_holds_them_are_written() -> None:
    deep: dict[str, Any] = {}
    for _ in range(250):
        deep = {"d": deep}
    tool = make_tool("deep", None, Category.READ)
    held = replace(tool, definition=replace(tool.definition, input_schema=deep, annotations=MappingProxyType({"a": 1})))
    published = read_server(make_server("deep", [held]))["tools"][0]
    assert published["inputSchema"] == deep
    assert published["annotations"] == {"a": 1}


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_comes_back_as_it_was(name: str, description: str) -> None:
    server = make_server("any", [make_tool(name, description, Category.WRITE, slug="any")], title=name)
    document = decode(server_document(server, all_tool_fields(judge_server(server))))
    assert (document["tools"][0]["name"], document["tools"][0]["description"]) == (name, description)


def _links(document: Any) -> list[str]:
    if isinstance(document, list):
        return [link for part in document for link in _links(part)]
    if not isinstance(document, dict):
        return []
    own = [link for link in document.get("links", {}).values() if link] if "links" in document else []
    return [*own, *(link for key, part in document.items() if key != "inputSchema" for link in _links(part))]
