"""What the tools of one server say in common: words of their names, and openings that tell none of them apart.

Not a judgement on any of them: a tool without a description is read beside its siblings, and a sentence that
stands before every description is not what one tool does.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from catalog.records import ServerContext, ToolDefinition
from classifier.lexicon import VERB_FORMS
from classifier.words import cut_name, cut_prose

_SHORTEST, _LONGEST = 3, 16  # words of an opening
_SHARED_BY = 4  # tools that must begin alike
_VERBS_APART = 3  # and do so many different things
_TOPICS = 40
_OPENINGS = 64  # of the most frequent; every tool is compared with each
_READ = 200  # characters of a description that are compared


def server_context(name: str, description: str | None, tools: Iterable[ToolDefinition]) -> ServerContext:
    """Say what a judgement may know of a server from its own words and from all its tools."""
    tools = list(tools)
    return ServerContext(name, description, read_topics(tools), read_openings(tools))


def read_topics(tools: Iterable[ToolDefinition]) -> tuple[str, ...]:
    """Give the nouns that several tools' names share, the most frequent first."""
    counts = Counter(word for tool in tools for word in set(cut_name(tool.name)) - VERB_FORMS.keys())
    shared = [(count, word) for word, count in counts.items() if count > 1 and len(word) > 2]
    return tuple(word for count, word in sorted(shared, key=lambda pair: (-pair[0], pair[1]))[:_TOPICS])


def read_openings(tools: Iterable[ToolDefinition]) -> tuple[tuple[str, ...], ...]:
    """Give the openings that descriptions share though their tools do different things, the longest first."""
    verbs: dict[tuple[str, ...], set[str]] = defaultdict(set)
    counts: Counter[tuple[str, ...]] = Counter()
    for tool in tools:
        words = cut_prose((tool.description or "")[:_READ])
        doing = next((VERB_FORMS[word] for word in cut_name(tool.name) if word in VERB_FORMS), "")
        for length in range(_SHORTEST, min(len(words), _LONGEST) + 1):
            opening = tuple(words[:length])
            counts[opening] += 1
            verbs[opening].add(doing)
    found = [one for one, count in counts.items() if count >= _SHARED_BY and len(verbs[one]) >= _VERBS_APART]
    kept = sorted(found, key=lambda opening: (-counts[opening], opening))[:_OPENINGS]
    return tuple(sorted(kept, key=lambda opening: (-len(opening), opening)))


def shared_opening(words: Sequence[str], openings: Iterable[tuple[str, ...]]) -> int:
    """Count the words at the beginning that are said of other tools alike; the longest of `openings` first."""
    for opening in openings:
        if len(opening) < len(words) and words[0] == opening[0] and tuple(words[: len(opening)]) == opening:
            return len(opening)
    return 0
