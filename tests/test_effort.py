"""A bound on CPU time stops what takes too long, on whatever machine, and nothing else."""

import pytest

from tests.effort import ends_within, times_slower


def test_what_takes_longer_than_a_slow_machine_needs_fails() -> None:
    with pytest.raises(AssertionError, match="CPU seconds"), ends_within(0.001):
        times_slower()


def test_what_is_done_in_time_passes() -> None:
    with ends_within(10):
        times_slower()


def test_failure_inside_is_told_as_it_is() -> None:
    with pytest.raises(KeyError), ends_within(0.0):
        raise KeyError
