"""Reading archives and folders that strangers made."""

import contextlib
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.errors import SnapshotError
from crawler.snapshots.snapshot import Limits, Snapshot, read_archive, read_directory

FILES = {"a.py": b"x = 1\n", "sub/b.js": b"// b\n", "sub/ünï.md": "é".encode()}


def write_tar(path: Path, members: list[tuple[tarfile.TarInfo, bytes]], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for member, data in members:
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def plain(name: str, data: bytes = b"x") -> tuple[tarfile.TarInfo, bytes]:
    return tarfile.TarInfo(name), data


def special(name: str, kind: bytes, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member, b""


def write_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_same_files_have_one_digest_whatever_holds_them(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    for name, data in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    wrapped = [plain(f"package/{name}", data) for name, data in FILES.items()]
    read = [
        read_directory(folder),
        read_archive(write_zip(tmp_path / "a.whl", FILES), strip_top=True),
        *(
            read_archive(write_tar(tmp_path / f"a.{suffix}", wrapped, f"w:{suffix}"), strip_top=True)
            for suffix in ("gz", "bz2", "xz", "")
        ),
    ]
    assert all(dict(snapshot.files) == FILES for snapshot in read)
    assert len({snapshot.digest for snapshot in read}) == 1


@pytest.mark.parametrize(
    "member",
    [
        plain("/etc/passwd"),
        plain("../out.py"),
        plain("a/../../out.py"),
        plain("C:/out.py"),
        plain("a\\b.py"),
        plain("a//b.py"),
        plain("/".join("d" * 50) + "/deep.py"),
        plain("x" * 2_000 + ".py"),
        special("link.py", tarfile.SYMTYPE, "/etc/passwd"),
        special("hard.py", tarfile.LNKTYPE, "good.py"),
        special("null", tarfile.CHRTYPE),
        special("pipe", tarfile.FIFOTYPE),
    ],
    ids=lambda member: member[0].name[:20],
)
def test_refused_member_is_an_issue_and_the_rest_is_read(tmp_path: Path, member: tuple[tarfile.TarInfo, bytes]) -> None:
    snapshot = read_archive(write_tar(tmp_path / "a.tgz", [member, plain("good.py", b"ok")]), strip_top=False)
    assert dict(snapshot.files) == {"good.py": b"ok"}
    assert len(snapshot.issues) == 1


def test_zip_refuses_what_a_tar_does(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("good.py", "ok")
        archive.writestr("../out.py", "x")
        link = zipfile.ZipInfo("link.py")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    snapshot = read_archive(path, strip_top=False)
    assert dict(snapshot.files) == {"good.py": b"ok"}
    assert [issue.path for issue in snapshot.issues] == ["../out.py", "link.py"]


def test_first_of_two_equal_paths_is_read(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "a.tgz", [plain("a.py", b"first"), plain("a.py", b"second")])
    snapshot = read_archive(path, strip_top=False)
    assert snapshot.files["a.py"] == b"first"
    assert snapshot.issues[0].reason.startswith("the same path again")


@pytest.mark.parametrize("write", [write_zip, lambda p, f: write_tar(p, [plain(n, d) for n, d in f.items()])])
def test_bomb_stops_at_the_limit(tmp_path: Path, write: Callable[[Path, dict[str, bytes]], Path]) -> None:
    path = write(tmp_path / "bomb", {f"{n}.py": b"\0" * 4_000_000 for n in range(3)})
    with pytest.raises(SnapshotError, match="200 times its size"):
        read_archive(path, strip_top=False)


def test_limits_on_count_and_total_size_hold(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "a.tgz", [plain(f"{n}.py", b"x" * 100) for n in range(20)])
    with pytest.raises(SnapshotError, match="more than 19 files"):
        read_archive(path, strip_top=False, limits=Limits(files=19))
    with pytest.raises(SnapshotError, match="more than 1999 bytes"):
        read_archive(path, strip_top=False, limits=Limits(total_bytes=1_999))


def test_file_over_the_limit_is_an_issue_and_binaries_are_not_kept(tmp_path: Path) -> None:
    files = {"big.js": b"x" * 200, "logo.png": b"\x89PNG", "small.js": b"ok"}
    snapshot = read_archive(write_zip(tmp_path / "a.zip", files), strip_top=False, limits=Limits(file_bytes=100))
    assert list(snapshot.files) == ["small.js"]
    assert [(issue.path, issue.reason) for issue in snapshot.issues] == [("big.js", "larger than 100 bytes, not read")]


def test_folder_links_are_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("secret")
    inside = tmp_path / "inside"
    (inside / "node_modules" / "dep").mkdir(parents=True)
    (inside / "node_modules" / "dep" / "x.js").write_text("x")
    (inside / "a.py").write_text("ok")
    (inside / "loop").symlink_to(inside)
    (inside / "out").symlink_to(outside)
    (inside / "file.py").symlink_to(outside / "secret.py")
    snapshot = read_directory(inside)
    assert list(snapshot.files) == ["a.py"]
    assert {issue.path for issue in snapshot.issues} == {"loop", "out", "file.py"}


@pytest.mark.parametrize("kind", ["truncated", "flipped", "empty", "text", "absent"])
def test_damaged_archive_is_one_clear_error(tmp_path: Path, kind: str) -> None:
    path = write_tar(tmp_path / "a.tgz", [plain(f"{n}.py", bytes(range(256)) * 40) for n in range(30)])
    data = bytearray(path.read_bytes())
    if kind == "truncated":
        data = data[: len(data) // 2]
    elif kind == "flipped":
        data[len(data) // 2 :] = bytes(byte ^ 0xFF for byte in data[len(data) // 2 :])
    elif kind == "empty":
        data = bytearray()
    elif kind == "text":
        data = bytearray(b"this is no archive\n" * 100)
    path.write_bytes(data)
    if kind == "absent":
        path.unlink()
    with pytest.raises(SnapshotError) as caught:
        read_archive(path, strip_top=False)
    assert "\n" not in str(caught.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.binary(max_size=2_000), prefix=st.sampled_from([b"", b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"BZh9"]))
def test_random_bytes_are_a_snapshot_or_an_error(tmp_path: Path, data: bytes, prefix: bytes) -> None:
    path = tmp_path / "random"
    path.write_bytes(prefix + data)
    with contextlib.suppress(SnapshotError):
        assert isinstance(read_archive(path, strip_top=True), Snapshot)
