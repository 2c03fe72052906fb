"""Fetching through the ecosystems' own clients, against a registry on loopback."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from crawler.errors import ClientError, ClientMissingError, FetchError
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.fetching import FetchSetting, fetch_targets
from crawler.fetched import Fetched
from crawler.recovery.recover import recover
from crawler.target import Target, TargetKind, parse_target
from tests.loopback_registry import LoopbackRegistry

needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


def fetch(cache: ArchiveCache, *texts: str) -> dict[str, Fetched | FetchError]:
    return {
        str(target): result for target, result in fetch_targets([parse_target(t) for t in texts], FetchSetting(cache))
    }


@needs_npm
def test_one_bad_npm_name_does_not_cost_the_others(registry: LoopbackRegistry, cache: ArchiveCache) -> None:
    for name in ("one", "two", "@scope/three"):
        registry.add_npm(name, "1.0.0", {"index.js": "// nothing\n"})
    found = fetch(cache, "npm:one@1.0.0", "npm:absent@1.0.0", "npm:two", "npm:@scope/three@1.0.0", "npm:two@9.9.9")
    assert {name for name, result in found.items() if isinstance(result, Fetched)} == {
        "npm:one@1.0.0",
        "npm:two",
        "npm:@scope/three@1.0.0",
    }
    assert "no such package" in str(found["npm:absent@1.0.0"])
    assert "no such version" in str(found["npm:two@9.9.9"])


@needs_npm
def test_second_fetch_of_a_version_asks_the_registry_nothing(registry: LoopbackRegistry, cache: ArchiveCache) -> None:
    registry.add_npm("one", "1.0.0", {"index.js": "// nothing\n"})
    registry.add_wheel("two", "1.0.0", {"two/__init__.py": ""})
    fetch(cache, "npm:one@1.0.0", "pypi:two==1.0.0")
    asked = len(registry.asked)
    again = fetch(cache, "npm:one@1.0.0", "pypi:two==1.0.0")
    assert all(isinstance(result, Fetched) for result in again.values())
    assert len(registry.asked) == asked


@needs_npm
def test_lifecycle_scripts_do_not_run(registry: LoopbackRegistry, cache: ArchiveCache, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    scripts = dict.fromkeys(("preinstall", "install", "prepare", "prepack", "postpack"), f"touch {marker}")
    manifest = json.dumps({"name": "armed", "version": "1.0.0", "scripts": scripts})
    registry.add_npm("armed", "1.0.0", {"package.json": manifest})
    assert isinstance(fetch(cache, "npm:armed@1.0.0")["npm:armed@1.0.0"], Fetched)
    assert not marker.exists()


def test_damaged_cache_entry_is_fetched_again(registry: LoopbackRegistry, cache: ArchiveCache) -> None:
    registry.add_wheel("two", "1.0.0", {"two/__init__.py": "x = 1\n"})
    first = fetch(cache, "pypi:two==1.0.0")["pypi:two==1.0.0"]
    assert isinstance(first, Fetched)
    first.path.write_bytes(b"damaged")
    second = fetch(cache, "pypi:two==1.0.0")["pypi:two==1.0.0"]
    assert isinstance(second, Fetched)
    assert recover(second) is not None


def test_one_bad_pypi_name_does_not_cost_the_others(registry: LoopbackRegistry, cache: ArchiveCache) -> None:
    registry.add_wheel("one", "1.0.0", {"one.py": ""})
    registry.add_wheel("two-three", "2.0", {"two_three.py": ""})
    found = fetch(cache, "pypi:one==1.0.0", "pypi:absent==1.0", "pypi:two.three")
    assert isinstance(found["pypi:one==1.0.0"], Fetched)
    assert "no such package" in str(found["pypi:absent==1.0"])
    third = found["pypi:two.three"]
    assert isinstance(third, Fetched)
    assert third.version == "2.0"


def test_sdist_is_unpacked_and_never_built(registry: LoopbackRegistry, cache: ArchiveCache, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    setup = f"import pathlib, setuptools\npathlib.Path({str(marker)!r}).touch()\nsetuptools.setup()\n"
    tool = (
        "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\n\n@mcp.tool()\ndef look() -> str:\n    'Look.'\n"
    )
    registry.add_sdist("only-source", "1.0", {"setup.py": setup, "only_source.py": tool})
    fetched = fetch(cache, "pypi:only-source==1.0")["pypi:only-source==1.0"]
    assert isinstance(fetched, Fetched)
    recovered = recover(fetched)
    assert recovered is not None
    assert [definition.name for definition in recovered.extraction.definitions] == ["look"]
    assert not marker.exists()


def test_registry_out_of_reach_is_said_once_for_all(
    registry: LoopbackRegistry, cache: ArchiveCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    found = fetch(cache, "pypi:one==1.0.0", "pypi:two==1.0.0")
    assert all(isinstance(result, ClientError) for result in found.values())
    assert len({str(result) for result in found.values()}) == 1
    assert registry.asked == []


def test_without_npm_its_targets_are_told_so(
    registry: LoopbackRegistry, cache: ArchiveCache, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    registry.add_wheel("one", "1.0.0", {"one.py": ""})
    monkeypatch.setenv("PATH", str(tmp_path))
    found = fetch(cache, "npm:left@1.0.0", "pypi:one==1.0.0")
    assert isinstance(found["npm:left@1.0.0"], ClientMissingError)
    assert isinstance(found["pypi:one==1.0.0"], Fetched)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "server.py").write_text("VERSION = '$Format:%H$'\n")
    (folder / ".gitattributes").write_text("sub export-ignore\nsub/server.py export-subst\n")
    run_git(folder, "init", "--quiet", "--initial-branch=main")
    run_git(folder, "add", ".")
    run_git(folder, "commit", "--quiet", "--message=first")
    run_git(folder, "tag", "--annotate", "v1", "--message=one")
    return folder


def run_git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("ref", ["", "@main", "@v1", "@commit"])
def test_git_gives_every_file_of_the_commit_as_it_is(repository: Path, cache: ArchiveCache, ref: str) -> None:
    commit = run_git(repository, "rev-parse", "HEAD")
    text = f"git:{repository}{ref.replace('commit', commit)}"
    fetched = fetch(cache, text)[text]
    assert isinstance(fetched, Fetched)
    assert fetched.commit == commit
    from_git = recover(fetched)
    (repository / ".git").rename(repository.parent / "elsewhere")
    from_folder = recover(Fetched(Target(parse_target(str(repository)).kind, str(repository)), repository))
    assert from_git is not None
    assert from_folder is not None
    assert from_git.digest == from_folder.digest


def test_partial_clone_is_read_and_what_it_lacks_is_named(repository: Path, cache: ArchiveCache) -> None:
    blob = run_git(repository, "rev-parse", "HEAD:sub/server.py")
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    text = f"git:{repository}"
    for _ in range(2):  # the second time from the cache's point of view too
        fetched = fetch(cache, text)[text]
        assert isinstance(fetched, Fetched)
        recovered = recover(fetched)
        assert recovered is not None
        assert [issue.path for issue in recovered.extraction.issues] == ["sub/server.py"]


def test_missing_repository_and_branch_are_named(repository: Path, cache: ArchiveCache, tmp_path: Path) -> None:
    absent, branch = f"git:{tmp_path / 'absent'}", f"git:{repository}@gone"
    found = fetch(cache, absent, branch)
    assert "no such repository" in str(found[absent])
    assert "no branch or tag gone" in str(found[branch])


def test_ranges_of_one_package_that_mean_the_same_wheel_are_all_had(
    registry: LoopbackRegistry, cache: ArchiveCache
) -> None:
    registry.add_wheel("core", "1.4.0", {"core.py": ""})
    ranges = [Target(TargetKind.PYPI, "core", version) for version in (">=1.0", ">=1.2", "<2", None)]
    found = dict(fetch_targets(ranges, FetchSetting(cache)))
    assert {one.version for one in found.values() if isinstance(one, Fetched)} == {"1.4.0"}
    assert len(found) == 4
