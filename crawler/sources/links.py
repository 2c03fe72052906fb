"""Links that people write to repositories: which of them lead to one, and to which folder and branch.

Not for addresses in manifests, which crawler/repository.py reads as they are.
"""

import re
from urllib.parse import unquote

from crawler.repository import Repository, parse_repository

_HOSTS = ("github.com", "gitlab.com", "codeberg.org", "bitbucket.org")
_LINK = re.compile(r"https?://(?:www\.)?([a-z]{1,20}\.[a-z]{1,5})/([^?#\s]{3,600})(?:[?#]\S{0,1000})?", re.IGNORECASE)
# Pages of the hosts themselves that look like an owner's.
_NO_OWNERS = frozenset(
    """
    about apps blog collections contact customer-stories enterprise events explore features help issues login
    marketplace models new notifications orgs organizations pricing pulls readme search security settings site
    sponsors stars topics trending user-attachments users
    """.split()  # noqa: SIM905 - thirty quoted strings would be harder to read
)
_FILES = frozenset(("blob", "raw", "blame", "edit"))
_FOLDERS = frozenset(("tree", "src"))


def repository_link(link: str) -> Repository | None:
    """Give the repository that a link leads to; None when it leads to none on a host that is known."""
    match = _LINK.fullmatch(link.strip())
    if match is None or match.group(1).lower() not in _HOSTS:
        return None
    host = match.group(1).lower()
    parts = [part for part in unquote(match.group(2)).split("/") if part]
    if len(parts) < 2 or parts[0].lower() in _NO_OWNERS:
        return None
    size = _owner_parts(host, parts)
    if {".", ".."} & set(parts[:size]):
        return None
    owner, rest = parts[:size], [part for part in parts[size:] if part != "-"]
    ref = subfolder = None
    if len(rest) >= 2 and rest[0] in _FILES | _FOLDERS:
        below = rest[1:]
        if rest[0] == "src" and below[0] in ("branch", "commit", "tag"):
            below = below[1:]
        ref = below[0] if below else None
        # A link to a file means the folder that it lies in.
        subfolder = "/".join(below[1:-1] if rest[0] in _FILES else below[1:])
    return parse_repository(f"https://{host}/{'/'.join(owner)}", subfolder, ref)


def _owner_parts(host: str, parts: list[str]) -> int:
    """Count the parts that name the repository: two, but for a host where groups lie in groups."""
    if host != "gitlab.com":
        return 2
    return max(2, parts.index("-") if "-" in parts else min(len(parts), 5))
