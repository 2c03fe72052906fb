"""The `policy.json` that crosses our border: its model, its JSON Schema, and the way from recommendations and back.

Reading one that a person wrote, with the line of each fault, is in policy/reading.py.
"""

from collections.abc import Iterable
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from policy.recommendation import Decision, Recommendation, ServerPolicy, strictest
from policy.rules import APPROVAL, Condition, Guard, Limit

EVERY_TOOL = "*"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ASK = Guard((), f"{APPROVAL}.")
_AS_RENDERED = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATACLASS


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ToolRules(_Strict):
    """What stands before one tool; nothing means that it may be called."""

    require: list[Condition] | None = None
    deny_if: list[Guard] | None = None
    limits: list[Limit] | None = None


class PolicyDocument(_Strict):
    """A policy for a server's tools. What is neither listed nor hidden follows `default`; `hide` may hold `*`."""

    json_schema: str | None = Field(default=None, validation_alias="$schema", serialization_alias="$schema")
    version: Literal["1"] = "1"
    default: Literal["deny", "allow"] = "deny"
    hide: list[str] | None = None
    all_tools: ToolRules | None = None
    tools: dict[str, ToolRules]

    def hides(self, tool: str) -> bool:
        """Whether the agent does not see the tool."""
        return self.hide is not None and (tool in self.hide or EVERY_TOOL in self.hide)


def lay_out(recommendations: Iterable[Recommendation]) -> dict[str, Any]:
    """Lay recommendations out as a document, sorted by tool; of two for one tool the stricter stands."""
    chosen = strictest(recommendations)
    hidden = [one.tool for one in chosen if one.decision is Decision.HIDE]
    listed = {one.tool: _tool_rules(one) for one in chosen if one.decision in (Decision.ALLOW, Decision.ASK)}
    return {"version": "1", "default": "deny", **({"hide": hidden} if hidden else {}), "tools": listed}


def build_document(recommendations: Iterable[Recommendation], *, schema: str | None = None) -> PolicyDocument:
    """Put recommendations into one document, sorted by tool; of two for one tool the stricter stands."""
    return PolicyDocument.model_validate({"$schema": schema, **lay_out(recommendations)})


def read_rules(document: PolicyDocument, server: str, names: Iterable[str]) -> ServerPolicy:
    """Read what a document says of each tool in `names`, and of each that it lists itself.

    An unconditional guard is a decision; the others stay conditions. Rules for all tools are put before each one.
    """
    known = {*names, *document.tools, *(document.hide or ())} - {EVERY_TOOL}
    tools = tuple(_recommendation(document, tool) for tool in sorted(known))
    limits = tuple((document.all_tools and document.all_tools.limits) or ())
    return ServerPolicy(server, tools, Decision(document.default), limits)


def render_document(document: PolicyDocument) -> str:
    """Write the document as JSON text: indented, deterministic, with a newline at its end."""
    return document.model_dump_json(indent=2, exclude_none=True, ensure_ascii=False, by_alias=True) + "\n"


def write_document(recommendations: Iterable[Recommendation]) -> str:
    """Write what `render_document` does of `build_document`, without the model: a site holds a million of them."""
    return orjson.dumps(lay_out(recommendations), default=_said, option=_AS_RENDERED).decode()


def document_schema() -> dict[str, Any]:
    """Give the document's JSON Schema, as policy/policy.schema.json holds it."""
    schema = PolicyDocument.model_json_schema()
    return {"$schema": _DIALECT, **schema, "title": "Toolrisk policy"}


def _tool_rules(one: Recommendation) -> dict[str, Any]:
    guards = [*one.guards, _ASK] if one.decision is Decision.ASK else one.guards
    rules = {"require": one.require, "deny_if": guards, "limits": one.limits}
    return {key: held for key, held in rules.items() if held}


def _said(part: Condition | Guard | Limit) -> dict[str, Any]:
    return {name: held for name in part.__slots__ if (held := getattr(part, name)) is not None}


def _recommendation(document: PolicyDocument, tool: str) -> Recommendation:
    if document.hides(tool):
        return Recommendation(tool, Decision.HIDE)
    own = document.tools.get(tool)
    if own is None and document.default == "deny":
        return Recommendation(tool, Decision.DENY)
    rules = [one for one in (document.all_tools, own) if one is not None]
    guards = [guard for one in rules for guard in one.deny_if or ()]
    flat = [guard for guard in guards if not guard.conditions]
    if any(not guard.asks for guard in flat):
        return Recommendation(tool, Decision.DENY)
    return Recommendation(
        tool,
        Decision.ASK if flat else Decision.ALLOW,
        tuple(own.limits or ()) if own else (),
        require=tuple(condition for one in rules for condition in one.require or ()),
        guards=tuple(guard for guard in guards if guard.conditions),
    )
