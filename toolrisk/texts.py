"""Text that every command prints alike: JSON for programs, and strangers' words kept on their line.

It loads nothing of the stages, so that a command that needs none of them starts at once.
"""

import orjson

SCHEMA_VERSION = 1  # of every JSON document that a command prints; it rises only when a key's meaning changes


def dump_json(value: object) -> str:
    """Write JSON for people and programs: indented, keys in the order given."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode()


def one_line(text: str) -> str:
    """Keep a stranger's text on its line and its control characters from the terminal."""
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
