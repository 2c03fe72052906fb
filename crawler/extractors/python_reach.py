"""Which modules a package's programs never import, and which functions nobody calls: tools there are not offered.

Says so only when it can follow the imports; a package that imports by computed names is left alone.
"""

from collections.abc import Iterable, Mapping

from tree_sitter import Node

from crawler.extractors.python_bindings import Bindings
from crawler.extractors.python_module import Module, ancestors, is_nested
from crawler.extractors.python_package import PythonPackage
from crawler.extractors.python_syntax import text_of

_BY_NAME = (
    *(b"import_module", b"__import__", b"pkgutil", b"spec_from_file", b"runpy", b"exec(", b"entry_points("),
    *(b"FileSystemProvider", b"load_source"),
)
_MANIFESTS = ("entry_points.txt", "pyproject.toml", "setup.cfg", "setup.py", "Dockerfile")
_MAX_MODULES = 3_000


def unreached(package: PythonPackage, modules: Iterable[Module]) -> set[str]:
    """Give the paths of those modules that no program of their package imports."""
    wanted = {module.path: module for module in modules}
    if len(wanted) < 2:
        return set()
    reached: dict[str, Module] = {}
    entries = [path for path in package.files if path.endswith(".py") and _is_entry(package.files, path)]
    queue = [module for path in entries if (module := package.module(path)) is not None]
    while queue and len(reached) < _MAX_MODULES:
        module = queue.pop()
        if module.path in reached:
            continue
        if any(_lines(package.files[module.path], word) for word in _BY_NAME):
            return set()
        reached[module.path] = module
        queue += [*package.imported(module), *_packages_around(package, module)]
    roots = {_root(package.files, path) for path in entries}
    return {
        path
        for path in wanted.keys() - reached.keys()
        if _root(package.files, path) in roots and not _is_named(package, path)
    }


def is_never_called(package: PythonPackage, bindings: Bindings, module: Module, node: Node) -> bool:
    """Tell that a registration stands in a function, given its server, that nothing of the package can call."""
    functions = [one for one in ancestors(module, node) if one.type == "function_definition"]
    if not functions or is_nested(module, functions[-1], "class_definition"):
        return False
    outer = functions[-1]
    name = text_of(outer.child_by_field_name("name"))
    listed = outer.child_by_field_name("parameters")
    if not name or listed is None or not listed.named_children or bindings.callers(module, outer):
        return False
    word = name.encode()
    if package.counts(word) != package.counts(word + b"(") or any(
        word in data for path, data in package.files.items() if path.rsplit("/", 1)[-1] in _MANIFESTS
    ):
        return False  # somebody hands it on, or another package may call it
    return not bindings.may_be_called(name) and package.counts(b"def " + word + b"(") > 1


def _lines(data: bytes, word: bytes) -> list[bytes]:
    """Give the lines that hold a word, but for the one that lets packages share a namespace."""
    if word not in data:
        return []
    return [line for line in data.splitlines() if word in line and b"extend_path" not in line]


def _is_entry(files: Mapping[str, bytes], path: str) -> bool:
    if path.endswith("__main__.py") or b"__main__" in files[path]:
        return True
    dotted = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    tails = {dotted, dotted.removeprefix("src.")}
    return any(
        f"{tail}:".encode() in files[manifest]
        for manifest in files
        if manifest.rsplit("/", 1)[-1] in _MANIFESTS
        for tail in tails
    )


def _packages_around(package: PythonPackage, module: Module) -> list[Module]:
    """Give the packages that are imported before a module of theirs is."""
    parts = module.path.split("/")[:-1]
    paths = ["/".join([*parts[:count], "__init__.py"]) for count in range(1, len(parts) + 1)]
    return [found for path in paths if (found := package.module(path)) is not None]


def _root(files: Mapping[str, bytes], path: str) -> str:
    """Give the folder of the outermost package that a file belongs to."""
    parts = path.split("/")[:-1]
    while parts and "/".join([*parts, "__init__.py"]) in files and len(parts) > 1:
        if "/".join([*parts[:-1], "__init__.py"]) not in files:
            break
        parts.pop()
    return "/".join(parts)


def _is_named(package: PythonPackage, path: str) -> bool:
    """Tell whether some text names a file, as what starts or loads it does."""
    name = path.rsplit("/", 1)[-1].encode()
    return any(name in data for other, data in package.files.items() if other != path and not other.endswith("RECORD"))
