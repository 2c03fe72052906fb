"""A server's files as its places publish them: npm package, wheel, sdist, repository tarball.

Every archive follows from seed, number and revision alone. Not for serving; the newest few are kept, so that a digest
and the file it belongs to are made once.
"""

import io
import zipfile
from collections.abc import Mapping
from functools import lru_cache

import orjson
from isal import igzip

from tests.standins.facts import Facts, Language, Place
from tests.standins.source_go import go_files
from tests.standins.source_javascript import javascript_files
from tests.standins.source_python import python_description, python_files, python_module
from tests.standins.tools import Tool
from tests.standins.world import World

_MODIFIED = 1_760_000_000


class Packing:
    """Makes the archives of a world's servers."""

    def __init__(self, world: World) -> None:
        self.world = world
        # 512 archives of some 12 KB: what one call of a package client asks for between metadata and files.
        self.package = lru_cache(maxsize=512)(self._package)
        self.tarball = lru_cache(maxsize=64)(self._tarball)

    def _package(self, number: int, revision: int) -> bytes:
        """Give the npm package, wheel or sdist of a server."""
        server = self.world.server(number)
        version = self.world.version(number, revision)
        tools = self.world.tools(number, revision)
        if server.place in (Place.NPM, Place.BOTH):
            manifest = {"package.json": package_json(server, version), "README.md": readme(server, tools)}
            files = manifest | javascript_files(server, version, tools, typed=False)
            return igzip.compress(tar({f"package/{path}": data for path, data in files.items()}), 1, mtime=0)
        files = python_files(server, version, tools)
        stem = f"{python_module(server)}-{version}"
        metadata = core_metadata(server, version, tools)
        if server.place is Place.WHEEL:
            return wheel(files, stem, metadata)
        everything = {"PKG-INFO": metadata, "pyproject.toml": pyproject(server, version)}
        everything |= {f"src/{path}": data for path, data in files.items()}
        return igzip.compress(tar({f"{stem}/{path}": data for path, data in everything.items()}), 1, mtime=0)

    def _tarball(self, number: int, revisions: tuple[int, ...], commit: str) -> bytes:
        """Give the tarball of a repository, as a forge makes it of a commit."""
        server = self.world.server(number)
        top = f"{server.owner}-{server.repository_name}-{commit[:7]}"
        files = self.tree(server, revisions)
        data = tar({f"{top}/{path}": text for path, text in files.items()}, comment=commit, top=top)
        return igzip.compress(data, 1, mtime=0)

    def tree(self, server: Facts, revisions: tuple[int, ...]) -> dict[str, bytes]:
        """Give the files of a repository; each member's revision stands at its place."""
        if len(server.members) == 1:
            return self._member(server, revisions[0])
        files = {"README.md": f"# {server.repository_name}\n\nSeveral servers in one repository.\n".encode()}
        for number, revision in zip(server.members, revisions, strict=False):
            member = self.world.server(number)
            own = self._member(member, revision)
            files.update({f"{member.subfolder}/{path}": data for path, data in own.items()})
        return files

    def _member(self, server: Facts, revision: int) -> dict[str, bytes]:
        version = self.world.version(server.number, revision)
        tools = self.world.tools(server.number, revision)
        files = {"README.md": readme(server, tools), "LICENSE": b"Licensed as its owner says, for tests alone.\n"}
        if server.language is Language.GO:
            module = (
                f"module github.com/{server.repository}\n\ngo 1.23\n\nrequire github.com/mark3labs/mcp-go v0.40.0\n"
            )
            return files | {"go.mod": module.encode()} | go_files(server, version, tools)
        if server.language is Language.PYTHON:
            own = python_files(server, version, tools)
            manifest = {"pyproject.toml": pyproject(server, version)}
            return files | manifest | {f"src/{path}": data for path, data in own.items()}
        manifest = {"package.json": package_json(server, version), "tsconfig.json": b'{"include": ["src"]}\n'}
        return files | manifest | javascript_files(server, version, tools, typed=True)


def seen_description(server: Facts, tool: Tool) -> str:
    """Give the description that a client of the server sees."""
    return python_description(server, tool) if server.language is Language.PYTHON else tool.description


def package_json(server: Facts, version: str) -> bytes:
    """Write the manifest of an npm package, with its name in the registry."""
    repository: dict[str, str] = {"type": "git", "url": f"git+{server.address}.git"}
    if server.subfolder:
        repository["directory"] = server.subfolder
    manifest = {
        "name": server.package or server.name,
        "version": version,
        "mcpName": server.registry_name,
        "description": server.summary,
        "type": "module",
        "license": "MIT",
        "bin": {server.name: "dist/index.js"},
        "files": ["dist"],
        "repository": repository,
        "dependencies": {"@modelcontextprotocol/sdk": "^1.20.0", "zod": "^3.25.0"},
    }
    return orjson.dumps(manifest, option=orjson.OPT_INDENT_2)


def pyproject(server: Facts, version: str) -> bytes:
    """Write the manifest of a Python package."""
    return (
        f'[project]\nname = "{server.name}"\nversion = "{version}"\ndescription = "{server.summary}"\n'
        'requires-python = ">=3.10"\nlicense = "MIT"\ndependencies = ["mcp>=1.10"]\n\n'
        f'[project.urls]\nRepository = "{server.address}"\n\n'
        f'[project.scripts]\n{server.name} = "{python_module(server)}.server:main"\n'
    ).encode()


def core_metadata(server: Facts, version: str, tools: tuple[Tool, ...]) -> bytes:
    """Write the metadata of a wheel or an sdist."""
    head = (
        f"Metadata-Version: 2.1\nName: {server.name}\nVersion: {version}\nSummary: {server.summary}\n"
        f"Project-URL: Repository, {server.address}\nLicense: MIT\n"
        "Requires-Python: >=3.10\nRequires-Dist: mcp>=1.10\n\n"
    )
    return head.encode() + readme(server, tools)


def readme(server: Facts, tools: tuple[Tool, ...]) -> bytes:
    """Write what people read first; it names the server in the registry, as PyPI packages prove their owner by."""
    lines = "".join(f"- `{tool.name}`: {tool.description[:120]}\n" for tool in tools)
    return (
        f"# {server.title}\n\n<!-- mcp-name: {server.registry_name} -->\n\n{server.summary}.\n\n## Tools\n\n{lines}\n"
        "## Setting up\n\nGive the address of the service in `SERVICE_ADDRESS` and a key in `SERVICE_KEY`.\n"
    ).encode()


def wheel(files: Mapping[str, bytes], stem: str, metadata: bytes) -> bytes:
    """Make a wheel."""
    kind = b"Wheel-Version: 1.0\nGenerator: standins\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    inside = {"METADATA": metadata, "WHEEL": kind, "RECORD": b""}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path, data in {**files, **{f"{stem}.dist-info/{name}": data for name, data in inside.items()}}.items():
            archive.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 1)
    return stream.getvalue()


def tar(files: Mapping[str, bytes], comment: str | None = None, top: str | None = None) -> bytes:
    """Make a tar of plain files; with a comment, as `git archive` puts the commit in front of everything."""
    parts = []
    if comment is not None:
        record = f"52 comment={comment}\n".encode()
        parts += [_header("pax_global_header", len(record), b"g"), record, bytes(-len(record) % 512)]
    if top is not None:
        parts.append(_header(f"{top}/", 0, b"5"))
    for path, data in files.items():
        parts += [_header(path, len(data), b"0"), data, bytes(-len(data) % 512)]
    parts.append(bytes(1024))
    return b"".join(parts)


def _header(path: str, size: int, kind: bytes) -> bytes:
    prefix = ""
    if len(path) > 100:
        cut = path.rindex("/", 0, 155)
        prefix, path = path[:cut], path[cut + 1 :]
    head = b"%-100.100b%07o\0%07o\0%07o\0%011o\0%011o\0" % (path.encode(), 0o644, 0, 0, size, _MODIFIED)
    head = head.replace(b" ", b"\0")
    tail = (
        b"ustar\x0000root".ljust(40, b"\0") + b"root".ljust(32, b"\0") + bytes(16) + prefix.encode().ljust(155, b"\0")
    )
    body = head + b"        " + kind + bytes(100) + tail
    body = body.ljust(512, b"\0")
    return body[:148] + b"%06o\0 " % sum(body) + body[156:]
