"""What a rule is: metadata, and patterns over words, all as data, so that hundreds of rules cost one pass.

Not the pass itself: engine.py compiles every rule's patterns into one look-up. Not a judgement: rules say what
they noticed, assess.py weighs it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypedDict, Unpack

from catalog.vocabulary import Category, Facet, Severity
from classifier.actions import Mention, Passage, Source
from classifier.view import ToolView, normalized

OPEN = frozenset({Source.NAME, Source.LEAD, Source.MODE})
TITLED = OPEN | {Source.TITLE}
NAMED = frozenset({Source.NAME})
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
Words = frozenset[str]


class Trigger(StrEnum):
    """Where a pattern's words are looked for."""

    ACTION = "action"
    WORD = "word"
    PARAMETER = "parameter"


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a rule waits for: one of `words`, where `trigger` says, and all conditions that are given.

    Of an action: on one of `objects` (None: on anything), along with one of `along`, on none of `unless`, said in
    one of `sources`.
    Of a parameter: its name has nothing beside `words` and `beside` (None: it may).
    Of the tool: a main verb of `verbs` and none of `unverbs`; it, its server or its siblings speak of `topic` and
    not of `off`; its parameters' names hold one of `takes` and none of `takes_none`; its texts say one of `said`
    and none of `never`.
    """

    trigger: Trigger
    words: Words
    objects: Words | None = None
    along: Words | None = None
    unless: Words = NOTHING
    sources: frozenset[Source] = OPEN
    beside: Words | None = None
    verbs: Words | None = None
    unverbs: Words = NOTHING
    topic: Words | None = None
    off: Words = NOTHING
    takes: Words | None = None
    takes_none: Words = NOTHING
    said: Words | None = None
    never: Words = NOTHING

    def find(self, view: ToolView) -> Iterator[Mention]:
        """Yield where one of the words stands as the pattern wants it."""
        if not self.holds(view):
            return
        if self.trigger is Trigger.ACTION:
            yield from (
                action.mention
                for action in view.actions
                if action.verb in self.words and action.source in self.sources and self.fits(action.objects)
            )
        elif self.trigger is Trigger.WORD:
            yield from (view.mention_of(word) for word in sorted(self.words & view.said.keys()))
        else:
            yield from (
                Mention(parameter.field)
                for parameter in view.parameters
                if not self.words.isdisjoint(parameter.words) and self.stands_alone(parameter.words)
            )

    def fits(self, objects: Words) -> bool:
        """Tell whether an action is on what the pattern wants."""
        return (
            (self.objects is None or not self.objects.isdisjoint(objects))
            and (self.along is None or not self.along.isdisjoint(objects))
            and self.unless.isdisjoint(objects)
        )

    def stands_alone(self, parameter: Words) -> bool:
        """Tell whether a parameter's name holds nothing beside what the pattern allows."""
        return self.beside is None or parameter <= self.words | self.beside

    def holds(self, view: ToolView) -> bool:
        """Tell whether the conditions on the whole tool are met."""
        return (
            (self.verbs is None or not self.verbs.isdisjoint(view.main_verbs))
            and (not self.unverbs or self.unverbs.isdisjoint(view.main_verbs))
            and (self.takes is None or not self.takes.isdisjoint(view.parameter_words))
            and (not self.takes_none or self.takes_none.isdisjoint(view.parameter_words))
            and (self.said is None or not self.said.isdisjoint(view.said))
            and (not self.never or self.never.isdisjoint(view.said))
            and (self.topic is None or view.is_about(self.topic))
            and (not self.off or not view.is_about(self.off))
        )


class Conditions(TypedDict, total=False):
    """The conditions of a pattern, by the names of its fields."""

    along: Words
    unless: Words
    beside: Words
    verbs: Words
    unverbs: Words
    topic: Words
    off: Words
    takes: Words
    takes_none: Words
    said: Words
    never: Words


def acts(
    acting: Words, objects: Words | None = None, *, sources: frozenset[Source] = OPEN, **conditions: Unpack[Conditions]
) -> Pattern:
    """Wait for an action with a verb of `acting` on one of `objects`."""
    return Pattern(Trigger.ACTION, acting, objects, sources=sources, **conditions)


def says(words: Words, **conditions: Unpack[Conditions]) -> Pattern:
    """Wait for one of `words` in the description, the title or the name."""
    return Pattern(Trigger.WORD, words, **conditions)


def takes(words: Words, **conditions: Unpack[Conditions]) -> Pattern:
    """Wait for a parameter whose name holds one of `words`."""
    return Pattern(Trigger.PARAMETER, words, **conditions)


Place = Mention | Passage
Search = Callable[[ToolView], Iterable[Place]]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One question asked of every tool. `decisive` rules hold their category whatever else a text claims.

    A rule that `narrows` tells a sense that its verbs do not usually have, such as removing a label: the model then
    sees the sense in place of the verb.

    A `general` rule says least: where another one says the same, that one is quoted.
    `decode` reads what the words that a rule answered on say, where people cannot see it.

    A rule waits for its `patterns`; a rule on raw text searches it where one of its `signals`, lower-case
    literals, occurs in any text of the definition (no signals: where any text has letters beyond ASCII).
    """

    id: str
    title: str
    question: str
    says: Says
    severity: Severity
    rationale: str
    remediation: str
    patterns: tuple[Pattern, ...] = ()
    search: Search | None = None
    signals: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    decode: Callable[[str], str] | None = None
    decisive: bool = False
    narrows: bool = False
    general: bool = False

    @property
    def speaks(self) -> str:
        """What a quote of this rule is said to show."""
        says = self.says
        if isinstance(says, Category):
            return f"{says.value}: {self.title}"
        if isinstance(says, FacetClaim):
            return f"{says.facet.value} = {says.value}: {self.title}"
        return f"{says.name}: {self.title}"

    def check(self, view: ToolView) -> list[Place]:
        """Ask this rule alone and list where it answers yes; the engine asks all of them at once, and faster."""
        places: list[Place] = [place for pattern in self.patterns for place in pattern.find(view)]
        if self.search is not None and self._may_be_asked(view):
            places += self.search(view)
        return list(dict.fromkeys(places))

    def _may_be_asked(self, view: ToolView) -> bool:
        text = view.joined_text()
        return any(signal in normalized(text) for signal in self.signals) if self.signals else not text.isascii()


class Hit(NamedTuple):
    """A rule that answered yes, and the words it answered on."""

    rule: Rule
    place: Place
