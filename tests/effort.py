"""Bounds on the CPU time of a piece of code that hold on slow machines too, as they grow with how slow one is.

Not for waiting and not for what other processes do: only the time of this process is counted.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

_REFERENCE_SECONDS = 0.2  # what `_fixed_work` takes on an idle machine of the kind that the bounds were chosen on
_MOST_TIMES_SLOWER = 6  # a machine slower than that has to be looked at


@contextmanager
def ends_within(seconds: float) -> Iterator[None]:
    """Hold what is inside to CPU seconds of an idle machine; a slower or loaded one gets as much more as it needs."""
    began = time.process_time()
    yield
    spent = time.process_time() - began
    # How slow the machine is costs time to find out, so only what took too long by the clock asks for it.
    assert spent < seconds or spent < seconds * times_slower(), f"took {spent:.1f} CPU seconds of {seconds}"


def times_slower() -> float:
    """Tell how many times slower this process runs now than on an idle machine; at least 1."""
    began = time.process_time()
    _fixed_work()
    return min(max(1.0, (time.process_time() - began) / _REFERENCE_SECONDS), _MOST_TIMES_SLOWER)


def _fixed_work() -> int:
    """Do what parsing and evaluating do most: call, look up, cut texts, make small records."""
    seen: dict[str, list[int]] = {}
    for number in range(240_000):
        text = f"name_{number % 997}.part"
        seen.setdefault(text.rsplit(".", 1)[0], []).append(len(text))
    return sum(map(len, seen.values()))
