"""What a rule is: metadata as data, and a check from a tool's view to the mentions it rests on.

Not a judgement: rules say what they noticed, assess.py weighs it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from catalog.vocabulary import Category, Facet, Severity
from classifier.actions import Action, Mention, Source
from classifier.view import ToolView

OPEN_SOURCES = frozenset({Source.NAME, Source.LEAD, Source.MODE})
ALL_SOURCES = frozenset(Source)
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FacetClaim:
    """A facet's value that a rule speaks for."""

    facet: Facet
    value: str


@dataclass(frozen=True, slots=True)
class Threat:
    """Something wrong with the definition itself, beyond what the tool can do."""

    name: str


Says = Category | FacetClaim | Threat
Check = Callable[[ToolView], Iterable[Mention]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One question asked of every tool. `decisive` rules hold their category whatever else a text claims."""

    id: str
    title: str
    question: str
    says: Says
    severity: Severity
    rationale: str
    remediation: str
    check: Check
    references: tuple[str, ...] = ()
    decisive: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that answered yes, and the words it answered on."""

    rule: Rule
    mention: Mention


def find_actions(
    view: ToolView,
    verbs: frozenset[str],
    *,
    objects: frozenset[str] | None = None,
    unless: frozenset[str] = NOTHING,
    sources: frozenset[Source] = ALL_SOURCES,
) -> Iterator[Action]:
    """Yield the actions with one of `verbs`, on one of `objects` (None: on anything), on none of `unless`."""
    for action in view.actions:
        if action.verb not in verbs or action.source not in sources:
            continue
        if (objects is None or action.objects & objects) and not action.objects & unless:
            yield action


def mentions_of(actions: Iterable[Action]) -> Iterator[Mention]:
    """Yield where the actions are said."""
    for action in actions:
        yield action.mention
