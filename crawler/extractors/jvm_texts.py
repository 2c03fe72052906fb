"""What the JVM's texts can do: formats, case, margins, and replacing by patterns that cannot take long."""

import re
from collections.abc import Callable
from typing import Any

from crawler.extractors.evaluation import MAX_TEXT, UNKNOWN
from crawler.extractors.evaluator import as_text
from crawler.extractors.expressions import Record, Unbound, Value
from crawler.extractors.literals import block, indent_cut, margin_cut

_VERB = re.compile(r"%(?:\d+\$)?[-#+ 0,(]*\d*(?:\.\d+)?([a-zA-Z%])")
# Classes, letters and plain groups, at most one of them repeated and no group: such patterns need no long search.
_SIMPLE = re.compile(
    r"^(?:\[[^\[\]]{1,40}\]\+?|\((?:\?<?[=!])?(?:\[[^\[\]()]{1,40}\]\+?|[\w.-]){1,8}\)|[\w-]|\\[sdw.-]\+?){1,8}$"
)
_MAX_MATCHED = 500
_MAX_REPEATS = 2


def format_text(template: Value, args: list[Value]) -> Value:
    """Fill a printf template in; UNKNOWN when what goes in is not known."""
    if not isinstance(template, str):
        return template if isinstance(template, Unbound) else UNKNOWN
    texts = [as_text(arg) for arg in args]
    if None in texts:
        return next((arg for arg in args if isinstance(arg, Unbound)), UNKNOWN)
    given = iter(texts)
    return _VERB.sub(lambda verb: _verb(verb[1], given), template)[:MAX_TEXT]


def _verb(verb: str, given: Any) -> str:
    if verb in "%n":
        return "%" if verb == "%" else "\n"
    return str(next(given, ""))


def _replaced(text: str, old: Value, new: Value) -> Value:
    if isinstance(old, Record) and old.name in ("Regex", "toRegex"):
        pattern = old.args[0] if old.args else old.owner
        return _matched(text, pattern, new)
    return text.replace(old, new)[:MAX_TEXT] if isinstance(old, str) and isinstance(new, str) else UNKNOWN


def _matched(text: str, pattern: Value, new: Value) -> Value:
    """Replace by a pattern, if it is one that cannot search long; names are turned to another case that way."""
    if not isinstance(pattern, str) or not isinstance(new, str) or len(text) > _MAX_MATCHED:
        return UNKNOWN
    if not _SIMPLE.match(pattern) or pattern.count("+") > _MAX_REPEATS:
        return UNKNOWN
    try:
        return re.sub(pattern, re.sub(r"\$(\d)", r"\\\1", new), text)[:MAX_TEXT]
    except (re.error, IndexError):
        return UNKNOWN


TEXT_METHODS: dict[str, Callable[..., Value]] = {
    "formatted": lambda text, *args: format_text(text, list(args)),
    "format": lambda text, *args: format_text(text, list(args)),
    "strip": lambda text: text.strip(),
    "trim": lambda text, *_: text.strip(),
    "stripLeading": lambda text: text.lstrip(),
    "stripTrailing": lambda text: text.rstrip(),
    "stripIndent": block,
    "trimIndent": indent_cut,
    "trimMargin": margin_cut,
    "toString": lambda text: text,
    "intern": lambda text: text,
    "concat": lambda text, more: text + more,
    "append": lambda text, more: text + (as_text(more) or "") if as_text(more) is not None else UNKNOWN,
    "plus": lambda text, more: text + more,
    "toLowerCase": lambda text, *_: text.lower(),
    "toUpperCase": lambda text, *_: text.upper(),
    "lowercase": lambda text, *_: text.lower(),
    "uppercase": lambda text, *_: text.upper(),
    "replace": lambda text, old, new, *_: _replaced(text, old, new),
    "replaceAll": _matched,
    "removePrefix": lambda text, prefix: text.removeprefix(prefix),
    "removeSuffix": lambda text, suffix: text.removesuffix(suffix),
    "substring": lambda text, start, end=None: text[start:end],
}
