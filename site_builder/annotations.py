"""The hints that a server's author might declare: what is missing or contradicted, and a block to copy.

Not per tool: that comparison is in site_builder/hints.py. What is suggested is what `toolrisk annotate` suggests.
"""

from dataclasses import dataclass

import orjson

from catalog.records import CatalogServer, CatalogTool, ServerContext
from catalog.vocabulary import HINTS, Category
from classifier.hints import suggest_hints
from classifier.siblings import read_openings
from classifier.view import ToolView
from site_builder import urls
from site_builder.foreign_text import show_line
from site_builder.hints import HintComparison, compare_hints
from site_builder.parts import Link
from site_builder.wording import plural

_NAMED = 12
_SUGGESTED = 200


@dataclass(frozen=True, slots=True)
class SuggestedHints:
    """What the declared hints of a server's tools lack, in sentences, and what to declare instead, as JSON.

    Addresses start at the root of the site. `text` is empty when there is nothing to suggest.
    """

    says: tuple[str, ...]
    contradicted: tuple[Link, ...]
    contradicted_more: int
    text: str
    text_more: int


def suggest_for_server(server: CatalogServer) -> SuggestedHints | None:
    """Compare the hints of all assessed tools; None when there are none."""
    compared = [(tool, compare_hints(tool.definition, tool.assessment)) for tool in server.tools if tool.assessment]
    if not compared:
        return None
    wrong = [tool for tool, hints in compared if any(hint.contradicts for hint in hints)]
    missing = [tool for tool, hints in compared if any(_is_undeclared(hint) for hint in hints)]
    wanting = [(tool, hints) for tool, hints in compared if not all(_is_kept(hint) for hint in hints)]
    return SuggestedHints(
        says=_sentences(len(compared), len(wrong), len(missing)),
        contradicted=tuple(
            Link(show_line(tool.definition.name, 80) or tool.slug, urls.tool_page(server.slug, tool.slug))
            for tool in wrong[:_NAMED]
        ),
        contradicted_more=max(0, len(wrong) - _NAMED),
        text=_render(server, wanting[:_SUGGESTED]) if wanting else "",
        text_more=max(0, len(wanting) - _SUGGESTED),
    )


def _is_undeclared(hint: HintComparison) -> bool:
    return hint.declared not in ("true", "false")


def _is_kept(hint: HintComparison) -> bool:
    return not (hint.contradicts or _is_undeclared(hint))


def _sentences(assessed: int, wrong: int, missing: int) -> tuple[str, ...]:
    of = f"of {plural(assessed, 'assessed tool')}"
    if not wrong and not missing:
        return (f"All four hints are declared for each {of}, and none contradicts the definition.",)
    said = []
    if wrong:
        said.append(f"{wrong:,} {of} declare{'s' if wrong == 1 else ''} a hint that the definition contradicts.")
    if missing:
        leaves = "leaves" if missing == 1 else "leave"
        said.append(f"{missing:,} {of} {leaves} a hint undeclared; the protocol then assumes the worst of it.")
    return tuple(said)


def _render(server: CatalogServer, wanting: list[tuple[CatalogTool, tuple[HintComparison, ...]]]) -> str:
    # Which verbs lead is read with the openings that descriptions share, and not with the words of the server.
    openings = read_openings(tool.definition for tool in server.tools)
    context = ServerContext(server.name, server.description, openings=openings)
    block = {}
    for tool, hints in wanting:
        if tool.assessment is None:
            continue
        kept = {hint.name: hint.declared == "true" for hint in hints if _is_kept(hint)}
        # Only of a tool that changes something does its wording decide a hint, and reading words is slow.
        decided = "idempotentHint" in kept or tool.assessment.category is Category.READ
        verbs = frozenset[str]() if decided else ToolView(tool.definition, context).main_verbs
        suggested = suggest_hints(tool.assessment, verbs)
        block[tool.definition.name] = {name: kept.get(name, suggested[name]) for name in HINTS}
    return orjson.dumps(block, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
