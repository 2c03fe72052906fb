"""Servers of our own to be asked while they run: well-behaved ones on the SDK, and plain scripts that are not."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import uvicorn
from mcp.server.mcpserver import MCPServer

# A server on the SDK; every other script below speaks the protocol by hand, with PLAIN before it.
MAIL = """
from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations

mail = MCPServer("mail", version="1.2")


@mail.tool(annotations=ToolAnnotations(read_only_hint=True))
def read_inbox(folder: str) -> str:
    "Reads the messages of a folder."
    return folder


@mail.tool()
def send_mail(to: str, body: str) -> str:
    "Sends a message to anyone."
    return to + body


mail.run()
"""
PLAIN = """
import json, os, subprocess, sys, time


def say(**message):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def serve(pages):
    for line in sys.stdin:
        one = json.loads(line)
        if one["method"] == "initialize":
            say(id=one["id"], result={"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                                      "serverInfo": {"name": "plain", "version": "1"}})
        elif one["method"] == "tools/list":
            say(id=one["id"], result=pages((one.get("params") or {}).get("cursor")))
        elif "id" in one:
            say(id=one["id"], error={"code": -32601, "message": "unknown"})


def tool(name, description="Does nothing."):
    return {"name": name, "description": description, "inputSchema": {"type": "object"}}


"""
# Beats until it is killed, or twenty seconds have gone; it ignores a polite end.
HEARTBEAT = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range(1000):
    open(sys.argv[1], "a").write(".")
    time.sleep(0.02)
"""


def command_of(folder: Path, script: str, *arguments: str) -> str:
    """Write a script and give the live target that starts it."""
    file = folder / "server.py"
    file.write_text(script)
    return f"stdio:{sys.executable} {file} {' '.join(arguments)}"


def make_mail_server() -> MCPServer:
    server = MCPServer("mail")

    @server.tool()
    def send_mail(to: str) -> str:
        """Sends a message to anyone."""
        return to

    return server


@contextmanager
def serve_app(app: Any) -> Iterator[str]:
    """Serve an ASGI application on a free loopback port for the length of the block."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", ws="none", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


class ScriptedWeb(ThreadingHTTPServer):
    """A web server that gives one answer to everything, and remembers what it was sent."""

    daemon_threads = True
    # Joining at the end would wait for connections that a client keeps.
    block_on_close = False

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Scripted)
        self.answer = (status, headers, body)
        self.asked: list[dict[str, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Scripted(BaseHTTPRequestHandler):
    server: ScriptedWeb

    def do_POST(self) -> None:
        self.server.asked.append({name.lower(): value for name, value in self.headers.items()})
        self.rfile.read(int(self.headers.get("content-length", 0)))
        status, headers, body = self.server.answer
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.do_POST()

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            return  # the client had heard enough

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def serve_answer(status: int, headers: dict[str, str], body: bytes = b"") -> Iterator[ScriptedWeb]:
    """Serve one answer on loopback for the length of the block."""
    web = ScriptedWeb(status, headers, body)
    thread = threading.Thread(target=web.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield web
    finally:
        web.shutdown()
        web.server_close()
        thread.join(5)
