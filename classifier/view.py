"""A tool as the rules see it: its words, actions, parameters and hints, read once.

Not a judgement: what an action means is for the rules to say.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Final

from catalog.records import ServerContext, ToolDefinition
from catalog.vocabulary import HINTS
from classifier.actions import Action, Mention, Passage, Source, actions_of_modes, actions_of_name, actions_of_prose
from classifier.lexicon import word_set
from classifier.parameters import Parameter, read_parameters
from classifier.siblings import shared_opening
from classifier.words import SPAN_OF, cut_name, cut_prose, first_places

MODE_WORDS: Final = word_set("action actions operation operations mode method command op verb subcommand")
SIGNAL_LIMIT: Final = 50_000  # characters of one definition that are searched for signals
MAIN: Final = frozenset({Source.NAME, Source.LEAD})


class ToolView:
    """What the rules may ask of one tool. `said` maps each word of its texts to a field and its number there."""

    __slots__ = (
        "__dict__",
        "actions",
        "definition",
        "hints",
        "is_multiplexed",
        "name",
        "parameters",
        "prose",
        "said",
        "server",
        "server_words",
        "start",
    )

    def __init__(self, definition: ToolDefinition, server: ServerContext) -> None:
        self.definition = definition
        self.server = server
        self.server_words = words_of_server(server.name, server.description, server.topics)
        self.name = cut_name(definition.name)
        self.prose = cut_prose(definition.description) if definition.description else []
        self.start = shared_opening(self.prose, server.openings) if server.openings else 0
        self.parameters = read_parameters(definition.input_schema)
        modes = [parameter for parameter in self.parameters if not MODE_WORDS.isdisjoint(parameter.words)]
        self.is_multiplexed = bool(modes)
        own_words = words_of_name(server.name)
        self.actions: list[Action] = actions_of_name(self.name, "name", Source.NAME, own_words)
        self.actions += actions_of_prose(self.prose, "description", multiplexed=self.is_multiplexed, start=self.start)
        self.said = first_places(self.prose)
        if definition.title:
            title = cut_name(definition.title)
            self.actions += actions_of_name(title, "title", Source.TITLE, own_words)
            self.said = first_places(title) | self.said
        self.said = first_places(self.name) | self.said
        if modes:
            self.actions += actions_of_modes(modes)
        self.hints = declared_hints(definition)

    @cached_property
    def parameter_words(self) -> Mapping[str, Parameter]:
        """The words of the parameters' names, each with the first parameter that holds it."""
        return {word: parameter for parameter in reversed(self.parameters) for word in parameter.words}

    @cached_property
    def main_verbs(self) -> frozenset[str]:
        """The verbs that the name and the opening sentence lead with."""
        return frozenset([action.verb for action in self.actions if action.source in MAIN])

    def text(self, field: str) -> str:
        """Give the text of a field that evidence may quote. Raises KeyError when there is none."""
        match field:
            case "name":
                return self.definition.name
            case "description" | "title":
                return str(getattr(self.definition, field))
            case "server":
                return self.server.name
        if field.startswith("annotations."):
            return str(self.hints[field.removeprefix("annotations.")]).lower()
        for parameter in self.parameters:
            if field.startswith(parameter.field):
                text = parameter.text(field)
                if text is not None:
                    return text
        raise KeyError(field)

    def is_about(self, words: frozenset[str]) -> bool:
        """Tell whether the tool, its server or its server's other tools speak of one of `words`."""
        return not words.isdisjoint(self.said) or not words.isdisjoint(self.server_words)

    def mention_of(self, word: str) -> Mention:
        """Say where a word of `said` stands first: in the description, the title or the name."""
        at = self.said[word]
        if at < len(self.prose) and self.prose[at] == word:
            return Mention("description", at, at)
        title = cut_name(self.definition.title or "")
        return Mention("title" if at < len(title) and title[at] == word else "name", at, at)

    def span(self, mention: Mention | Passage) -> tuple[int, int]:
        """Find where a mention stands in its field, in characters."""
        if isinstance(mention, Passage):
            return mention.start, mention.end
        text = self.text(mention.field)
        if mention.last < 0:
            return 0, len(text)
        return SPAN_OF[mention.field](text, mention.first, mention.last)

    def quote(self, mention: Mention | Passage) -> str:
        """Cut a mention's words out of its field, letter for letter."""
        start, end = self.span(mention)
        return self.text(mention.field)[start:end]

    def joined_text(self) -> str:
        """Give every text and name of the definition as one, to look for what none of them may hold."""
        parts = [self.definition.name]
        if self.definition.description:
            parts.append(self.definition.description)
        if self.definition.title:
            parts.append(self.definition.title)
        for parameter in self.parameters:
            parts.append(parameter.name)
            if parameter.description:
                parts.append(parameter.description)
        return "\n".join(parts)

    def prose_texts(self) -> Iterator[tuple[str, str]]:
        """Yield each text that speaks to the model, with its field."""
        if self.definition.description:
            yield "description", self.definition.description
        if self.definition.title:
            yield "title", self.definition.title
        for parameter in self.parameters:
            if parameter.description:
                yield f"{parameter.field}.description", parameter.description


def normalized(text: str) -> str:
    """Bring a text to the form in which signals are looked for: lower case, one blank between words."""
    return " ".join(text[:SIGNAL_LIMIT].lower().split())


@lru_cache(maxsize=20_000)
def words_of_name(server_name: str) -> frozenset[str]:
    """Give the words of a server's name; the same server stands before all of its tools."""
    return frozenset(cut_name(server_name))


@lru_cache(maxsize=2_000)
def words_of_server(name: str, description: str | None, topics: tuple[str, ...]) -> frozenset[str]:
    """Give the words that tell a server's domain: of its name, its description and its tools' names."""
    return frozenset([*cut_name(name), *cut_prose((description or "")[:600]), *topics])


def declared_hints(definition: ToolDefinition) -> dict[str, bool]:
    """Give the declared hints that are plainly true or false."""
    if not definition.annotations:
        return {}
    found = ((hint, definition.annotations.get(hint)) for hint in HINTS)
    return {hint: value for hint, value in found if isinstance(value, bool)}
