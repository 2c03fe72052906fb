"""Labelled tools: the labels joined with definitions that the caller has read, and the authored examples.

Not a reader of dumps or of the catalog: where definitions come from is the application's business.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from catalog.records import ServerContext, ToolDefinition
from catalog.vocabulary import FACET_VALUES, Category, Facet
from classifier.errors import LabelError
from classifier.siblings import server_context

Key = tuple[str, str, str]  # registry, package, tool
_WEIGHTS = {"3": 1.0, "2": 0.7, "1": 0.4}  # a toss-up teaches less than a clear case
_SHARED_NAMES = 3  # servers that share so many tools, and half of the smaller one's, count as one


@dataclass(frozen=True, slots=True)
class LabelledTool:
    """A tool with the category it ought to get. `group` is its server: folds never split one."""

    definition: ToolDefinition
    server: ServerContext
    category: Category
    group: str
    weight: float
    second_choice: Category | None = None
    facets: Mapping[Facet, str] = field(default_factory=dict)  # empty where nobody labelled them


def read_labels(path: Path, definitions: Mapping[Key, ToolDefinition]) -> list[LabelledTool]:
    """Join the labels with their definitions; labels without a definition are left out.

    Raises LabelError when a line is not a label.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    servers = _server_contexts(definitions)
    tools = [
        _labelled(row, path, line, definition, servers[row["registry"], row["package"]])
        for line, row in enumerate(rows, start=2)
        if (definition := definitions.get((row["registry"], row["package"], row["tool"])))
    ]
    return _unite_servers(tools)


def _server_contexts(definitions: Mapping[Key, ToolDefinition]) -> dict[tuple[str, str], ServerContext]:
    tools: dict[tuple[str, str], list[ToolDefinition]] = defaultdict(list)
    for (registry, package, _tool), definition in definitions.items():
        tools[registry, package].append(definition)
    return {key: server_context(key[1], None, found) for key, found in tools.items()}


def _labelled(
    row: Mapping[str, str], path: Path, line: int, definition: ToolDefinition, server: ServerContext
) -> LabelledTool:
    try:
        facets = {facet: row[facet] for facet in Facet if row[facet]}
        return LabelledTool(
            definition=definition,
            server=server,
            category=Category(row["category"]),
            group=f"{row['registry']}/{row['package']}",
            weight=_WEIGHTS[row["confidence"]],
            second_choice=Category(row["second_choice"]) if row["second_choice"] else None,
            facets={facet: FACET_VALUES[facet][FACET_VALUES[facet].index(value)] for facet, value in facets.items()},
        )
    except (KeyError, ValueError) as error:
        raise LabelError(f"{path.name}, line {line}: {error} is not in the vocabulary") from error


def _unite_servers(tools: Iterable[LabelledTool]) -> list[LabelledTool]:
    """Give servers that offer the same tools one group: a fork or a second package is not another server."""
    tools = list(tools)
    names: dict[str, set[str]] = {}
    for tool in tools:
        names.setdefault(tool.group, set()).add(tool.definition.name)
    chosen: dict[str, str] = {}
    for group in sorted(names):
        twin = next((other for other in chosen if _are_twins(names[group], names[other])), group)
        chosen[group] = chosen.get(twin, twin)
    return [
        LabelledTool(
            tool.definition,
            tool.server,
            tool.category,
            chosen[tool.group],
            tool.weight,
            tool.second_choice,
            tool.facets,
        )
        for tool in tools
    ]


def _are_twins(first: set[str], second: set[str]) -> bool:
    shared = len(first & second)
    return shared >= _SHARED_NAMES and 2 * shared >= min(len(first), len(second))


def read_authored(path: Path) -> list[LabelledTool]:
    """Read our own examples, one JSON object a line. Raises LabelError when a line is not an example."""
    tools = []
    for line, text in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            example = orjson.loads(text)
            definition = ToolDefinition(
                name=example["name"],
                description=example.get("description"),
                title=example.get("title"),
                input_schema=example.get("inputSchema"),
                annotations=example.get("annotations") or {},
            )
            server = ServerContext(example.get("server", "example"), example.get("server_description"))
            category = Category(example["category"])
            facets = _authored_facets(example["facets"]) if "facets" in example else {}
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise LabelError(f"{path.name}, line {line}: {error} is missing or not in the vocabulary") from error
        tools.append(LabelledTool(definition, server, category, f"authored {line}", 1.0, None, facets))
    return tools


def _authored_facets(given: Mapping[str, str]) -> dict[Facet, str]:
    """Complete the facets that an example names: of the others the mildest value is meant."""
    return {
        facet: FACET_VALUES[facet][FACET_VALUES[facet].index(given.get(facet, FACET_VALUES[facet][0]))]
        for facet in Facet
    }
