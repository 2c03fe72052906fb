"""The name by which a policy calls a server when nobody said what it is called where the policy will stand.

Not an identity: two servers may get the same one.
"""

import re

_NAME_PART = re.compile(r"[^A-Za-z0-9_-]+")


def short_name(name: str) -> str:
    """Make a name that a person could have given the server: the last part of its own, letters, digits, dashes."""
    last = name.rstrip("/").rsplit("/", 1)[-1]
    return _NAME_PART.sub("-", last).strip("-") or "server"
