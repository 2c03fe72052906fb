"""What an SDK lists of a docstring: as written, dedented, or only the text before its sections.

The official SDK lists it as written; fastmcp before version 3 dedents it, later ones take its sections apart
with the same library as here.
"""

import inspect
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from griffe import Docstring, DocstringSectionKind
from packaging.requirements import InvalidRequirement, Requirement

logging.getLogger("griffe").setLevel(logging.CRITICAL)  # it warns of every docstring without types

# Of the headings that are no section of their own, these still end the description.
_HEADINGS = frozenset(
    (
        *("attention", "caution", "danger", "error", "example", "hint", "important", "note", "notes", "raise"),
        *("references", "return", "see-also", "tip", "todo", "warning", "yield"),
    )
)
_MAX_TEXT = 50_000
_REQUIREMENT = re.compile(rb"""(?mi)^(?:Requires-Dist:\s*|\s*["'])(fastmcp(?:-slim)?\b[^"';\n]{0,120})""")


class DocstringUse(StrEnum):
    """How much of a docstring is listed."""

    RAW = "raw"
    CLEANED = "cleaned"
    PARSED = "parsed"


@dataclass(frozen=True, slots=True)
class Documented:
    """A tool's description and its parameters', as far as a docstring gives them."""

    description: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


def read_docstring(text: str | None, use: DocstringUse) -> Documented:
    """Give what is listed of a docstring."""
    if not text:
        return Documented(text)
    if use is DocstringUse.RAW:
        return Documented(text)
    cleaned = inspect.cleandoc(text)
    if use is DocstringUse.CLEANED or len(cleaned) > _MAX_TEXT:
        return Documented(cleaned)
    return _parsed(cleaned)


def fastmcp_docstring_use(files: Mapping[str, bytes]) -> DocstringUse:
    """Tell, from the version of fastmcp that a package asks for, how it lists docstrings."""
    for path in sorted(files, key=lambda path: path.count("/")):
        if path.endswith(("/METADATA", "PKG-INFO", "pyproject.toml")):
            match = _REQUIREMENT.search(files[path][:500_000])
            if match is not None:
                return _use_of(match.group(1).decode("utf-8", "replace"))
    return DocstringUse.PARSED


def _use_of(requirement: str) -> DocstringUse:
    try:
        specifier = Requirement(requirement.replace("(", "").replace(")", "").strip()).specifier
    except InvalidRequirement:
        return DocstringUse.PARSED
    newest = any(specifier.contains(version) for version in ("3.99", "4.99"))
    return DocstringUse.PARSED if newest else DocstringUse.CLEANED


def _parsed(cleaned: str) -> Documented:
    for style in ("google", "numpy", "sphinx"):
        description: str | None = None
        parameters: dict[str, str] = {}
        structured = False
        for section in Docstring(cleaned, lineno=1, parser=style).parse():
            if section.kind is DocstringSectionKind.text:
                description = section.value if description is None else description
            elif section.kind is DocstringSectionKind.parameters:
                parameters |= {parameter.name: parameter.description for parameter in section.value}
                structured = True
            elif section.kind is not DocstringSectionKind.admonition or section.value.kind in _HEADINGS:
                structured = True
        if structured:
            return Documented(description, parameters)
    return Documented(cleaned)
