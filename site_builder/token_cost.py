"""What a server's definitions cost an agent's context: tokens where the tokenizer is installed, else characters.

Not what a client sends: each adds words of its own, and each model counts by a tokenizer of its own.
"""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.metadata import version

import orjson

from catalog.records import CatalogServer, ToolDefinition
from site_builder import urls
from site_builder.charts import bar_width
from site_builder.foreign_text import show_line
from site_builder.parts import ChartRow
from site_builder.wording import plural, share

ENCODING = "o200k_base"
_DISTRIBUTION = "toktok-rs"  # its module is called `toktok`
_LARGEST = 5

Count = Callable[[Sequence[str]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class TokenCost:
    """What all definitions take, how that was found, and the tools that take the most."""

    takes: str
    method: str
    largest: tuple[ChartRow, ...]


def make_token_cost(server: CatalogServer, count: Count | None) -> TokenCost:
    """Add up what the server's definitions take; `count` gives the tokens of texts, without it characters are counted.

    A definition is its name, description and input schema as JSON: what a client must hand to the model.
    """
    texts = [_as_sent(tool.definition) for tool in server.tools]
    sizes = list(map(len, texts)) if count is None else list(count(texts))
    total = sum(sizes)
    ranked = sorted(zip(sizes, server.tools, strict=True), key=lambda pair: (-pair[0], pair[1].slug))
    rows = tuple(
        ChartRow(
            label=show_line(tool.definition.name, 40) or tool.slug,
            kind="plain",
            href=urls.tool_page(server.slug, tool.slug),
            means="",
            count=f"{size:,}",
            share=share(size, total),
            width=bar_width(size, ranked[0][0]),
        )
        for size, tool in ranked[:_LARGEST]
    )
    what = f"{'The' if len(texts) == 1 else 'All'} {plural(len(texts), 'definition')}, each with its name, description"
    if count is None:
        return TokenCost(f"About {plural(total, 'character')}", f"{what} and input schema, as JSON.", rows)
    return TokenCost(
        plural(total, "token"),
        f"{what} and input schema, as JSON, counted by the tokenizer {ENCODING}. Other models count otherwise, and "
        "clients add words of their own.",
        rows,
    )


@lru_cache(maxsize=1)
def find_counter() -> Count | None:
    """Find what counts tokens; None where it is not installed, as it has no wheel for every system."""
    try:
        toktok = importlib.import_module("toktok")
    except ImportError:
        return None
    return partial(toktok.batch_count, encoding=ENCODING, threads=1)


def name_counter() -> str:
    """Name what counts, with its release: with another one pages say something else."""
    return f"{ENCODING} by {_DISTRIBUTION} {version(_DISTRIBUTION)}" if find_counter() else "characters"


def _as_sent(definition: ToolDefinition) -> str:
    sent = {
        "name": definition.name,
        "description": definition.description or "",
        "inputSchema": definition.input_schema or {"type": "object"},
    }
    return orjson.dumps(sent, default=dict, option=orjson.OPT_NON_STR_KEYS).decode()
