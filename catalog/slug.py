"""Names as they may stand in a URL or a file name, on any file system, without ever colliding."""

import hashlib
import re
from collections.abc import Container

MAX_LENGTH = 80
# Device names on Windows, and pages that a site puts beside servers and tools.
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "index", "api", "static", "assets", "policy", "category", "risk", "404"]
    + [f"{device}{digit}" for device in ("com", "lpt") for digit in range(10)]
)


_PLAIN = re.compile(rf"[a-z0-9_]{{1,{MAX_LENGTH}}}")


def unique_slug(name: str, taken: Container[str]) -> str:
    """Give `name` a slug of [a-z0-9_-] that is not in `taken`: a function of both, so a rebuild agrees."""
    base = name if _PLAIN.fullmatch(name) else _plain(name)
    if base and base not in _RESERVED and base not in taken:
        return base
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    base = base or "unnamed"
    for length in range(8, len(digest) + 1, 8):
        slug = f"{base}-{digest[:length]}"
        if slug not in taken:
            return slug
    # Only two equal names get here, and the catalog admits a name once.
    raise ValueError(f"no slug is free for {name!r}")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")[:MAX_LENGTH].strip("-")
