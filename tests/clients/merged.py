"""A small policy to merge into every client's file, and what the file says of its server afterwards."""

import json
import tomllib

import tomlkit

from clients.client import Language
from clients.merge import Merged, merge_policy
from clients.merge_forms import FORMS
from policy.format import Rendered, write_policy
from policy.formats import FORMATS
from policy.recommendation import Decision, Recommendation, ServerPolicy, strictest

BY_ID = {one.id: one for one in FORMATS}
IDS = sorted(FORMS)
SERVER = "notes"
TOOLS = (
    Recommendation("free", Decision.ALLOW),
    Recommendation("asked", Decision.ASK),
    Recommendation("denied", Decision.DENY),
)
POLICY = ServerPolicy(SERVER, strictest(TOOLS))


def rendered(form_id: str, policy: ServerPolicy = POLICY) -> Rendered:
    return write_policy(BY_ID[form_id], policy)


def merge(data: bytes | None, form_id: str, policy: ServerPolicy = POLICY, *, replace: bool = False) -> Merged:
    names = [one.tool for one in policy.tools]
    return merge_policy(data, rendered(form_id, policy).text, form_id, policy.server, names, replace=replace)


def empty(form_id: str) -> bytes | None:
    """Give the least that the client's file holds before a policy can go into it."""
    form = FORMS[form_id]
    if form.entry is None:
        return None
    return b"[mcp_servers.notes]\n" if form.language is Language.TOML else b'{"mcpServers": {"notes": {}}}'


def own_part(form_id: str, data: bytes, server: str = SERVER) -> str:
    """Give what the file says of one server, as the target's reading takes it."""
    if form_id == "codex":
        table = tomllib.loads(data.decode())["mcp_servers"][server]
        keys = {key: table[key] for key in table if key not in ("command", "env")}
        return tomlkit.dumps({"mcp_servers": {server: keys}})
    if form_id == "gemini-cli":
        rules = tomllib.loads(data.decode())["rule"]
        return tomlkit.dumps({"rule": [rule for rule in rules if rule.get("mcpName") == server]})
    document = json.loads(data)
    if FORMS[form_id].entry is not None:
        keys = {key: value for key, value in document["mcpServers"][server].items() if key not in ("command", "env")}
        return json.dumps({"mcpServers": {server: keys}})
    if form_id in ("claude-code", "cursor-cli"):
        begin = {"claude-code": f"mcp__{server}__", "cursor-cli": f"Mcp({server}:"}[form_id]
        lists = {
            name: [one for one in listed if one.startswith(begin)] for name, listed in document["permissions"].items()
        }
        return json.dumps({"permissions": lists})
    if form_id == "cursor":
        return json.dumps({"mcpAllowlist": [one for one in document["mcpAllowlist"] if one.startswith(f"{server}:")]})
    key = {"opencode": "permission", "vscode": "chat.tools.eligibleForAutoApproval"}[form_id]
    return json.dumps({key: document[key]})
