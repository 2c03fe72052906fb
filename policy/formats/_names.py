"""Names that other programs read: which are plain, what clients make of the rest; nothing here writes a text."""

import re

from policy.errors import PolicyError

_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
_WORD = re.compile(r"[A-Za-z0-9_-]*")
_MAX_SHOWN = 60
_LAST_OF_ONE_UNIT = 0xFFFF


def is_plain(name: str) -> bool:
    """Say whether a name has only letters, digits, `_`, `.` and `-`: no grammar gives these a meaning."""
    return _PLAIN.fullmatch(name) is not None


def underscored(name: str, also: str = "") -> str:
    """Replace what is not a letter, a digit, `_`, `-` or `also` by `_`, once a UTF-16 unit, as JavaScript does."""
    if _WORD.fullmatch(name):
        return name
    return "".join(
        char if _WORD.fullmatch(char) or char in also else "_" * (2 if ord(char) > _LAST_OF_ONE_UNIT else 1)
        for char in name
    )


def check_server(name: str, allowed: str, rule: str) -> None:
    """Refuse a server's name that a target would not take, or not take as one name."""
    if re.fullmatch(allowed, name) is None:
        shown = ascii(name[:_MAX_SHOWN])
        raise PolicyError(f"server name {shown}: {rule}; give the server such a name where it is configured")
