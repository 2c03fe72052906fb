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
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from crawler.extractors.python_module import Module

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
_PYTHON = re.compile(rb"""(?mi)^(?:Requires-Python:\s*|requires-python\s*=\s*["'])([^"'\n]{1,60})""")


class DocstringUse(StrEnum):
    """How much of a docstring is listed."""

    RAW = "raw"
    COMPILED = "compiled"
    CLEANED = "cleaned"
    PARSED = "parsed"


@dataclass(frozen=True, slots=True)
class Documented:
    """A tool's description and its parameters', as far as a docstring gives them; `uncertain` when it was replaced."""

    description: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class DocstringUses:
    """How each SDK lists the docstrings of one package."""

    fastmcp: DocstringUse
    official: DocstringUse
    prefers_fastmcp: bool

    def of_module(self, module: Module) -> DocstringUse:
        """Tell how a module's SDK lists docstrings, or the package's for one that imports none."""
        sources = {source for _, source, _ in module.import_nodes}
        official = any(source.startswith("mcp.server") for source in sources)
        fastmcp = any(source.split(".")[0] == "fastmcp" for source in sources)
        return self.fastmcp if fastmcp or (self.prefers_fastmcp and not official) else self.official


def read_docstring(text: str | None, use: DocstringUse) -> Documented:
    """Give what is listed of a docstring."""
    if not text:
        return Documented(text)
    if use is DocstringUse.RAW:
        return Documented(text)
    if use is DocstringUse.COMPILED:
        return Documented(_compiled(text))
    cleaned = inspect.cleandoc(text)
    if use is DocstringUse.CLEANED or len(cleaned) > _MAX_TEXT:
        return Documented(cleaned)
    return _parsed(cleaned)


def docstring_uses(files: Mapping[str, bytes]) -> DocstringUses:
    """Tell, from the versions that a package asks for and the SDKs it imports, how its docstrings are listed."""
    fastmcp, official = DocstringUse.PARSED, DocstringUse.RAW
    for path in sorted(files, key=lambda path: path.count("/")):
        if path.endswith(("/METADATA", "PKG-INFO", "pyproject.toml")):
            text = files[path][:500_000]
            if (match := _REQUIREMENT.search(text)) is not None and fastmcp is DocstringUse.PARSED:
                fastmcp = _use_of(match.group(1).decode("utf-8", "replace"))
            if (match := _PYTHON.search(text)) is not None and _is_new_python(
                match.group(1).decode("utf-8", "replace")
            ):
                official = DocstringUse.COMPILED
            if match is not None:
                break
    sources = [data for path, data in files.items() if path.endswith(".py")]
    counts = sum(b"from fastmcp" in data or b"import fastmcp" in data for data in sources)
    return DocstringUses(
        fastmcp, official, prefers_fastmcp=counts > sum(b"mcp.server.fastmcp" in one for one in sources)
    )


def _is_new_python(text: str) -> bool:
    """Tell a package that runs on no Python before 3.13, whose compiler dedents docstrings."""
    try:
        return not SpecifierSet(text.strip()).contains("3.12.99")
    except InvalidSpecifier:
        return False


def _use_of(requirement: str) -> DocstringUse:
    try:
        specifier = Requirement(requirement.replace("(", "").replace(")", "").strip()).specifier
    except InvalidRequirement:
        return DocstringUse.PARSED
    newest = any(specifier.contains(version) for version in ("3.99", "4.99"))
    return DocstringUse.PARSED if newest else DocstringUse.CLEANED


def _compiled(text: str) -> str:
    """Dedent a docstring as the compiler does, which leaves empty lines at its ends."""
    first, *rest = text.expandtabs().split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return "\n".join([first.lstrip(), *(line[margin:] for line in rest)])


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
