"""Finds what a definition says that the tool does: verbs with their objects, and where that is said.

Not a parser of English: it reads names, the verbs that lead sentences, and listed modes, within limits.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from classifier.lexicon import AMBIGUOUS, VERB_FORMS, VERBS, word_set
from classifier.words import STOPS, cut_name

if TYPE_CHECKING:
    from classifier.parameters import Parameter

ACTION_LIMIT = 60
_LEAD_LIMIT = 16  # words that may stand before the verb that leads a sentence
_OBJECT_LIMIT = 6
_PHRASE_LIMIT = 15  # words of a quote
_SENTENCE_LIMIT = 200
_ITEM_WORDS = 4  # a line this short below a heading of modes is one more mode
_PREPOSITIONS = word_set(
    "from in into to for by with on onto using via at when if through within across under that which "
    "and/or where based without including as so because after before"
)
_LEAD_IN = word_set(
    "mcp this tool tools the a an will can could may allows allow lets let enables you to it is are used use "
    "for when user users wants want wanted need needs needed your helps help please function method "
    "action api endpoint operation command agent agents that only simple quickly safely automatically "
    "directly permanently immediately optionally also then first be able has ability provides provide a "
    "way utility designed should must explicitly confirmed have asks would like i me us we client "
    "re deprecated beta experimental preview new available capable of batch bulk"
)
_NEGATIONS = word_set(
    "not never no without cannot don't doesn't won't "
    "can't isn't nor instead rather unlike avoid don\u2019t doesn\u2019t"
)
_ELSEWHERE = word_set("see prefer note tip example examples important warning before after if e.g args")
_PROVIDING = frozenset({"provides", "provide"})  # a verb itself, unless a way or a means is provided
_POINTERS = frozenset({"use", "call", "see", "run"})
_CLOSING = word_set("list write read search query run")  # verbs that end a name which begins with its object
_LONG_WORD = 9
_OPERATION_VERBS = ("create", "update", "delete", "remove", "terminate", "deregister", "start", "stop")
_MODE_LISTS = word_set("actions operations modes commands supports supported methods crud")
_CRUD = ("create", "read", "update", "delete")
_LINKS = frozenset({",", "/", "and", "or", "then", "&"})
_ARTICLES = frozenset({"a", "an", "the"})
_RELATIVES = frozenset({"that", "which", "to"})
_DRAG_AND_DROP = ["drag", "and", "drop"]
_EITHER = frozenset({"and", "or"})
_PUNCTUATION = frozenset({",", "/", ")", ":"})
_OBJECT_ENDS = _PREPOSITIONS | STOPS | {"("}
_SENTENCE_ENDS = STOPS | {":"}
_PHRASE_ENDS = STOPS | {":", ",", "(", ")"}
_SKIPPED = frozenset({",", "(", ")", "/"})
NO_OBJECTS: frozenset[str] = frozenset()


class Source(StrEnum):
    """Where an action was said, from the most to the least telling."""

    NAME = "name"
    LEAD = "lead"
    MODE = "mode"
    TITLE = "title"
    ALSO = "also"
    BODY = "body"


class Mention(NamedTuple):
    """Words of a definition: the field and their numbers in it; -1 as `last` is the field's whole text."""

    field: str
    first: int = 0
    last: int = -1


class Passage(NamedTuple):
    """Words of one text by their characters: what a search of a raw text finds."""

    field: str
    start: int
    end: int


class Action(NamedTuple):
    """A verb in its base form, the nouns it acts on, and where that is said."""

    verb: str
    objects: frozenset[str]
    source: Source
    mention: Mention


def actions_of_name(
    words: Sequence[str], field: str, source: Source, server_words: frozenset[str] = frozenset(), *, whole: bool = False
) -> list[Action]:
    """Read an identifier: which of its words is the verb, and what it acts on. `whole` quotes the field's text."""
    start = _prefix(words, server_words)
    own = words[start:]
    at = _verb_of_name(own)
    if at is None:
        return []
    verbs = [at]
    while verbs[-1] + 2 < len(own) and own[verbs[-1] + 1] in _EITHER and own[verbs[-1] + 2] in VERB_FORMS:
        verbs.append(verbs[-1] + 2)
    after = _objects(own, verbs[-1] + 1, len(own))
    objects = after or frozenset(own[:at])
    mention = Mention(field) if whole else Mention(field, start, len(words) - 1)
    return [Action(VERB_FORMS[own[verb]], objects, source, mention) for verb in verbs]


def _prefix(words: Sequence[str], server_words: frozenset[str]) -> int:
    """Count the leading words that only repeat the server's name."""
    length = 0
    while length < len(words) - 1 and words[length] in server_words:
        length += 1
    return 0 if length == 1 and words[0] in VERBS else length


def _verb_of_name(words: Sequence[str]) -> int | None:
    known = [at for at, word in enumerate(words) if word in VERBS]
    known = known or [at for at, word in enumerate(words) if word in VERB_FORMS]
    if not known:
        return None
    certain = [at for at in known if words[at] not in AMBIGUOUS]
    if words[-1] in _CLOSING and certain in ([], [len(words) - 1]) and (words[0] not in VERBS or words[-1] == "list"):
        return len(words) - 1
    if known[0] == 0 and len(words) > 1 and (0 in certain or not certain or certain[0] < len(words) - 1):
        return 0
    if certain:
        return certain[0]
    return known[0] if known[0] < len(words) - 1 else known[-1]


def _objects(words: Sequence[str], start: int, end: int) -> frozenset[str]:
    found: list[str] = []
    for word in words[start : min(end, start + _OBJECT_LIMIT)]:
        if word in _OBJECT_ENDS:
            break
        if word not in _PUNCTUATION:
            found.append(word)
    return frozenset(found)


def actions_of_prose(words: Sequence[str], field: str, *, multiplexed: bool, start: int = 0) -> list[Action]:
    """Read the verbs that lead the sentences of a description; the first such sentence weighs most.

    `start` is the number of words at its beginning that are said of every tool of the server alike.
    """
    found: list[Action] = []
    lead_seen = listing = False
    for begin, end in _sentences(words, start):
        verbs = [at for at in range(begin, min(end, begin + _SENTENCE_LIMIT)) if words[at] in VERB_FORMS]
        final = words[end - 1]
        listed = words[begin] in _MODE_LISTS or (final == ":" and end - begin > 1 and words[end - 2] in _MODE_LISTS)
        if listed or listing or (final == ":" and multiplexed):
            found += _listed(words, begin, end, field)
            listing = final == ":" or (listing and end - begin <= _ITEM_WORDS)
        elif verbs:
            if len(verbs) > 1:
                found += _runs(words, verbs, field)
            at = _lead_verb(words, begin, end)
            if at is not None:
                later = Source.MODE if multiplexed else Source.BODY
                found += _coordinated(words, at, verbs, end, field, later if lead_seen else Source.LEAD)
                lead_seen = True
        if "crud" in words[begin:end]:
            found += _crud(words.index("crud", begin), field)
        if len(found) >= ACTION_LIMIT:
            break
    return found[:ACTION_LIMIT]


def _sentences(words: Sequence[str], begin: int) -> Iterator[tuple[int, int]]:
    for at, word in enumerate(words):
        if word in _SENTENCE_ENDS and at >= begin:
            if at > begin:
                yield begin, at + 1
            begin = at + 1
    if begin < len(words):
        yield begin, len(words)


def _lead_verb(words: Sequence[str], begin: int, end: int) -> int | None:
    """Find the verb that a sentence leads with; None if it speaks of something else or denies."""
    first = words[begin]
    if first in _ELSEWHERE or first in _NEGATIONS or (first == "you" and begin > 0):
        return None
    second = words[begin + 1] if begin + 1 < end else ""
    if first == "to" and not _POINTERS.isdisjoint(words[begin : min(end, begin + 20)]):
        return None
    if (first in {"use", "call"} and second not in _LEAD_IN) or (first == "start" and second == "here"):
        return None
    provides = None
    for at in range(begin, min(end, begin + _LEAD_LIMIT)):
        word = words[at]
        if word in _NEGATIONS:
            return None
        if word in _LEAD_IN or word in _SKIPPED or word.endswith("ly"):
            provides = at if word in _PROVIDING else provides
            continue
        if word in VERB_FORMS:
            return at
        return _described_verb(words, begin, end) if provides is None else provides
    return provides


def _described_verb(words: Sequence[str], begin: int, end: int) -> int | None:
    """Find the verb of a sentence that only names the tool: a helper that converts dates, a way to send mail."""
    if words[begin] in _ARTICLES:
        for at in range(begin + 1, min(end - 1, begin + _LEAD_LIMIT)):
            if words[at] in _RELATIVES:
                return at + 1 if words[at + 1] in VERB_FORMS else None
    return None


def _coordinated(
    words: Sequence[str], at: int, verbs: Sequence[int], end: int, field: str, source: Source
) -> Iterator[Action]:
    objects = _objects(words, at + 1, end)
    yield Action(VERB_FORMS[words[at]], objects, source, Mention(field, at, _clause_end(words, at, end)))
    also = source if source is not Source.LEAD else Source.ALSO
    for index in verbs:
        if index <= at or words[index - 1] not in _LINKS or words[index - 2 : index + 1] == _DRAG_AND_DROP:
            continue
        if index >= at + 40 or not _NEGATIONS.isdisjoint(words[at:index]):
            return
        close = index - at <= 4 or words[index - 1] == "then"
        if words[index] in AMBIGUOUS and not close:
            continue
        near = Source.LEAD if close and source is Source.LEAD else also
        rest = _objects(words, index + 1, end)
        yield Action(VERB_FORMS[words[index]], rest, near, Mention(field, at, _clause_end(words, index, end)))


def _clause_end(words: Sequence[str], at: int, end: int) -> int:
    """Find the last word of what a verb says, for a quote that reads as a phrase."""
    last = min(at + _PHRASE_LIMIT, end - 1)
    return next((index - 1 for index in range(at + 1, last + 1) if words[index] in _PHRASE_ENDS), last)


def _listed(words: Sequence[str], begin: int, end: int, field: str) -> Iterator[Action]:
    for at in range(begin, min(end, begin + 80)):
        if at > begin and words[at - 1] in _NEGATIONS:
            continue
        for verb in _verbs_within(words[at]):
            yield Action(verb, NO_OBJECTS, Source.MODE, Mention(field, at, at))


def _verbs_within(word: str) -> Iterator[str]:
    """Yield the verbs of a listed mode: delete, delete_page, or the DeletePage of an API's operations."""
    if "_" in word or "-" in word:
        yield from (VERB_FORMS[part] for part in word.replace("-", "_").split("_") if part in VERB_FORMS)
    elif word in VERB_FORMS:
        yield VERB_FORMS[word]
    elif len(word) > _LONG_WORD:
        yield from (verb for verb in _OPERATION_VERBS if word.startswith(verb))


def _runs(words: Sequence[str], verbs: Sequence[int], field: str) -> Iterator[Action]:
    """Find lists of verbs, such as (list, get, delete) or create/drop/describe: a tool's modes."""
    run = [verbs[0]]
    for at in [*verbs[1:], len(words)]:
        between = words[run[-1] + 1 : at]
        if at < len(words) and _LINKS.issuperset(between):
            run.append(at)
            continue
        closed = run[0] > 0 and words[run[0] - 1] == "(" and between[:1] == [")"]
        if len(run) >= 3 or (closed and len(run) == 2):
            yield from (
                Action(VERB_FORMS[words[one]], NO_OBJECTS, Source.MODE, Mention(field, one, one)) for one in run
            )
        run = [at]


def _crud(at: int, field: str) -> Iterator[Action]:
    yield from (Action(verb, NO_OBJECTS, Source.MODE, Mention(field, at, at)) for verb in _CRUD)


def actions_of_modes(parameters: Iterable["Parameter"]) -> list[Action]:
    """Read the choices of a parameter that chooses the tool's action."""
    found: list[Action] = []
    for parameter in parameters:
        for field, choice in parameter.choices:
            found.extend(actions_of_name(cut_name(choice), field, Source.MODE, whole=True))
    return found[:ACTION_LIMIT]
