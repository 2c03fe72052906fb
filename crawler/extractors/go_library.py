"""What Go's own library does with texts and lists."""

from typing import Any

from crawler.extractors.expressions import Value
from crawler.extractors.library import formatted, joined, text_function


def _appended(items: Value, *more: Value) -> Value:
    return [*items, *more] if isinstance(items, list) else list(more)


BUILTINS: dict[str, Any] = {
    "append": _appended,
    "string": lambda value: value,
    "byte": lambda value: value,
    "json.RawMessage": lambda value: value,
    "fmt.Sprintf": formatted,
    "strings.Join": joined,
    "strings.TrimSpace": text_function(lambda text: text.strip()),
    "strings.ToLower": text_function(lambda text: text.lower()),
    "strings.ToUpper": text_function(lambda text: text.upper()),
    "strings.ReplaceAll": text_function(lambda text, old, new: text.replace(old, new)),
    "strings.Replace": text_function(lambda text, old, new, count: text.replace(old, new, count)),
    "strings.TrimPrefix": text_function(lambda text, prefix: text.removeprefix(prefix)),
    "strings.TrimSuffix": text_function(lambda text, suffix: text.removesuffix(suffix)),
}
