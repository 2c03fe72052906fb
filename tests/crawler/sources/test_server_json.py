from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.listing import Listing
from crawler.sources.server_json import read_server_json
from crawler.target import Target, TargetKind

DIGEST = "A" * 64
ADDRESS = "https://files.example.com/server.mcpb"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


def read(**about: Any) -> Listing:
    found = read_server_json({"name": "com.example/server", "version": "1.0.0", **about})
    assert isinstance(found, Listing)
    return found


def package(kind: object, identifier: object, version: object = None, **about: Any) -> dict[str, Any]:
    return {"registryType": kind, "identifier": identifier, "version": version, **about}


@pytest.mark.parametrize(
    ("given_package", "target"),
    [
        (package("npm", "@scope/name", "1.2.3"), Target(TargetKind.NPM, "@scope/name", "1.2.3")),
        (package("pypi", "some-name", "0.1.0"), Target(TargetKind.PYPI, "some-name", "0.1.0")),
        (package("pypi", "some-name"), Target(TargetKind.PYPI, "some-name")),
        (package("mcpb", ADDRESS, fileSha256=DIGEST), Target(TargetKind.URL, ADDRESS, DIGEST.lower())),
        (package("mcpb", ADDRESS, fileSha256="short"), Target(TargetKind.URL, ADDRESS)),
        (
            package("npm", "name", "1.0.0", registryBaseUrl="https://registry.npmjs.test"),
            Target(TargetKind.NPM, "name", "1.0.0"),
        ),
    ],
)
def test_package_that_can_be_fetched_is_a_target(given_package: dict[str, Any], target: Target) -> None:
    assert read(packages=[given_package]).packages == (target,)


@pytest.mark.parametrize(
    ("given_package", "place"),
    [
        (package("oci", "images.example.com/a/b:1.0"), "oci:images.example.com/a/b:1.0"),
        (package("oci", "images.example.com/a/b", "1.0"), "oci:images.example.com/a/b:1.0"),
        (package("nuget", "Some.Name", "2.0.0"), "nuget:Some.Name@2.0.0"),
        (package("cargo", "some-name", "2.0.0"), "cargo:some-name@2.0.0"),
        (package("mcpb", "http://files.example.com/server.mcpb"), "mcpb:http://files.example.com/server.mcpb"),
        (package("mcpb", "https://files.example.com/page"), "mcpb:https://files.example.com/page"),
        (package("npm", "-option", "1.0.0"), "npm:-option@1.0.0"),
        (package("npm", "name", "1.0.0", registryBaseUrl="https://npm.example.com"), "npm:name@1.0.0"),
        (package("npm", "name", "1.0.0", registryBaseUrl=["x"]), "npm:name@1.0.0"),
    ],
)
def test_package_that_cannot_be_fetched_is_elsewhere(given_package: dict[str, Any], place: str) -> None:
    listing = read(packages=[given_package])
    assert listing.packages == ()
    assert listing.elsewhere == (place,)


@pytest.mark.parametrize("odd", [{}, 1, "x", [], None, package(1, "a"), package("npm", None), package("npm", "a b")])
def test_package_that_is_none_is_passed_over(odd: object) -> None:
    listing = read(packages=[odd, package("npm", "name", "1.0.0")])
    assert (len(listing.packages), listing.elsewhere) == (1, ())


def test_addresses_of_remotes_are_elsewhere() -> None:
    remotes = [{"type": "sse", "url": "https://a.example.com/{tenant}/sse"}, {"url": 7}, "x", {"url": "two words"}]
    assert read(remotes=remotes).elsewhere == ("https://a.example.com/{tenant}/sse",)


def test_repository_is_taken_with_its_forges_id_and_folder() -> None:
    repository = {"url": "https://github.com/a/b", "source": "github", "id": "42", "subfolder": "servers/c"}
    listing = read(repository=repository)
    assert (listing.repository, listing.repository_id, listing.subfolder) == (
        "https://github.com/a/b",
        "github:42",
        "servers/c",
    )


@pytest.mark.parametrize(
    "repository", [None, [], "https://github.com/a/b", {"url": 1, "id": "42"}, {"url": "", "id": "42"}]
)
def test_repository_of_another_type_is_none(repository: object) -> None:
    listing = read(repository=repository)
    assert (listing.repository, listing.repository_id) == (None, None)


@pytest.mark.parametrize(
    "name",
    [None, 7, "", "noslash", "two/slashes/here", "blank name/x", "com.example/" + "x" * 200, "com.example/ü", "a/b\n"],
)
def test_name_of_another_form_is_a_problem(name: object) -> None:
    found = read_server_json({"name": name})
    assert isinstance(found, str)
    assert "not a server's name" in found
    assert len(found) < 200


def test_stamp_follows_what_is_fetched_and_nothing_else() -> None:
    usual = read(packages=[package("npm", "name", "1.0.0")])
    assert read(packages=[package("npm", "name", "1.0.0")], description="Other words", title="T").stamp == usual.stamp
    assert read(packages=[package("npm", "name", "1.0.1")]).stamp != usual.stamp
    assert read(packages=[package("npm", "name", "1.0.0")], version="2.0.0").stamp != usual.stamp
    assert read(repository={"url": "https://github.com/a/b"}).stamp != read().stamp


def test_long_and_odd_words_are_cut_and_cleaned() -> None:
    listing = read(title="a\x00b\u202e  c\n" * 200, description="d " * 5000)
    assert listing.title is not None
    assert listing.title.startswith("ab c ab c")
    assert len(listing.title) <= 200
    assert len(listing.description or "") <= 500


def test_thousands_of_packages_are_not_all_kept() -> None:
    many = [package("npm", f"name{number}", "1.0.0") for number in range(5000)]
    assert len(read(packages=many).packages) == 50


@given(json_values, json_values, json_values)
def test_no_json_is_a_crash(packages: object, repository: object, rest: object) -> None:
    about = rest if isinstance(rest, dict) else {}
    server = {**about, "name": "com.example/server", "packages": packages, "repository": repository, "remotes": rest}
    assert isinstance(read_server_json(server), Listing)
    assert isinstance(read_server_json(rest), Listing | str)
