"""Finds what a definition says that the tool does: verbs with their objects, and where that is said.

Not a parser of English: it reads names, the verbs that lead sentences, and listed modes, within limits.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from classifier.lexicon import AMBIGUOUS, VERB_FORMS, VERBS, word_set
from classifier.words import STOPS, Word, cut_name

if TYPE_CHECKING:
    from classifier.parameters import Parameter

ACTION_LIMIT = 60
_LEAD_LIMIT = 16  # words that may stand before the verb that leads a sentence
_OBJECT_LIMIT = 6
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
    "deprecated beta experimental preview new available capable of"
)
_NEGATIONS = word_set(
    "not never no without cannot don't doesn't won't "
    "can't isn't nor instead rather unlike avoid don\u2019t doesn\u2019t"
)
_ELSEWHERE = word_set("see prefer note tip example examples important warning before after if e.g args returns")
_POINTERS = frozenset({"use", "call", "see", "run"})
_LONG_WORD = 9
_OPERATION_VERBS = ("create", "update", "delete", "remove", "terminate", "deregister", "start", "stop")
_MODE_LISTS = word_set("actions operations modes commands supports supported methods crud")
_CRUD = ("create", "read", "update", "delete")
_LINKS = frozenset({",", "/", "and", "or", "then", "&"})


class Source(StrEnum):
    """Where an action was said, from the most to the least telling."""

    NAME = "name"
    LEAD = "lead"
    MODE = "mode"
    TITLE = "title"
    ALSO = "also"
    BODY = "body"


class Mention(NamedTuple):
    """Words of a definition: the field and their span in it, in characters."""

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
    words: Sequence[Word], field: str, source: Source, server_words: frozenset[str] = frozenset()
) -> tuple[Action, ...]:
    """Read an identifier: which of its words is the verb, and what it acts on."""
    own = words[_prefix(words, server_words) :]
    at = _verb_of_name(own)
    if at is None:
        return ()
    verbs = [at]
    while verbs[-1] + 2 < len(own) and own[verbs[-1] + 1].text in {"or", "and"} and _form(own[verbs[-1] + 2]):
        verbs.append(verbs[-1] + 2)
    after = _objects(own, verbs[-1] + 1)
    objects = after or frozenset(word.text for word in own[:at])
    whole = Mention(field, own[0].start, own[-1].end)
    return tuple(Action(VERB_FORMS[own[verb].text], objects, source, whole) for verb in verbs)


def _prefix(words: Sequence[Word], server_words: frozenset[str]) -> int:
    """Count the leading words that only repeat the server's name."""
    length = 0
    while length < len(words) - 1 and words[length].text in server_words:
        length += 1
    return 0 if length == 1 and words[0].text in VERBS else length


def _form(word: Word) -> str | None:
    return VERB_FORMS.get(word.text)


def _verb_of_name(words: Sequence[Word]) -> int | None:
    known = [at for at, word in enumerate(words) if word.text in VERBS]
    known = known or [at for at, word in enumerate(words) if word.text in VERB_FORMS]
    if not known:
        return None
    certain = [at for at in known if words[at].text not in AMBIGUOUS]
    if words[-1].text == "list" and words[0].text in AMBIGUOUS:
        return len(words) - 1
    if known[0] == 0 and len(words) > 1 and (0 in certain or not certain or certain[0] < len(words) - 1):
        return 0
    if certain:
        return certain[0]
    return known[0] if known[0] < len(words) - 1 else known[-1]


def _objects(words: Sequence[Word], start: int) -> frozenset[str]:
    found: list[str] = []
    for word in words[start : start + _OBJECT_LIMIT]:
        if word.text in _PREPOSITIONS or word.text in STOPS or word.text == "(":
            break
        if word.text.isalnum() or "-" in word.text or "_" in word.text:
            found.append(word.text)
    return frozenset(found)


def actions_of_prose(words: Sequence[Word], field: str, *, multiplexed: bool) -> tuple[Action, ...]:
    """Read the verbs that lead the sentences of a description; the first such sentence weighs most."""
    found: list[Action] = []
    lead_seen = listing = False
    for sentence in _sentences(words):
        if len(found) >= ACTION_LIMIT:
            break
        heading = sentence[0].text in _MODE_LISTS or _is_heading(sentence)
        item = sentence[-1].text == ":" and (multiplexed or listing)
        if heading or item or listing:
            found.extend(_listed(sentence, field))
            listing = sentence[-1].text == ":" or (listing and len(sentence) <= _ITEM_WORDS)
            continue
        found.extend(_runs(sentence, field))
        at = _lead_verb(sentence)
        if at is None:
            found.extend(_crud(sentence, field))
            continue
        later = Source.MODE if multiplexed else Source.BODY
        source = later if lead_seen else Source.LEAD
        found.extend(_coordinated(sentence, at, field, source))
        found.extend(_crud(sentence, field))
        lead_seen = True
    return tuple(found[:ACTION_LIMIT])


def _is_heading(sentence: Sequence[Word]) -> bool:
    return len(sentence) > 1 and sentence[-1].text == ":" and sentence[-2].text in _MODE_LISTS


def _sentences(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    begin = 0
    for at, word in enumerate(words):
        if word.text in STOPS or word.text == ":":
            if at > begin:
                yield words[begin : at + 1]
            begin = at + 1
    if begin < len(words):
        yield words[begin:]


def _lead_verb(sentence: Sequence[Word]) -> int | None:
    """Find the verb that a sentence leads with; None if it speaks of something else or denies."""
    if sentence[0].text in _ELSEWHERE or sentence[0].text in _NEGATIONS:
        return None
    elsewhere = sentence[0].text == "to" and any(word.text in _POINTERS for word in sentence[:20])
    named_elsewhere = len(sentence) > 1 and (
        (sentence[0].text in {"use", "call"} and sentence[1].text not in _LEAD_IN)
        or (sentence[0].text == "start" and sentence[1].text == "here")
    )
    if elsewhere or named_elsewhere:
        return None
    for at, word in enumerate(sentence[:_LEAD_LIMIT]):
        if word.text in _NEGATIONS:
            return None
        if word.text in _LEAD_IN or word.text in {",", "(", ")", "/"} or word.text.endswith("ly"):
            continue
        return at if word.text in VERB_FORMS else None
    return None


def _coordinated(sentence: Sequence[Word], at: int, field: str, source: Source) -> Iterator[Action]:
    objects = _objects(sentence, at + 1)
    end = min(at + 1 + max(len(objects), 0), len(sentence) - 1)
    yield Action(VERB_FORMS[sentence[at].text], objects, source, _span(sentence, at, end, field))
    also = source if source is not Source.LEAD else Source.ALSO
    denied = False
    for index in range(at + 1, min(len(sentence), at + 40)):
        word = sentence[index]
        if word.text in _NEGATIONS:
            denied = True
        if denied or word.text not in VERB_FORMS or sentence[index - 1].text not in _LINKS:
            continue
        close = index - at <= 4 or (sentence[index - 1].text == "then")
        if word.text in AMBIGUOUS and not close:
            continue
        near = Source.LEAD if close and source is Source.LEAD else also
        rest = _objects(sentence, index + 1)
        yield Action(
            VERB_FORMS[word.text], rest, near, _span(sentence, at, min(index + len(rest), len(sentence) - 1), field)
        )


def _span(sentence: Sequence[Word], first: int, last: int, field: str) -> Mention:
    return Mention(field, sentence[first].start, sentence[last].end)


def _listed(sentence: Sequence[Word], field: str) -> Iterator[Action]:
    for at, word in enumerate(sentence[:80]):
        if at and sentence[at - 1].text in _NEGATIONS:
            continue
        for verb in _verbs_within(word.text):
            yield Action(verb, frozenset(), Source.MODE, Mention(field, word.start, word.end))
    yield from _crud(sentence, field)


def _verbs_within(word: str) -> Iterator[str]:
    """Yield the verbs of a listed mode: delete, delete_page, or the DeletePage of an API's operations."""
    if "_" in word or "-" in word:
        yield from (VERB_FORMS[part] for part in word.replace("-", "_").split("_") if part in VERB_FORMS)
    elif word in VERB_FORMS:
        yield VERB_FORMS[word]
    elif len(word) > _LONG_WORD:
        yield from (verb for verb in _OPERATION_VERBS if word.startswith(verb))


def _runs(sentence: Sequence[Word], field: str) -> Iterator[Action]:
    """Find lists of verbs, such as (list, get, delete) or create/drop/describe: a tool's modes."""
    run: list[Word] = []
    opened = False
    for at, word in enumerate(sentence[:200]):
        if word.text in _LINKS and run:
            continue
        if word.text in VERB_FORMS:
            opened = opened or (not run and at > 0 and sentence[at - 1].text == "(")
            run.append(word)
            continue
        yield from _run(run, field, complete=opened and word.text == ")")
        run, opened = [], False
    yield from _run(run, field, complete=False)


def _run(run: Sequence[Word], field: str, *, complete: bool) -> Iterator[Action]:
    if len(run) >= 3 or (complete and len(run) == 2):
        for word in run:
            yield Action(VERB_FORMS[word.text], frozenset(), Source.MODE, Mention(field, word.start, word.end))


def _crud(sentence: Iterable[Word], field: str) -> Iterator[Action]:
    for word in sentence:
        if word.text == "crud":
            mention = Mention(field, word.start, word.end)
            yield from (Action(verb, frozenset(), Source.MODE, mention) for verb in _CRUD)


def actions_of_modes(parameters: Sequence["Parameter"]) -> tuple[Action, ...]:
    """Read the choices of a parameter that chooses the tool's action."""
    found: list[Action] = []
    for parameter in parameters:
        for field, choice in parameter.choices:
            found.extend(actions_of_name(cut_name(choice), field, Source.MODE))
    return tuple(found[:ACTION_LIMIT])
