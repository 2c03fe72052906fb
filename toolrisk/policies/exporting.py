"""What `toolrisk policy` prints: a server's policy in a format, and what the format could not say."""

import difflib
from dataclasses import asdict
from typing import Any

from policy.document import render_document
from policy.errors import PolicyError
from policy.format import Format, Rendered, sum_up, write_policy
from policy.formats import FORMATS
from toolrisk.policies.source import Sourced
from toolrisk.texts import SCHEMA_VERSION

OURS = "policy-json"
_BY_ID = {one.id: one for one in FORMATS}


def find_format(wanted: str) -> Format | None:
    """Find a format by its id; None is our own document. Raises PolicyError, naming the nearest."""
    if wanted == OURS:
        return None
    if wanted not in _BY_ID:
        near = difflib.get_close_matches(wanted, [OURS, *_BY_ID], n=3, cutoff=0.4)
        hint = f"did you mean {', '.join(near)}?" if near else "`toolrisk policy formats` lists them"
        raise PolicyError(f"{wanted}: no such format; {hint}")
    return _BY_ID[wanted]


def write_sourced(sourced: Sourced, chosen: Format | None) -> Rendered:
    """Write a policy in a format, or as our own document, which says everything."""
    if chosen is None:
        return Rendered(render_document(sourced.document))
    return write_policy(chosen, sourced.policy)


def remarks(sourced: Sourced, chosen: Format | None, rendered: Rendered) -> list[str]:
    """Say in a line each what a person should know who pastes the text."""
    found = [sourced.unknown] if sourced.unknown else []
    if chosen is not None:
        if not sourced.named:
            found.append(f"the server is called {sourced.policy.server} here; --server-name gives it your name for it")
        if rendered.losses:
            found.append(f"{chosen.id} cannot say everything: {sum_up(rendered.losses)}; --json names the tools")
        if chosen.checked is None:
            found.append(f"{chosen.id} is unverified: its form was not checked against its target's documentation")
        found += [f"goes into: {chosen.file}", *chosen.notes]
    return found + [f"weak: {weakness.says}" for weakness in sourced.weak]


def policy_document(sourced: Sourced, chosen: Format | None, rendered: Rendered) -> dict[str, Any]:
    """Lay out what `toolrisk policy --json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "server_name": sourced.policy.server,
        "format": chosen.id if chosen else OURS,
        "file": chosen.file if chosen else "policy.json",
        "verified": chosen is None or chosen.checked is not None,
        "text": rendered.text,
        "losses": [{**asdict(loss), "says": loss.says, "looser": loss.is_looser} for loss in rendered.losses],
        "notes": list(chosen.notes) if chosen else [],
        "unknown": sourced.unknown,
        "weaknesses": [{**asdict(weakness), "says": weakness.says} for weakness in sourced.weak],
        "tools": {
            one.tool: {"decision": one.decision, "reasons": list(sourced.reasons.get(one.tool, ()))}
            for one in sourced.policy.tools
        },
    }


def formats_document() -> dict[str, Any]:
    """Lay out what `toolrisk policy formats --json` prints."""
    rows = [
        {"id": one.id, "title": one.title, "file": one.file, "language": one.language, "checked": one.checked}
        for one in FORMATS
    ]
    return {"schema_version": SCHEMA_VERSION, "formats": rows}
