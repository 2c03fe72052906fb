"""Which server a listing speaks of: the same one from five listings is one row, and two are never taken for one.

A server is known by its repository and folder first, then by its registry name, then by a package. A forge's stable id
follows a repository that moved; an address whose id changed was made anew by somebody else.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, tuple_, update

from catalog.models import assessments, findings, identities, listings, packages, servers
from catalog.slug import unique_slug
from crawler.listing import Listing
from crawler.repository import Repository, parse_repository, repository_of
from crawler.target import Target, TargetKind

_REGISTRY_NAME = re.compile(r"[a-zA-Z0-9.-]{1,150}\.[a-zA-Z0-9-]{1,60}/[a-zA-Z0-9._-]{1,150}")
_PUBLISHED = frozenset((TargetKind.NPM, TargetKind.PYPI, TargetKind.URL))
_NAMED_KINDS = frozenset((TargetKind.NPM, TargetKind.PYPI, TargetKind.GITHUB))


@dataclass(frozen=True, slots=True)
class Named:
    """A listing with what identifies it: its repository's place, and its keys in the order in which they count."""

    listing: Listing
    repository: Repository | None

    @property
    def repository_key(self) -> str | None:
        """Give the key of the repository's place."""
        return f"repository:{self.repository.place}" if self.repository else None

    @property
    def forge_key(self) -> str | None:
        """Give the key of the forge's stable id, with the folder."""
        if self.repository is None or self.repository_id is None:
            return None
        return f"forge:{self.repository.host}:{self.repository_id}#{self.repository.subfolder or ''}"

    @property
    def name_key(self) -> str | None:
        """Give the key of the name in the registry, where the listing's key is such a name."""
        return f"name:{self.listing.key.lower()}" if _REGISTRY_NAME.fullmatch(self.listing.key) else None

    @property
    def repository_id(self) -> str | None:
        """Give the forge's id as all sources write it: some put the forge's name before it."""
        return (self.listing.repository_id or "").rpartition(":")[2] or None

    @property
    def known_by(self) -> tuple[str, ...]:
        """Give all keys, the surest first."""
        return tuple(filter(None, (self.forge_key, self.repository_key, self.name_key)))

    def places(self) -> tuple[Target, ...]:
        """Give everything of it that can be crawled: its packages, then its repository."""
        packages_ = dict.fromkeys(self.listing.packages)
        own = self.repository.target() if self.repository else None
        if own is None or self.repository in map(repository_of, packages_):
            return tuple(packages_)
        return (*packages_, own)


def name_listing(listing: Listing) -> Named:
    """Work out what identifies a listing."""
    return Named(listing, parse_repository(listing.repository, listing.subfolder, listing.ref))


def find_or_make_server(connection: Connection, source: str, named: Named, known: RowMapping | None) -> int:
    """Give the id of the server that a listing speaks of; `known` is the listing's row from an earlier visit."""
    holders = _holders(connection, named)
    found = []
    if known is not None and not _was_made_anew(known, named):
        found.append(int(known["server_id"]))
    found += [server for server in _candidates(connection, source, named, holders, found) if server not in found]
    server = found[0] if found else _make_server(connection, named)
    for other in found[1:]:
        if not _contradicts(connection, source, named, other):
            server = merge_servers(connection, server, other)
    _learn(connection, named, server, holders)
    about = _about(named)
    said = update(servers).where(servers.c.id == server)
    # What the files say of themselves comes later and counts more; a listing only fills what nobody has said.
    connection.execute(said.values({name: func.coalesce(servers.c[name], text) for name, text in about.items()}))
    return server


def merge_servers(connection: Connection, one: int, other: int) -> int:
    """Make one server of two, keeping the older; its verdicts are made anew. Gives the id that is left."""
    kept, gone = sorted((one, other))
    if kept == gone:
        return kept
    for table in (listings, packages, identities):
        connection.execute(update(table).where(table.c.server_id == gone).values(server_id=kept))
    for judged in (findings, assessments):
        connection.execute(delete(judged).where(judged.c.server_id.in_((kept, gone))))
    of_gone = select(servers.c.slug, servers.c.package_id).where(servers.c.id == gone)
    slug, shown = connection.execute(of_gone).one()
    # What one of them shows goes on being shown; the next look says which place's tools it shall be.
    still = func.coalesce(servers.c.package_id, shown)
    connection.execute(update(servers).where(servers.c.id == kept).values(package_id=still))
    connection.execute(delete(servers).where(servers.c.id == gone))
    remember(connection, (f"slug:{slug}",), kept)
    return kept


def server_of(connection: Connection, key: str | None) -> int | None:
    """Find the server that is known by a key."""
    if key is None:
        return None
    return connection.execute(select(identities.c.server_id).where(identities.c.key == key)).scalar_one_or_none()


def remember(connection: Connection, keys: Sequence[str], server: int) -> None:
    """Know a server by these keys from now on."""
    connection.execute(delete(identities).where(identities.c.key.in_(keys)))
    connection.execute(insert(identities), [{"key": key, "server_id": server} for key in keys])


def new_server(connection: Connection, name: str, **about: str | None) -> int:
    """Make a server's row under a slug of its own."""
    statement = insert(servers).values(slug=unique_slug(name, _TakenSlugs(connection)), name=name, **about)
    return int(connection.execute(statement.returning(servers.c.id)).scalar_one())


def _was_made_anew(known: RowMapping, named: Named) -> bool:
    return _differ(known["repository_id"], named.repository_id)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _holders(connection: Connection, named: Named) -> dict[str, int]:
    """Say which servers are known by the listing's keys."""
    query = select(identities.c.key, identities.c.server_id).where(identities.c.key.in_(named.known_by))
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def _candidates(
    connection: Connection, source: str, named: Named, holders: Mapping[str, int], certain: Sequence[int]
) -> list[int]:
    found: list[int] = []
    for key in named.known_by:
        server = holders.get(key)
        # A repository that moved is listed under its old name and its new one, so two names say nothing against it.
        moved = key == named.forge_key and server != holders.get(named.repository_key or "")
        if server is None or server in (*certain, *found):
            continue
        if not _contradicts(connection, source, named, server, moved=moved):
            found.append(server)
    if named.listing.packages:
        own = tuple_(packages.c.registry, packages.c.name).in_([(one.kind, one.key) for one in named.listing.packages])
        query = select(packages.c.server_id).where(own).order_by(packages.c.rank)
        found += connection.execute(query).scalars().all()
    return list(dict.fromkeys(found))


def _contradicts(connection: Connection, source: str, named: Named, server: int, *, moved: bool = False) -> bool:
    """Tell whether a server cannot be the listing's: other packages, another forge's id, named twice by one source."""
    own = {(str(target.kind), target.key) for target in named.listing.packages}
    rows = connection.execute(select(packages.c.registry, packages.c.name).where(packages.c.server_id == server)).all()
    theirs = {(row[0], row[1]) for row in rows}
    if own & theirs:
        return False
    if {kind for kind, _ in own} & {kind for kind, _ in theirs} & _PUBLISHED:
        return True
    where = (listings.c.server_id == server, listings.c.withdrawn_at.is_(None))
    others = connection.execute(select(listings.c.source, listings.c.key, listings.c.repository_id).where(*where)).all()
    return any(
        (row[0] == source and row[1] != named.listing.key and not moved) or _differ(row[2], named.repository_id)
        for row in others
    )


def _learn(connection: Connection, named: Named, server: int, holders: Mapping[str, int]) -> None:
    """Know the server by the listing's keys; a key that another server holds is left to it, unless that is no more."""
    new = []
    for key in named.known_by:
        holder = holders.get(key)
        if holder is None or (key == named.repository_key and _holds_another(connection, holder, named)):
            new.append(key)
    if new:
        remember(connection, new, server)


def _holds_another(connection: Connection, holder: int, named: Named) -> bool:
    ids = connection.execute(select(listings.c.repository_id).where(listings.c.server_id == holder)).scalars().all()
    return any(_differ(one, named.repository_id) for one in ids)


def _make_server(connection: Connection, named: Named) -> int:
    return new_server(connection, _name(named), **_about(named))


def _about(named: Named) -> dict[str, str | None]:
    repository = named.repository.address if named.repository else None
    return {"title": named.listing.title, "description": named.listing.description, "repository": repository}


def _name(named: Named) -> str:
    """Name a server by what it is fetched under; by its key, or a file's own name, where that says nothing."""
    places = named.places()
    if (known := next((one.identity for one in places if one.kind in _NAMED_KINDS), None)) is not None:
        return known
    return places[0].identity.rstrip("/").rsplit("/", 1)[-1] if places else named.listing.key


class _TakenSlugs:
    """The slugs of all servers and those they once had, asked one at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __contains__(self, slug: object) -> bool:
        held = self._connection.execute(select(servers.c.id).where(servers.c.slug == slug)).first()
        return held is not None or server_of(self._connection, f"slug:{slug}") is not None
