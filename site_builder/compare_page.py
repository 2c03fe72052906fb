"""The page that compares two servers in the browser: every pair of them would be too many pages.

Not for comparing: static/compare.js does that, from the documents that the site publishes for programs.
"""

from dataclasses import dataclass

from site_builder.api import addresses
from site_builder.frames import make_frame
from site_builder.parts import Frame

COMPARE = "compare/index.html"


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Where the page finds the list of servers and the document of each: before and after the server's slug."""

    frame: Frame
    servers: str
    before: str
    after: str


def make_compare_page(base_url: str) -> tuple[str, ComparePage]:
    """Make the page that compares servers, with its path."""
    frame = make_frame(
        "Compare two servers",
        "The tools of two MCP servers side by side: what each can do, its risk and the recommended policy.",
        COMPARE,
        "",
        base_url,
    )
    before, after = addresses.server_document("*").split("*")
    return COMPARE, ComparePage(frame, frame.root + addresses.SERVERS, frame.root + before, after)
