"""Whether two builders printed the same words: the visible text, the links and the structured data of a page.

Not for comparing markup: white space and the spelling of entities may differ.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import orjson
from selectolax.lexbor import LexborHTMLParser


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader, human or machine, finds on a page."""

    words: tuple[str, ...]
    links: tuple[str, ...]
    data: object


def read_shown(file: Path) -> Shown:
    """Read what a page shows."""
    page = LexborHTMLParser(file.read_bytes().decode())
    data = [node.text() for node in page.css('script[type="application/ld+json"]')]
    links = tuple(unquote(node.attributes.get("href") or "") for node in page.css("a"))
    title = page.css_first("title")
    page.strip_tags(["script"])
    text = page.body.text(separator=" ") if page.body else ""
    return Shown((title.text() if title else "", *text.split()), links, [orjson.loads(one) for one in data])


def first_difference(ours: Shown, theirs: Shown) -> str:
    """Say where two pages part; nothing when they show the same."""
    if ours == theirs:
        return ""
    pairs = [
        *zip(ours.words, theirs.words, strict=False),
        *zip(ours.links, theirs.links, strict=False),
        (ours.data, theirs.data),
    ]
    apart = [(one, other) for one, other in pairs if one != other]
    return f"{apart[0][0]!r} here, {apart[0][1]!r} there" if apart else "one of them goes on"
