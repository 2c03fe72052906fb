"""Which listings are one server, and which must never be taken for one."""

import pytest
from sqlalchemy import Engine, select

from catalog.dialects import insert_new
from catalog.models import listings, packages, servers, sources
from crawler.discover import store_listings
from crawler.listing import Listing
from crawler.repository import parse_repository
from crawler.target import Target, TargetKind

AT = "2026-01-01T00:00:00+00:00"
REPOSITORY = "https://github.com/quiet-works/lantern"


def npm(name: str, version: str = "1.0.0") -> Target:
    return Target(TargetKind.NPM, name, version)


def pypi(name: str) -> Target:
    return Target(TargetKind.PYPI, name, "1.0.0")


def server_ids(engine: Engine, source: str, *found: Listing) -> list[int]:
    with engine.begin() as connection:
        connection.execute(insert_new(connection, sources).values(name=source, state={}, walk=1))
        return store_listings(connection, source, found, walk=1, at=AT)


def test_five_listings_of_one_server_are_one_row(engine: Engine) -> None:
    registry = Listing("io.github.quiet-works/lantern", repository=REPOSITORY, packages=(npm("lantern-mcp"),))
    found = [
        *server_ids(engine, "registry", registry),
        *server_ids(
            engine, "awesome", Listing("quiet-works/lantern", repository="git@github.com:Quiet-Works/Lantern.git")
        ),
        *server_ids(
            engine, "github", Listing("quiet-works/lantern", repository=f"{REPOSITORY}.git", repository_id="github:7")
        ),
        *server_ids(engine, "docker-registry", Listing("lantern", repository=f"{REPOSITORY}/tree/main")),
        *server_ids(engine, "asked", Listing("npm:lantern-mcp", packages=(npm("lantern-mcp"),))),
    ]
    assert len(set(found)) == 1
    with engine.connect() as connection:
        assert len(connection.execute(select(listings)).all()) == 5
        assert connection.execute(select(packages.c.name).order_by(packages.c.rank)).scalars().all() == [
            "lantern-mcp",
            "quiet-works/lantern",
        ]


def test_npm_and_pypi_of_one_listing_are_one_server(engine: Engine) -> None:
    both = Listing("io.github.quiet-works/lantern", packages=(npm("lantern-mcp"), pypi("lantern-mcp")))
    assert server_ids(engine, "registry", both) == server_ids(
        engine, "asked", Listing("pypi:lantern-mcp", packages=(pypi("lantern-mcp"),))
    )


def test_servers_of_a_monorepo_stay_apart(engine: Engine) -> None:
    found = server_ids(
        engine,
        "registry",
        Listing("io.github.quiet-works/lamp", repository=REPOSITORY, packages=(npm("lamp-mcp"),), repository_id="7"),
        Listing("io.github.quiet-works/wick", repository=REPOSITORY, packages=(npm("wick-mcp"),), repository_id="7"),
        Listing("io.github.quiet-works/oil", repository=REPOSITORY, subfolder="oil", repository_id="7"),
        Listing("io.github.quiet-works/far", repository=REPOSITORY, repository_id="7"),  # remote only
    )
    assert len(set(found)) == 4
    again = server_ids(
        engine,
        "registry",
        Listing(
            "io.github.quiet-works/wick", repository=REPOSITORY, packages=(npm("wick-mcp", "2.0.0"),), repository_id="7"
        ),
    )
    assert again == [found[1]]


def test_repository_that_moved_is_followed_by_its_forges_id(engine: Engine) -> None:
    before = server_ids(
        engine, "github", Listing("quiet-works/lantern", repository=REPOSITORY, repository_id="github:7")
    )
    moved = Listing("loud-works/beacon", repository="https://github.com/loud-works/beacon", repository_id="github:7")
    assert server_ids(engine, "github", moved) == before
    assert server_ids(engine, "awesome", Listing("b", repository="https://github.com/loud-works/beacon")) == before


def test_repository_made_anew_under_an_old_address_is_another_server(engine: Engine) -> None:
    old = server_ids(engine, "github", Listing("quiet-works/lantern", repository=REPOSITORY, repository_id="github:7"))
    new = server_ids(engine, "github", Listing("quiet-works/lantern", repository=REPOSITORY, repository_id="github:8"))
    assert new != old
    assert server_ids(engine, "awesome", Listing("x", repository=REPOSITORY)) == new


def test_listing_that_ties_two_servers_makes_them_one(engine: Engine) -> None:
    by_package = server_ids(engine, "asked", Listing("npm:lantern-mcp", packages=(npm("lantern-mcp"),)))
    by_place = server_ids(engine, "awesome", Listing("quiet-works/lantern", repository=REPOSITORY))
    assert by_package != by_place
    tie = Listing("io.github.quiet-works/lantern", repository=REPOSITORY, packages=(npm("lantern-mcp"),))
    assert server_ids(engine, "registry", tie) == [min(by_package + by_place)]
    with engine.connect() as connection:
        assert len(connection.execute(select(servers)).all()) == 1


def test_slug_of_a_server_that_went_into_another_is_never_given_again(engine: Engine) -> None:
    server_ids(engine, "asked", Listing("npm:lantern-mcp", packages=(npm("lantern-mcp"),)))
    server_ids(engine, "awesome", Listing("quiet-works/lantern", repository=REPOSITORY))
    server_ids(engine, "registry", Listing("io.github.q/l", repository=REPOSITORY, packages=(npm("lantern-mcp"),)))
    server_ids(engine, "asked", Listing("npm:quiet-works-lantern", packages=(npm("quiet-works-lantern"),)))
    with engine.connect() as connection:
        slugs = connection.execute(select(servers.c.slug).order_by(servers.c.id)).scalars().all()
    assert slugs[0] == "lantern-mcp"
    assert slugs[1].startswith("quiet-works-lantern-")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("https://github.com/Owner/Repo.git", "github.com/owner/repo"),
        ("git+https://github.com/o/r.git", "github.com/o/r"),
        ("git@github.com:o/r.git", "github.com/o/r"),
        ("ssh://git@host.example:22/a/b", "host.example/a/b"),
        ("github:o/r", "github.com/o/r"),
        ("https://github.com/o/r/tree/main/src/x", "github.com/o/r#src/x"),
        ("https://gitlab.com/g/s/p/-/tree/main/a", "gitlab.com/g/s/p#a"),
        ("http://www.github.com/o/r/#readme", "github.com/o/r"),
        ("https://github.com/o/r.js", "github.com/o/r.js"),
        ("https://github.com/o/r/issues", "github.com/o/r"),
        ("https://example.com", None),
        ("https://github.com/o/r/tree/main/../../x", "github.com/o/r"),
        ("just words", None),
        ("", None),
    ],
)
def test_repository_is_known_however_it_is_written(text: str, place: str | None) -> None:
    found = parse_repository(text)
    assert (found.place if found else None) == place
