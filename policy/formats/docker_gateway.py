"""Format docker-gateway: the `tools.yaml` of Docker's MCP gateway, a list of the tools that a server may offer."""

from policy.format import Format, Rendered
from policy.formats._names import check_server
from policy.formats._settled import Client, settle
from policy.formats._yaml import to_yaml
from policy.recommendation import Decision, ServerPolicy

_CLIENT = Client(unlisted=Decision.DENY, may_allow=lambda _: True, asks=False)


def render(policy: ServerPolicy) -> Rendered:
    """List what is allowed without a condition; an empty list offers nothing, a missing one would offer all.

    Raises PolicyError for a name with spaces around it: the gateway strips it and would find no list.
    """
    check_server(policy.server, r"(?s)\S(.*\S)?", "Docker's gateway wants it without spaces around it")
    settled = settle(policy, _CLIENT)
    return Rendered(to_yaml({policy.server: settled.tools(Decision.ALLOW)}), settled.losses)


FORMAT = Format(
    id="docker-gateway",
    title="Docker MCP gateway: tools.yaml",
    file="~/.docker/mcp/tools.yaml",
    language="yaml",
    render=render,
    checked="docker/mcp-gateway, pkg/gateway/capabilitites.go",
    notes=(
        "A server that the file does not name offers all its tools: use the name that the gateway knows it by.",
        "`--tools` on the command line puts this file aside, and so does `--profile`: set the profile's tools instead.",
    ),
)
