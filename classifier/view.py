"""A tool as the rules see it: its texts, words, actions, parameters and hints, read once.

Not a judgement: what an action means is for the rules to say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from catalog.records import ServerContext, ToolDefinition
from classifier.actions import Action, Mention, Source, actions_of_modes, actions_of_name, actions_of_prose
from classifier.lexicon import MINOR, word_set
from classifier.parameters import Parameter, read_parameters
from classifier.words import Word, cut_name, cut_prose, lowered

_MODE_WORDS = word_set("action actions operation operations mode method command op verb subcommand")
THREAT_LIMIT = 50_000  # characters of one text that threats are looked for in
_HINTS = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")


@dataclass(frozen=True)
class ToolView:
    """What the rules may ask of one tool. `texts` maps a field of the evidence to its full text."""

    definition: ToolDefinition
    server: ServerContext
    texts: Mapping[str, str]
    name: tuple[Word, ...]
    prose: tuple[Word, ...]
    actions: tuple[Action, ...]
    parameters: tuple[Parameter, ...]
    said: Mapping[str, Mention]
    hints: Mapping[str, bool]

    @cached_property
    def parameter_words(self) -> Mapping[str, Mention]:
        """The words of the parameters' names, each with where it first stands."""
        return {word: parameter.mention for parameter in reversed(self.parameters) for word in parameter.words}

    @cached_property
    def server_words(self) -> frozenset[str]:
        """The words of the server's name and description."""
        words = [*cut_name(self.server.name), *cut_prose((self.server.description or "")[:600])]
        return frozenset(word.text for word in words)

    @cached_property
    def topic_words(self) -> frozenset[str]:
        """All words that tell the domain: the server's, the tool's name and what its text says."""
        return self.server_words | self.said.keys() | {word.text for word in self.name}

    @cached_property
    def is_multiplexed(self) -> bool:
        """Whether a parameter chooses among several actions."""
        return any(parameter.words & _MODE_WORDS for parameter in self.parameters)

    @cached_property
    def main_verbs(self) -> frozenset[str]:
        """The verbs that the name and the opening sentence lead with."""
        return frozenset(action.verb for action in self.actions if action.source in {Source.NAME, Source.LEAD})

    def mention(self, words: frozenset[str]) -> Mention | None:
        """Find the first of `words` said in the description, the title or the name."""
        found = words & self.said.keys()
        return min((self.said[word] for word in found), key=_place) if found else None

    def takes(self, words: frozenset[str]) -> Mention | None:
        """Find a parameter whose name holds one of `words`."""
        found = words & self.parameter_words.keys()
        return min((self.parameter_words[word] for word in found), key=_place) if found else None

    def prose_texts(self) -> Iterator[tuple[str, str, str]]:
        """Yield each text that speaks to the model as field, text and lower-cased text, cut at a limit."""
        for field, text in self.texts.items():
            if field.endswith(("description", "title")):
                cut = text[:THREAT_LIMIT]
                yield field, cut, lowered(cut)

    def quote(self, mention: Mention) -> str:
        """Cut a mention's words out of its field, letter for letter."""
        return self.texts[mention.field][mention.start : mention.end]


def _place(mention: Mention) -> tuple[str, int]:
    return mention.field, mention.start


def view_tool(definition: ToolDefinition, server: ServerContext) -> ToolView:
    """Read a definition once, for every rule."""
    texts: dict[str, str] = {"name": definition.name, "server": server.name}
    name = cut_name(definition.name)
    title = cut_name(definition.title) if definition.title else ()
    prose = cut_prose(definition.description) if definition.description else []
    if definition.title:
        texts["title"] = definition.title
    if definition.description:
        texts["description"] = definition.description
    parameters = read_parameters(definition.input_schema)
    for parameter in parameters:
        texts.update(parameter.texts)
    multiplexed = any(parameter.words & _MODE_WORDS for parameter in parameters)
    server_words = frozenset(word.text for word in cut_name(server.name))
    actions = (
        *actions_of_name(name, "name", Source.NAME, server_words),
        *actions_of_prose(prose, "description", multiplexed=multiplexed),
        *(actions_of_name(title, "title", Source.TITLE, server_words) if title else ()),
        *actions_of_modes([parameter for parameter in parameters if parameter.words & _MODE_WORDS]),
    )
    hints = _declared_hints(definition)
    for hint, value in hints.items():
        texts[f"annotations.{hint}"] = str(value).lower()
    return ToolView(
        definition,
        server,
        texts,
        tuple(name),
        tuple(prose),
        actions,
        parameters,
        _said(name, title, prose),
        hints,
    )


def _said(name: Sequence[Word], title: Sequence[Word], prose: Sequence[Word]) -> dict[str, Mention]:
    said: dict[str, Mention] = {}
    for field, words in (("description", prose), ("title", title), ("name", name)):
        for text, start, end in words:
            if text not in said:
                said[text] = Mention(field, start, end)
    return said


def _declared_hints(definition: ToolDefinition) -> dict[str, bool]:
    found = ((hint, definition.annotations.get(hint)) for hint in _HINTS)
    return {hint: value for hint, value in found if isinstance(value, bool)}


def is_minor(objects: frozenset[str]) -> bool:
    """Tell whether an action touches only a marker that one call puts back: a label, a reaction, a link."""
    return bool(objects & MINOR)
