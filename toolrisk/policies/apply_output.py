"""What `toolrisk policy apply` says: the difference as a patch, what stayed, what was lost, and what was left alone.

Secrets of a client's file are hidden in it.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from clients.merge_masking import mask_file
from policy.format import sum_up
from toolrisk.policies.applying import Application, AppliedServer, ChangedFile
from toolrisk.policies.replacing import Replaced
from toolrisk.texts import SCHEMA_VERSION, one_line

_MAX_LISTED = 8


def patch_of(file: ChangedFile, form_id: str) -> list[str]:
    """Give the difference as a unified diff, a line each, with everything outside of policies hidden."""
    before = mask_file(file.before, form_id) if file.before else ""
    after = mask_file(file.after, form_id)
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), str(file.path), f"{file.path} (with the policy)", lineterm=""
    )
    return ["".join(char if char.isprintable() or char == "\t" else "\N{REPLACEMENT CHARACTER}" for char in line)
            for line in lines]  # fmt: skip


def application_words(found: Application, written: Mapping[Path, Replaced] | None) -> Iterator[str]:
    """Say in a line each what a person should know beside the patch; `written` is None when nothing should be."""
    for problem in found.problems:
        yield one_line(problem)
    for server in found.servers:
        yield from _server_words(server, found.form.id)
    for left in found.left:
        yield one_line(f"left alone: {left.name}: {left.why}")
    changed = [one for one in found.files if one.is_changed]
    yield from (f"{found.form.id}: {note}" for note in found.form.notes if changed)
    for path, replaced in (written or {}).items():
        kept = f"; what was there is in {replaced.backup}" if replaced.backup else ""
        yield one_line(f"written: {path}{kept}")
    if found.servers and not changed:
        yield "nothing to change"
    elif changed and written is None:
        yield "nothing written; --write does it"


def _server_words(server: AppliedServer, form_id: str) -> Iterator[str]:
    for gap in server.gaps:
        yield one_line(f"{server.name}: was not read as a whole: {gap}; what is missing is not in its policy")
    if server.losses:
        yield one_line(f"{server.name}: {form_id} cannot say everything: {sum_up(server.losses)}")
    kept = [f"{one.entry} ({one.has} where {one.wanted} is recommended)" for one in server.merged.kept]
    if kept:
        yield one_line(f"{server.name}: stays as it is, being stricter: {_listed(kept)}; --replace changes that")
    for wide in server.merged.wide:
        hint = "--replace takes it out" if wide.own else "only you can take it out"
        yield one_line(f"{server.name}: {wide.entry} stays, and lets more pass than the policy; {hint}")
    gone = [f"{one.entry} ({one.had})" for one in server.merged.gone]
    if gone:
        yield one_line(f"{server.name}: counts no more, because no tool of that name is known: {_listed(gone)}")


def _listed(entries: list[str]) -> str:
    more = f" and {len(entries) - _MAX_LISTED} more" if len(entries) > _MAX_LISTED else ""
    return ", ".join(entries[:_MAX_LISTED]) + more


def application_document(found: Application, written: Mapping[Path, Replaced] | None) -> dict[str, Any]:
    """Lay out what `toolrisk policy apply --json` prints."""
    done = written or {}
    return {
        "schema_version": SCHEMA_VERSION,
        "format": found.form.id,
        "files": [
            {
                "path": str(one.path),
                "changed": one.is_changed,
                "written": one.path in done,
                "backup": str(done[one.path].backup) if one.path in done and done[one.path].backup else None,
                "diff": "\n".join(patch_of(one, found.form.id)),
            }
            for one in found.files
        ],
        "servers": [
            {
                "name": one.name,
                "file": str(one.file),
                "gaps": list(one.gaps),
                "losses": [{**asdict(loss), "says": loss.says, "looser": loss.is_looser} for loss in one.losses],
                "kept": [asdict(kept) for kept in one.merged.kept],
                "wildcards": [asdict(wide) for wide in one.merged.wide],
                "removed": [asdict(gone) for gone in one.merged.gone],
            }
            for one in found.servers
        ],
        "left_alone": [asdict(one) for one in found.left],
        "problems": list(found.problems),
        "notes": list(found.form.notes),
    }
