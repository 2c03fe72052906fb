"""Words of a command line split into options and the rest, as far as this can be done without running anything.

Not a shell: quotes, variables and pipes mean nothing here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

Words = Sequence[str]


@dataclass(frozen=True, slots=True)
class SplitWords:
    """Options that had a value, in their order, and the words that are no options."""

    valued: tuple[tuple[str, str], ...]
    rest: tuple[str, ...]

    def values(self, *names: str) -> list[str]:
        """Give the values of an option, under any of its names."""
        return [value for name, value in self.valued if name in names]


def split_words(words: Words, valued: Collection[str], *, stop: bool = False) -> SplitWords:
    """Split words; `valued` options take the next word. With `stop` everything after the first plain word is rest.

    `--` ends the options.
    """
    found: list[tuple[str, str]] = []
    rest: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            rest += words[at:]
            break
        if not word.startswith("-") or word == "-":
            rest.append(word)
            if stop:
                rest += words[at:]
                break
            continue
        name, equals, value = word.partition("=")
        if equals:
            found.append((name, value))
        elif name in valued and at < len(words):
            found.append((name, words[at]))
            at += 1
    return SplitWords(tuple(found), tuple(rest))
