"""What a page says of itself to programs: one graph in schema.org's words, as JSON-LD.

Not for anything that people are not told too, and not for ratings or prices: nobody gave any.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from markupsafe import Markup

from catalog.records import CatalogServer
from site_builder import urls
from site_builder.foreign_text import show_line, show_text
from site_builder.parts import Question

Node = dict[str, Any]

_ESCAPES = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
_SEARCHED = "search_term_string"


def embed_graph(*nodes: Node | None) -> Markup:
    """Write nodes as one graph that cannot end the script element it stands in; None stands for none."""
    graph = {"@context": "https://schema.org", "@graph": [node for node in nodes if node is not None]}
    text = orjson.dumps(graph).decode()
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704 - the characters that HTML knows were just taken out


def describe_trail(base_url: str, steps: Sequence[tuple[str, str]]) -> Node | None:
    """Describe the way from home, each step with its name and path; None where the site's address is not known."""
    if not base_url:
        return None
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": urls.absolute(base_url, path)}
        for position, (name, path) in enumerate((("Servers", urls.INDEX), *steps), 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def describe_questions(questions: Sequence[Question]) -> Node:
    """Describe the questions and their answers."""
    entities = [
        {"@type": "Question", "name": one.asks, "acceptedAnswer": {"@type": "Answer", "text": one.answer}}
        for one in questions
    ]
    return {"@type": "FAQPage", "mainEntity": entities}


def describe_software(server: CatalogServer, name: str, base_url: str) -> Node:
    """Describe a server called `name` as the software it is, with what is known of it."""
    repository, home = urls.web_link(server.repository), urls.web_link(server.homepage)
    said = {
        "name": name,
        "description": show_text(server.description or "", 600),
        "softwareVersion": show_line(server.version or "", 60),
        "url": home or repository,
        "sameAs": repository if home else None,
        "mainEntityOfPage": urls.absolute(base_url, urls.server_page(server.slug)) if base_url else None,
    }
    known = {key: value for key, value in said.items() if value}
    return {"@type": "SoftwareApplication", "applicationCategory": "DeveloperApplication", **known}


def describe_site(home: str) -> Node:
    """Describe the site at its public address `home`, and how it is searched."""
    search = {"@type": "EntryPoint", "urlTemplate": f"{urls.absolute(home, urls.SEARCH)}?q={{{_SEARCHED}}}"}
    action = {"@type": "SearchAction", "target": search, "query-input": f"required name={_SEARCHED}"}
    return {"@type": "WebSite", "name": "Toolrisk", "url": home, "potentialAction": action}
