"""Values out of strangers' JSON: each has the type that it should have, or there is none.

Not for what an entry means: each source knows that of its own.
"""

import json
from collections.abc import Mapping
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

import orjson

from crawler.errors import CrawlError

TITLE, DESCRIPTION, ADDRESS, NAME = 200, 500, 1_000, 300

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def read_object(body: bytes, what: str) -> Mapping[str, Any]:
    """Read a JSON object. Raises CrawlError when it is none."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = _read_leniently(body)
    if not isinstance(value, dict):
        raise CrawlError(
            what, "what came back is no JSON object; is this the address of such a service?", cause="damaged"
        )
    return value


def as_object(value: object) -> Mapping[str, Any]:
    """Give an object, an empty one instead of anything else."""
    return value if isinstance(value, Mapping) else _NOTHING


def as_list(value: object) -> list[Any]:
    """Give a list, an empty one instead of anything else."""
    return value if isinstance(value, list) else []


def as_prose(value: object, most: int) -> str | None:
    """Give text on one line, cut at `most` characters; None instead of anything else."""
    if not isinstance(value, str):
        return None
    # Much of a long text may be blanks, so that more than is kept must be looked at.
    words = " ".join(value[: most * 4].split())
    if not words.isprintable():
        words = "".join(character for character in words if character.isprintable())
    return words[:most].strip() or None


def as_word(value: object, most: int) -> str | None:
    """Give a name or an address as it is; None instead of one with blanks, too long a one, or anything else."""
    if not isinstance(value, str) or not 0 < len(value) <= most:
        return None
    # All blanks but the usual one count as unprintable.
    return value if value.isprintable() and " " not in value else None


def stamp_of(*parts: object) -> str:
    """Make a short stamp of parts of a listing: another one when any of them changes."""
    written = orjson.dumps([str(part) for part in parts])
    return blake2b(written, digest_size=12).hexdigest()


def _read_leniently(body: bytes) -> Any:
    # One entry with half a character must not cost the whole page.
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
