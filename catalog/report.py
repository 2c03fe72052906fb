"""What a stage did, in the same shape for every stage."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StageReport:
    """Items done, skipped (with nothing to do) and failed.

    `problems` are one clear line each; `causes` count the failures by what caused them, the most frequent first.
    """

    stage: str
    done: int = 0
    skipped: int = 0
    failed: int = 0
    problems: tuple[str, ...] = ()
    causes: tuple[tuple[str, int], ...] = ()
