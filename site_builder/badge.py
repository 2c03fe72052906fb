"""A server's badge: a small SVG that says the highest risk of its tools, for its README.

It needs no font file and no script; what is not analysed says so and is never green.
"""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from catalog.records import Assessment
from catalog.vocabulary import Risk
from site_builder.wording import plural

_LABEL = "toolrisk"
_UNKNOWN = "not analysed"
# Dark enough for white text of this size (WCAG AA) on light pages and dark ones; the words say what the colour does.
_COLOURS = {Risk.LOW: "#1d6b5a", Risk.MEDIUM: "#775000", Risk.HIGH: "#9a3704", Risk.CRITICAL: "#9c0f3f"}
_GREY = "#535d6e"
_CHARACTER = 6.6  # pixels of a character on average; textLength makes every font fit
_PADDING = 6
_HEIGHT = 20


def render_badge(assessments: Iterable[Assessment | None]) -> bytes:
    """Draw the badge of a server with these tools; one that was not assessed makes a server not wholly analysed."""
    risks = [one.risk if one else None for one in assessments]
    known = [risk for risk in risks if risk]
    if not known:
        return _draw(_UNKNOWN, _GREY)
    highest = max(known, key=list(Risk).index)
    words = f"{highest.lower()} risk: {known.count(highest):,} of {plural(len(risks), 'tool')}"
    return _draw(words, _COLOURS[highest])


def _draw(words: str, colour: str) -> bytes:
    left, right = _width(_LABEL), _width(words)
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": str(left + right),
            "height": str(_HEIGHT),
            "role": "img",
            "aria-label": f"{_LABEL}: {words}",
        },
    )
    ET.SubElement(root, "title").text = f"{_LABEL}: {words}"
    for start, width, fill in ((0, left, "#2b3240"), (left, right, colour)):
        ET.SubElement(root, "rect", {"x": str(start), "width": str(width), "height": str(_HEIGHT), "fill": fill})
    fonts = {"fill": "#fff", "font-family": "Verdana,DejaVu Sans,sans-serif", "font-size": "11"}
    texts = ET.SubElement(root, "g", fonts)
    for start, width, text in ((0, left, _LABEL), (left, right, words)):
        place = {"x": str(start + _PADDING), "y": "14", "textLength": str(width - 2 * _PADDING)}
        ET.SubElement(texts, "text", place).text = text
    return f"{ET.tostring(root, encoding='unicode')}\n".encode()


def _width(text: str) -> int:
    return round(len(text) * _CHARACTER) + 2 * _PADDING
