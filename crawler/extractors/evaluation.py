"""What the constant evaluators of all languages share: the unknown value, and a budget that no source can exceed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")

MAX_STEPS = 4_000_000  # for a package
MAX_FILE_STEPS = 250_000
MAX_DEPTH = 45
MAX_TEXT = 200_000  # characters of any text that is made


class _Unknown:
    """The value of what cannot be known from source."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


class Budget:
    """Steps for a package, given out file by file, and the depth that evaluation may nest to."""

    def __init__(self) -> None:
        self._left = MAX_STEPS
        self._steps = 0
        self._depth = 0

    def begin_file(self) -> None:
        """Give the next file its share of what is left."""
        self._left -= MAX_FILE_STEPS - max(self._steps, 0) if self._steps else 0
        self._steps = max(0, min(MAX_FILE_STEPS, self._left))

    @property
    def exhausted(self) -> bool:
        """Tell whether the current file's share is used up, so that what follows in it is unknown."""
        return self._steps <= 0

    def spend(self) -> bool:
        """Take one step; False when there is none left, or evaluation is too deep already."""
        self._steps -= 1
        return self._steps > 0 and self._depth < MAX_DEPTH

    def nested(self, function: Callable[[A, B], C], one: A, other: B) -> C:
        """Call a function one level deeper."""
        self._depth += 1
        try:
            return function(one, other)
        finally:
            self._depth -= 1

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count what is inside as one level deeper."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
