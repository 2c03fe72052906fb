"""Format toolhive: authz.yaml with Cedar statements; ToolHive denies what no statement permits, and asks nobody.

It shows a call's arguments as `context.arg_<name>`, of lists, objects and null only that they are there, and of
numbers four decimal places.
"""

import yaml

from policy.format import Format, Loss, Rendered, limits_dropped
from policy.formats._cedar import Shown, View, decimal, express, quote
from policy.formats._surrogates import is_sayable
from policy.recommendation import Decision, Recommendation, ServerPolicy

_HIDDEN = "_present"  # how ToolHive marks an argument that it does not show
_SCOPE = 'principal, action == Action::"call_tool", resource'
_NONE = f"forbid({_SCOPE});"  # ToolHive refuses a list without statements


def render(policy: ServerPolicy) -> Rendered:
    """Permit what is allowed, forbid the rest by name."""
    statements: list[str] = []
    losses = [Loss("", "limits", "dropped")] if policy.limits else []
    opens = policy.default is Decision.ALLOW
    if opens and not all(is_sayable(one.tool) for one in policy.tools):
        losses.append(Loss("", "default", "deny"))
        opens = False
    if opens:
        statements.append(_open(policy))
    for one in policy.tools:
        statement, lost = _state(one)
        statements += [statement] if statement else []
        losses += lost
    document = {
        "version": "1.0",
        "type": "cedarv1",
        "cedar": {"policies": statements or [_NONE], "entities_json": "[]"},
    }
    text: str = yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False, width=2**31 - 1)
    return Rendered(text, tuple(losses))


def _open(policy: ServerPolicy) -> str:
    """Permit every tool but the policy's own: a condition stands in a tool's own statement, where it fails closed."""
    if not policy.tools:
        return f"permit({_SCOPE});"
    own = ", ".join(f"Tool::{quote(one.tool)}" for one in policy.tools)
    return f"permit({_SCOPE}) unless {{ [{own}].contains(resource) }};"


def _state(one: Recommendation) -> tuple[str, list[Loss]]:
    if not is_sayable(one.tool):
        return "", [Loss(one.tool, "name", "deny")]
    scope = f"{_SCOPE} == Tool::{quote(one.tool)}"
    forbid = f"forbid({scope});"
    if one.decision in (Decision.DENY, Decision.HIDE):
        return forbid, []
    if one.decision is Decision.ASK:
        return forbid, [Loss(one.tool, "ask", "deny")]
    when = express(one, _VIEW)
    if when is None:
        return forbid, [Loss(one.tool, "conditions", "deny")]
    losses = [Loss(one.tool, "ask", "deny")] if any(guard.asks for guard in one.guards) else []
    permit = f"permit({scope}) when {{ {when} }};" if when else f"permit({scope});"
    return permit, losses + limits_dropped([one])


def _find(steps: list[str]) -> Shown | None:
    if len(steps) != 1 or steps[0].endswith(_HIDDEN):
        return None
    name = quote(f"arg_{steps[0]}")
    return Shown(f"context has {name}", f"context[{name}]", f"context has {quote(f'arg_{steps[0]}{_HIDDEN}')}")


_VIEW = View(_find, decimal, drops=True)

FORMAT = Format(
    id="toolhive",
    title="ToolHive: Cedar",
    file="authz.yaml, for `thv run --authz-config`",
    language="yaml",
    render=render,
    checked="stacklok/toolhive pkg/authz, docs/authz.md",
    notes=(
        "Prompts and resources of the server are denied too until you permit them.",
        "A tool that must have an argument is not in `tools/list`: ToolHive asks for its list without arguments.",
        "Numbers are compared as ToolHive shows them, cut off after four decimal places.",
        "One file is for one server; the server's name is not in it.",
    ),
)
