"""The walk over a plain tar never says anything else than tarfile."""

import bz2
import gzip
import io
import os
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import SnapshotError
from crawler.snapshots.snapshot import Limits, read_archive
from crawler.snapshots.tar import NOT_PLAIN, AnyTar, PlainTar, Tar, open_any, open_plain

Read = tuple[list[tuple[str, str | None, bytes]], str | None]
REFUSED = (SnapshotError, tarfile.TarError, OSError, EOFError, ValueError, zlib.error)
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def all_of(tar: Tar) -> Read:
    members = []
    for member in tar.members():
        data = b""
        stream = None if member.refusal else member.open_()
        if stream is not None:
            with stream:
                while piece := stream.read(1_000):
                    data += piece
        members.append((member.path, member.refusal, data))
    for _piece in tar.rest():
        pass
    return members, tar.comment


def by_walk(data: bytes) -> Read:
    with open_plain(io.BytesIO(data)) as stream:
        return all_of(PlainTar(stream, "test"))


def by_tarfile(data: bytes) -> Read:
    with open_any(io.BytesIO(data), "test") as archive:
        return all_of(AnyTar(archive, "test"))


def tar_of(members: list[tuple[tarfile.TarInfo, bytes]], kind: int = tarfile.PAX_FORMAT, comment: str = "") -> bytes:
    file = io.BytesIO()
    headers = {"comment": comment} if comment else None
    with tarfile.open(fileobj=file, mode="w", format=kind, pax_headers=headers) as archive:
        for member, data in members:
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return file.getvalue()


def plain(name: str, data: bytes = b"x", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    for field, value in fields.items():
        setattr(member, field, value)
    return member, data


def sealed(block: bytes) -> bytes:
    """Give the header with the sum that its bytes have."""
    total = sum(block) - sum(block[148:156]) + 8 * 32
    return block[:148] + b"%06o\0 " % total + block[156:]


def patched(data: bytes, at: int, new: bytes) -> bytes:
    """Give the archive with bytes of its first header replaced, its sum made right."""
    return sealed(data[:at] + new + data[at + len(new) : 512]) + data[512:]


def read(tmp_path: Path, data: bytes, limits: Limits | None = None) -> dict[str, bytes]:
    path = tmp_path / "archive"
    path.write_bytes(data)
    return dict(read_archive(path, strip_top=False, limits=limits).files)


names = st.lists(
    st.text(st.sampled_from("abcdeé漢 .-_@\udc80"), min_size=1, max_size=120).filter(lambda name: name.strip(".")),
    min_size=1,
    max_size=4,
).map("/".join)
kinds = st.sampled_from([tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.FIFOTYPE])
trees = st.lists(st.tuples(names, kinds, st.binary(max_size=1_500), st.floats(0, 2e9)), max_size=6)


def write_tree(tree: list[tuple[str, bytes, bytes, float]], form: int, comment: str = "") -> bytes:
    members = [
        plain(name, data if kind in {tarfile.REGTYPE, tarfile.AREGTYPE} else b"", type=kind, mtime=mtime, linkname="to")
        for name, kind, data, mtime in tree
    ]
    if form == tarfile.USTAR_FORMAT:
        members = [one for one in members if len(one[0].name.encode("utf-8", "surrogateescape")) <= 99]
        for member, _data in members:
            member.mtime = int(member.mtime)
    return tar_of(members, form, comment)


@settings(max_examples=150, deadline=None)
@given(trees, st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))
def test_walk_and_tarfile_read_the_same_from_any_tree(tree: list[tuple[str, bytes, bytes, float]], form: int) -> None:
    data = write_tree(tree, form, COMMIT if form == tarfile.PAX_FORMAT and tree else "")
    try:
        assert by_walk(data) == by_walk(gzip.compress(data, 1)) == by_tarfile(data)
    except NOT_PLAIN:
        assert b"hdrcharset" in data or not data.strip(b"\0")  # names that are no UTF-8, as Python writes them


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_what_the_walk_accepts_of_a_damaged_tar_tarfile_accepts_alike(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))
    tar = bytearray(write_tree(data.draw(trees), form, COMMIT if form == tarfile.PAX_FORMAT else ""))
    for _ in range(data.draw(st.integers(1, 3))):
        block = 512 * data.draw(st.integers(0, len(tar) // 512 - 1))
        at = block + data.draw(
            st.one_of(st.sampled_from([0, 100, 107, 124, 134, 135, 136, 156, 345]), st.integers(0, 511))
        )
        new = data.draw(
            st.one_of(st.binary(min_size=1, max_size=12), st.sampled_from([b"x", b"g", b"L", b"K", b"S", b"X", b"7"]))
        )
        tar[at : at + len(new)] = new
        if data.draw(st.booleans()):
            tar[block : block + 512] = sealed(bytes(tar[block : block + 512]))
    cut = data.draw(st.one_of(st.just(len(tar)), st.integers(0, len(tar))))
    damaged = bytes(tar[:cut])
    try:
        found = by_walk(damaged)
    except NOT_PLAIN:
        return
    except SnapshotError:
        with pytest.raises(REFUSED):
            by_tarfile(damaged)
    else:
        assert found == by_tarfile(damaged)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=4), st.floats(0, 1))
def test_damaged_gzip_is_refused_by_both_or_by_neither(new: bytes, where: float) -> None:
    packed = gzip.compress(tar_of([plain(f"{number}.py", os.urandom(700)) for number in range(4)]), 1, mtime=0)
    at = int(where * len(packed))
    damaged = packed[:at] + new + packed[at + len(new) :] if new else packed[:at]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.tgz")
        path.write_bytes(damaged)
        try:
            expected = {name: data for name, refusal, data in by_tarfile(damaged)[0] if refusal is None}
        except REFUSED:
            with pytest.raises(SnapshotError):
                read_archive(path, strip_top=False)
        else:
            assert dict(read_archive(path, strip_top=False).files) == expected


def test_archive_of_git_tells_its_commit(tmp_path: Path) -> None:
    folder = tmp_path / ("d" * 90) / ("e" * 90)
    folder.mkdir(parents=True)
    (folder / ("f" * 120 + ".py")).write_bytes(b"long = 1\n")
    (tmp_path / "ünï.md").write_bytes(b"text\n")
    (tmp_path / "empty.py").touch()
    (tmp_path / "link").symlink_to("ünï.md")

    def git(*words: str) -> bytes:
        call = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words]
        return subprocess.run(call, cwd=tmp_path, check=True, capture_output=True).stdout

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "first")
    commit = git("rev-parse", "HEAD").decode().strip()
    for form in ("tar", "tar.gz"):
        data = git("archive", f"--format={form}", "--prefix=top/", "HEAD")
        assert by_walk(data) == by_tarfile(data)
        path = tmp_path / f"archive.{form}"
        path.write_bytes(data)
        snapshot = read_archive(path, strip_top=True)
        assert snapshot.comment == commit
        assert set(snapshot.files) == {f"{'d' * 90}/{'e' * 90}/{'f' * 120}.py", "ünï.md", "empty.py"}
        assert [issue.path for issue in snapshot.issues] == ["top/link"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
@pytest.mark.parametrize(
    ("comment", "expected"), [(COMMIT, COMMIT), (COMMIT * 2, None), ("é" * 40, None), ("f" * 64, "f" * 64)]
)
def test_comment_is_a_commit_or_nothing(
    tmp_path: Path, pack: Callable[[bytes], bytes], comment: str, expected: str | None
) -> None:
    path = tmp_path / "archive"
    path.write_bytes(pack(tar_of([plain("a.py")], comment=comment)))
    assert read_archive(path, strip_top=False).comment == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (tar_of([plain("n" * 300)], tarfile.GNU_FORMAT), ("n" * 300, None, b"x")),
        (tar_of([plain("n" * 300)], tarfile.PAX_FORMAT), ("n" * 300, None, b"x")),
        (tar_of([plain("d" * 90 + "/" + "n" * 60)], tarfile.USTAR_FORMAT), ("d" * 90 + "/" + "n" * 60, None, b"x")),
        (
            tar_of([plain("a", b"", linkname="l" * 300, type=b"2")], tarfile.GNU_FORMAT),
            ("a", "a link or a device", b""),
        ),
        (tar_of([plain("\udcff.py")], tarfile.GNU_FORMAT), ("\udcff.py", None, b"x")),
        (tar_of([plain("a", b"xyz", pax_headers={"size": "3"})]), ("a", None, b"xyz")),
        (tar_of([plain("./a", b"x" * 300_000)]), ("a", None, b"x" * 300_000)),
        (patched(tar_of([plain("a")], tarfile.USTAR_FORMAT), 257, bytes(8)), ("a", None, b"x")),
    ],
    ids=["gnu name", "pax name", "prefix", "gnu link", "no utf-8", "pax size", "large", "v7"],
)
def test_every_form_of_header_is_walked(data: bytes, expected: tuple[str, str | None, bytes]) -> None:
    assert by_walk(data)[0] == by_tarfile(data)[0] == [expected]


def test_old_folder_is_one_by_its_slash() -> None:
    folder = tar_of([plain("folder/", b"", type=tarfile.AREGTYPE), plain("a")], tarfile.USTAR_FORMAT)
    assert by_walk(folder)[0] == [("a", None, b"x")]


def sparse_tar() -> bytes:
    data = patched(tar_of([plain("sparse.py", b"abc")], tarfile.GNU_FORMAT), 156, tarfile.GNUTYPE_SPARSE)
    return patched(data, 386, b"%011o\0%011o\0" % (5, 3) + bytes(72) + b"\0" + b"%011o\0" % 8)


@pytest.mark.parametrize(
    ("data", "files"),
    [
        (sparse_tar(), {"sparse.py": bytes(5) + b"abc"}),
        (patched(tar_of([plain("a", b"xyz")]), 124, b"\x80" + bytes(10) + b"\x03"), {"a": b"xyz"}),
        (patched(tar_of([plain("a", b"xyz")]), 108, b"\x80" + bytes(6) + b"\x03"), {"a": b"xyz"}),
        (patched(tar_of([plain("a"), plain("b")]), 156, b"Q"), {"b": b"x"}),
        (tar_of([plain("a", pax_headers={"comment": "é"})]).replace(b"\n", b"x", 1), {"a": b"x"}),
        (bz2.compress(tar_of([plain("a")])), {"a": b"x"}),
    ],
    ids=["sparse", "size in base 256", "owner in base 256", "unknown kind", "pax line", "bzip2"],
)
def test_what_is_not_plain_is_read_by_tarfile(tmp_path: Path, data: bytes, files: dict[str, bytes]) -> None:
    with pytest.raises(NOT_PLAIN):
        by_walk(data)
    assert read(tmp_path, data) == files


def test_members_of_a_gzip_in_parts_are_all_read(tmp_path: Path) -> None:
    data = tar_of([plain(f"{number}.py") for number in range(9)])
    assert len(read(tmp_path, gzip.compress(data[:700]) + gzip.compress(data[700:]) + bytes(100))) == 9


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_damage_in_the_middle_refuses_the_whole(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    data = tar_of([plain(f"{number}.py") for number in range(9)])
    damaged = data[:2048] + b"?" + data[2049:]
    with pytest.raises(SnapshotError, match="damaged"):
        read(tmp_path, pack(damaged))


def test_missing_end_wrong_sum_and_bytes_after_the_gzip_are_refused(tmp_path: Path) -> None:
    packed = gzip.compress(tar_of([plain("a")]))
    for damaged in (packed[:-1], packed[:-8], packed[:-9], packed[:-8] + b"sums" + packed[-4:], packed + b"more"):
        with pytest.raises(SnapshotError, match=r"damaged or not one|cannot be read"):
            read(tmp_path, damaged)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K", b"X"])
def test_extended_header_has_a_limit(tmp_path: Path, kind: bytes, pack: Callable[[bytes], bytes]) -> None:
    huge = patched(tar_of([plain("a", bytes(2_000_000)), plain("b")]), 156, kind)
    with pytest.raises(SnapshotError, match=r"extended headers|unpacks"):
        read(tmp_path, pack(huge))


def test_many_extended_headers_have_one_limit_together(tmp_path: Path) -> None:
    one = patched(tar_of([plain("a", bytes(200_000))], tarfile.GNU_FORMAT), 156, b"L")[: 512 + 200_192]
    with pytest.raises(SnapshotError, match="extended headers"):
        read(tmp_path, one * 6 + tar_of([plain("a")]))


def test_folders_without_end_are_refused(tmp_path: Path) -> None:
    folder = tar_of([plain("d", b"", type=tarfile.DIRTYPE)], tarfile.USTAR_FORMAT)[:512]
    with pytest.raises(SnapshotError, match="more than 200000 folders"):
        read(tmp_path, gzip.compress(folder * 200_001, 1))


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_what_is_passed_over_counts_against_the_limits(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    limits = Limits(total_bytes=50_000)
    refused = tar_of([plain("../out", bytes(60_000)), plain("a")])
    with pytest.raises(SnapshotError, match="more than 50000 bytes"):
        read(tmp_path, pack(refused), limits)
    with pytest.raises(SnapshotError, match="more than 50000 bytes"):
        read(tmp_path, pack(tar_of([plain("a")]) + bytes(60_000)), limits)
