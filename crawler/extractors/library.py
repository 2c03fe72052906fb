"""What the text functions of all languages' libraries do, for values that may be unknown."""

import re
from collections.abc import Callable
from typing import Any

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.evaluator import as_text
from crawler.extractors.expressions import Unbound, Value

_VERB = re.compile(r"%[-+# 0]*\d*(?:\.\d+)?([a-zA-Z%])")


def formatted(template: Value, *args: Value) -> Value:
    """Fill a printf template; what the caller of a function gives stays open."""
    if not isinstance(template, str):
        return UNKNOWN
    given = [as_text(arg) for arg in args]
    if any(text is None for text in given):
        return next((arg for arg in args if isinstance(arg, Unbound)), UNKNOWN)
    texts = iter(given)
    return _VERB.sub(lambda verb: "%" if verb[1] == "%" else _verb(verb[1], next(texts, None)), template)


def joined(items: Value, separator: Value) -> Value:
    """Join texts."""
    texts = [as_text(item) for item in items] if isinstance(items, list) and isinstance(separator, str) else [None]
    known = [text for text in texts if text is not None]
    return separator.join(known) if len(known) == len(texts) else UNKNOWN


def text_function(change: Callable[..., Any]) -> Callable[..., Value]:
    """Make a change of text one of values: UNKNOWN where the text or an argument is."""

    def changed(text: Value, *args: Value) -> Value:
        if not isinstance(text, str) or not all(isinstance(arg, str | int) for arg in args):
            return UNKNOWN
        return change(text, *args)

    return changed


def _verb(verb: str, text: str | None) -> str:
    return f'"{text}"' if verb == "q" else str(text)
