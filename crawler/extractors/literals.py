"""Text as languages write it between quotes: escapes resolved, margins of blocks removed."""

import re

_SIMPLE = {
    "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a", "0": "\0", "e": "\x1b",
    "s": " ", "\n": "",
}  # fmt: skip
_ESCAPE = re.compile(
    r"\\(?:x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f_]{1,8})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-7]{3})|(\r?\n[ \t]*|.))",
    re.DOTALL,
)
_MAX_CODE_POINT = 0x10FFFF


def unescape(text: str) -> str:
    """Resolve backslash escapes: hex, Unicode in the spellings of all dialects, octal, and one letter."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_resolved, text)


def _resolved(match: re.Match[str]) -> str:
    code = next((group.replace("_", "") for group in match.groups()[:4] if group), None)
    if code is not None:
        number = int(code, 16)
        return chr(number) if number <= _MAX_CODE_POINT else match.group()
    if match.group(5):
        return chr(int(match.group(5), 8))
    letter = match.group(6)
    if letter[0] in "\r\n":
        return ""  # a line break that is escaped joins the lines
    return _SIMPLE.get(letter, letter)


def block(text: str, *, closing: bool = True) -> str:
    """Give a text block without its margin: the first line break, and the least indentation of its lines, removed.

    With `closing` the last line counts too, as it does where the closing quotes set the margin.
    """
    body = re.sub(r"\A[ \t]*\r?\n", "", text, count=1).replace("\r\n", "\n")
    lines = body.split("\n")
    counted = [line for number, line in enumerate(lines) if line.strip() or (closing and number == len(lines) - 1)]
    margin = min((len(line) - len(line.lstrip(" \t")) for line in counted), default=0)
    return "\n".join(line[margin:] for line in lines)


def margin_cut(text: str, prefix: str = "|") -> str:
    """Give a text without the margin that ends in `prefix`, and without blank first and last lines."""
    lines = _inner_lines(text)
    return "\n".join(
        line.lstrip()[len(prefix) :] if prefix and line.lstrip().startswith(prefix) else line for line in lines
    )


def indent_cut(text: str) -> str:
    """Give a text without the least indentation of its lines, and without blank first and last lines."""
    margin = min((len(line) - len(line.lstrip()) for line in text.split("\n") if line.strip()), default=0)
    return "\n".join(line[margin:] for line in _inner_lines(text))


def _inner_lines(text: str) -> list[str]:
    lines = text.split("\n")
    start = 1 if lines and not lines[0].strip() else 0
    end = len(lines) - 1 if len(lines) > start and not lines[-1].strip() else len(lines)
    return lines[start:end]
