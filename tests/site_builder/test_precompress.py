"""A gzip file beside every text, for hosts that send those: of the same content, and the same bytes each time."""

import gzip
from pathlib import Path

from site_builder.output import OutputFolder
from tests.site_builder.building import build_list, read_all, write_files
from tests.site_builder.catalog_factory import make_shop

FILES = {"index.html": b"<p>home", "servers/a/index.html": b"<p>a"}


def counts(folder: OutputFolder) -> tuple[int, int, int]:
    return folder.written, folder.unchanged, folder.removed


def test_precompressed_text_has_its_copy_beside_it_that_is_the_same_each_time(tmp_path: Path) -> None:
    texts = {
        **FILES,
        "b.svg": b"<svg/>",
        "c.css": b"p {}",
        "d.js": b"''",
        "e.json": b"{}",
        "f.xml": b"<a/>",
        "g.txt": b"",
    }
    files = {**texts, "h.png": b"\x89PNG", ".nojekyll": b"", "i.jsonl.zst": b"\x28"}
    assert write_files(tmp_path / "one", files, precompress=True).written == len(files) + len(texts)
    write_files(tmp_path / "two", files, precompress=True)
    made = read_all(tmp_path / "one")
    assert made == read_all(tmp_path / "two")
    assert made.keys() == files.keys() | {f"{path}.gz" for path in texts}
    assert all(gzip.decompress(made[f"{path}.gz"]) == content for path, content in texts.items())
    assert counts(write_files(tmp_path / "one", files, precompress=True)) == (0, len(made), 0)
    assert counts(write_files(tmp_path / "one", files)) == (0, len(files), len(texts))
    assert read_all(tmp_path / "one") == files


def test_precompressed_site_has_a_copy_of_every_text_and_is_else_the_same(tmp_path: Path) -> None:
    build_list(tmp_path / "plain", [make_shop()])
    build_list(tmp_path / "packed", [make_shop()], precompress=True)
    plain, packed = read_all(tmp_path / "plain"), read_all(tmp_path / "packed")
    copies = {path for path in packed if path.endswith(".gz")} - plain.keys()
    assert {path: content for path, content in packed.items() if path not in copies} == plain
    texts = {path for path in plain if path.endswith((".html", ".json", ".xml", ".svg", ".css", ".js", ".txt"))}
    assert copies == {f"{path}.gz" for path in texts}
    assert all(gzip.decompress(packed[path]) == plain[path.removesuffix(".gz")] for path in copies)
