"""Slugs: safe on every file system, stable, never equal."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.slug import unique_slug


@given(st.lists(st.text(max_size=100), unique=True, max_size=30))
def test_names_never_share_a_slug(names: list[str]) -> None:
    taken: set[str] = set()
    for name in names:
        slug = unique_slug(name, taken)
        assert slug not in taken
        assert slug == slug.lower()
        assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
        assert 0 < len(slug.encode()) <= 150
        taken.add(slug)


def test_plain_name_is_its_own_slug() -> None:
    assert unique_slug("start_server", set()) == "start_server"


def test_reserved_names_are_not_used_as_they_are() -> None:
    assert unique_slug("con", set()) != "con"
    assert unique_slug("index", set()) != "index"


def test_forged_suffix_does_not_collide() -> None:
    taken = {"a-b"}
    first = unique_slug("a b", taken)
    taken.add(first)
    assert unique_slug(first, taken) not in taken
