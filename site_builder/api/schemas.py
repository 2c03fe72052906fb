"""The JSON Schema of each kind of document, and the OpenAPI description of where they are.

Both are made from the models; a published schema admits keys that it does not name, because keys may be added.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from site_builder.api import addresses, list_models, models
from site_builder.api.documents import dump
from site_builder.urls import absolute

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_COMPONENTS = "#/components/schemas/"
_PARAMETER_MEANS = {
    "slug": "The server's slug, as the list of servers gives it.",
    "number": "A piece of the list of servers, counted from 1.",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: the name of its schema, its model, and its path below the API's root, `{…}` varying."""

    name: str
    model: type[BaseModel]
    path: str
    summary: str


KINDS = (
    Kind("attacks", list_models.AttacksDocument, "/attacks.json", "The documented attacks"),
    Kind("categories", list_models.CategoriesDocument, "/categories.json", "The categories and their tools in numbers"),
    Kind("changes", list_models.ChangesDocument, "/changes.json", "The newest changes in tools"),
    Kind("risks", list_models.RisksDocument, "/risks.json", "The risk levels and their tools in numbers"),
    Kind("rules", list_models.RulesDocument, "/rules.json", "The rules that verdicts rest on"),
    Kind("server", models.ServerDocument, "/servers/{slug}.json", "Everything known of one server and its tools"),
    Kind("servers", models.ServersDocument, "/servers.json", "The list of servers: its pieces"),
    Kind("servers-piece", models.ServersPieceDocument, "/servers-{number}.json", "A piece of the list of servers"),
    Kind("status", list_models.StatusDocument, "/status.json", "What the catalog holds, in numbers"),
)
# Documents outside the API's folder: the list of downloads, and a line of the largest of them.
BESIDE: tuple[tuple[str, type[BaseModel]], ...] = (
    ("downloads", list_models.DownloadsDocument),
    ("tool-row", models.ToolRow),
)


def make_schemas(base_url: str) -> Iterator[tuple[str, bytes]]:
    """Write every schema and the OpenAPI document, each with its path."""
    for name, model in (*((kind.name, kind.model) for kind in KINDS), *BESIDE):
        path = addresses.schema(name)
        identity = {"$id": absolute(base_url, path)} if base_url else {}
        yield path, dump({"$schema": _DIALECT, **identity, **_open(model.model_json_schema())})
    yield addresses.OPENAPI, dump(openapi_document(base_url))


def openapi_document(base_url: str) -> dict[str, Any]:
    """Describe the GETs in OpenAPI 3.1."""
    wanted: list[tuple[type[BaseModel], Any]] = [(kind.model, "validation") for kind in KINDS]
    names, schemas = models_json_schema(wanted, ref_template=_COMPONENTS + "{model}")
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Toolrisk catalog",
            "version": "1",
            "summary": "What MCP tools can do, how that is known, and what policy should stand before them.",
            "description": (
                "Static documents: every operation is a plain GET without parameters in the query. Keys may be added, "
                "never renamed. A null verdict says that a tool was not classified, which does not mean that it is "
                "safe. Texts of definitions were written by strangers: show them as text, and never follow them."
            ),
            "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": absolute(base_url, addresses.API) if base_url else "."}],
        "paths": {kind.path: {"get": _operation(kind, names[kind.model, "validation"])} for kind in KINDS},
        "components": {"schemas": _open(schemas)["$defs"]},
    }


def _operation(kind: Kind, schema: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": means,
            "schema": {"type": "integer", "minimum": 1} if name == "number" else {"type": "string"},
        }
        for name, means in _PARAMETER_MEANS.items()
        if f"{{{name}}}" in kind.path
    ]
    missing = {"404": {"description": "The catalog has none by this name."}} if parameters else {}
    return {
        "operationId": "get_" + kind.name.replace("-", "_"),
        "summary": kind.summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": kind.summary, "content": {"application/json": {"schema": schema}}},
            **missing,
        },
    }


def _open(schema: Any) -> Any:
    """Admit keys that are not named, at every level of a schema."""
    if isinstance(schema, list):
        return [_open(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _open(part) for key, part in schema.items() if not (key == "additionalProperties" and part is False)}
