"""Whether a package is what it says it is: a claim on a repository holds when the repository knows the package.

Where both say the same and their tools are alike, package and repository are one server.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from catalog.bulk import write_rows
from catalog.models import listings, packages, tools
from catalog.vocabulary import Claim
from crawler.identity import merge_servers
from crawler.recovery.declared_packages import package_key
from crawler.repository import Repository
from crawler.target import TargetKind

_REPOSITORIES = (TargetKind.GITHUB, TargetKind.GIT)
_ALIKE = 0.5  # of the shorter list of tools


def settle_claims(connection: Connection, claimed: Mapping[int, Repository | None]) -> None:
    """Judge the claims of packages on repositories, by their listings' proof or by the repositories as last seen."""
    _judge_all(connection, {package: _whole(repository) for package, repository in claimed.items()})


def settle_declared(connection: Connection, package: int, repository: Repository, declares: Sequence[str]) -> None:
    """Write what a repository was just seen to publish, and judge all claims on it anew."""
    place = _whole(repository)
    about = {"claims": place, "declares": list(declares)}
    connection.execute(update(packages).where(packages.c.id == package).values(**about))
    claiming = (packages.c.claims == place, packages.c.registry.not_in(_REPOSITORIES))
    _judge_all(connection, dict.fromkeys(connection.execute(select(packages.c.id).where(*claiming)).scalars(), place))


def _judge_all(connection: Connection, places: Mapping[int, str | None]) -> None:
    rows = connection.execute(select(packages).where(packages.c.id.in_(places))).mappings().all()
    repositories = _seen_repositories(connection, {place for place in places.values() if place is not None})
    vouched = _vouched(connection, {row["server_id"] for row in rows})
    judged, joined = [], []
    for row in rows:
        place = places[row["id"]]
        seen = repositories.get(place or "", [])
        claim = None if place is None else _judge(row, seen, vouched)
        if (row["claims"], row["claim"]) != (place, claim):
            judged.append((place, claim, row["id"]))
        joined += [(row, seen)] if claim is Claim.VERIFIED else []
    statement = update(packages).where(packages.c.id == bindparam("package"))
    values = statement.values(claims=bindparam("place"), claim=bindparam("judged"))
    write_rows(connection, values, ["place", "judged", "package"], judged)
    for row, seen in joined:
        _join(connection, row, seen)


def _whole(repository: Repository | None) -> str | None:
    return f"{repository.host}/{repository.path}".lower() if repository else None


def _judge(package: RowMapping, repositories: Sequence[RowMapping], vouched: Collection[str]) -> Claim:
    if any(_folders(row, package) for row in repositories):
        return Claim.VERIFIED
    if repositories:
        return Claim.UNVERIFIED
    return Claim.VERIFIED if package["target"] in vouched else Claim.UNKNOWN


def _seen_repositories(connection: Connection, places: Collection[str]) -> dict[str, list[RowMapping]]:
    where = (packages.c.claims.in_(places), packages.c.registry.in_(_REPOSITORIES), packages.c.snapshot_id.is_not(None))
    found: dict[str, list[RowMapping]] = {}
    for row in connection.execute(select(packages).where(*where).order_by(packages.c.id)).mappings():
        found.setdefault(row["claims"], []).append(row)
    return found


def _vouched(connection: Connection, servers: Collection[int]) -> set[str]:
    """Give the targets that listings with a proven owner name."""
    where = (listings.c.server_id.in_(servers), listings.c.vouched, listings.c.withdrawn_at.is_(None))
    return {
        place for places in connection.execute(select(listings.c.places).where(*where)).scalars() for place in places
    }


def _folders(repository: RowMapping, package: RowMapping) -> list[str]:
    """Give the folders of a repository in which a package is declared."""
    key = package_key(package["registry"], package["name"])
    return [folder for one, _, folder in (text.partition("#") for text in repository["declares"]) if one == key]


def _join(connection: Connection, package: RowMapping, repositories: Sequence[RowMapping]) -> None:
    """Make one server of a package and the part of a repository that declares it, when their tools are alike."""
    for repository in repositories:
        whole = repository["name"].partition("#")[0]
        names = {f"{whole}#{folder}" for folder in _folders(repository, package)} | {repository["name"]}
        where = (packages.c.registry == repository["registry"], packages.c.name.in_(names))
        for part in connection.execute(select(packages).where(*where).order_by(packages.c.name)).mappings().all():
            if part["server_id"] != package["server_id"] and _alike(connection, part["id"], package["id"]):
                merge_servers(connection, part["server_id"], package["server_id"])
                return


def _alike(connection: Connection, one: int, other: int) -> bool:
    names = [
        set(connection.execute(select(tools.c.name).where(tools.c.package_id == package)).scalars())
        for package in (one, other)
    ]
    shorter = min(len(names[0]), len(names[1]))
    return shorter > 0 and len(names[0] & names[1]) >= _ALIKE * shorter
