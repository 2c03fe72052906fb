"""Records for the search benchmark, made from the words of real servers and as many more as that many tools have.

Frequent words and whole sentences are real; the words of a server's trade are made up, so that its tools are alike.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

import orjson

from catalog.queries import iter_servers
from catalog.session import open_catalog
from site_builder.foreign_text import first_sentence
from site_builder.search.record import SearchRecord, make_records

TOOLS_A_SERVER = 10
_MADE_UP = 160_000
_TRADE = 14  # words that only a server of this trade says
_COMMON_FROM = 12  # times a word is said in the sample, from which on it belongs to no trade
_ONSETS = (*"bcdfghjklmnprstvwz", "br", "cl", "dr", "gr", "pl", "st", "tr")
_SYLLABLES = [f"{one}{end}" for one in _ONSETS for end in "aeiou"]
_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Sample:
    """What the records are made of: real tools, which of their words are common, and words of trades by Zipf's law."""

    tools: tuple[SearchRecord, ...]
    common: frozenset[str]
    made_up: tuple[str, ...]
    weights: tuple[float, ...]


def read_sample(catalog: Path, lists: Path) -> Sample:
    """Read the tools of a catalog, and those of the lists with the judgement of a tool that begins alike."""
    with_servers = [
        one for server in iter_servers(open_catalog(f"sqlite:///{catalog}")) for one in make_records(server)
    ]
    tools = [one for one in with_servers if one.tool]
    by_verb: dict[str, SearchRecord] = {}
    for one in tools:
        by_verb.setdefault(one.name.split("_")[0], one)
    for path in sorted(lists.glob("*.json")):
        for found in orjson.loads(path.read_bytes())["tools"]:
            like = by_verb.get(found["name"].split("_")[0], tools[len(tools) % 97])
            text = first_sentence(found.get("description") or "", 150)
            tools.append(replace(like, name=found["name"], text=text))
    said = Counter(word.lower() for one in tools for word in _WORD.findall(f"{one.name} {one.text}"))
    chance = random.Random(7)  # noqa: S311 - a benchmark's fixed dice
    made_up = {"".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))): None for _ in range(_MADE_UP)}
    weights = tuple(accumulate(1 / (place + 20) for place in range(len(made_up))))
    common = frozenset(word for word, times in said.items() if times >= _COMMON_FROM)
    return Sample(tuple(tools), common, tuple(made_up), weights)


def iter_records(sample: Sample, tools: int) -> Iterator[SearchRecord]:
    """Make servers until there are `tools` tools, always the same ones."""
    chance = random.Random(11)  # noqa: S311 - as above
    for number in range(tools // TOOLS_A_SERVER):
        trade = chance.choices(sample.made_up, cum_weights=sample.weights, k=_TRADE)
        slug = f"{trade[0]}-{trade[1]}-{number}"
        chosen = [_retell(chance.choice(sample.tools), trade, slug, sample, chance) for _ in range(TOOLS_A_SERVER)]
        strongest = min(chosen, key=lambda one: one.name)
        yield SearchRecord(slug, None, f"{trade[0]} {trade[1]}", slug, strongest.category, strongest.risk)
        yield from {one.tool: one for one in chosen}.values()


def _retell(tool: SearchRecord, trade: list[str], slug: str, sample: Sample, chance: random.Random) -> SearchRecord:
    def say(found: re.Match[str]) -> str:
        word = found[0]
        return word if word.lower() in sample.common or chance.random() < 0.3 else chance.choice(trade)

    name = _WORD.sub(say, tool.name)
    if "_" not in name or chance.random() < 0.4:
        name = f"{name}_{chance.choice(trade)}"
    text = f"{_WORD.sub(say, tool.text)} {trade[0]} {slug}"
    return SearchRecord(slug, name.lower(), name, text, tool.category, tool.risk, tool.facets)
