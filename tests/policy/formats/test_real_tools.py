"""Every format over real tools: those of a catalog built here, of a folder of answers, and our own examples."""

import os
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from catalog.queries import iter_servers
from catalog.records import Assessment, ToolDefinition
from catalog.session import open_catalog
from classifier.assess import assess_tools
from classifier.labels import read_authored
from classifier.siblings import server_context
from policy.format import Format, write_policy
from policy.formats import FORMATS
from policy.profile import Profile
from policy.recommend import recommend
from policy.recommendation import ServerPolicy, strictest
from tests.policy.formats.expected import calls, is_owed
from tests.policy.formats.target import load_target
from toolrisk.training import read_definitions

ROOT = Path(__file__).parents[3]
CATALOG = ROOT / "catalog.db"
SHARED = Path(os.environ.get("TOOLRISK_SHARED", ROOT.parent / "shared")) / "data" / "tools_list"
_TOOLS_OF_A_SERVER = 60
_SERVERS_IN_ALL_PROFILES = 4
Tools = Sequence[tuple[ToolDefinition, Assessment | None]]


def _assess(name: str, definitions: Sequence[ToolDefinition]) -> Tools:
    context = server_context(name, None, definitions)
    return list(zip(definitions, assess_tools([(one, context) for one in definitions]), strict=True))


@cache
def servers_of(kind: str) -> dict[str, Tools]:
    """Read the servers of one kind, each with its assessed tools; none when they are not at hand."""
    if kind == "catalog" and CATALOG.is_file():
        engine = open_catalog(f"sqlite:///{CATALOG}", create=False)
        return {one.slug: [(tool.definition, tool.assessment) for tool in one.tools] for one in iter_servers(engine)}
    by_server: dict[str, list[ToolDefinition]] = defaultdict(list)
    if kind == "authored":
        for at, tool in enumerate(read_authored(ROOT / "data" / "labels" / "authored.jsonl")):
            by_server[f"examples-{at // _TOOLS_OF_A_SERVER}"].append(tool.definition)
    elif kind == "answers" and SHARED.is_dir():
        for (_registry, package, _tool), definition in read_definitions(SHARED).items():
            by_server[package].append(definition)
    return {name: _assess(name, definitions) for name, definitions in by_server.items()}


@pytest.mark.parametrize("kind", ["authored", "catalog", "answers"])
@pytest.mark.parametrize("chosen", FORMATS, ids=[one.id for one in FORMATS])
def test_target_says_of_every_real_tool_what_was_recommended_or_reported(chosen: Format, kind: str) -> None:
    servers = servers_of(kind)
    if not servers:
        pytest.skip("needs catalog.db (make crawl classify)" if kind == "catalog" else "no tools/list answers beside")
    for at, (name, tools) in enumerate(servers.items()):
        for profile in Profile if kind == "authored" and at < _SERVERS_IN_ALL_PROFILES else (Profile.RECOMMENDED,):
            made = strictest(recommend(definition, assessment, profile) for definition, assessment in tools)
            policy = ServerPolicy("notes", made)
            rendered = write_policy(chosen, policy)
            judge = load_target(chosen, rendered.text, policy.server)
            wrong = [
                (name, profile, one.tool, arguments, said)
                for one in made
                for arguments in calls(one)
                if not is_owed(one, rendered.losses, arguments, said := judge(one.tool, arguments))
            ]
            assert wrong[:3] == []
