from pathlib import Path

import pytest

from crawler.errors import CrawlError
from crawler.sources import checkouts, dumps, list_file
from crawler.sources.folders import entries_of
from crawler.target import Target, TargetKind
from tests.crawler.sources.visiting import Visitor, listed


def write(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_line_of_a_list_is_a_server(visitor: Visitor, tmp_path: Path) -> None:
    (tmp_path / "com.example" / "folder").mkdir(parents=True)
    folder = tmp_path / "com.example" / "folder"
    text = f"# mine\nnpm:@scope/name@1.0.0\ngithub:owner/one@main#sub  # two\n\n{folder}\nnpm:@scope/name@1.0.0\n"
    pages = visitor.visit(list_file.SOURCE, str(write(tmp_path / "list.txt", text)))
    found = listed(pages)
    assert list(found) == ["npm:@scope/name@1.0.0", "github:owner/one@main#sub", f"directory:{folder}"]
    one = found["github:owner/one@main#sub"]
    assert (one.repository, one.ref, one.subfolder) == ("https://github.com/owner/one", "main", "sub")
    assert one.packages == (Target(TargetKind.GITHUB, "owner/one", "main", "sub"),)
    assert {listing.stamp for listing in found.values()} == {None}
    assert pages[-1].whole


def test_relative_folder_is_kept_as_it_is_and_claims_no_name(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "com.example" / "server" / "a.py")
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "list.txt", "com.example/server\n")
    (key, listing), *rest = listed(visitor.visit(list_file.SOURCE, "list.txt")).items()
    assert not rest
    assert key == "directory:com.example/server"
    assert listing.packages == (Target(TargetKind.DIRECTORY, "com.example/server"),)


def test_long_list_comes_in_pages(visitor: Visitor, tmp_path: Path) -> None:
    file = write(tmp_path / "list.txt", "".join(f"npm:name{number}\n" for number in range(1500)))
    pages = visitor.visit(list_file.SOURCE, str(file))
    assert [(len(page.listings), page.whole) for page in pages] == [(1000, False), (500, True)]


@pytest.mark.parametrize(
    ("text", "error"),
    [("npm:a\nnot a target\n", r"list\.txt:2: "), ("# nothing\n", "names nothing"), ("", "names nothing")],
)
def test_list_that_cannot_be_read_is_an_error(visitor: Visitor, tmp_path: Path, text: str, error: str) -> None:
    with pytest.raises(CrawlError, match=error):
        visitor.visit(list_file.SOURCE, str(write(tmp_path / "list.txt", text)))


@pytest.mark.parametrize("where", ["nowhere.txt", "a\0b", "."])
def test_list_that_is_not_there_is_an_error(visitor: Visitor, where: str) -> None:
    with pytest.raises(CrawlError, match="cannot be read"):
        visitor.visit(list_file.SOURCE, where)


def test_huge_list_is_not_read(visitor: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    with path.open("wb") as file:
        file.truncate((32 << 20) + 1)
    with pytest.raises(CrawlError, match="split it"):
        visitor.visit(list_file.SOURCE, str(path))


def test_checkouts_lie_in_the_folder_or_in_an_owners(visitor: Visitor, tmp_path: Path) -> None:
    top = tmp_path / "checkouts"
    write(top / "one" / "package.json")
    write(top / "owner" / "two" / "go.mod")
    write(top / "owner" / "three" / "go.mod")
    write(top / "fresh" / ".git" / "HEAD")
    write(top / "fresh" / "src" / "a.py")
    write(top / ".cache" / "x" / "y")
    write(top / "README.md")
    (top / "empty").mkdir()
    (top / "link").symlink_to("/")
    (top / "owner" / "link").symlink_to("/")
    pages = visitor.visit(checkouts.SOURCE, str(top))
    packages = [listing.packages for listing in listed(pages).values()]
    # A link among an owner's folders makes it a checkout: it is read as one, and links are left alone there.
    names = [str(top / name) for name in ("empty", "fresh", "one", "owner")]
    assert packages == [(Target(TargetKind.DIRECTORY, name),) for name in names]
    (top / "owner" / "link").unlink()
    names = [str(top / name) for name in ("empty", "fresh", "one", "owner/three", "owner/two")]
    found = listed(visitor.visit(checkouts.SOURCE, str(top)))
    assert [listing.packages for listing in found.values()] == [(Target(TargetKind.DIRECTORY, name),) for name in names]
    assert {listing.stamp for listing in found.values()} == {None}
    assert pages[-1].whole


def test_every_json_file_of_a_folder_is_a_dump(visitor: Visitor, tmp_path: Path) -> None:
    top = tmp_path / "dumps"
    for name in ("b.json", "a.JSON", ".hidden.json", "notes.txt"):
        write(top / name, "{}")
    (top / "folder.json").mkdir()
    (top / "link.json").symlink_to("/etc/hostname")
    pages = visitor.visit(dumps.SOURCE, str(top))
    assert [listing.packages for listing in listed(pages).values()] == [
        (Target(TargetKind.TOOLS, str(top / name)),) for name in ("a.JSON", "b.json")
    ]
    assert pages[-1].whole


@pytest.mark.parametrize("source", [checkouts.SOURCE, dumps.SOURCE], ids=lambda source: source.id)
@pytest.mark.parametrize("where", ["nowhere", "a\0b", "", None, "empty"])
def test_folder_without_servers_is_an_error(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: object, where: str | None
) -> None:
    assert source in (checkouts.SOURCE, dumps.SOURCE)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CrawlError, match=r"no such folder|there is no"):
        visitor.visit(checkouts.SOURCE if source is checkouts.SOURCE else dumps.SOURCE, where)


def test_folder_that_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CrawlError, match="cannot be read: "):
        list(entries_of(write(tmp_path / "no_folder")))
