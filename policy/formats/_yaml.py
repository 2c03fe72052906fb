"""YAML text for the formats whose targets read it: every string is quoted that any reader could take for more.

What is written, and how it is nested, is each format's own.
"""

import re
from typing import Any

import yaml

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./]*(-[A-Za-z0-9_./]+)*")
_OTHER_MEANING = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_TAG = "tag:yaml.org,2002:str"


class _Dumper(yaml.CSafeDumper):
    """Writes a string bare only where YAML 1.1 and 1.2 both read a string."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _represent_text(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    if _PLAIN.fullmatch(text) and text.lower() not in _OTHER_MEANING:
        return dumper.represent_scalar(_TAG, text)
    legible = text.isascii() and text.isprintable() and ('"' in text or "\\" in text)
    return dumper.represent_scalar(_TAG, text, style="'" if legible else '"')


_Dumper.add_representer(str, _represent_text)


def to_yaml(document: Any) -> str:
    """Write a document as YAML: keys in the order given, ASCII only, one line a string."""
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=2**31 - 1)
    return text
