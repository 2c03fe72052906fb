"""Files that `toolrisk policy apply` must not touch, and backups of those that it may."""

import os
import stat
from pathlib import Path

import pytest

from clients.client import Surroundings, System
from policy.errors import PolicyError
from tests.toolrisk.applied import CODEX, files_below, make_home, run, set_up, write
from toolrisk.policies.applying import Request, plan_application, write_application
from toolrisk.policies.policy_files import find_client
from toolrisk.policies.replacing import read_whole, replace_whole
from toolrisk.settings import read_settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_home(tmp_path, monkeypatch)


def refused(home: Path) -> str:
    before = files_below(home)
    result = run("--client", "claude-code", "--write")
    assert isinstance(result.exception, PolicyError)
    assert files_below(home) == before
    assert str(result.exception).isprintable()
    return str(result.exception)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"permissions": {\n "allow": ["a" "b"]}}', "line 2, column"),
        ('{"permissions": []}', "expected permissions to be an object, found a list; nothing was written"),
        ('{"x": "' + "y" * 4 * 1024 * 1024 + '"}', "is larger than 4 MB"),
        ("[" * 100_000, "levels of nesting"),
    ],
)
def test_a_file_that_cannot_be_merged_into_is_refused(home: Path, text: str, says: str) -> None:
    set_up(home, "claude-code")
    write(home / ".claude/settings.json", text)
    assert says in refused(home)


def test_links_are_refused(home: Path, tmp_path: Path) -> None:
    set_up(home, "claude-code")
    elsewhere = write(tmp_path / "elsewhere" / "settings.json", "{}")
    (home / ".claude").symlink_to(elsewhere.parent)
    assert "is behind a link that leaves" in refused(home)
    (home / ".claude").unlink()
    (home / ".claude").mkdir()
    (home / ".claude/settings.json").symlink_to(elsewhere)
    assert "is a link" in refused(home)
    elsewhere.unlink()
    assert "is a link" in refused(home)
    assert not elsewhere.exists()


def test_what_is_no_file_or_may_not_be_written_is_refused(home: Path) -> None:
    set_up(home, "claude-code")
    target = home / ".claude/settings.json"
    target.mkdir(parents=True)
    assert "is no regular file" in refused(home)
    target.rmdir()
    os.mkfifo(target)
    assert "is no regular file" in refused(home)
    target.unlink()
    write(target, "{}").chmod(0o444)
    assert "is read-only" in refused(home)
    target.unlink()
    target.parent.chmod(0o555)
    try:
        assert "nothing can be written" in refused(home)
    finally:
        target.parent.chmod(0o755)
    target.parent.rmdir()
    write(target.parent, "a file")
    refused(home)


def test_a_file_that_changes_in_the_meantime_is_left_as_it_is(home: Path) -> None:
    target = set_up(home, "codex")
    surroundings = Surroundings(System.LINUX, home, {})
    request = Request(find_client("codex"), {})
    found = plan_application(request, read_settings(), surroundings)
    target.write_text(CODEX + "[new]\n")
    with pytest.raises(PolicyError, match="was changed by somebody else"):
        write_application(found, request, surroundings)
    assert files_below(home) == {target: (CODEX + "[new]\n").encode()}


def test_a_file_that_appears_in_the_meantime_is_not_overwritten(tmp_path: Path) -> None:
    path = write(tmp_path / "x.json", "{}")
    with pytest.raises(PolicyError, match="was changed by somebody else"):
        replace_whole(path, None, b"{ }", None)
    assert path.read_bytes() == b"{}"


def test_no_backup_is_ever_lost_and_modes_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for number, text in enumerate((b"{}", b"{ }", b"{}", b"{  }")):
        path.write_bytes(text)
        path.chmod(0o640)
        replaced = replace_whole(path, read_whole(path, None), b"[%d]" % number, None)
        assert replaced.backup is not None
        assert replaced.backup.read_bytes() == text
        assert stat.S_IMODE(replaced.backup.stat().st_mode) == 0o640
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
    names = sorted(one.name for one in tmp_path.iterdir())
    assert names == ["x.json", "x.json.toolrisk-backup", "x.json.toolrisk-backup-2", "x.json.toolrisk-backup-3"]


def test_a_backup_never_follows_a_link(tmp_path: Path) -> None:
    path = write(tmp_path / "x.json", "{}")
    victim = write(tmp_path / "victim", "dear")
    (tmp_path / "x.json.toolrisk-backup").symlink_to(victim)
    replaced = replace_whole(path, b"{}", b"{ }", None)
    assert replaced.backup == tmp_path / "x.json.toolrisk-backup-2"
    assert victim.read_text() == "dear"
