"""A client's file as it may be shown: what stands outside of its policy is hidden, because it may be a secret.

Not for deciding what looks like one: only the policy's own places are shown as they are.
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

from clients.client import Language
from clients.json_document import JsonDocument
from clients.merge_forms import FORMS
from clients.merge_plan import SERVER
from clients.redaction import HIDDEN, redact_argument

_PLAIN_ENTRY = re.compile(r'"(?:[\w.:()@/*{}-]*|[\w.-]+(?: [\w.-]+)*:[\w.-]+)"')
_SHOWN_KEYS = re.compile(r'[ \t]*"?(enabled_tools|disabled_tools|default_tools_approval_mode|approval_mode)"?[ \t]*=')
_KEY = re.compile(r"([ \t]*(?:[A-Za-z0-9_-]{1,60}|\"[A-Za-z0-9_ -]{1,60}\")[ \t]*=[ \t]*).*")
_HEADER = re.compile(r"[ \t]*\[[^\]=]{1,300}\]{1,2}[ \t]*")
_TOOL_TABLE = re.compile(r"[ \t]*\[[ \t]*mcp_servers\..{1,300}\.tools\..*")
_BOM = b"\xef\xbb\xbf"


def mask_file(data: bytes, form_id: str) -> str:
    """Give a file's text for showing, line by line as it is. Raises DocumentError."""
    form = FORMS[form_id]
    body = data.removeprefix(_BOM)
    if not form.hides:
        return body.decode("utf-8", "replace")
    if form.language is Language.TOML:
        return "".join(_mask_lines(body.decode("utf-8", "replace")))
    shown = [path for part in form.parts for path in part.paths]
    pieces, done = list[bytes](), 0
    for start, end, new in sorted(_hidden(JsonDocument(body).root, (), shown)):
        # The parser is given the file in brackets, so that its places are one too far.
        pieces += [body[done : start - 1], new.encode()]
        done = end - 1
    return b"".join([*pieces, body[done:]]).decode("utf-8", "replace")


def _hidden(node: Node | None, path: tuple[str, ...], shown: list[tuple[str, ...]]) -> Iterator[tuple[int, int, str]]:
    if node is None:
        return
    for comment in (child for child in node.children if child.type == "comment"):
        yield comment.start_byte, comment.end_byte, _comment(comment)
    if node.type == "object":
        for key, value, _ in _MEMBERS.members(node) or ():
            yield from _hidden(value, (*path, key), shown)
    elif node.type == "array":
        for element in node.named_children:
            yield from _hidden(element, path, shown)
    elif node.type not in ("true", "false", "null", "comment"):
        is_shown = any(_leads(path, one) for one in shown)
        yield node.start_byte, node.end_byte, _value((node.text or b"").decode("utf-8", "replace"), is_shown=is_shown)


def _comment(comment: Node) -> str:
    """Hide a comment, its lines kept so that both sides of a difference have as many."""
    text = comment.text or b""
    lines = "\n" * text.count(b"\n")
    return f"/* {HIDDEN}{lines} */" if text.startswith(b"/*") else f"// {HIDDEN}"


def _value(text: str, *, is_shown: bool) -> str:
    if not is_shown:
        return f'"{HIDDEN}"'
    redacted = text if _PLAIN_ENTRY.fullmatch(text) else redact_argument(text[1:-1])
    return f'"{redacted}"' if HIDDEN in redacted else text


_MEMBERS = JsonDocument(b"")


def _leads(path: tuple[str, ...], shown: tuple[str, ...]) -> bool:
    """Tell whether a path is one that is shown, or below it."""
    begins = path[: len(shown)]
    return len(begins) == len(shown) and all(key in (SERVER, own) for own, key in zip(begins, shown, strict=True))


def _mask_lines(text: str) -> Iterator[str]:
    """Show headers, the policy's keys with what follows them, and tables of tools; of other lines only the key."""
    in_tool, in_list = False, False
    for line in text.splitlines(keepends=True):
        end = line[len(line.rstrip("\r\n")) :]
        body = line.removesuffix(end)
        if _HEADER.fullmatch(body):
            in_tool, in_list = _TOOL_TABLE.match(body) is not None, False
            yield line
        elif in_list or in_tool or _SHOWN_KEYS.match(body) or not body.strip():
            opens = _SHOWN_KEYS.match(body) is not None and body.rstrip().endswith("[")
            in_list = (in_list or opens) and not body.strip().startswith("]")
            yield line
        else:
            key = _KEY.fullmatch(body)
            yield f"{key.group(1) if key else ''}{HIDDEN}{end}"
