"""What `toolrisk combinations` finds and shows: tools of several servers that are dangerous together."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape

from classifier.combinations import Combination, advise, find_combinations
from classifier.shadowing import Shadow, find_shadows
from toolrisk.settings import Settings
from toolrisk.subject import read_subject
from toolrisk.texts import SCHEMA_VERSION

_NAMED = 8


@dataclass(frozen=True, slots=True)
class Together:
    """What a set of servers makes together. `unassessed` counts tools that nothing is known of."""

    servers: tuple[str, ...]
    combinations: tuple[Combination, ...]
    shadows: tuple[Shadow, ...]
    unassessed: int


def look_together(names: Sequence[str], settings: Settings) -> Together:
    """Read every server and look at all of them together. Raises what `read_subject` raises."""
    found = {name: read_subject(name, settings) for name in dict.fromkeys(names)}
    known = [
        (name, definition.name, assessment)
        for name, subject in found.items()
        for definition, assessment in subject.tools
        if assessment is not None
    ]
    definitions = {name: [definition for definition, _ in subject.tools] for name, subject in found.items()}
    total = sum(len(subject.tools) for subject in found.values())
    return Together(tuple(found), tuple(find_combinations(known)), tuple(find_shadows(definitions)), total - len(known))


def combination_document(together: Together) -> dict[str, Any]:
    """Lay out what `toolrisk combinations --json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "servers": list(together.servers),
        "combinations": [{**asdict(one), "advice": advise(one)} for one in together.combinations],
        "shadows": [{**asdict(one), "says": one.says} for one in together.shadows],
        "unassessed": together.unassessed,
    }


def print_combinations(together: Together) -> None:
    """Show each combination with its legs and what breaks it, then the shadows."""
    console = Console(soft_wrap=True, highlight=False)
    for one in together.combinations:
        console.print(f"{one.severity}: {one.title}. {one.rationale}")
        for leg in one.legs:
            named = ", ".join(f"{part.tool} ({part.server})" for part in leg.parts[:_NAMED])
            more = f" and {len(leg.parts) - _NAMED} more" if len(leg.parts) > _NAMED else ""
            console.print(f"  {leg.name}: {escape(named)}{more}")
        console.print(f"  {escape(advise(one))}")
    for shadow in together.shadows:
        console.print(f"{shadow.severity}: {escape(shadow.says)}")
    if not together.combinations and not together.shadows:
        console.print("nothing found that these servers make dangerous together")
    if together.unassessed:
        console.print(f"{together.unassessed} tools are not assessed and were left out; run `toolrisk classify`")
