"""The geometry of the charts: stacked bars and rows of bars, as numbers for SVG attributes.

Not for colours or text layout: classes and the style sheet do that.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.vocabulary import Risk

_GAP = 0.6  # of 100: a sliver of background between segments keeps them apart without colour
_LEAST = 1.5  # of 100: a segment that is there stays visible


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar: a class for its colour, its place and width on a scale of 0 to 100, its legend."""

    kind: str
    start: str
    width: str
    label: str
    count: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class StackedBar:
    """A bar of segments; `says` is the same in words, for who does not see it."""

    segments: tuple[Segment, ...]
    says: str


def stack_risks(counts: Mapping[Risk | None, int], links: Mapping[Risk | None, str] | None = None) -> StackedBar:
    """Draw how many tools have which risk, highest first; the key None counts the ones not analysed."""
    order: list[Risk | None] = [*reversed(Risk), None]
    present = [(risk, counts[risk]) for risk in order if counts.get(risk)]
    total = sum(count for _, count in present)
    widths = _widths([count for _, count in present])
    segments: list[Segment] = []
    at = 0.0
    for (risk, count), width in zip(present, widths, strict=True):
        label = "Not analysed" if risk is None else str(risk)
        kind = "unknown" if risk is None else risk.lower()
        drawn = width - _GAP if len(segments) + 1 < len(present) else width
        href = (links or {}).get(risk, "")
        segments.append(Segment(kind, f"{at:.2f}", f"{drawn:.2f}", label, count, href))
        at += width
    words = ", ".join(f"{segment.count:,} {segment.label}" for segment in segments)
    return StackedBar(tuple(segments), f"Of {total:,} tools: {words}." if total else "No tools.")


def bar_width(value: float, greatest: float) -> str:
    """Give the width, of 100, of a bar for `value` beside one for `greatest`."""
    if value <= 0 or greatest <= 0:
        return "0.00"
    return f"{max(value / greatest * 100, _LEAST):.2f}"


def _widths(counts: list[int]) -> list[float]:
    total = sum(counts)
    raised = [max(count / total * 100, _LEAST) for count in counts]
    excess = sum(raised) - 100
    largest = raised.index(max(raised)) if raised else 0
    return [width - excess if index == largest else width for index, width in enumerate(raised)]
