"""Changes as the catalog would stream them, made from a few words."""

from dataclasses import replace
from typing import Any

from catalog.history import ToolChange
from catalog.vocabulary import Category, ChangeKind, Risk

AT = "2026-11-17T08:00:00+00:00"
SCRIPT = "</title><script>document.title='owned'</script>"
HOSTILE_NAME = f"{SCRIPT}\u202e\u0000\x1b\ufffe \u2066name"


def make_change(server: str = "paperboat-mail", tool: str = "send_mail", **told: Any) -> ToolChange:
    change = ToolChange(
        at=AT,
        server=server,
        server_name=server,
        tool=tool,
        tool_slug=tool,
        kind=ChangeKind.CHANGED,
        version_before="1.4.1",
        version="1.4.2",
        category_before=Category.WRITE,
        category=Category.WRITE,
        risk_before=Risk.MEDIUM,
        risk=Risk.MEDIUM,
        possible=None,
        description_changed=False,
        schema_changed=True,
        hints_changed=False,
        reread=False,
    )
    return replace(change, **told)


def make_addition(server: str, tool: str, **told: Any) -> ToolChange:
    before = {"category_before": None, "risk_before": None, "schema_changed": False}
    return make_change(server, tool, kind=ChangeKind.ADDED, **{**before, **told})


def make_removal(server: str, tool: str, **told: Any) -> ToolChange:
    after = {"category": None, "risk": None, "schema_changed": False}
    return make_change(server, tool, kind=ChangeKind.REMOVED, **{**after, **told})


def make_hostile_changes() -> list[ToolChange]:
    told = {"server_name": HOSTILE_NAME, "version_before": f"1{SCRIPT}", "version": "9" * 5_000}
    return [
        make_removal("hostile", HOSTILE_NAME, tool_slug="name", **told),
        make_change("hostile", "n" * 2_000, tool_slug="long-name", **told),
        make_addition("hostile", "", tool_slug="unnamed", **told),
    ]


def make_changes() -> list[ToolChange]:
    """Make what happened on the made-up catalog, newest first."""
    return [
        make_change(risk=Risk.CRITICAL, description_changed=True, at="2026-11-18T09:00:00+00:00"),
        make_removal("paperboat-mail", "forward_mail"),
        make_addition("corner-shop", "restock", category=None, risk=None, version_before="0.8.0", version="0.9.0"),
        make_change("corner-shop", "get_price", version_before=None, version=None, description_changed=True),
        make_change("moved-away", "sing", server_name="moved-away"),
        *make_hostile_changes(),
    ]
