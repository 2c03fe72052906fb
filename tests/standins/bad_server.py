"""A web server on loopback that misbehaves as it is told, a path at a time, and keeps account of what it was asked.

Not for registries: tests/loopback_registry.py stands in for those.
"""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Behaviour = Callable[["Exchange"], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came; header names in lower case."""

    path: str
    headers: Mapping[str, str]
    at: float


@dataclass
class BadServer:
    """What is answered where, and what was asked; behaviours of one path are taken in turn, the last for ever.

    As a proxy it is asked for whole addresses, which are paths like others; `tunnels` tells where CONNECT leads.
    """

    behaviours: dict[str, list[Behaviour]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    tunnels: dict[str, tuple[str, int]] = field(default_factory=dict)
    most_at_once: int = 0
    connections: int = 0
    address: str = ""
    port: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    _at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def on(self, path: str, *behaviours: Behaviour) -> str:
        """Say what happens at a path; gives its whole address."""
        self.behaviours[path] = list(behaviours)
        return f"{self.address}{path}"

    def times(self, path: str) -> int:
        """Count how often a path was asked for."""
        return sum(asked.path == path for asked in self.asked)

    def take(self, exchange: "Exchange") -> Behaviour:
        """Note a request and find what shall happen."""
        with self._lock:
            headers = {name.lower(): value for name, value in exchange.headers.items()}
            self.asked.append(Asked(exchange.path, headers, time.monotonic()))
            waiting = self.behaviours.get(exchange.path, [answers(404)])
            return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count how many requests are under way together."""
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self._lock:
                self._at_once -= 1


class Exchange(BaseHTTPRequestHandler):
    """One connection; behaviours write to it what they like."""

    protocol_version = "HTTP/1.1"
    bad: BadServer

    def setup(self) -> None:
        self.bad.connections += 1
        super().setup()

    def do_GET(self) -> None:
        behaviour = self.bad.take(self)
        with suppress(OSError):
            behaviour(self)

    def do_CONNECT(self) -> None:
        behaviour = self.bad.take(self)
        self.close_connection = True
        if self.path not in self.bad.tunnels:
            behaviour(self)
            return
        with suppress(OSError), socket.create_connection(self.bad.tunnels[self.path], timeout=5) as far:
            self.connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=_pump, args=(far, self.connection), daemon=True)
            back.start()
            _pump(self.connection, far)
            back.join(5)

    def raw(self, data: bytes) -> None:
        """Write bytes as they are."""
        self.connection.sendall(data)

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        """Write a status line and headers."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.raw(f"HTTP/1.1 {status} So\r\n{lines}\r\n".encode())

    def hang_up(self) -> None:
        """Close the connection in good order."""
        self.close_connection = True

    def reset(self) -> None:
        """Close the connection by a reset."""
        self.close_connection = True
        time.sleep(0.05)  # what was written must have been read, or the reset takes it along
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the standard library's name)
        """Be quiet."""


def answers(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None, wait: float = 0) -> Behaviour:
    """Answer properly."""

    def behave(exchange: Exchange) -> None:
        # Counted until before the answer: after it, the client may be faster with its next request than this is.
        with exchange.bad.counted():
            exchange.bad.stopped.wait(wait)
        exchange.head(status, {"Content-Length": str(len(body)), **(headers or {})})
        exchange.raw(body)

    return behave


def redirects(location: str, status: int = 302) -> Behaviour:
    """Send elsewhere."""
    return answers(status, b"elsewhere", {"Location": location})


def says(data: bytes, *, reset: bool = False) -> Behaviour:
    """Write these bytes and hang up, by a reset if need be."""

    def behave(exchange: Exchange) -> None:
        exchange.raw(data)
        if reset:
            exchange.reset()
        else:
            exchange.hang_up()

    return behave


def keeps_silent(exchange: Exchange) -> None:
    """Take the request and never answer."""
    exchange.bad.stopped.wait(20)
    exchange.hang_up()


def drips(exchange: Exchange) -> None:
    """Answer a byte at a time, each soon enough for one who waits for the next."""
    exchange.head(200, {"Content-Length": "100000"})
    exchange.hang_up()
    while not exchange.bad.stopped.wait(0.05):
        exchange.raw(b".")


def never_ends(exchange: Exchange) -> None:
    """Answer for ever."""
    exchange.head(200, {"Transfer-Encoding": "chunked"})
    exchange.hang_up()
    while not exchange.bad.stopped.is_set():
        exchange.raw(b"1000\r\n" + b"x" * 4096 + b"\r\n")


@contextmanager
def bad_server(certificate: tuple[str, str] | None = None) -> Iterator[BadServer]:
    """Run one; with a certificate and its key (two files) it speaks TLS and calls itself localhost."""
    bad = BadServer()
    server = _QuietServer(("127.0.0.1", 0), type("BoundExchange", (Exchange,), {"bad": bad}))
    bad.port = server.server_address[1]
    bad.address = f"http://127.0.0.1:{bad.port}"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        bad.address = f"https://localhost:{bad.port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield bad
    finally:
        bad.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are what this is for."""


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
