"""Format gemini-cli: rules of Gemini CLI's policy engine, where the matching rule of the highest priority decides."""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from policy.format import Format, Rendered
from policy.formats._gemini_arguments import arguments_pattern
from policy.formats._names import check_server, is_plain, underscored
from policy.formats._reason import one_line, reason_line
from policy.formats._settled import Client, Settled, settle
from policy.recommendation import Decision, Recommendation, ServerPolicy

# Above what settings such as `trust` give a server (at most 400), below what excludes one (900).
_SERVER, _TOOL, _ASKED, _PASSING = 500, 600, 690, 700
_WORDS = {Decision.ALLOW: "allow", Decision.ASK: "ask_user", Decision.DENY: "deny"}
_LONGEST = 63  # of a longer full name only 30 characters at each end are kept
_KEPT = 30
_AROUND = len("mcp__")  # what a full name has beside the server's and the tool's
_MAX_SERVER = _KEPT - _AROUND

_Rule = dict[str, Any]


class _Literal(str):
    """A text that holds no apostrophe, and is written between two of them as it is."""

    __slots__ = ()


def render(policy: ServerPolicy) -> Rendered:
    """Write rules for tools, for what passes a tool's conditions, and one for the server's other tools."""
    rule = f'Gemini CLI takes at most {_MAX_SERVER} letters, digits, ".", ":" and "-", and not "mcp"'
    check_server(policy.server, rf"(?!mcp\Z)[A-Za-z0-9.:-]{{1,{_MAX_SERVER}}}", rule)
    fits = partial(_fits, policy.server)
    known_as = partial(_full_name, policy.server)
    client = Client(Decision.DENY, may_allow=fits, may_stop=fits, known_as=known_as, frees=True, tests=_is_told)
    settled = settle(policy, client)
    written = [one for one in policy.tools if fits(one.tool)]
    tested = [one for one in written if _is_tested(one) and settled.decisions[one.tool] is one.decision]
    rules = [*_named(settled, [one.tool for one in written if one not in tested])]
    for one in tested:
        rules += _conditional(one)
    rules.append({"toolName": "*", "decision": _WORDS[settled.unlisted], "priority": _SERVER})
    return Rendered("\n".join(_table({"mcpName": policy.server, **keys}) for keys in rules), settled.losses)


def _table(keys: _Rule) -> str:
    return "[[rule]]\n" + "".join(f"{key} = {_write(value)}\n" for key, value in keys.items())


def _write(value: Any) -> str:
    """Write a value as TOML: JSON's strings are TOML's, but for one character."""
    if isinstance(value, _Literal):
        return f"'{value}'"
    if isinstance(value, list):
        return f"[{', '.join(map(_write, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _fits(server: str, tool: str) -> bool:
    return is_plain(tool) and len(tool) <= _LONGEST - _AROUND - len(server)


def _full_name(server: str, tool: str) -> str:
    name = underscored(f"mcp_{server}_{tool}", ".:")
    return name if len(name) <= _LONGEST else f"{name[:_KEPT]}...{name[-_KEPT:]}"


def _is_tested(one: Recommendation) -> bool:
    return one.is_conditional and _is_told(one)


def _is_told(one: Recommendation) -> bool:
    return all(pattern is not None for _, _, pattern in _passes(one))


def _named(settled: Settled, tools: list[str]) -> Iterator[_Rule]:
    for decision in (Decision.DENY, Decision.ASK, Decision.ALLOW):
        names = [tool for tool in tools if settled.decisions[tool] is decision]
        if names:
            yield {"toolName": names, "decision": _WORDS[decision], "priority": _TOOL}


def _passes(one: Recommendation) -> Iterator[tuple[Decision, int, str | None]]:
    """Say which calls pass: first those that nothing stops, then those that a person may let through."""
    denying = [guard for guard in one.guards if not guard.asks]
    if one.decision is Decision.ALLOW:
        yield Decision.ALLOW, _PASSING, arguments_pattern(one.require, one.guards)
    if one.decision is Decision.ASK or len(denying) < len(one.guards):
        yield Decision.ASK, _ASKED, arguments_pattern(one.require, denying)


def _conditional(one: Recommendation) -> Iterator[_Rule]:
    for decision, priority, pattern in _passes(one):
        keys: _Rule = {"toolName": one.tool, "decision": _WORDS[decision], "priority": priority}
        yield {**keys, "argsPattern": _Literal(pattern)} if pattern else keys
    message = _message(guard.on_deny for guard in one.guards if not guard.asks) or reason_line(one)
    keys = {"toolName": one.tool, "decision": "deny", "priority": _TOOL}
    yield {**keys, "denyMessage": message} if message else keys


def _message(texts: Iterable[str | None]) -> str:
    return one_line(" ".join(text for text in texts if text))


FORMAT = Format(
    id="gemini-cli",
    title="Gemini CLI: policy rules",
    file="~/.gemini/policies/<name>.toml",
    language="toml",
    render=render,
    checked="google-gemini/gemini-cli, policy/toml-loader.ts and policy-engine.ts",
    notes=(
        "Leave `trust` of this server unset in settings.json: with it Gemini CLI asks for nothing.",
        "Without a person at hand what is asked for is refused.",
    ),
)
