"""Findings that a person has accepted one by one, with a reason and, if they like, a day on which that ends.

Not for accepting everything at once: that is baseline.py.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from toolrisk.scan.finding import Finding

USUAL_FILE = ".toolrisk-ignore.toml"
_MAX_BYTES = 4 * 1024 * 1024
_KEYS = {"id", "reason", "expires"}


class IgnoreError(ValueError):
    """A list of ignored findings cannot be used; the message says where and what was expected."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """One finding that is ignored until the end of a day."""

    id: str
    reason: str
    expires: date | None = None


def read_ignored(path: Path) -> tuple[Ignored, ...]:
    """Read a list of ignored findings. Raises IgnoreError."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise IgnoreError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        document = tomllib.loads(data[:_MAX_BYTES].decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "expected text in UTF-8"
        raise IgnoreError(f"{path}: not TOML: {reason}") from None
    entries = document.get("ignore", [])
    if not isinstance(entries, list) or set(document) - {"ignore"}:
        raise IgnoreError(f"{path}: expected entries of the form [[ignore]] and nothing else")
    return tuple(_read_entry(path, number, entry) for number, entry in enumerate(entries, start=1))


def ignore(
    findings: Iterable[Finding], ignored: Sequence[Ignored], today: date
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Mark the findings that are ignored, and say which entries have expired."""
    valid = {one.id: one.reason for one in ignored if one.expires is None or today <= one.expires}
    marked = tuple(replace(one, ignored=valid.get(one.id)) for one in findings)
    notes = [
        f"{one.id} is no longer ignored: its entry expired on {one.expires} ({one.reason})"
        for one in ignored
        if one.id not in valid
    ]
    return marked, tuple(dict.fromkeys(notes))


def _read_entry(path: Path, number: int, entry: Any) -> Ignored:
    where = f"{path}: entry {number}"
    if not isinstance(entry, dict) or set(entry) - _KEYS:
        raise IgnoreError(f"{where}: expected id, reason and perhaps expires, and nothing else")
    id_, reason, expires = entry.get("id"), entry.get("reason"), entry.get("expires")
    if not isinstance(id_, str) or not id_:
        raise IgnoreError(f"{where}: expected id, the id of a finding as text")
    if not isinstance(reason, str) or not reason.strip():
        raise IgnoreError(f"{where} ({id_}): expected reason, a sentence that says why it is ignored")
    if isinstance(expires, str):
        try:
            expires = date.fromisoformat(expires)
        except ValueError:
            raise IgnoreError(f"{where} ({id_}): expected expires to be a day such as 2027-01-31") from None
    if isinstance(expires, datetime):
        expires = expires.date()
    if expires is not None and not isinstance(expires, date):
        raise IgnoreError(f"{where} ({id_}): expected expires to be a day such as 2027-01-31")
    return Ignored(id_, reason.strip(), expires)
