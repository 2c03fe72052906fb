"""Changes as an Atom 1.0 feed (RFC 4287): of all servers, or of one.

Not for choosing what is in it: it takes changes, newest first, and writes each as an entry of one line.
"""

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from catalog.history import ToolChange
from site_builder import urls
from site_builder.changes import Pages, change_key, server_name, tool_name, version_words

_ATOM = "http://www.w3.org/2005/Atom"
_XML = "{http://www.w3.org/XML/1998/namespace}"
# The start of every id we make. It never changes: a reader that meets an entry under a new id shows it again.
_NAMESPACE = uuid.UUID("6b0f7f0e-5d0c-4b5e-9a53-1c1f0a2f7d44")
_NEVER = "1970-01-01T00:00:00+00:00"
_NOT_ADMITTED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed is called, where it is, the page it is of, and the server's slug if it is of one."""

    title: str
    path: str
    page: str
    server: str | None = None


def render_feed(feed: Feed, changes: Sequence[ToolChange], pages: Pages, *, built_at: str, base_url: str) -> bytes:
    """Write a feed. `pages` locates servers and tools that have a page; `built_at` dates a feed without entries."""
    root = ET.Element("feed", {"xmlns": _ATOM, f"{_XML}lang": "en"})
    if base_url:
        root.set(f"{_XML}base", urls.absolute(base_url, feed.path))
    up = urls.way_up(feed.path)
    _add(root, "id", _make_id("feed", feed.server))
    _add(root, "title", feed.title)
    _add(root, "updated", changes[0].at if changes else built_at or _NEVER)
    _add(ET.SubElement(root, "author"), "name", "Toolrisk")
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": up + feed.path})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": up + feed.page})
    for change in changes:
        page = pages.get((change.server, change.tool)) or pages.get((change.server, "")) or urls.INDEX
        _add_entry(root, change, up + page)
    ET.indent(root, "")
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _add_entry(root: ET.Element, change: ToolChange, href: str) -> None:
    entry = ET.SubElement(root, "entry")
    versions = version_words(change, "->")
    subject = f"{server_name(change)} {versions}" if versions else server_name(change)
    _add(entry, "id", _make_id("change", *change_key(change)))
    _add(entry, "title", f"{subject}: {tool_name(change)}: {change.describe()}")
    _add(entry, "updated", change.at)
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": href})
    for term in ("notable", change.kind.value) if change.is_notable else (change.kind.value,):
        ET.SubElement(entry, "category", {"term": term})


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _NOT_ADMITTED.sub("\N{REPLACEMENT CHARACTER}", text)


def _make_id(*parts: str | bool | None) -> str:
    # As JSON, so that neither a separator inside a name nor half a character makes two things one.
    return uuid.uuid5(_NAMESPACE, json.dumps(parts)).urn
