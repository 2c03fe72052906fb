"""What the ContextForge formats share: the names that the gateway gives to a server's tools.

It calls a tool by the slugs of its server and of itself, so different names can become one.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

from policy.errors import PolicyError
from policy.recommendation import ServerPolicy

_APOSTROPHE = re.compile(r"(\w)'(\w)")
_NO_LETTER_OR_DIGIT = re.compile(r"[\W_]+")
_MAX_SHOWN = 60
_SPELLED_OUT = str.maketrans({"æ": "ae", "ß": "ss", "ø": "o"})


def gateway_prefix(server: str) -> str:
    """Give what the names of a server's tools begin with. Raises PolicyError if the server's name has no slug."""
    slug = _slug(server)
    if not slug:
        raise PolicyError(f"server name {server[:_MAX_SHOWN]!a}: ContextForge needs a letter or digit in it")
    return f"{slug}-"


def gateway_names(policy: ServerPolicy) -> dict[str, str]:
    """Give the name in the gateway for each tool."""
    prefix = gateway_prefix(policy.server)
    return {one.tool: prefix + _slug(one.tool) for one in policy.tools}


def shared_names(names: Mapping[str, str]) -> frozenset[str]:
    """Give the names in the gateway that several tools have: no rule can tell these apart."""
    return frozenset(name for name, tools in Counter(names.values()).items() if tools > 1)


def _slug(text: str) -> str:
    lowered = _APOSTROPHE.sub(r"\1\2", text.lower())
    joined = _NO_LETTER_OR_DIGIT.sub("-", lowered).strip("-").translate(_SPELLED_OUT)
    return unicodedata.normalize("NFKD", joined).encode("ascii", "ignore").decode()
