"""The search page: its context and its words. What is found is shown by `static/search.js`, from the index.

Not for the index: build.py makes that.
"""

from dataclasses import dataclass

from catalog.vocabulary import FACET_VALUES, Category, Facet, Risk
from site_builder import urls
from site_builder.parts import Frame, Link
from site_builder.wording import FACET_LABEL, FACET_VALUE, NOT_ANALYSED


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter: how it stands in an address, and in words."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """The choices of one facet, under its question."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The search form, and the lists that do without script."""

    frame: Frame
    risks: tuple[Choice, ...]
    categories: tuple[Choice, ...]
    facets: tuple[ChoiceGroup, ...]
    by_risk: tuple[Link, ...]
    by_category: tuple[Link, ...]
    api: Link | None


def make_search_page(base_url: str, api: Link | None = None) -> SearchPage:
    """Make the search page; `api` leads to the interface for programs, from the root of the site, if there is one."""
    root = urls.way_up(urls.SEARCH)
    return SearchPage(
        frame=Frame(
            "Search",
            "Search MCP servers and their tools by name, by words, by risk and by what they can do.",
            root,
            "search",
            urls.absolute(base_url, urls.SEARCH) if base_url else None,
        ),
        risks=(*(Choice(risk.lower(), str(risk)) for risk in reversed(Risk)), Choice("unknown", NOT_ANALYSED)),
        categories=tuple(Choice(category.lower(), str(category)) for category in reversed(Category)),
        facets=tuple(_group(facet) for facet in Facet),
        by_risk=tuple(Link(str(risk), root + urls.risk_page(risk)) for risk in reversed(Risk)),
        by_category=tuple(Link(str(category), root + urls.category_page(category)) for category in reversed(Category)),
        api=Link(api.label, root + api.href) if api and api.href else None,
    )


def _group(facet: Facet) -> ChoiceGroup:
    values = FACET_VALUES[facet]
    return ChoiceGroup(
        FACET_LABEL[facet], tuple(Choice(f"{facet}.{value}", FACET_VALUE[facet].get(value, value)) for value in values)
    )
