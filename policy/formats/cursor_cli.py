"""Format cursor-cli: permission tokens of Cursor's command line, which allow and deny; whatever else asks."""

from policy.format import Format, Rendered
from policy.formats._json import to_json
from policy.formats._names import check_server, is_plain
from policy.formats._settled import Client, settle
from policy.recommendation import Decision, ServerPolicy

# Both halves of a token are globs, so a name with such characters is left out.
_CLIENT = Client(Decision.ASK, may_allow=is_plain, may_stop=is_plain)


def render(policy: ServerPolicy) -> Rendered:
    """Write one `Mcp(server:tool)` for each tool that is allowed or denied."""
    check_server(policy.server, "[A-Za-z0-9_.-]+", 'Cursor reads "Mcp(server:tool)" with wildcards')
    settled = settle(policy, _CLIENT)
    rules = {
        decision.value: [f"Mcp({policy.server}:{tool})" for tool in settled.tools(decision) if is_plain(tool)]
        for decision in (Decision.ALLOW, Decision.DENY)
    }
    return Rendered(to_json({"permissions": rules}), settled.losses)


FORMAT = Format(
    id="cursor-cli",
    title="Cursor CLI: permissions",
    file=".cursor/cli.json (or ~/.cursor/cli-config.json)",
    language="json",
    render=render,
    checked="cursor.com, CLI permissions reference",
    notes=("Merge it into the lists that are there; with --force everything that is not denied runs.",),
)
