"""What the model sees of a tool: words by where they stand, the verbs' groups, and which rules answered yes.

Not the weights: those are learned and live in the artifact.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from catalog.vocabulary import Category
from classifier.actions import Source
from classifier.lexicon import NAMED_GROUPS, VERB_FORMS
from classifier.rule import Hit
from classifier.view import ToolView
from classifier.words import STOPS, cut_name

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


def read_features(view: ToolView, hits: Sequence[Hit]) -> frozenset[str]:
    """List the features of one tool, each `block:word`; the block's letter is the first character.

    The words of the server's own name are left out: they would teach the model one server by heart.
    """
    features: set[str] = set()
    own = frozenset(word.text for word in cut_name(view.server.name)) - VERB_FORMS.keys()
    features.update(_name_features(view, own))
    opening, body = _prose_words(view, own)
    features.update(f"d:{word}" for word in opening)
    features.update(f"d:{first} {second}" for first, second in pairwise(opening))
    features.update(f"b:{word}" for word in body)
    for parameter in view.parameters[:_PARAMETERS]:
        features.update(f"p:{word}" for word in parameter.words)
    features.update(_verb_features(view))
    features.update(_rule_features(hits))
    return frozenset(features)


def _name_features(view: ToolView, own: frozenset[str]) -> Iterable[str]:
    words = [word.text for word in view.name[:12] if word.text not in own]
    yield from (f"n:{word}" for word in words)
    yield from (f"n:{first} {second}" for first, second in pairwise(words))


def _prose_words(view: ToolView, own: frozenset[str]) -> tuple[list[str], list[str]]:
    words = [word.text for word in view.prose[: _OPENING_WORDS + _BODY_WORDS]]
    cut = next((at for at, word in enumerate(words) if word in STOPS and at >= 3), len(words))
    cut = min(cut, _OPENING_WORDS)
    skipped = _SKIPPED | own
    opening = [word for word in words[:cut] if word not in skipped]
    return opening, [word for word in words[cut:] if word not in skipped]


def _verb_features(view: ToolView) -> Iterable[str]:
    sources: set[Source] = set()
    for action in view.actions:
        source = action.source
        if source is Source.BODY and len(sources) > 8:
            continue
        sources.add(source)
        yield f"v:{action.verb}@{source}"
        yield from (f"v:{group}@{source}" for group in _GROUPS_OF.get(action.verb, ()))
        if source in {Source.NAME, Source.LEAD}:
            yield from (f"v:{action.verb} {thing}" for thing in action.objects)
            yield from (f"v:{group} {thing}" for group in _GROUPS_OF.get(action.verb, ()) for thing in action.objects)
    yield from (f"v:none@{source}" for source in (Source.NAME, Source.LEAD) if source not in sources)
    if view.is_multiplexed:
        yield "v:multiplexed"
    if not view.parameters:
        yield "v:no parameters"


def _rule_features(hits: Sequence[Hit]) -> Iterable[str]:
    claims: dict[str, set[Category]] = {}
    for hit in hits:
        kind = _kind(hit.mention.field)
        yield f"r:{hit.rule.id}"
        yield f"r:{hit.rule.id}@{kind}"
        if isinstance(hit.rule.says, Category):
            claims.setdefault(kind, set()).add(hit.rule.says)
    strongest = {kind: max(said, key=_PRECEDENCE.__getitem__) for kind, said in claims.items()}
    yield from (f"r:{kind} {category}" for kind, category in strongest.items())
    yield f"r:name {strongest.get('name')}, description {strongest.get('description')}"
    every = {category for said in claims.values() for category in said}
    yield f"r:all {' '.join(sorted(every)) or 'silent'}"


def _kind(field: str) -> str:
    if field.startswith("inputSchema"):
        return "choice" if ".enum." in field or field.endswith(".const") else "parameter"
    return field
