"""What `toolrisk override` does to the file of reviewed corrections."""

import difflib

from catalog.errors import UnknownToolError
from catalog.queries import find_server
from catalog.records import CatalogServer, Override
from catalog.session import open_catalog
from catalog.vocabulary import Category
from classifier.overrides import read_overrides, render_overrides
from toolrisk.files import write_atomically
from toolrisk.settings import Settings


def parse_category(text: str) -> Category | None:
    """Read a category's name in any case; None when it is none."""
    return next((category for category in Category if category.lower() == text.lower()), None)


def set_override(server: str, tool: str, category: Category, reason: str, reviewer: str, settings: Settings) -> str:
    """Write a correction and say so. Raises UnknownServerError, UnknownToolError or OverrideError."""
    found = find_server(open_catalog(settings.catalog, create=False), server)
    definition = next((one.definition for one in found.tools if one.definition.name == tool), None)
    if definition is None:
        raise UnknownToolError(_unknown(found, tool))
    overrides = read_overrides(settings.overrides)
    overrides[found.slug, tool] = Override(found.slug, tool, category, reason, reviewer, definition.digest())
    write_atomically(settings.overrides, render_overrides(overrides.values()))
    return f"{found.slug}/{tool}: {category}, by {reviewer}; run `toolrisk classify` to apply it"


def remove_override(server: str, tool: str, settings: Settings) -> str:
    """Take a correction back and say so. Raises UnknownServerError, UnknownToolError or OverrideError."""
    found = find_server(open_catalog(settings.catalog, create=False), server)
    overrides = read_overrides(settings.overrides)
    if overrides.pop((found.slug, tool), None) is None:
        raise UnknownToolError(f"{found.slug}/{tool}: nobody has corrected it")
    write_atomically(settings.overrides, render_overrides(overrides.values()))
    return f"{found.slug}/{tool}: the correction is gone; run `toolrisk classify` to apply it"


def _unknown(server: CatalogServer, tool: str) -> str:
    near = difflib.get_close_matches(tool, [one.definition.name for one in server.tools], n=3, cutoff=0.4)
    return f"{server.name}: no tool {tool}" + (f"; did you mean {', '.join(near)}?" if near else "")
