"""Digests of what pages are made from."""

import hashlib


def digest(*parts: str | bytes) -> str:
    """Digest texts and bytes, each with its length, as one."""
    made = hashlib.blake2b(digest_size=16)
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        made.update(len(content).to_bytes(8, "big") + content)
    return made.hexdigest()
