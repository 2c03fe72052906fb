"""Format opencode: the permissions of opencode's config, where the last pattern that matches a tool decides."""

from policy.format import Format, Rendered
from policy.formats._json import to_json
from policy.formats._names import underscored
from policy.formats._settled import Client, settle
from policy.recommendation import Decision, ServerPolicy


def _is_word(tool: str) -> bool:
    # "__OC_" begins the marks that some versions put in the place of wildcards.
    return bool(tool) and underscored(tool) == tool and "__OC_" not in tool


def _known(tool: str) -> str:
    return underscored(tool).lower()  # on Windows patterns ignore case


# opencode allows what no pattern matches, so the server as a whole is denied first.
_CLIENT = Client(Decision.DENY, may_allow=_is_word, may_stop=_is_word, known_as=_known, frees=True)


def render(policy: ServerPolicy) -> Rendered:
    """Deny the server's tools, and after that name each one, as `server_tool` in opencode's spelling."""
    settled = settle(policy, _CLIENT)
    prefix = f"{underscored(policy.server)}_"
    permission = {} if settled.unlisted is Decision.ALLOW else {f"{prefix}*": "deny"}
    for tool, decision in settled.decisions.items():
        if _is_word(tool):
            permission[prefix + tool] = decision.value
    config = {"$schema": "https://opencode.ai/config.json", "permission": permission}
    return Rendered(to_json(config), settled.losses)


FORMAT = Format(
    id="opencode",
    title="opencode: permission",
    file="opencode.json",
    language="json",
    render=render,
    checked="anomalyco/opencode, permissions.mdx, permission/evaluate.ts and mcp/catalog.ts",
    notes=(
        "Put it after the patterns that are there: the last one that matches wins, an agent's own over these.",
        "The first pattern also covers servers whose names begin with this one's and `_`.",
    ),
)
