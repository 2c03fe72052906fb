"""A server's policy merged into a client's file: text in, text out; whatever else stands in the file stays.

Not for files: reading, backing up and replacing them is the application's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from clients.client import Language
from clients.errors import DocumentError
from clients.merge_edits import Edit, apply_edits
from clients.merge_forms import FORMS, Form
from clients.merge_json import edit_json, read_json
from clients.merge_plan import Gone, Kept, Plan, Wanted, Wide, look_up, named
from clients.merge_toml import edit_toml, read_toml

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Merged:
    """The file's new bytes, and what a person should hear of."""

    data: bytes
    kept: tuple[Kept, ...] = ()
    wide: tuple[Wide, ...] = ()
    gone: tuple[Gone, ...] = ()


def merge_policy(
    data: bytes | None, policy: str, form_id: str, server: str, tools: Collection[str] = (), *, replace: bool = False
) -> Merged:
    """Merge a policy, as the format of that name wrote it, into a client's file; None is a file that is not there.

    `tools` are all that the policy speaks of. What a person made stricter stays, unless `replace` is set. Raises
    DocumentError.
    """
    form = FORMS[form_id]
    if (data is None or not data.removeprefix(_BOM).strip()) and form.entry is None:
        return Merged(policy.encode())
    data = data or b""
    body = data.removeprefix(_BOM)
    _check_text(body)
    held = _read(body, form) or {}
    look_up(held, (), dict)
    if form.entry is not None and look_up(held, named(form.entry, server), dict) is None:
        where = ".".join(form.entry[:-1])
        raise DocumentError(f"expected an entry {server[:60]!a} under {where}: the server is not configured here")
    wanted = Wanted(_read(policy.encode(), form), server, tuple(tools), replace)
    plans = [part.plan(held, wanted) for part in form.parts]
    edits = tuple(edit for plan in plans for edit in plan.edits)
    written = data[: len(data) - len(body)] + _edit(body, edits, form, policy) if edits else data
    if edits and _read(written.removeprefix(_BOM), form) != apply_edits(held, edits):
        raise DocumentError("expected a layout that can be changed without changing what else it says")
    return _summed(written, plans)


def _summed(data: bytes, plans: Collection[Plan]) -> Merged:
    return Merged(
        data,
        tuple(one for plan in plans for one in plan.kept),
        tuple(one for plan in plans for one in plan.wide),
        tuple(one for plan in plans for one in plan.gone),
    )


def _check_text(body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise DocumentError("expected text in UTF-8", line) from None


def _read(body: bytes, form: Form) -> Any:
    return read_toml(body) if form.language is Language.TOML else read_json(body)


def _edit(body: bytes, edits: tuple[Edit, ...], form: Form, policy: str) -> bytes:
    return edit_toml(body, edits, policy) if form.language is Language.TOML else edit_json(body, edits)
