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
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from benchmarks.site_peers.go_templates import MARKUP, GoTemplate
from benchmarks.site_peers.pages import PEERS as FOR_PEERS
from site_builder.environment import TEMPLATES

ROOT = Path(__file__).resolve().parent.parent.parent
PEERS = Path(__file__).resolve().parent
WHOLE = "toolrisk, the whole site from the catalog"
OURS_ALONE = "toolrisk, the same records"
JINJA = "Jinja2, the same records"
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
    return Builder(WHOLE, [sys.executable, "-m", "toolrisk", "site", "--out", str(out)], ROOT, out, environment)


def our_tool_pages(pages: Path, out: Path) -> Builder:
    """Build our tool pages alone, from the contexts that the others get."""
    command = [sys.executable, "-m", "benchmarks.site_peers.pages", "build", str(pages), str(out)]
    return Builder(OURS_ALONE, command, ROOT, out, {"PYTHONPATH": str(ROOT)})


def jinja(pages: Path, out: Path) -> Builder:
    """Build the same pages from the same contexts with Jinja2 as it comes."""
    command = [sys.executable, "-m", "benchmarks.site_peers.pages", "build-with-jinja", str(pages), str(out)]
    return Builder(JINJA, command, ROOT, out, {"PYTHONPATH": str(ROOT)})


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
    for file in (pages / FOR_PEERS).iterdir():
        os.link(file, assets / file.name)
    command = [program, "build", "--noBuildLock", "--quiet", "--cacheDir", str(folder / "cache")]
    return Builder("Hugo", [*command, "--destination", str(folder / "public")], folder, folder / "public")


def eleventy(modules: Path, pages: Path, folder: Path) -> Builder:
    """Set Eleventy up with the very templates of ours; `modules` is where npm installed it."""
    shutil.copytree(PEERS / "eleventy", folder, dirs_exist_ok=True)
    (folder / "node_modules").symlink_to(modules.resolve() / "node_modules")
    includes = folder / "input" / "_includes"
    shared = (*TEMPLATES.glob("partials/*.html"), *TEMPLATES.glob("hosting/*.html"))
    for template in (TEMPLATES / "layout.html", TEMPLATES / "pages/tool.html", *shared):
        copy = includes / template.relative_to(TEMPLATES)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(_for_nunjucks(template.read_text(encoding="utf-8")), encoding="utf-8")
    program = modules.resolve() / "node_modules/@11ty/eleventy/cmd.cjs"
    out = folder / "public"
    command = ["node", f"--max-old-space-size={_NODE_MB}", str(program), "--quiet", f"--output={out}"]
    return Builder("Eleventy", command, folder, out, {"PAGES": str((pages / FOR_PEERS).resolve())})


def versions(hugo_program: str | None, modules: Path | None) -> str:
    """Say which releases were compared."""
    said = [f"Python {sys.version.split()[0]}", f"Jinja2 {version('jinja2')}"]
    if hugo_program:
        said.append(_first_line([hugo_program, "version"]).split("-")[0])
    if modules:
        manifest = (modules / "node_modules/@11ty/eleventy/package.json").read_text(encoding="utf-8")
        found = re.search(r'"version": "([^"]+)"', manifest)
        said += [f"Eleventy {found[1] if found else '?'}", f"Node {_first_line(['node', '--version'])}"]
    return ", ".join(said)


def _first_line(command: Sequence[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().splitlines()[-1]


def _for_nunjucks(template: str) -> str:
    """Call `page` otherwise, since Eleventy has its own, and say what is markup already."""
    renamed = _TAG.sub(lambda tag: _PAGE.sub("of.record", tag[0]), template)
    return renamed.replace(f".{MARKUP} }}}}", f".{MARKUP} | safe }}}}")
