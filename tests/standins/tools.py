"""The tools of the stand-ins' servers: what each is called, says and takes, following from a key.

Not for source text: the modules source_*.py write these in a language.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.standins.draws import draws, pick
from tests.standins.words import (
    DESTROY,
    FIELD_NAMES,
    FIELDS,
    HARM,
    HOW,
    KINDS,
    LAST,
    PARAMETERS,
    QUALIFIERS,
    READ,
    SECOND,
    VERBS,
)

_SHARED_TOOLS = 120
_SENTENCES = (1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `kind` is string, integer, number, boolean or strings."""

    name: str
    kind: str
    description: str
    required: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool as its server should be seen to offer it."""

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    read_only: bool
    destructive: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """A tool's place in a server: how often its text and its shape have changed, and whether it turned harmful."""

    number: int
    text: int = 0
    shape: int = 0
    harmful: bool = False


def slots_of(key: str, tools: int, revision: int, harmed: int | None) -> list[Slot]:
    """Give a server's slots after so many revisions; at the revision `harmed` a description turned harmful."""
    slots = [Slot(number) for number in range(tools)]
    for step in range(1, revision + 1):
        numbers = draws(f"{key}/change/{step}")
        at = next(numbers) % len(slots)
        kind = change_of(key, step, harmed)
        if kind == "harm":
            slots[at] = replace(slots[at], harmful=True)
        elif kind == "removed" and len(slots) > 1:
            del slots[at]
        elif kind == "description":
            slots[at] = replace(slots[at], text=step)
        elif kind == "schema":
            slots[at] = replace(slots[at], shape=step)
        else:
            slots.append(Slot(tools + step))
    return slots


def change_of(key: str, step: int, harmed: int | None) -> str:
    """Tell what a revision does: harm, added, removed, description or schema; the only tool is never removed."""
    if step == harmed:
        return "harm"
    return pick(("added", "removed", "description", "description", "schema", "schema"), draws(f"{key}/kind/{step}"))


def make_tools(seed: int, key: str, slots: list[Slot]) -> tuple[Tool, ...]:
    """Give the tools in a server's slots; no name stands twice."""
    found: dict[str, Tool] = {}
    field = draws(f"{key}/field")
    fields = (next(field), next(field))
    for slot in slots:
        numbers = draws(f"{key}/tool/{slot.number}")
        if next(numbers) % 100 < 3:
            own = f"{seed}/shared/{next(numbers) % _SHARED_TOOLS}"
            tool = _make_tool(own, slot, draws(own), next(numbers))
        else:
            tool = _make_tool(f"{key}/tool/{slot.number}", slot, numbers, fields[slot.number % 2])
        if tool.name in found:
            tool = replace(tool, name=f"{tool.name}_{slot.number}")
        found[tool.name] = tool
    return tuple(found.values())


def _make_tool(own: str, slot: Slot, numbers: Iterator[int], field: int) -> Tool:
    if "/shared/" in own:  # what servers share is the same whatever field the server is in
        field = next(numbers)
    place, things = FIELDS[field % len(FIELDS)]
    kind = pick(KINDS, numbers)
    one, many = pick(things, numbers)
    verb, opening = pick(VERBS[kind], numbers)
    qualifier = pick(QUALIFIERS, numbers)
    name = f"{verb}_{qualifier}_{one}" if next(numbers) % 2 else f"{verb}_{one}"
    parameters = _make_parameters(one, many, numbers)
    if slot.shape:
        parameters = _reshape(parameters, slot.shape, many)
    if slot.text:
        numbers = draws(f"{own}/text/{slot.text}")
    description = _describe(opening, qualifier, one.replace("_", " "), many, place, numbers)
    if slot.harmful:
        description = f"{description} {pick(HARM, numbers)}"
    return Tool(name, description, parameters, kind == READ, kind == DESTROY)


def _make_parameters(one: str, many: str, numbers: Iterator[int]) -> tuple[Parameter, ...]:
    wanted = 2 + min(next(numbers) % 7, next(numbers) % 7)
    found = {f"{one}_id": Parameter(f"{one}_id", "string", f"Identifier of the {one.replace('_', ' ')}", required=True)}
    while len(found) < wanted:
        name, kind, text, choices = pick(PARAMETERS, numbers)
        if name not in found:
            required = not choices and len(found) == 1 and next(numbers) % 3 == 0
            found[name] = Parameter(name, kind, text % many, required, choices)
    # Those that must be given stand first, as a Python function needs it.
    return tuple(sorted(found.values(), key=lambda parameter: not parameter.required))


def _reshape(parameters: tuple[Parameter, ...], step: int, many: str) -> tuple[Parameter, ...]:
    extra = Parameter(f"option_{step}", "string", f"A setting of revision {step} for the {many}", required=False)
    kept = parameters[:-1] if step % 2 and len(parameters) > 2 else parameters
    return (*kept, extra)


def _describe(opening: str, qualifier: str, one: str, many: str, place: str, numbers: Iterator[int]) -> str:
    sentences = [f"{opening} {qualifier} {many} of {place} {pick(HOW, numbers)}."]
    wanted, start = pick(_SENTENCES, numbers), next(numbers)
    for step in range(wanted):
        values = {
            "one": one,
            "many": many,
            "place": place,
            "qualifier": pick(QUALIFIERS, numbers),
            "field": pick(FIELD_NAMES, numbers),
            "other": pick(FIELD_NAMES, numbers),
            "number": 2 + next(numbers) % 990,
        }
        # Seven steps on from one to the next, so that none comes twice.
        last = step == wanted - 1 and step
        sentences.append(pick(LAST, numbers) % values if last else SECOND[(start + 7 * step) % len(SECOND)] % values)
    return " ".join(sentences)
