"""Read one page of HTML: its links and ids, and what does not conform in it.

Not a whole validator: that the source nests as it reads, that what refers to an id finds it, that fields have labels,
that headings go down one by one, and that elements hold what they may hold.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise, zip_longest
from typing import Self

from selectolax.lexbor import LexborHTMLParser, LexborNode

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_REFERRING = {"aria-labelledby", "aria-describedby", "aria-controls", "for", "list", "headers", "data-copy"}
_ADDRESSES = {"href", "src", "data-servers"}
_FIELDS = ("input", "select", "textarea")
_LABELLED = (*_FIELDS, "button", "meter", "output", "progress")
_ACTIVE = {"a", "button", "input", "select", "textarea", "summary"}
_HEADING = re.compile(r"h[1-6]")
_BLOCK = re.compile(
    r"h[1-6]|address|article|aside|blockquote|details|dialog|div|dl|fieldset|figure|footer|form|header|main|nav|ol|p|pre"
    r"|section|table|ul"
)
# What holds words alone. A summary may hold a heading, and nothing else that is a block.
_WORDS = re.compile(
    r"h[1-6]|p|pre|span|a|code|bdi|q|strong|em|mark|time|label|button|dt|th|cite|small|sub|sup|figcaption"
)
_MAY_HOLD = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"div", "dt", "dd", "script", "template"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tr": {"th", "td"},
    "select": {"option", "optgroup", "hr"},
    "datalist": {"option"},
}
_ONLY_IN = {
    "li": {"ul", "ol"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "figcaption": {"figure"},
    "summary": {"details"},
}


@dataclass(slots=True)
class _Element:
    """An element as the parser of a browser reads it."""

    node: LexborNode
    tag: str
    attributes: dict[str, str]
    around: "_Element | None"
    depth: int

    @property
    def above(self) -> str:
        return self.around.tag if self.around else ""

    def has_words(self) -> bool:
        return bool(self.node.text().strip() or self.node.css("[alt]"))

    def stands_in(self, tags: set[str]) -> str | None:
        around = self.around
        while around and around.tag not in tags:
            around = around.around
        return around.tag if around else None


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a page names, with the element and the kinds of relation it stands in."""

    tag: str
    address: str
    rel: frozenset[str]


@dataclass(frozen=True, slots=True)
class Markup:
    """What one page holds. `leads_on` tells that it only sends its reader to another one."""

    links: tuple[Link, ...]
    ids: frozenset[str]
    problems: tuple[str, ...]
    leads_on: bool

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a page and judge it."""
        tree = LexborHTMLParser(text)
        elements = _list_elements(tree)
        leads_on = bool(tree.css('meta[http-equiv="refresh"]'))
        problems = [*_nesting(text, elements), *_references(elements), *_fields(elements), *_contents(elements)]
        problems += [] if leads_on else _headings(elements)
        if not (tree.css("html[lang]") and tree.css("head title")):
            problems.append("the language or the title is missing")
        ids = frozenset(one.attributes["id"] for one in elements if "id" in one.attributes)
        return cls(tuple(_links(elements)), ids, tuple(problems), leads_on)


def _list_elements(tree: LexborHTMLParser) -> list[_Element]:
    known: dict[int, _Element] = {}
    for node in tree.root.traverse() if tree.root else ():
        if node.is_element_node:
            around = known.get(node.parent.mem_id) if node.parent else None
            attributes = {name: value or "" for name, value in node.attributes.items()}
            known[node.mem_id] = _Element(
                node, (node.tag or "").lower(), attributes, around, around.depth + 1 if around else 0
            )
    return list(known.values())


class _Source(HTMLParser):
    """Reads the elements as the source has them, without any rule that mends what is wrong."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[int, str]] = []
        self.lines: list[int] = []
        self.problems: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.problems += [f"<{tag}> is never closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)
        if tag not in _VOID and "svg" not in self._open:
            self.problems.append(f"line {self.getpos()[0]}: <{tag}/> does not close itself")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.problems.append(f"line {self.getpos()[0]}: </{tag}> closes another element")

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((len(self._open), tag))
        self.lines.append(self.getpos()[0])
        if len({name for name, _ in attrs}) < len(attrs):
            self.problems.append(f"line {self.lines[-1]}: <{tag}> has an attribute twice")


def _nesting(text: str, elements: list[_Element]) -> Iterator[str]:
    """Compare the source with the tree that a browser makes of it: where they part, something had to be mended."""
    source = _Source(text)
    yield from source.problems
    if not re.match(r"\s*<!doctype html>", text, re.IGNORECASE):
        yield "there is no doctype"
    tree = ((one.depth, one.tag) for one in elements)
    for wanted, found, line in zip_longest(source.elements, tree, source.lines):
        if wanted != found:
            yield f"line {line}: {wanted and wanted[1]} is written, and a browser reads {found and found[1]}"
            return


def _references(elements: list[_Element]) -> Iterator[str]:
    ids = Counter(one.attributes["id"] for one in elements if "id" in one.attributes)
    yield from (f"the id {one!r} is there {count} times" for one, count in ids.items() if count > 1)
    yield from (f"{one!r} is no id" for one in ids if not one or re.search(r"\s", one))
    for one in elements:
        for name in _REFERRING & one.attributes.keys():
            for wanted in one.attributes[name].split():
                if wanted not in ids:
                    yield f"{name} of <{one.tag}> names {wanted!r}, which is not there"


def _fields(elements: list[_Element]) -> Iterator[str]:
    labels = {one.attributes.get("for") for one in elements if one.tag == "label"}
    for one in elements:
        mark, named = one.attributes.get("id"), one.attributes.keys() & {"aria-label", "aria-labelledby"}
        if mark in labels and mark and one.tag not in _LABELLED:
            yield f"a label names <{one.tag}>, which takes none"
        if one.tag in _FIELDS and not named and not (mark and mark in labels):
            yield f"<{one.tag}> has no label"
        if re.fullmatch("a|button|th|h[1-6]", one.tag) and not named and not one.has_words():
            yield f"<{one.tag}> has no words"
        if one.tag == "img" and "alt" not in one.attributes:
            yield "<img> has no alt"


def _headings(elements: list[_Element]) -> Iterator[str]:
    levels = [int(one.tag[1]) for one in elements if _HEADING.fullmatch(one.tag)]
    if levels.count(1) != 1 or levels[0] != 1:
        yield "the page does not begin with its one <h1>"
    yield from (f"<h{after}> follows <h{before}>" for before, after in pairwise(levels) if after > before + 1)


def _contents(elements: list[_Element]) -> Iterator[str]:
    for one in elements:
        tag, above = one.tag, one.above
        if tag not in _MAY_HOLD.get(above, {tag}) or above not in _ONLY_IN.get(tag, {above}):
            yield f"<{tag}> stands in <{above}>"
        titled = above == "summary" and _HEADING.fullmatch(tag)
        if _BLOCK.fullmatch(tag) and (_WORDS.fullmatch(above) or above == "summary") and not titled:
            yield f"<{tag}> stands in <{above}>, which holds words"
        if tag in _ACTIVE and (outer := one.stands_in(_ACTIVE)):
            yield f"<{tag}> stands in <{outer}>"


def _links(elements: list[_Element]) -> Iterator[Link]:
    for one in elements:
        for name in _ADDRESSES & one.attributes.keys():
            yield Link(one.tag, one.attributes[name], frozenset(one.attributes.get("rel", "").split()))
