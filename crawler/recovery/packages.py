"""Which packages a repository holds: folders with a manifest, those that run, and what each needs of the others.

Pure. A server's tools are those of the package that runs and of the packages of the same repository that it names.
"""

import fnmatch
import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from crawler.extractors.paths import Place, place_of

MAX_PACKAGES = 400
_MAX_MANIFEST = 1_000_000
_NPM_SCRIPTS = frozenset(("start", "deploy", "serve"))
_JVM_MAIN = re.compile(
    rb"static\s{1,9}void\s{1,9}main\s{0,9}\(|^fun\s{1,9}main\s{0,9}\(|@SpringBootApplication|@QuarkusMain", re.MULTILINE
)
_GO_MAIN = re.compile(rb"^package\s{1,9}main\b", re.MULTILINE)
_CS_RUNS = re.compile(
    rb"<OutputType>\s{0,9}(?:Win)?Exe"
    rb"|Sdk=\"Microsoft\.NET\.Sdk\.(?:Web|Worker)\"|<PackAsTool>\s{0,9}true",
    re.IGNORECASE,
)
_PROJECT = re.compile(r"<ProjectReference\b[^>]{0,200}?Include=\"([^\"]{1,500})\"")
_NAMED = {
    "pom.xml": re.compile(rb"</parent>.{0,2000}?<artifactId>([\w.-]+)|<artifactId>([\w.-]+)", re.DOTALL),
    "go.mod": re.compile(rb"^module\s+(\S+)", re.MULTILINE),
    "pubspec.yaml": re.compile(rb"^name:\s*([\w-]+)", re.MULTILINE),
    "Package.swift": re.compile(rb"name:\s*\"([^\"]+)\""),
}


@dataclass(frozen=True, slots=True)
class PackageFolder:
    """A folder with a manifest: its path ("" for the top), the package's name, and whether it can be started."""

    folder: str
    name: str
    runs: bool
    manifest: str  # the manifest's path
    npm: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """One package's files with those it needs of the repository: the package's own at the top, as if alone.

    `places` leads from where other packages' files were laid back to where they are, relative to the folder.
    """

    package: PackageFolder
    files: Mapping[str, bytes]
    places: Mapping[str, str]

    def beside(self) -> dict[str, bytes]:
        """Give the files of the other packages only, as they were laid."""
        return {path: data for path, data in self.files.items() if path.startswith(tuple(self.places))}

    def place(self, text: str) -> str:
        """Say of a path, or of a text that names one, where it really is."""
        for laid, real in self.places.items():
            text = text.replace(laid, real)
        return text


def find_packages(files: Mapping[str, bytes]) -> tuple[PackageFolder, ...]:
    """Find the product's packages; those of examples and tests are none."""
    found: dict[str, PackageFolder] = {}
    for path in sorted(files):
        folder, _, name = path.rpartition("/")
        if place_of(f"{folder}/x" if folder else "x") is not Place.PRODUCT or len(files[path]) > _MAX_MANIFEST:
            continue
        package = _read(path, folder, name, files)
        if package is not None:
            known = found.get(folder)
            # A folder may have manifests of several languages; the one that runs speaks for it.
            found[folder] = package if known is None or (package.runs and not known.runs) else known
    return tuple(found[folder] for folder in sorted(found))[:MAX_PACKAGES]


def view_of(files: Mapping[str, bytes], wanted: PackageFolder, packages: tuple[PackageFolder, ...]) -> View:
    """Lay out one package with the packages of the repository that its manifest names, and those that theirs name."""
    homes = _homes(files, packages)
    needed = _needed(files, wanted, packages)
    own = f"{wanted.folder}/" if wanted.folder else ""
    laid: dict[str, bytes] = {path.removeprefix(own): files[path] for path in homes.get(wanted.folder, ())}
    places: dict[str, str] = {}
    for package in needed:
        inside = f"+npm/{package.name}/" if package.npm else f"+workspace/{package.folder or 'top'}/"
        top = f"{package.folder}/" if package.folder else ""
        places[inside] = posixpath.relpath(top or ".", wanted.folder or ".") + "/"
        laid.update({inside + path.removeprefix(top): files[path] for path in homes.get(package.folder, ())})
    return View(wanted, laid, places)


def package_at(packages: tuple[PackageFolder, ...], folder: str) -> PackageFolder | None:
    """Find the package of a folder."""
    return next((package for package in packages if package.folder == folder.strip("/")), None)


def _homes(files: Mapping[str, bytes], packages: tuple[PackageFolder, ...]) -> dict[str, list[str]]:
    """Give each package's folder its own paths: those that no package further in has."""
    folders = {package.folder for package in packages}
    homes: dict[str, list[str]] = {}
    for path in files:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folder = folder.rpartition("/")[0]
        homes.setdefault(folder, []).append(path)
    return homes


def _needed(
    files: Mapping[str, bytes], wanted: PackageFolder, packages: tuple[PackageFolder, ...]
) -> list[PackageFolder]:
    needed: list[PackageFolder] = []
    pending = [wanted]
    while pending:
        manifest = files[pending.pop().manifest].decode("utf-8", "replace").replace("\\", "/")
        for package in packages:
            if package not in needed and package != wanted and _names(manifest, package):
                needed.append(package)
                pending.append(package)
    return needed


def _names(manifest: str, package: PackageFolder) -> bool:
    """Tell whether a manifest names a package: by its name as a whole word, or by the path of its manifest's file."""
    file = posixpath.basename(package.manifest)
    if file.endswith(".csproj"):
        return any(_is_referenced(package.manifest, one) for one in _PROJECT.findall(manifest))
    if not package.name:
        return False
    return re.search(rf"(?<![\w./@-]){re.escape(package.name)}(?![\w./-])", manifest) is not None


def _is_referenced(manifest: str, reference: str) -> bool:
    """Tell whether a reference leads to a project: by the end of its path, where stars stand for anything."""
    end = re.sub(r"^(?:\$\([^)]*\)|\.\.|/)+", "", reference)
    return bool(end) and fnmatch.fnmatchcase(f"/{manifest}", f"*/{end}")


def _read(path: str, folder: str, name: str, files: Mapping[str, bytes]) -> PackageFolder | None:
    data = files[path]
    if name == "package.json":
        package = _json(data)
        scripts = package.get("scripts")
        runs = bool(package.get("bin")) or (isinstance(scripts, dict) and bool(_NPM_SCRIPTS & scripts.keys()))
        return PackageFolder(folder, _text(package.get("name")), runs, path, npm=True)
    if name == "composer.json":
        package = _json(data)
        return PackageFolder(folder, _text(package.get("name")), bool(package.get("bin")), path)
    if name in ("pyproject.toml", "Cargo.toml"):
        return _read_toml(path, folder, name, files)
    if name in ("pom.xml", "build.gradle", "build.gradle.kts"):
        runs = b"mcp" in data.lower() and (
            b"quarkus" in data or any(_JVM_MAIN.search(one) for one in _inside(files, folder, (".java", ".kt")))
        )
        return PackageFolder(
            folder, _first(_NAMED["pom.xml"], data) if name == "pom.xml" else posixpath.basename(folder), runs, path
        )
    if name == "go.mod":
        runs = any(_GO_MAIN.search(one) for one in _inside(files, folder, (".go",)))
        return PackageFolder(folder, _first(_NAMED[name], data), runs, path)
    if name.endswith(".csproj"):
        return PackageFolder(folder, name.removesuffix(".csproj"), _CS_RUNS.search(data) is not None, path)
    if name == "Package.swift":
        return PackageFolder(folder, _first(_NAMED[name], data), b".executable" in data, path)
    if name == "pubspec.yaml":
        runs = any(one.startswith(f"{folder}/bin/" if folder else "bin/") for one in files)
        return PackageFolder(folder, _first(_NAMED[name], data), runs, path)
    if name.endswith(".gemspec"):
        return PackageFolder(folder, name.removesuffix(".gemspec"), b"executables" in data, path)
    return None


def _read_toml(path: str, folder: str, name: str, files: Mapping[str, bytes]) -> PackageFolder | None:
    try:
        content = tomllib.loads(files[path].decode("utf-8", "replace"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    inside = f"{folder}/" if folder else ""
    if name == "Cargo.toml":
        package = _table(content, "package")
        runs = "bin" in content or f"{inside}src/main.rs" in files
        runs = runs or any(one.startswith(f"{inside}src/bin/") for one in files)
        return PackageFolder(folder, _text(package.get("name")), runs, path) if package else None
    project, poetry = _table(content, "project"), _table(content, "tool", "poetry")
    if not project and not poetry:
        return None
    runs = bool(project.get("scripts") or project.get("entry-points") or poetry.get("scripts"))
    return PackageFolder(folder, _text(project.get("name") or poetry.get("name")), runs, path)


def _inside(files: Mapping[str, bytes], folder: str, suffixes: tuple[str, ...]) -> Iterator[bytes]:
    inside = f"{folder}/" if folder else ""
    for path, data in files.items():
        if path.startswith(inside) and path.endswith(suffixes) and place_of(path) is Place.PRODUCT:
            yield data


def _table(content: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    value: Any = content
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _json(data: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _first(pattern: re.Pattern[bytes], data: bytes) -> str:
    match = pattern.search(data[:20_000])
    return next((group.decode("utf-8", "replace") for group in match.groups() if group), "") if match else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
