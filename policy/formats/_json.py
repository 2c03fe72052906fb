"""JSON text for the formats whose targets read it, as `json.dumps` writes it with two spaces of indentation.

Not for numbers: programs write them in several ways, and the formats that hold some write them on their own.
"""

import json
import re
from typing import Any

import orjson

_BEYOND_ASCII = re.compile("[\x7f-\U0010ffff]")


def to_json(document: Any) -> str:
    """Write a document in ASCII only."""
    text = to_unicode_json(document)
    if text.isascii() and "\x7f" not in text:
        return text
    return _BEYOND_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text)


def to_unicode_json(document: Any) -> str:
    """Write a document with its letters as they are."""
    try:
        return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
    except orjson.JSONEncodeError:  # halves of a surrogate pair, which our texts can hold and UTF-8 cannot
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
