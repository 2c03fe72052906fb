"""Secrets in commands, addresses and arguments, replaced at reading so that nothing later can show them.

Not a scanner for secrets: what looks like one is gone, and too much gone is better than too little. A short word
without any sign, standing alone, cannot be told from an ordinary argument.
"""

import re
import shlex
from collections.abc import Sequence
from itertools import pairwise

HIDDEN = "•••"

_SECRET_WORDS = frozenset(
    (
        "token",
        "tokens",
        "secret",
        "secrets",
        "password",
        "passwords",
        "passwd",
        "pwd",
        "pass",
        "passphrase",
        "key",
        "keys",
        "apikey",
        "accesskey",
        "secretkey",
        "auth",
        "authorization",
        "credential",
        "credentials",
        "creds",
        "bearer",
        "basic",
        "cookie",
        "cookies",
        "pat",
        "dsn",
        "jwt",
        "session",
        "connection",
        "conn",
        "connectionstring",
        "header",
        "headers",
        "signature",
        "sig",
        "private",
        "otp",
    )
)
_SECRET_PARTS = re.compile(r"token|secret|passw|api_?key|credential|connectionstring", re.IGNORECASE)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_FLAG = re.compile(r"(--?|/)([A-Za-z][\w.:-]{0,100}?)(?:=(.*))?", re.DOTALL)
_ASSIGNMENT = re.compile(r"([A-Za-z_][\w.-]{0,100})\s?=(.*)", re.DOTALL)
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,100})\s*:\s*(?!//)(.*)", re.DOTALL)
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30})://([^/?#\s]*)([^?#\s]*)(?:\?([^#\s]*))?(?:#(.*))?", re.DOTALL)
_LOGIN = re.compile(r"[^/@\s]*:[^/@\s]*@(?!sha256:)")
_NAMED_SCHEMES = ("npm:", "jsr:", "pypi:", "github:", "gitlab:", "bitbucket:", "gist:", "file:", "node:")
_KNOWN = re.compile(
    r"(?:sk|pk|rk|ak)[-_][A-Za-z0-9_-]{8,}|gh[opusr]_\w{8,}|github_pat_\w{8,}|glpat-[\w-]{8,}|xox[a-z]-[\w-]{8,}|"
    r"xapp-[\w-]{8,}|A(?:KIA|SIA)[A-Z0-9]{12,}|AIza[\w-]{20,}|ya29\.[\w.-]{8,}|eyJ[\w-]{8,}[\w.-]*|hf_\w{8,}|"
    r"npm_[A-Za-z0-9]{20,}|pypi-[A-Za-z0-9_-]{40,}|SG\.[\w.-]{16,}|shp(?:at|ca|pa|ss)_\w{8,}|whsec_\w{8,}|"
    r"(?:lin_api|ntn|secret|figd|tvly|fc|pplx|gsk|r8|dop_v1|sbp|napi|apify_api|pat)[_-][A-Za-z0-9_-]{20,}"
)
_RUNS = re.compile(r"[A-Za-z0-9+_-]{16,}={0,2}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = re.compile(r"[0-9a-fA-F]{24,}")
_PINNED_REF = re.compile(r"(?<=[@#])[0-9a-f]{40}$|(?<=@sha256:)[0-9a-f]{64}$")
_REQUIREMENT = re.compile(r"[A-Za-z0-9][\w.-]{0,100}==\d[\w.*+!-]{0,40}")
_PARAMETER = re.compile(r"([?&;][\w.-]{1,100}=)[^&;\s]+")
_SHELL_FLAG = re.compile(r"-[a-z]*c|-command|/[ck]", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{?[\w.:]{1,80}\}?|%\w{1,80}%")
_PATHLIKE = re.compile(r"(?:[A-Za-z]:[\\/]|[\\/]|~|\.{1,2}[\\/]|\$\{?\w)")


def redact_arguments(arguments: Sequence[str]) -> tuple[str, ...]:
    """Redact arguments in their order: what follows a flag that names a secret is one."""
    found: list[str] = []
    expected = False
    for previous, argument in pairwise(("", *arguments)):
        flag = _FLAG.fullmatch(argument)
        if expected and not (flag and flag.group(1) == "--" and flag.group(3) is None):
            found.append(argument if _VARIABLE.fullmatch(argument) else HIDDEN)
            expected = False
            continue
        assigned = _ASSIGNMENT.fullmatch(argument)
        if assigned and any(map(str.isspace, argument)) and not _SHELL_FLAG.fullmatch(previous):
            found.append(f"{redact_word(assigned.group(1))}={HIDDEN}")
        else:
            found.append(redact_argument(argument))
        expected = _announces(argument, flag)
    return tuple(found)


def redact_argument(argument: str) -> str:
    """Redact one argument by itself."""
    if _ADDRESS.fullmatch(argument):
        return redact_address(argument)
    if argument.lstrip().startswith(("{", "[")) or "-----BEGIN" in argument:
        return HIDDEN  # settings handed over as JSON, or a key's file as text
    if flag := _FLAG.fullmatch(argument):
        return _redact_flag(argument, flag)
    if any(character.isspace() for character in argument):
        return _redact_line(argument)
    if (assigned := _ASSIGNMENT.fullmatch(argument)) and not _REQUIREMENT.fullmatch(argument):
        return f"{redact_word(assigned.group(1))}={HIDDEN}"
    if (header := _HEADER.fullmatch(argument)) and _names_secret(header.group(1)):
        return f"{header.group(1)}: {HIDDEN}"
    return redact_word(argument)


def redact_address(address: str) -> str:
    """Keep scheme, host, path and the names of a query; hide logins, values, and parts of the path that look random."""
    match = _ADDRESS.fullmatch(address.strip())
    if match is None:
        return (
            redact_word(address) if "://" not in address else f"{redact_word(address.partition('://')[0])}://{HIDDEN}"
        )
    scheme, authority, path, query, fragment = match.groups()
    login, at, host = authority.rpartition("@")
    shown = f"{scheme}://{HIDDEN + '@' if at and login not in ('git', HIDDEN) else login + at}{_redact_host(host)}"
    shown += "/".join(redact_word(part, pathlike=False) for part in path.split("/"))
    if query is not None:
        shown += "?" + "&".join(_redact_pair(pair) for pair in query.split("&"))
    if fragment:
        names_ref = "git" in scheme or path.endswith(".git")
        shown += "#" + "&".join(_redact_fragment(part, names_ref=names_ref) for part in fragment.split("&"))
    return shown


def redact_word(word: str, *, pathlike: bool | None = None) -> str:
    """Hide the parts of a word that look like a secret; a path's folders may look random and are not."""
    if not word.startswith(_NAMED_SCHEMES) and not word.startswith("@"):
        word = _LOGIN.sub(f"{HIDDEN}@", word)
    word = _PARAMETER.sub(rf"\1{HIDDEN}", word)
    kept = _PINNED_REF.search(word)
    tail = kept.group() if kept else ""
    body = _KNOWN.sub(HIDDEN, word.removesuffix(tail))
    if pathlike is None:
        pathlike = _PATHLIKE.match(body) is not None
    if not pathlike:
        body = _UUID.sub(HIDDEN, body)
    return _RUNS.sub(lambda run: HIDDEN if _is_random(run.group(), pathlike=pathlike) else run.group(), body) + tail


def _announces(argument: str, flag: re.Match[str] | None) -> bool:
    """Tell whether the next argument is a secret."""
    if flag is not None:
        return flag.group(3) is None and (_names_secret(flag.group(2)) or argument in ("-H", "-u", "--user"))
    return argument.lower() in ("bearer", "basic") or (argument.endswith(":") and _names_secret(argument))


def _redact_flag(argument: str, flag: re.Match[str]) -> str:
    dashes, name, value = flag.groups()
    if dashes == "/" and value is None:
        name, colon, _rest = name.partition(":")
        return f"/{name}:{HIDDEN}" if colon and _names_secret(name) else redact_word(argument)
    if value is None:
        return redact_word(argument, pathlike=False)
    shown = redact_word(name, pathlike=False)
    if _names_secret(name) or name in ("H", "e", "env", "u", "user"):
        return f"{dashes}{shown}={HIDDEN}"
    return f"{dashes}{shown}={redact_argument(value)}"


def _redact_line(line: str) -> str:
    """Redact an argument that is a command line or a header of its own."""
    header = _HEADER.fullmatch(line)
    if header and _names_secret(header.group(1)):
        return f"{header.group(1)}: {HIDDEN}"
    try:
        words = shlex.split(line)
    except ValueError:
        return HIDDEN
    if len(words) < 2:
        return HIDDEN if words and any(map(str.isspace, words[0])) and "\n" in line else redact_word(line)
    return shlex.join(redact_arguments(words)).replace(f"'{HIDDEN}'", HIDDEN)


def _redact_host(host: str) -> str:
    return ".".join(redact_word(label, pathlike=False) for label in host.split("."))


def _redact_pair(pair: str) -> str:
    name, equals, _value = pair.partition("=")
    return f"{redact_word(name)}={HIDDEN}" if equals else HIDDEN


def _redact_fragment(part: str, *, names_ref: bool) -> str:
    if part.startswith(("subdirectory=", "egg=")):
        return redact_word(part, pathlike=False)
    return redact_word(f"#{part}", pathlike=False)[1:] if names_ref and "=" not in part else HIDDEN


def _names_secret(name: str) -> bool:
    words = {word.lower() for word in _WORDS.findall(name)}
    return bool(words & _SECRET_WORDS) or _SECRET_PARTS.search(name.replace("-", "_")) is not None


def _is_random(run: str, *, pathlike: bool) -> bool:
    """Tell letters and digits that nobody would have chosen as a name."""
    longest = max(re.findall(r"[A-Za-z0-9+]+", run), key=len, default="")
    if pathlike:  # folders of package stores are hashes in small letters
        return len(longest) >= 32 and _kinds(longest) == 3
    if _HEX.fullmatch(longest) and _kinds(longest) > 1:
        return True
    digits = sum(character.isdigit() for character in longest)
    if len(longest) >= 16 and digits >= 2 and digits < len(longest) and not _is_dated(longest):
        return True
    turns = sum(one.islower() != other.islower() for one, other in pairwise(longest))
    return len(longest) >= 20 and turns * 3 >= len(longest)


def _is_dated(run: str) -> bool:
    return re.fullmatch(r"[a-z]+\d{1,8}|v?\d{1,8}[a-z]{1,5}\d{0,4}", run) is not None


def _kinds(text: str) -> int:
    return any(map(str.isdigit, text)) + any(map(str.islower, text)) + any(map(str.isupper, text))
