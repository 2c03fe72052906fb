"""Names as UTF-8: half a surrogate pair, which JSON can hold, is no character and becomes another one on the way."""

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def is_sayable(name: str) -> bool:
    """Whether a name stays itself."""
    return _SURROGATE.search(name) is None


def as_seen(name: str) -> str:
    """Give the name that a reader of UTF-8 sees."""
    return _SURROGATE.sub("\ufffd", name)
