"""How a person writes what to crawl."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import TargetError
from crawler.target import Target, TargetKind, parse_target, read_targets


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("npm:left", Target(TargetKind.NPM, "left")),
        ("npm:@scope/left@1.2.3-beta.1", Target(TargetKind.NPM, "@scope/left", "1.2.3-beta.1")),
        ("pypi:A.b_c-d==2.0.1a4", Target(TargetKind.PYPI, "A.b_c-d", "2.0.1a4")),
        ("github:owner/repo", Target(TargetKind.GITHUB, "owner/repo")),
        ("github:owner/repo@v1/x#a/b/", Target(TargetKind.GITHUB, "owner/repo", "v1/x", "a/b")),
        ("git:https://user@host/x.git@main", Target(TargetKind.GIT, "https://user@host/x.git", "main")),
        ("git:git@host:o/r.git", Target(TargetKind.GIT, "git@host:o/r.git")),
        ("git:file:///srv/r.git#sub", Target(TargetKind.GIT, "file:///srv/r.git", None, "sub")),
        ("git:/srv/r@abc", Target(TargetKind.GIT, "/srv/r", "abc")),
        ("tools:dump.json", Target(TargetKind.TOOLS, "dump.json")),
        ("some/thing.tgz", Target(TargetKind.ARCHIVE, "some/thing.tgz")),
    ],
)
def test_target_is_read_and_written_back(text: str, target: Target) -> None:
    assert parse_target(text) == target
    assert parse_target(str(target)) == target


def test_existing_directory_is_a_target(tmp_path: Path) -> None:
    assert parse_target(str(tmp_path)).kind is TargetKind.DIRECTORY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        "npm:",
        "npm:../x",
        "npm:-g",
        "npm:a@file:x",
        "pypi:x>=1",
        "github:one",
        "github:a/b#../c",
        "tools:",
    ],
)
def test_anything_else_is_refused_with_the_accepted_forms(text: str) -> None:
    with pytest.raises(TargetError, match=r"accepted|inside the repository"):
        parse_target(text)


@given(st.text(max_size=60))
def test_no_text_raises_anything_but_a_target_error(text: str) -> None:
    with contextlib.suppress(TargetError):
        assert str(parse_target(text))


def test_list_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "targets.txt"
    path.write_text("# a comment\nnpm:good@1.0.0  # why\n\nbad\n")
    with pytest.raises(TargetError, match=r"targets\.txt:4"):
        read_targets(path)


def test_list_skips_comments_and_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "targets.txt"
    path.write_text("# a comment\nnpm:good@1.0.0  # why\n\ngit:/srv/r#sub\n")
    assert [str(target) for target in read_targets(path)] == ["npm:good@1.0.0", "git:/srv/r#sub"]
