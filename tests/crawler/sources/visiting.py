"""Visits to sources, and a service on loopback whose answers a test writes itself. Not for the stand-ins' worlds."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from crawler.fetch.archive_cache import ArchiveCache
from crawler.listing import Listing, Page, Source, SourceSetting, State
from crawler.web import Web

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
Query = dict[str, str]


@dataclass(frozen=True, slots=True)
class Visitor:
    """One who visits sources, with a web and a cache."""

    web: Web
    cache: ArchiveCache

    def start(self, source: Source, where: str | None, **about: Any) -> Iterator[Page]:
        """Begin a visit; `about` may hold `state`, `now` and `key`."""
        state, now, key = about.get("state", {}), about.get("now", NOW), about.get("key")
        return source.pages(SourceSetting(self.web, self.cache, where, state, now, key))

    def visit(self, source: Source, where: str | None, **about: Any) -> list[Page]:
        """Visit a source to the end."""
        return list(self.start(source, where, **about))


def listed(pages: list[Page]) -> dict[str, Listing]:
    """Give all listings of a visit by their keys."""
    return {listing.key: listing for page in pages for listing in page.listings}


def problems(pages: list[Page]) -> list[str]:
    """Give all problems of a visit."""
    return [problem for page in pages for problem in page.problems]


def until_error(pages: Iterator[Page], kind: type[Exception]) -> tuple[list[Page], str]:
    """Give the pages before a visit fails, and how it does."""
    found: list[Page] = []
    try:
        found.extend(pages)
    except kind as error:
        return found, str(error)
    raise AssertionError("the visit did not fail")


def last_state(pages: list[Page]) -> State:
    """Give what a visit leaves behind, as the catalog would keep it."""
    state: State = orjson.loads(orjson.dumps(dict(pages[-1].state)))
    return state


@dataclass(slots=True)
class Answers:
    """A service that answers as a test says: `asked` are the paths with queries, `headers` those of each request."""

    reply: Callable[[str, Query], object]
    address: str = ""
    asked: list[tuple[str, Query]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)


@contextmanager
def serve_answers(reply: Callable[[str, Query], object]) -> Iterator[Answers]:
    """Serve what `reply` gives for a path and its query: a status, bytes with or without headers, or JSON."""
    answers = Answers(reply)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query))
            if parts.path != "/robots.txt":
                answers.asked.append((parts.path, query))
                answers.headers.append({name.lower(): value for name, value in self.headers.items()})
            self._send(404 if parts.path == "/robots.txt" else answers.reply(parts.path, query))

        def _send(self, given: object) -> None:
            status, headers = 200, {}
            if isinstance(given, tuple):
                given, headers = given
            if isinstance(given, int):
                status, given = given, b""
            body = given if isinstance(given, bytes) else orjson.dumps(given)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    answers.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield answers
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
