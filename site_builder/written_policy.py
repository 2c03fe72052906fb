"""A policy written in a format under a name that its target takes, as nobody is there who could choose one.

Not for rendering: the formats do that, and refuse names that their targets would not understand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policy.errors import PolicyError
from policy.format import Format, Rendered, write_policy
from policy.recommendation import Recommendation, ServerPolicy

_JOINT = re.compile(r"[_-]+")


@dataclass(frozen=True, slots=True)
class WrittenPolicy:
    """What a format wrote, and what it calls the server; `refused` says why it wrote nothing."""

    chosen: Format
    called: str
    rendered: Rendered
    refused: str = ""


def write_named(chosen: Format, name: str, tools: tuple[Recommendation, ...]) -> WrittenPolicy:
    """Write a policy in a format; where it refuses the server's name, under the nearest that it takes."""
    refused = ""
    for called in _names_like(name):
        try:
            return WrittenPolicy(chosen, called, write_policy(chosen, ServerPolicy(called, tools)))
        except PolicyError as error:
            refused = refused or str(error)
    return WrittenPolicy(chosen, name, Rendered(""), refused)


def _names_like(name: str) -> Iterator[str]:
    """Yield the name, then what most targets take: few joints, of one kind, in small letters."""
    plain = _JOINT.sub("-", name.lower()).strip("-")
    yield name
    yield plain[:50].strip("-") or "server"
    yield plain[:50].strip("-").replace("-", "_") or "server"
    yield plain.replace("-", "")[:50] or "server"
    yield "server"
