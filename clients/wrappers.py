"""Programs that only start another one: shells, `env`, keepers of secrets; and how a program is called.

Not for what the program inside starts: that is launch.py.
"""

import re
import shlex

from clients.words import Words, split_words

_MAX_DEPTH = 6
_ENDINGS = (".exe", ".cmd", ".bat", ".ps1")
_SHELLS = frozenset(("sh", "bash", "zsh", "dash", "fish"))
_KEEPERS = frozenset(("op", "doppler", "infisical", "dotenv", "dotenvx", "aws-vault", "mise", "direnv"))
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_VERSIONED = re.compile(r"(python|pypy|node)(?:\d[\d.]*)")
_JOINS = frozenset(("&&", "||", ";", "|", "&"))


def program_of(command: str) -> str:
    """Give a program's bare name: no folders, no ending of Windows, no version."""
    name = re.split(r"[\\/]", command.strip().strip('"'))[-1].lower()
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    versioned = _VERSIONED.fullmatch(name)
    return versioned.group(1) if versioned else name


def unwrap(command: str, words: Words) -> tuple[str, tuple[str, ...]]:
    """Give the program that is started in the end, and its arguments."""
    current = _split(command, words)
    for _ in range(_MAX_DEPTH):
        inner = _inner(program_of(current[0]), current[1:])
        if not inner:
            break
        current = inner
    return current[0], tuple(current[1:])


def _split(command: str, words: Words) -> list[str]:
    """Take a whole command line apart that was put where the program belongs."""
    if words or not any(map(str.isspace, command.strip())):
        return [command, *words]
    first = command.split(maxsplit=1)[0]
    if re.search(r"[\\/]", first) and not first.startswith(("/", "~", ".")):
        return [command]  # C:\Program Files\… is one name
    return _shell_words(command) or [command]


def _inner(program: str, rest: list[str]) -> list[str]:
    if program == "cmd":
        at = next((number for number, word in enumerate(rest) if word.lower() in ("/c", "/k")), None)
        after = rest[at + 1 :] if at is not None else []
        return _shell_words(after[0]) if len(after) == 1 else after
    if program in _SHELLS:
        at = next((number for number, word in enumerate(rest) if re.fullmatch(r"-[a-z]*c", word)), None)
        return _command_of(rest[at + 1]) if at is not None and at + 1 < len(rest) else []
    if program in ("powershell", "pwsh"):
        at = next((number for number, word in enumerate(rest) if word.lower() in ("-command", "-c")), None)
        after = rest[at + 1 :] if at is not None else []
        return _command_of(after[0]) if len(after) == 1 else after
    if program == "env":
        inner = list(split_words(rest, ("-u", "--unset", "-C", "--chdir"), stop=True).rest)
        while inner and _ASSIGNMENT.fullmatch(inner[0]):
            inner = inner[1:]
        return inner
    if program in _KEEPERS and "--" in rest:
        return rest[rest.index("--") + 1 :]
    return []


def _command_of(line: str) -> list[str]:
    """Take the last command of a shell's line: what comes before it prepares."""
    words = _shell_words(line)
    for at in range(len(words) - 1, -1, -1):
        if words[at] in _JOINS:
            words = words[at + 1 :]
            break
    while words and (_ASSIGNMENT.fullmatch(words[0]) or words[0] == "exec"):
        words = words[1:]
    return words


def _shell_words(line: str) -> list[str]:
    try:
        lexer = shlex.shlex(line, posix=True, punctuation_chars=";|&")
        lexer.whitespace_split = True
        lexer.commenters = ""
        return list(lexer)
    except ValueError:
        return line.split()
