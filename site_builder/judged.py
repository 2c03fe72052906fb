"""A server with what is recommended for each of its tools, decided once for every page that speaks of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from catalog.records import CatalogServer, CatalogTool
from catalog.vocabulary import Category
from policy.recommend import recommend
from policy.recommendation import Recommendation


@dataclass(frozen=True, slots=True)
class JudgedTool:
    """A tool and what is recommended for it."""

    tool: CatalogTool
    recommendation: Recommendation


@dataclass(frozen=True, slots=True, eq=False)
class JudgedServer:
    """A server and its tools with their recommendations, in their order and by category, and those it had before.

    Only itself is equal to it: so what all pages of a server share can be kept while they are made.
    """

    server: CatalogServer
    tools: tuple[JudgedTool, ...]
    alike: Mapping[Category, tuple[JudgedTool, ...]]
    withdrawn: tuple[JudgedTool, ...] = ()


def judge_server(server: CatalogServer) -> JudgedServer:
    """Recommend what should stand before each of the server's tools."""
    tools = tuple(map(_judge_tool, server.tools))
    alike: dict[Category, list[JudgedTool]] = defaultdict(list)
    for judged in tools:
        if judged.tool.assessment:
            alike[judged.tool.assessment.category].append(judged)
    groups = {category: tuple(group) for category, group in alike.items()}
    return JudgedServer(server, tools, groups, tuple(map(_judge_tool, server.withdrawn)))


def _judge_tool(tool: CatalogTool) -> JudgedTool:
    return JudgedTool(tool, recommend(tool.definition, tool.assessment))
