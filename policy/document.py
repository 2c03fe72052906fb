"""The `policy.json` that crosses our border: its model, its JSON Schema, and how it is written and read."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from policy.errors import PolicyError
from policy.recommend import Decision, Recommendation, Window

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ON_APPROVAL = "Requires human approval."


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LimitRule(_Strict):
    """At most `max` calls, or that much of an argument, in a window."""

    counter: str
    window: Window
    max: Annotated[int, Field(ge=0)]
    scope: str = "grant"


class Condition(_Strict):
    """A test on one argument of the call."""

    path: str
    op: str
    value: Any = None


class DenyRule(_Strict):
    """Deny when all conditions hold; with none, always, and say `on_deny`."""

    conditions: list[Condition]
    on_deny: str | None = None


class ToolRules(_Strict):
    """What stands before one tool; nothing means that it may be called."""

    require: list[Condition] | None = None
    deny_if: list[DenyRule] | None = None
    limits: list[LimitRule] | None = None


class PolicyDocument(_Strict):
    """A policy for a server's tools. What is neither listed nor hidden follows `default`."""

    version: Literal["1"] = "1"
    default: Literal["deny", "allow"] = "deny"
    hide: list[str] | None = None
    all_tools: ToolRules | None = None
    tools: dict[str, ToolRules]


def build_document(recommendations: Iterable[Recommendation]) -> PolicyDocument:
    """Put recommendations into one document, sorted by tool; of two for one tool the stricter stands."""
    chosen: dict[str, Recommendation] = {}
    strictness = list(Decision)
    for recommendation in recommendations:
        known = chosen.get(recommendation.tool)
        if known is None or strictness.index(recommendation.decision) > strictness.index(known.decision):
            chosen[recommendation.tool] = recommendation
    hidden = sorted(tool for tool, one in chosen.items() if one.decision is Decision.HIDE)
    listed = {
        tool: _tool_rules(chosen[tool])
        for tool in sorted(chosen)
        if chosen[tool].decision in (Decision.ALLOW, Decision.ASK)
    }
    return PolicyDocument(hide=hidden or None, tools=listed)


def render_document(document: PolicyDocument) -> str:
    """Write the document as JSON text: indented, deterministic, with a newline at its end."""
    return document.model_dump_json(indent=2, exclude_none=True, ensure_ascii=False) + "\n"


def parse_document(text: str | bytes) -> PolicyDocument:
    """Read a policy document. Raises PolicyError, one line saying where and what was expected."""
    try:
        return PolicyDocument.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        raise PolicyError(f"{where}: {first['msg']}") from error


def document_schema() -> dict[str, Any]:
    """Give the document's JSON Schema, as policy/policy.schema.json holds it."""
    schema = PolicyDocument.model_json_schema()
    return {"$schema": _DIALECT, "title": "Toolrisk policy", **schema}


def _tool_rules(recommendation: Recommendation) -> ToolRules:
    if recommendation.decision is Decision.ASK:
        return ToolRules(deny_if=[DenyRule(conditions=[], on_deny=_ON_APPROVAL)])
    limits = [
        LimitRule(counter=limit.counter, window=limit.window, max=limit.max, scope=limit.scope)
        for limit in recommendation.limits
    ]
    return ToolRules(limits=limits or None)
