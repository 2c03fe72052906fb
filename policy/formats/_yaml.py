"""YAML text for the formats whose targets read it: every string is quoted that any reader could take for more.

What is written, and how it is nested, is each format's own.
"""

import re
from functools import lru_cache
from typing import Any

import yaml

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./]*(-[A-Za-z0-9_./]+)*")
_OTHER_MEANING = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_NUMBERS = yaml.representer.SafeRepresenter()
_MAPPING = yaml.MappingStartEvent(None, None, implicit=True, flow_style=False)
_MAPPING_END = yaml.MappingEndEvent()
_LIST = yaml.SequenceStartEvent(None, None, implicit=True, flow_style=False)
_LIST_END = yaml.SequenceEndEvent()
_LONGEST_LINE = 2**31 - 1


def to_yaml(document: Any) -> str:
    """Write a document as YAML: keys in the order given, ASCII only, one line a string."""
    # Events say of each string how it is written; `yaml.dump` asks three times what it might be taken for.
    events = [yaml.StreamStartEvent(), yaml.DocumentStartEvent(explicit=False)]
    _add(document, events)
    events += [yaml.DocumentEndEvent(explicit=False), yaml.StreamEndEvent()]
    text: str = yaml.emit(events, Dumper=yaml.CSafeDumper, width=_LONGEST_LINE)
    return text


def _add(value: Any, events: list[yaml.Event]) -> None:
    if isinstance(value, str):
        events.append(_text(value))
    elif isinstance(value, dict):
        events.append(_MAPPING)
        for key, held in value.items():
            _add(key, events)
            _add(held, events)
        events.append(_MAPPING_END)
    elif isinstance(value, list | tuple):
        events.append(_LIST)
        for one in value:
            _add(one, events)
        events.append(_LIST_END)
    else:
        events.append(yaml.ScalarEvent(None, None, (True, False), _NUMBERS.represent_data(value).value))


@lru_cache(maxsize=10_000)
def _text(text: str) -> yaml.ScalarEvent:
    """Write a string bare only where YAML 1.1 and 1.2 both read a string."""
    if _PLAIN.fullmatch(text) and text.lower() not in _OTHER_MEANING:
        return yaml.ScalarEvent(None, None, (True, True), text)
    legible = text.isascii() and text.isprintable() and ('"' in text or "\\" in text)
    return yaml.ScalarEvent(None, None, (False, True), text, style="'" if legible else '"')
