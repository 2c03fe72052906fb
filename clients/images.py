"""Container images, as `docker run` and its kin name them: good to look up, never fetched.

Not for what runs inside: an image is not unpacked.
"""

import re

from clients.packages import Resolution, unresolved
from clients.words import Words

_ALONE = frozenset(
    (
        "--rm",
        "--init",
        "--interactive",
        "--tty",
        "--privileged",
        "--read-only",
        "--detach",
        "--publish-all",
        "--no-healthcheck",
        "--sig-proxy",
        "--oom-kill-disable",
        "--quiet",
        "--disable-content-trust",
        "--replace",
        "--help",
    )
)
_SHORT = re.compile(r"-[itdPq]+")
_IMAGE = re.compile(
    r"([a-z0-9][a-z0-9._-]*(?::\d{1,5})?(?:/[a-z0-9][a-z0-9._-]*)*)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?"
)


def image_of(words: Words) -> Resolution:
    """Find the image that a container is made from."""
    while words and words[0].startswith("-"):  # options of the client itself, such as --context NAME
        words = words[1:] if "=" in words[0] else words[2:]
    if words[:1] == ("container",) or list(words[:1]) == ["container"]:
        words = words[1:]
    if list(words[:1]) == ["mcp"]:
        return unresolved("a gateway: the servers behind it are known only when it runs")
    if list(words[:1]) not in (["run"], ["create"]):
        return unresolved("a container that exists already: its image is not named")
    name = _first_plain(words[1:])
    match = _IMAGE.fullmatch(name or "")
    if match is None:
        return unresolved("no image is named")
    image, tag, digest = match.groups()
    pinned = digest is not None or (tag is not None and any(map(str.isdigit, tag)))
    return Resolution(f"oci:{image}", None, tag, pinned=pinned, reason="a container image: what is in it is not read")


def _first_plain(words: Words) -> str | None:
    at = 0
    while at < len(words):
        word = words[at]
        if not word.startswith("-"):
            return word
        at += 1 if "=" in word or word in _ALONE or _SHORT.fullmatch(word) else 2
    return None
