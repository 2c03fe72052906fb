"""Why a tool is treated as it is, in one line that cannot leave a comment or a message; not a page's text."""

from policy.recommendation import Recommendation

_MAX = 160


def one_line(text: str) -> str:
    """Make one bounded line of printable characters out of any text."""
    start = text[: _MAX * 4]
    if not start.isprintable():
        start = "".join(char if char.isprintable() else " " for char in start)
    line = " ".join(start.split())
    return line if len(line) <= _MAX else f"{line[: _MAX - 3]}..."


def reason_line(one: Recommendation) -> str:
    """Put what a tool is on one line: its first reason, as the others speak of limits that a target may not keep."""
    return one_line(one.reasons[0]) if one.reasons else ""
