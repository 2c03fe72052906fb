"""Packages that only start a compiled program: no source of it is there, and the reason says what carries it.

Not for reading executables: what they offer is never guessed from their bytes.
"""

import re
from collections.abc import Iterable, Mapping

from crawler.extractors.paths import Place, place_of
from crawler.recovery.dependencies_declared import optional_dependencies

_MAGIC = (b"\x7fELF", b"MZ\x90\x00", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_SYSTEM = re.compile(r"(?:^|[-_/@.])(?:linux|darwin|macos|win32|windows|win|freebsd)(?:[-_]|$)", re.IGNORECASE)
_STARTS = re.compile(rb"\b(?:spawn|spawnSync|execFile|execFileSync|subprocess\.(?:run|call|Popen)|os\.execv\w{0,2})\b")
_CHOOSES = re.compile(rb"process\.(?:platform|arch)|os\.(?:platform|arch)\(|platform\.(?:system|machine)\(")
_SHIM_SOURCES = 12  # more than these are a program of their own
_SHOWN = 8


def compiled_program(files: Mapping[str, bytes]) -> str | None:
    """Say why a package without tools has none to be read: it starts a compiled program; None when it does not."""
    sources = [
        path
        for path in sorted(files)
        if path.endswith((".js", ".cjs", ".mjs", ".py")) and place_of(path) is Place.PRODUCT
    ]
    if len(sources) > _SHIM_SOURCES:
        return None
    optional = [name for name in optional_dependencies(files) if _SYSTEM.search(name)]
    starting = next((path for path in sources if _STARTS.search(files[path])), None)
    choosing = starting or next((path for path in sources if _CHOOSES.search(files[path])), None)
    if optional and choosing is not None:
        named = _listed(optional)
        return f"the program is compiled and no source of it is here: {choosing} starts what {named} carry"
    executables = [path for path, data in sorted(files.items()) if data.startswith(_MAGIC)]
    if executables:
        return f"the program is compiled and no source of it is here: {_listed(executables)}"
    if starting is not None and _CHOOSES.search(files[starting]):
        return f"the program is compiled and no source of it is here: {starting} starts one executable a platform"
    return None


def _listed(names: Iterable[str]) -> str:
    ordered = sorted(names)
    more = f" and {len(ordered) - _SHOWN} more" if len(ordered) > _SHOWN else ""
    return ", ".join(ordered[:_SHOWN]) + more
