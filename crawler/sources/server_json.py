"""A `server.json`, as registries answer with it and repositories hold it: what it says as a listing.

Not for what a registry says about it, such as its status.
"""

import re
from collections.abc import Mapping
from typing import Any

from crawler.errors import TargetError
from crawler.listing import Listing
from crawler.sources.strange_values import (
    ADDRESS,
    DESCRIPTION,
    NAME,
    TITLE,
    as_list,
    as_object,
    as_prose,
    as_word,
    stamp_of,
)
from crawler.target import Target, parse_target

_SERVER_NAME = re.compile(r"[a-zA-Z0-9.-]{1,198}/[a-zA-Z0-9._-]{1,198}")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_MOST_PLACES = 50
_SIGNS = {"npm": "@", "pypi": "==", "oci": ":"}
# A name on a registry of somebody's own is not the same name on the one that the user's client asks.
_USUAL_REGISTRIES = {
    kind: re.compile(rf"https://(?:[a-z0-9-]{{1,63}}\.){{0,3}}{label}\.[a-z]{{2,5}}(?:/.{{0,200}})?")
    for kind, label in (("npm", "npmjs"), ("pypi", "pypi"))
}


def read_server_json(value: object, *, vouched: bool = False) -> Listing | str:
    """Give the listing that a `server.json` is, or what is wrong with it in a few words."""
    server = as_object(value)
    name = as_word(server.get("name"), 200)
    if name is None or not _SERVER_NAME.fullmatch(name):
        return f"{as_prose(server.get('name'), 80) or 'an entry without a name'}: not a server's name, NAMESPACE/NAME"
    repository = as_object(server.get("repository"))
    address = as_word(repository.get("url"), ADDRESS)
    source, forge_id = as_word(repository.get("source"), 40), as_word(repository.get("id"), 100)
    packages, elsewhere = _places(server)
    repository_id = f"{source}:{forge_id}" if source and forge_id else forge_id
    subfolder = as_word(repository.get("subfolder"), 500)
    version = as_word(server.get("version"), 255)
    return Listing(
        name,
        title=as_prose(server.get("title"), TITLE),
        description=as_prose(server.get("description"), DESCRIPTION),
        repository=address,
        repository_id=repository_id if address else None,
        subfolder=subfolder,
        packages=packages,
        elsewhere=elsewhere,
        # Only what is fetched counts: a change of its status or of its words brings no new files.
        stamp=f"{version or '-'} {stamp_of(address, repository_id, subfolder, *packages, *elsewhere)}",
        vouched=vouched,
    )


def _places(server: Mapping[str, Any]) -> tuple[tuple[Target, ...], tuple[str, ...]]:
    packages, elsewhere = [], []
    for package in as_list(server.get("packages"))[:_MOST_PLACES]:
        place = _place(as_object(package))
        if isinstance(place, Target):
            packages.append(place)
        elif place is not None:
            elsewhere.append(place)
    remotes = as_list(server.get("remotes"))[:_MOST_PLACES]
    addresses = (as_word(as_object(remote).get("url"), ADDRESS) for remote in remotes)
    elsewhere += filter(None, addresses)
    return tuple(dict.fromkeys(packages)), tuple(dict.fromkeys(elsewhere))


def _place(package: Mapping[str, Any]) -> Target | str | None:
    """Give a package as a target, or as text when it cannot be fetched."""
    kind, identifier = as_word(package.get("registryType"), 40), as_word(package.get("identifier"), ADDRESS)
    if kind is None or identifier is None:
        return None
    version = as_word(package.get("version"), 255)
    if kind == "mcpb":
        return _bundle(identifier, as_word(package.get("fileSha256"), NAME))
    text = f"{kind}:{identifier}{_SIGNS.get(kind, '@')}{version}" if version else f"{kind}:{identifier}"
    usual = _USUAL_REGISTRIES.get(kind)
    base = package.get("registryBaseUrl")
    if usual is None or (base is not None and not (isinstance(base, str) and usual.fullmatch(base))):
        return text
    try:
        return parse_target(text)
    except TargetError:
        return text


def _bundle(address: str, digest: str | None) -> Target | str:
    text = f"{address}#sha256={digest}" if digest and _SHA256.fullmatch(digest) else address
    try:
        return parse_target(text) if address.startswith("https://") else f"mcpb:{address}"
    except TargetError:
        return f"mcpb:{address}"
