"""What every page has around it, made from its path. Not for what is on the page."""

from site_builder import urls
from site_builder.parts import Frame, Link


def make_frame(title: str, summary: str, path: str, section: str, base_url: str, feed: Link | None = None) -> Frame:
    """Make the frame of the page at `path`; `base_url` is the public address of the site's root if it is known."""
    canonical = urls.absolute(base_url, path) if base_url else None
    return Frame(title, summary, urls.way_up(path), section, canonical, feed)
