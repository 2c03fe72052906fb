"""Stand-ins for the npm registry and for PyPI on loopback: real HTTP for the real clients, packages of our own."""

import base64
import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


@dataclass
class LoopbackRegistry:
    """What the stand-in serves, and the paths it was asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    npm: dict[str, dict[str, object]] = field(default_factory=dict)
    pypi: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def environment(self) -> dict[str, str]:
        """Point npm and pip here, as a user's own mirror settings would."""
        return {
            "npm_config_registry": f"{self.address}/npm/",
            "npm_config_fetch_retries": "0",
            "PIP_INDEX_URL": f"{self.address}/simple",
            "PIP_EXTRA_INDEX_URL": "",
            "PIP_FIND_LINKS": "",
            "PIP_RETRIES": "0",
            "PIP_NO_CACHE_DIR": "1",
            "PIP_CONFIG_FILE": "/dev/null",
            "NO_PROXY": "127.0.0.1",
        }

    def add_npm(self, name: str, version: str, files: Mapping[str, str]) -> None:
        """Publish an npm package; `package.json` is made when it is not among the files."""
        manifest = {"name": name, "version": version, "description": f"{name}, made for a test"}
        everything = {"package.json": json.dumps(manifest), **files}
        data = make_tar({f"package/{path}": text.encode() for path, text in everything.items()})
        self.add_npm_archive(name, version, data)

    def add_npm_archive(self, name: str, version: str, data: bytes) -> None:
        """Publish an npm package as the given archive, whole or damaged."""
        path = f"/npm-files/{name.replace('/', '-')}-{version}.tgz"
        self.files[path] = data
        digest = base64.b64encode(hashlib.sha512(data).digest()).decode()
        versions = self.npm.setdefault(name, {})
        versions[version] = {
            "name": name,
            "version": version,
            "dist": {"tarball": f"{self.address}{path}", "integrity": f"sha512-{digest}"},
        }

    def add_wheel(self, name: str, version: str, files: Mapping[str, str]) -> None:
        """Publish a PyPI package as a wheel."""
        stem = f"{name.replace('-', '_')}-{version}"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: {name}, made for a test\n"
        wheel = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, text in {
                **files,
                f"{stem}.dist-info/METADATA": metadata,
                f"{stem}.dist-info/WHEEL": wheel,
                f"{stem}.dist-info/RECORD": "",
            }.items():
                archive.writestr(path, text)
        self._add_pypi_file(name, f"{stem}-py3-none-any.whl", stream.getvalue())

    def add_sdist(self, name: str, version: str, files: Mapping[str, str]) -> None:
        """Publish a PyPI package as an sdist alone."""
        stem = f"{name.replace('-', '_')}-{version}"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        everything = {"PKG-INFO": metadata, **files}
        data = make_tar({f"{stem}/{path}": text.encode() for path, text in everything.items()})
        self._add_pypi_file(name, f"{stem}.tar.gz", data)

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Give status, content type and body for a path."""
        self.asked.append(path)
        if path in self.files:
            return 200, "application/octet-stream", self.files[path]
        if path.startswith("/npm/") and (name := unquote(path[5:])) in self.npm:
            versions = self.npm[name]
            document = {"name": name, "versions": versions, "dist-tags": {"latest": max(versions)}}
            return 200, "application/json", json.dumps(document).encode()
        if path.startswith("/simple/") and (name := path[8:].strip("/")) in self.pypi:
            links = "".join(f'<a href="/pypi-files/{file}">{file}</a>' for file in self.pypi[name])
            return 200, "text/html", f"<!DOCTYPE html><html><body>{links}</body></html>".encode()
        return 404, "application/json", b'{"error": "not found"}'

    def _add_pypi_file(self, name: str, file: str, data: bytes) -> None:
        self.files[f"/pypi-files/{file}"] = data
        self.pypi.setdefault(name, []).append(file)


def make_tar(files: Mapping[str, bytes]) -> bytes:
    """Make a gzipped tar of plain files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for path, data in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


@contextmanager
def serve_registry() -> Iterator[LoopbackRegistry]:
    """Serve a registry on a free port of 127.0.0.1."""
    registry = LoopbackRegistry()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = registry.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        registry.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield registry
        server.shutdown()
        thread.join()
