"""What a check of a policy says, wherever it was found."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark: an error never does what it says, a warning probably not what was meant."""

    level: Literal["error", "warning", "note"]
    place: str
    says: str
