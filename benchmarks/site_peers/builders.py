"""The builders that are compared: how each is set up in a folder, and the command that builds.

Not for measuring.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from benchmarks.site_peers.go_templates import MARKUP, GoTemplate
from site_builder.environment import TEMPLATES

ROOT = Path(__file__).resolve().parent.parent.parent
PEERS = Path(__file__).resolve().parent
_NODE_MB = 12_000
_TAG = re.compile(r"{[{%].*?[}%]}")
_PAGE = re.compile(r"\bpage(?=[.,) |])")


@dataclass(frozen=True, slots=True)
class Builder:
    """A command that builds tool pages into `out`."""

    name: str
    command: Sequence[str]
    folder: Path
    out: Path
    environment: Mapping[str, str] = field(default_factory=dict)


def ours(catalog: Path, out: Path) -> Builder:
    """Build the whole site, as everybody does."""
    environment = {"TOOLRISK_CATALOG": str(catalog), "PYTHONPATH": str(ROOT)}
    return Builder("toolrisk", [sys.executable, "-m", "toolrisk", "site", "--out", str(out)], ROOT, out, environment)


def our_tool_pages(catalog: Path, out: Path) -> Builder:
    """Build our tool pages alone, still from the catalog."""
    command = [sys.executable, "-m", "benchmarks.site_peers.pages", "build", str(catalog), str(out)]
    return Builder("toolrisk, tool pages alone", command, ROOT, out, {"PYTHONPATH": str(ROOT)})


def our_export(catalog: Path, out: Path) -> Builder:
    """Write the contexts of our tool pages, for the others."""
    command = [sys.executable, "-m", "benchmarks.site_peers.pages", "export", str(catalog), str(out)]
    return Builder("export", command, ROOT, out, {"PYTHONPATH": str(ROOT)})


def hugo(program: str, pages: Path, folder: Path) -> Builder:
    """Set Hugo up: a content adapter reads the contexts, our templates are written out as Go templates."""
    shutil.copytree(PEERS / "hugo", folder, dirs_exist_ok=True)
    parsed = Environment(loader=FileSystemLoader(TEMPLATES), trim_blocks=True, lstrip_blocks=True, autoescape=True)
    layouts = folder / "layouts"
    layouts.mkdir()
    (layouts / "page.html").write_text(GoTemplate(parsed).translate("pages/tool.html"), encoding="utf-8")
    assets = folder / "assets" / "pages"
    assets.mkdir(parents=True, exist_ok=True)
    for file in pages.iterdir():
        os.link(file, assets / file.name)
    command = [program, "build", "--noBuildLock", "--quiet", "--cacheDir", str(folder / "cache")]
    return Builder("Hugo", [*command, "--destination", str(folder / "public")], folder, folder / "public")


def eleventy(modules: Path, pages: Path, folder: Path) -> Builder:
    """Set Eleventy up with the very templates of ours; `modules` is where npm installed it."""
    shutil.copytree(PEERS / "eleventy", folder, dirs_exist_ok=True)
    (folder / "node_modules").symlink_to(modules.resolve() / "node_modules")
    includes = folder / "input" / "_includes"
    for template in (TEMPLATES / "layout.html", TEMPLATES / "pages/tool.html", *TEMPLATES.glob("partials/*.html")):
        copy = includes / template.relative_to(TEMPLATES)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(_for_nunjucks(template.read_text(encoding="utf-8")), encoding="utf-8")
    program = modules.resolve() / "node_modules/@11ty/eleventy/cmd.cjs"
    out = folder / "public"
    command = ["node", f"--max-old-space-size={_NODE_MB}", str(program), "--quiet", f"--output={out}"]
    return Builder("Eleventy", command, folder, out, {"PAGES": str(pages.resolve())})


def versions(hugo_program: str, modules: Path) -> str:
    """Say which releases were compared."""
    said = [_first_line([hugo_program, "version"]), f"Node {_first_line(['node', '--version'])}"]
    manifest = (modules / "node_modules/@11ty/eleventy/package.json").read_text(encoding="utf-8")
    found = re.search(r'"version": "([^"]+)"', manifest)
    python = sys.version.split()[0]
    return ", ".join([f"Python {python}", said[0].split("-")[0], f"Eleventy {found[1] if found else '?'}", said[1]])


def _first_line(command: Sequence[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().splitlines()[-1]


def _for_nunjucks(template: str) -> str:
    """Call `page` otherwise, since Eleventy has its own, and say what is markup already."""
    renamed = _TAG.sub(lambda tag: _PAGE.sub("of.record", tag[0]), template)
    return renamed.replace(f".{MARKUP} }}}}", f".{MARKUP} | safe }}}}")
