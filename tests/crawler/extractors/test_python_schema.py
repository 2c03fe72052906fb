"""The schemas read from signatures are those that the schema library makes of the functions themselves."""

import inspect
import typing
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum, IntEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Optional, Union
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, Field, create_model

from crawler.extractors.python import extract
from crawler.snapshots.snapshot import read_directory

FIXTURES = Path(__file__).parents[2] / "fixtures" / "extractors" / "python"
FUNCTIONS: list[Callable[..., None]] = []


class Collector:
    """Stands where a server would, so that this file is a server's source as well."""

    def tool(self) -> Callable[[Callable[..., None]], Callable[..., None]]:
        def keep(function: Callable[..., None]) -> Callable[..., None]:
            FUNCTIONS.append(function)
            return function

        return keep


mcp = Collector()
Direction = Literal["north", "south"]
Distance = Annotated[float, Field(description="In kilometres.", gt=0, le=900)]
LIMIT = Field(default=20, ge=1, le=100, description="How many at most.")


class Colour(str, Enum):  # noqa: UP042 -- servers write it so
    """A colour of the sail."""

    RED = "red"
    WHITE = "white"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Named(BaseModel):
    title: str = Field(..., min_length=1, max_length=40)


class Voyage(Named):
    """A planned voyage.

    With two paragraphs.
    """

    kind: Literal["voyage"] = "voyage"
    start: date
    ports: list[str] = Field(default_factory=list, max_length=8, description="Ports on the way.")
    colours: dict[str, Colour] = {}
    shown_as: str | None = Field(None, alias="shownAs")


@mcp.tool()
def simple(a: str, b: int, c: float, *, d: bool, e: bytes, f: datetime, g: UUID, h: Any) -> None: ...


@mcp.tool()
def containers(
    a: list[str],
    b: dict[str, int],
    c: tuple[int, str],
    d: tuple[float, ...],
    *,
    e: set[str],
    f: list[Any],
    g: dict[str, Any],
    h: list[dict[str, list[int]]],
) -> None: ...


@mcp.tool()
def unions(
    a: str | None,
    b: Optional[int] = None,  # noqa: UP045 -- servers write it so
    c: Union[str, list[str], None] = None,  # noqa: UP007 -- servers write it so
    d: float | str = 1.5,
    e: "str | None" = "x",
    f: Optional[Union[str, int]] = None,  # noqa: UP007, UP045 -- servers write it so
) -> None: ...


@mcp.tool()
def choices(
    a: Direction, b: Literal["only"], c: Literal[1, 2] = 1, d: Colour = Colour.RED, e: Level = Level.LOW
) -> None: ...


@mcp.tool()
def fields(
    a: Distance,
    b: Annotated[str | None, Field(description="Maybe a name.", max_length=10)] = None,
    c: Annotated[list[str], Field(min_length=1)] = ["x"],  # noqa: B006 -- servers write it so
    d: str = Field(pattern="^[a-z]+$", examples=["abc"]),
    e: int | None = Field(None, ge=1, description="A number of them."),
    f: Annotated[int, Field(ge=0)] = Field(default=3, le=9),
    limit: int = LIMIT,
) -> None: ...


@mcp.tool()
def models(voyage: Voyage, others: list[Voyage] | None = None, named: Named | None = None) -> None: ...


def without_titles(schema: Any, definitions: dict[str, Any]) -> Any:
    """Put definitions in the place of references, and leave out the titles, which we do not write."""
    if isinstance(schema, list):
        return [without_titles(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    whole = dict(schema)
    if "$ref" in whole:
        whole = {**definitions[whole.pop("$ref").rsplit("/", 1)[-1]], **whole}
    plain = {}
    for key, value in whole.items():
        if key == "properties":
            plain[key] = {name: without_titles(one, definitions) for name, one in value.items()}
        elif key not in ("title", "$defs"):
            plain[key] = without_titles(value, definitions)
    return plain


def made_by_library(function: Callable[..., None]) -> Any:
    hints = typing.get_type_hints(function, include_extras=True)
    parameters = {
        name: (hints[name], ... if one.default is one.empty else one.default)
        for name, one in inspect.signature(function).parameters.items()
    }
    schema = create_model(function.__name__, **typing.cast("dict[str, Any]", parameters)).model_json_schema()
    return without_titles(schema, schema.get("$defs", {}))


def read_from_source() -> dict[str, Any]:
    source = b"from mcp.server.fastmcp import FastMCP\n" + Path(__file__).read_bytes()
    return {one.name: one.input_schema for one in extract({"server.py": source}).definitions}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_schema_is_the_librarys(function: Callable[..., None]) -> None:
    assert read_from_source()[function.__name__] == made_by_library(function)


def test_every_function_above_is_compared() -> None:
    assert set(read_from_source()) == {function.__name__ for function in FUNCTIONS} == set(COMPARED)


COMPARED = ("simple", "containers", "unions", "choices", "fields", "models")


@pytest.mark.parametrize("case", sorted(FIXTURES.iterdir()), ids=lambda case: case.name)
def test_schemas_of_fixtures_are_valid(case: Path) -> None:
    for one in extract(read_directory(case).files).definitions:
        if one.input_schema is not None:
            Draft202012Validator.check_schema(dict(one.input_schema))
            assert set(one.input_schema.get("required", ())) <= one.input_schema.get("properties", {}).keys()


def test_models_inside_themselves_end() -> None:
    source = (
        b"from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\n"
        b"class Node(BaseModel):\n    name: str\n    children: list['Node'] = []\n    next: Optional['Node'] = None\n"
        b"@mcp.tool()\ndef plant(tree: Node): ...\n"
    )
    (definition,) = extract({"s.py": source}).definitions
    assert definition.input_schema is not None
    tree = definition.input_schema["properties"]["tree"]
    assert tree["properties"]["children"] == {"type": "array", "items": {}, "default": []}
    assert tree["required"] == ["name"]
