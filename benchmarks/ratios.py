"""The ratios that benchmarks tell, those that are committed, and which of them fell.

Not for measuring, and not for times: a ratio is ours against a peer of the same run, so that it holds on any machine.
"""

import argparse
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

COMMITTED = Path(__file__).with_name("ratios.json")
ALLOWED_FALL = 0.2
_SAYS = "Write the ratios into this file, as JSON."

RatiosFile = Annotated[Path | None, typer.Option("--ratios", help=_SAYS)]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio that was measured; `unit` says of what."""

    name: str
    value: float
    unit: str
    higher_is_better: bool = True

    def against(self, committed: "Ratio") -> float:
        """Give how good it is beside the committed one: 1 is as good, 0.5 half as good, whichever way is better."""
        return self.value / committed.value if self.higher_is_better else committed.value / self.value

    def fell(self, committed: "Ratio") -> bool:
        """Say whether it fell further than a busy machine explains."""
        return self.against(committed) < 1 - ALLOWED_FALL


def add_ratios_option(parser: argparse.ArgumentParser) -> None:
    """Let a benchmark that reads its arguments with argparse take `--ratios`, as all do."""
    parser.add_argument("--ratios", type=Path, help=_SAYS)


def tell_ratios(path: Path | None, ratios: Mapping[str, float]) -> None:
    """Write what was measured, by name, if somebody wants to know.

    Raises ValueError for a ratio that is not a positive number: nothing can be compared with it.
    """
    for name, value in ratios.items():
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name}: {value} is not a ratio")
    if path is not None:
        path.write_text(json.dumps(ratios), encoding="utf-8")


def read_told(path: Path) -> dict[str, float]:
    """Read what a benchmark told."""
    told: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    return told


def read_committed(path: Path = COMMITTED) -> dict[str, Ratio]:
    """Read the committed ratios by name; none when there is no such file yet."""
    if not path.is_file():
        return {}
    return {one["name"]: Ratio(**one) for one in json.loads(path.read_text(encoding="utf-8"))}


def write_committed(ratios: Iterable[Ratio], path: Path = COMMITTED) -> None:
    """Write these as the committed ones. Those that were not measured this time stay as they are."""
    rounded = {one.name: Ratio(one.name, float(f"{one.value:.3g}"), one.unit, one.higher_is_better) for one in ratios}
    kept = {**read_committed(path), **rounded}
    rows = ",\n".join(f"  {json.dumps(asdict(kept[name]))}" for name in sorted(kept))
    path.write_text(f"[\n{rows}\n]\n", encoding="utf-8")
