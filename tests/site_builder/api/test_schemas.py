"""Every document is as its published schema says, and holds nothing that its model does not name."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource

from catalog.records import CatalogServer
from site_builder.api.documents import dump
from site_builder.api.schemas import KINDS, Kind, openapi_document
from tests.site_builder.api.documents_factory import make_documents, make_servers

PATTERNS = {kind.name: re.compile(re.sub(r"\{[a-z]+\}", "[a-z0-9_-]+", f"api/v1{kind.path}")) for kind in KINDS}


def kind_of(path: str) -> Kind:
    return next(kind for kind in KINDS if PATTERNS[kind.name].fullmatch(path))


def check(documents: dict[str, bytes]) -> set[str]:
    schemas = {
        kind.name: Draft202012Validator(orjson.loads(documents[f"api/v1/schema/{kind.name}.schema.json"]))
        for kind in KINDS
    }
    seen = set()
    for path, content in documents.items():
        if path.endswith((".schema.json", "openapi.json")):
            continue
        kind = kind_of(path)
        schemas[kind.name].validate(orjson.loads(content))
        kind.model.model_validate_json(content)
        seen.add(kind.name)
    return seen


@pytest.mark.parametrize("servers", [make_servers(), []], ids=["made-up", "empty"])
def test_every_document_is_as_its_schema_says(tmp_path: Path, servers: list[CatalogServer]) -> None:
    kinds = {kind.name for kind in KINDS}
    assert check(make_documents(tmp_path, servers)) == (kinds if servers else kinds - {"server"})


def test_a_schema_admits_a_key_that_is_added_later_and_no_wrong_type(tmp_path: Path) -> None:
    documents = make_documents(tmp_path, make_servers())
    schema = Draft202012Validator(orjson.loads(documents["api/v1/schema/server.schema.json"]))
    document = orjson.loads(documents["api/v1/servers/corner-shop.json"])
    document["tools"][0]["added"] = document["added"] = 1
    assert schema.is_valid(document)
    document["tools"][0]["risk"] = "Enormous"
    assert not schema.is_valid(document)


def test_every_schema_is_a_schema_with_an_address_when_the_sites_is_known(tmp_path: Path) -> None:
    documents = make_documents(tmp_path, [], "https://tools.example.org/catalog/")
    schemas = {path: orjson.loads(content) for path, content in documents.items() if path.endswith(".schema.json")}
    assert len(schemas) == len(KINDS) + 2
    for path, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == f"https://tools.example.org/catalog/{path}"


@pytest.mark.parametrize("base_url", ["", "https://tools.example.org/catalog"])
def test_the_description_is_openapi(base_url: str) -> None:
    described = orjson.loads(dump(openapi_document(base_url)))
    OpenAPIV31SpecValidator(described).validate()
    assert set(described["paths"]) == {kind.path for kind in KINDS}
    assert described["servers"] == [{"url": f"{base_url}/api/v1" if base_url else "."}]


def test_the_schemas_of_the_description_fit_the_documents(tmp_path: Path) -> None:
    documents = make_documents(tmp_path, make_servers())
    described = orjson.loads(documents["api/v1/openapi.json"])
    resource = Resource.from_contents({"$schema": Draft202012Validator.META_SCHEMA["$id"], **described})
    registry: Registry[Any] = Registry().with_resource("urn:described", resource)
    for path, content in documents.items():
        if path.startswith("api/v1/schema/") or path.endswith("openapi.json"):
            continue
        answer = described["paths"][kind_of(path).path]["get"]["responses"]["200"]
        reference = answer["content"]["application/json"]["schema"]["$ref"]
        Draft202012Validator({"$ref": f"urn:described{reference}"}, registry=registry).validate(orjson.loads(content))


def test_a_part_of_an_address_that_varies_is_described() -> None:
    for path, operations in openapi_document("")["paths"].items():
        named = set(re.findall(r"\{([a-z]+)\}", path))
        assert {parameter["name"] for parameter in operations["get"]["parameters"]} == named
