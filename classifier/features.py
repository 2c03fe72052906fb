"""What the model sees of a tool: words by where they stand, the verbs' groups, and which rules answered yes.

Not the weights: those are learned and live in the artifact.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from catalog.vocabulary import Category
from classifier.actions import Source
from classifier.lexicon import NAMED_GROUPS, VERB_FORMS
from classifier.rule import Hit, Place
from classifier.view import MAIN, ToolView, words_of_name
from classifier.words import STOPS

Features = tuple[frozenset[str], ...]  # one set a block, in the order of BLOCKS
BLOCKS = "ndbpvr"  # name, description's opening, its rest, parameters, verbs, rules: each of length 1 to the model
_OPENING_WORDS = 40
_BODY_WORDS = 160
_PARAMETERS = 40
_SKIPPED = STOPS | {",", "/", "(", ")", ":"}
_PRECEDENCE = {category: at for at, category in enumerate(Category)}
_GROUPS_OF: dict[str, tuple[str, ...]] = {}
for _group, _verbs in NAMED_GROUPS.items():
    for _verb in _verbs:
        _GROUPS_OF[_verb] = (*_GROUPS_OF.get(_verb, ()), _group)


def read_features(view: ToolView, hits: Sequence[Hit]) -> Features:
    """List the features of one tool, block by block.

    The words of the server's own name are left out: they would teach the model one server by heart.
    """
    own = _nouns_of(view.server.name)
    opening, body = _prose_words(view, own)
    name = [word for word in view.name[:12] if word not in own]
    return (
        frozenset([*name, *map(" ".join, pairwise(name))]),
        frozenset([*opening, *map(" ".join, pairwise(opening))]),
        frozenset(body),
        frozenset().union(*[parameter.words for parameter in view.parameters[:_PARAMETERS]]),
        _verb_features(view, {hit.place: hit.rule.id for hit in hits if hit.rule.narrows}),
        _rule_features(hits),
    )


@cache
def _nouns_of(server_name: str) -> frozenset[str]:
    return words_of_name(server_name) - VERB_FORMS.keys()


def _prose_words(view: ToolView, own: frozenset[str]) -> tuple[list[str], list[str]]:
    words = view.prose[view.start : view.start + _OPENING_WORDS + _BODY_WORDS]
    cut = next((at for at, word in enumerate(words) if word in STOPS and at >= 3), len(words))
    cut = min(cut, _OPENING_WORDS)
    skipped = _SKIPPED | own if own else _SKIPPED
    return [word for word in words[:cut] if word not in skipped], [word for word in words[cut:] if word not in skipped]


def _verb_features(view: ToolView, senses: Mapping[Place, str]) -> frozenset[str]:
    found: list[str] = []
    sources: set[Source] = set()
    for verb, objects, source, mention in view.actions:
        if source is Source.BODY and len(sources) > 8:
            continue
        sources.add(source)
        if mention in senses:
            found.append(f"{senses[mention]}@{source}")
            continue
        found += _verb_at(verb, source)
        if source in MAIN:
            acting = (verb, *_GROUPS_OF.get(verb, ()))
            found += [f"{one} {thing}" for one in acting for thing in objects]
    found += [f"none@{source}" for source in (Source.NAME, Source.LEAD) if source not in sources]
    named, leading = (_first(view, source, senses) for source in (Source.NAME, Source.LEAD))
    found += _pairs(named, leading)
    if view.is_multiplexed:
        found.append("multiplexed")
    if not view.parameters:
        found.append("no parameters")
    return frozenset(found)


def _first(view: ToolView, source: Source, senses: Mapping[Place, str]) -> str:
    action = next((action for action in view.actions if action.source is source), None)
    return "none" if action is None else senses.get(action.mention, action.verb)


@cache
def _pairs(named: str, leading: str) -> list[str]:
    firsts, seconds = _GROUPS_OF.get(named, (named,)), _GROUPS_OF.get(leading, (leading,))
    return [f"{leading}@first", *(f"{first}, then {second}" for first in firsts for second in seconds)]


@cache
def _verb_at(verb: str, source: Source) -> list[str]:
    return [f"{one}@{source}" for one in (verb, *_GROUPS_OF.get(verb, ()))]


def _rule_features(hits: Sequence[Hit]) -> frozenset[str]:
    found: list[str] = []
    claims: dict[str, Category] = {}
    for rule, place in hits:
        kind = _kind(place)
        found += (rule.id, f"{rule.id}@{kind}")
        says = rule.says
        if isinstance(says, Category) and (kind not in claims or _PRECEDENCE[says] > _PRECEDENCE[claims[kind]]):
            claims[kind] = says
    found += [f"{kind} {category}" for kind, category in claims.items()]
    found.append(f"name {claims.get('name')}, description {claims.get('description')}")
    said = {rule.says for rule, _place in hits if isinstance(rule.says, Category)}
    found.append(f"all {' '.join(sorted(said)) or 'silent'}")
    return frozenset(found)


def _kind(place: Place) -> str:
    field = place[0]
    if field.startswith("inputSchema"):
        return "choice" if ".enum." in field or field.endswith(".const") else "parameter"
    return field
