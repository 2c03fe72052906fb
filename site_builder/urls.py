"""Every address on the site, and which addresses written by strangers may become links.

Addresses are paths inside the output folder; a page reaches another through its own way up to the root.
"""

import re
from urllib.parse import urlsplit

from catalog.vocabulary import Category, Risk

INDEX = "index.html"
ATTACKS = "attacks/index.html"
METHODOLOGY = "methodology/index.html"
SEARCH = "search/index.html"
NOT_ANALYSED = "not-analysed/index.html"
NOT_FOUND = "404.html"
FEED = "feed.xml"
STYLE_SHEET = "static/style.css"
SCRIPT = "static/site.js"
ICON = "static/icon.svg"

_LINK_LIMIT = 500
_UNSAFE_IN_LINK = re.compile(r"[\s\x00-\x20\x7f-\xa0\"'<>\\^`{|}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def index_page(number: int = 1) -> str:
    """Locate the list of servers: page 1 is the home page."""
    return INDEX if number == 1 else f"servers-{number}/index.html"


def server_page(server: str) -> str:
    """Locate a server's page by the server's slug."""
    return f"servers/{server}/index.html"


def server_policy(server: str) -> str:
    """Locate the policy for all of a server's tools."""
    return f"servers/{server}/policy.json"


def server_badge(server: str) -> str:
    """Locate the badge of a server, for its README."""
    return f"servers/{server}/badge.svg"


def server_feed(server: str) -> str:
    """Locate the feed of what changed in a server's tools, beside its page."""
    return f"servers/{server}/{FEED}"


def tool_page(server: str, tool: str) -> str:
    """Locate a tool's page by the slugs of its server and itself."""
    return f"servers/{server}/{tool}/index.html"


def tool_policy(server: str, tool: str) -> str:
    """Locate the policy for one tool, beside its page."""
    return f"servers/{server}/{tool}/policy.json"


def category_page(category: Category, number: int = 1) -> str:
    """Locate a page of the list of a category's tools."""
    return _numbered(f"category/{category.lower()}", number)


def risk_page(risk: Risk, number: int = 1) -> str:
    """Locate a page of the list of a risk level's tools."""
    return _numbered(f"risk/{risk.lower()}", number)


def attack_anchor(attack: str) -> str:
    """Locate one attack on the page of documented attacks."""
    return f"{ATTACKS}#{attack}"


def way_up(path: str) -> str:
    """Give the relative prefix that leads from the page at `path` to the root of the site."""
    return "../" * path.count("/")


def absolute(base_url: str, path: str) -> str:
    """Give the public address of the page at `path`; `base_url` is where the root of the site is served."""
    return base_url.rstrip("/") + "/" + path.removesuffix("index.html")


def web_link(url: str | None) -> str | None:
    """Give `url` when it may become a link: plain http or https, with a host and no user name; else None."""
    if url is None:
        return None
    address = url.removeprefix("git+")
    if len(address) > _LINK_LIMIT or _UNSAFE_IN_LINK.search(address):
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return address


def _numbered(folder: str, number: int) -> str:
    return f"{folder}/index.html" if number == 1 else f"{folder}/{number}/index.html"
