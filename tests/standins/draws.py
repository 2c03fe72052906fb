"""Endless numbers that follow from a text: the same for every run and machine.

Not for secrets, and not for statistics: a remainder of 65,536 is a little uneven.
"""

from array import array
from collections.abc import Iterator, Sequence
from hashlib import blake2b, shake_128
from itertools import count
from typing import TypeVar

Item = TypeVar("Item")


def draws(key: str) -> Iterator[int]:
    """Give numbers from 0 to 65,535 that follow from the key."""
    for block in count():
        yield from array("H", shake_128(f"{key}/{block}".encode()).digest(384))


def pick(items: Sequence[Item], numbers: Iterator[int]) -> Item:
    """Take one of the items."""
    return items[next(numbers) % len(items)]


def sample(upper: int, wanted: int, numbers: Iterator[int]) -> list[int]:
    """Take different whole numbers below `upper`, sorted; all of them when more are wanted."""
    if wanted >= upper:
        return list(range(upper))
    found: set[int] = set()
    while len(found) < wanted:
        found.add((next(numbers) << 16 | next(numbers)) % upper)
    return sorted(found)


def hexadecimal(key: str, digits: int) -> str:
    """Give hexadecimal digits that follow from the key, as a commit's id looks."""
    return blake2b(key.encode(), digest_size=(digits + 1) // 2).hexdigest()[:digits]
