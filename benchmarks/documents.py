"""Putting a measured table into a document, between its marks. Not for laying tables out."""

from pathlib import Path


def replace_between(path: Path, begin: str, end: str, text: str) -> None:
    """Replace what stands between two marks of a document, which may be the same; ValueError when they are missing."""
    held = path.read_text(encoding="utf-8")
    before, found, rest = held.partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"{path}: holds no place for this table, from {begin} to {end}")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
