"""A preview of the built site on localhost; not for the public."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import typer


def serve_folder(folder: Path, port: int) -> None:
    """Serve a folder on 127.0.0.1 until interrupted. Raises OSError when the folder or the port is not to be had."""
    if not (folder / "index.html").is_file():
        raise FileNotFoundError(2, "no site there; run `toolrisk site` first", str(folder))
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        reason = f"port {port} cannot be had ({error.strerror}); choose another with --port"
        raise OSError(error.errno, reason) from error
    with server:
        typer.echo(f"http://127.0.0.1:{server.server_port}/ (Ctrl-C ends it)")
        server.serve_forever()
