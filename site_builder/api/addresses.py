"""Where the documents for programs are, as paths from the root of the site.

Not for pages: those are in site_builder/urls.py. A document reaches what it links to by a way relative to itself.
"""

from site_builder.urls import way_up

API = "api/v1"
SERVERS = f"{API}/servers.json"
CATEGORIES = f"{API}/categories.json"
RISKS = f"{API}/risks.json"
RULES = f"{API}/rules.json"
CHANGES = f"{API}/changes.json"
STATUS = f"{API}/status.json"
ATTACKS = f"{API}/attacks.json"
OPENAPI = f"{API}/openapi.json"
DOWNLOADS = "downloads/index.html"
DOWNLOADS_INDEX = "downloads/index.json"


def server_document(slug: str) -> str:
    """Locate the document of a server; a tool in it is `#` and the tool's slug further."""
    return f"{API}/servers/{slug}.json"


def servers_piece(number: int) -> str:
    """Locate a piece of the list of servers, counted from 1."""
    return f"{API}/servers-{number}.json"


def schema(kind: str) -> str:
    """Locate the JSON Schema of a kind of document."""
    return f"{API}/schema/{kind}.schema.json"


def link(document: str, target: str) -> str:
    """Give the way from the document to the target, which resolves wherever the site is served."""
    return way_up(document) + target
