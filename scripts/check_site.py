"""Say what is wrong with a built site: markup that does not conform, links that lead nowhere, files out of reach.

Not a validator for any HTML: it knows what our templates write, and is stricter than the standard about it.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

import orjson

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a file, Python sees only its folder

from scripts.check_markup import Link, Markup

_KEPT = ".toolrisk"  # what builds remember; nothing of it is published
_UNLINKED = re.compile(
    r"404\.html|[^/]+(?<!\.html)"  # hosts and visiting programs know what lies at the root by its name
    r"|search/[a-z]+\d*\.js"  # the search page's script counts these up
)
_XML_LINK = re.compile(r'<loc>([^<]+)</loc>|<link [^>]*href="([^"]+)"')
_OWN = {"noopener", "nofollow"}


@dataclass(frozen=True)
class Site:
    """A folder with a built site. What was read of a page is kept: others ask for its fragments."""

    folder: Path

    @cached_property
    def files(self) -> frozenset[str]:
        """List the paths of all files that are published."""
        found = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return frozenset(path.as_posix() for path in found if path.parts[0] != _KEPT)

    @cached_property
    def pages(self) -> dict[str, Markup]:
        """Read every page, by its path."""
        paths = sorted(path for path in self.files if path.endswith(".html"))
        return {path: Markup.read((self.folder / path).read_text(encoding="utf-8")) for path in paths}

    @cached_property
    def base(self) -> str:
        """Give the public address of the site as its home page names it; empty where it is not known."""
        home = self.pages.get("index.html")
        return next((link.address for link in home.links if "canonical" in link.rel), "") if home else ""

    def locate(self, page: str, address: str) -> tuple[str, str] | None:
        """Find the file and the fragment that an address on a page means; None for an address on another site."""
        inside = bool(self.base) and address.startswith(self.base)
        parts = urlsplit(address.removeprefix(self.base) if inside else address)
        if parts.scheme or parts.netloc:
            return None
        folder = self.folder if inside else (self.folder / page).parent
        target = (folder / unquote(parts.path)).resolve() if parts.path or inside else self.folder.resolve() / page
        if target.is_dir():
            target /= "index.html"
        root = self.folder.resolve()
        path = target.relative_to(root).as_posix() if target.is_relative_to(root) else str(target)
        return path, unquote(parts.fragment)


def check_site(folder: Path) -> Iterator[str]:
    """Check a whole site; each problem is one line that begins with the path of its file."""
    site = Site(folder)
    if "index.html" not in site.files:
        yield "index.html: there is no home page"
        return
    for path, markup in site.pages.items():
        yield from (f"{path}: {problem}" for problem in markup.problems)
        yield from (f"{path}: {problem}" for link in markup.links for problem in _check_link(site, path, link))
    for path in sorted(path for path in site.files if path.endswith(".xml")):
        for address in _xml_links(site, path):
            located = site.locate(path, address)
            if located is None or located[0] not in site.files:
                yield f"{path}: {address} is no file of the site"
    yield from (f"{path}: no page leads to it" for path in sorted(_unreachable(site)))


def _check_link(site: Site, page: str, link: Link) -> Iterator[str]:
    located = site.locate(page, link.address)
    if located is None:
        if urlsplit(link.address).scheme not in ("http", "https"):
            yield f"{link.address} is no web address"
        elif link.tag != "a":
            yield f"<{link.tag}> asks another site for {link.address}"
        elif not link.rel >= _OWN:
            yield f"{link.address} leads away without {' '.join(sorted(_OWN))}"
        return
    path, fragment = located
    if path not in site.files:
        yield f"{link.address} leads to no file"
    elif fragment and path in site.pages and fragment not in site.pages[path].ids:
        yield f"{link.address} names no place in {path}"


def _unreachable(site: Site) -> set[str]:
    """Find the files that no chain of links from the home page leads to."""
    seen, waiting = set[str](), ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in seen or path not in site.files:
            continue
        seen.add(path)
        located = (site.locate(path, address) for address in _addresses(site, path))
        waiting += [found[0] for found in located if found]
    return {
        path
        for path in site.files
        if (plain := path.removesuffix(".gz")) not in seen
        and not _UNLINKED.fullmatch(plain)
        and not (path in site.pages and site.pages[path].leads_on)
    }


def _addresses(site: Site, path: str) -> Iterable[str]:
    """Give what a file leads to: links of pages and feeds, and the texts of documents that name a file beside them."""
    if path in site.pages:
        return [link.address for link in site.pages[path].links]
    if path.endswith(".xml"):
        return _xml_links(site, path)
    if path.endswith(".json") and path.startswith(("api/", "downloads/")):
        return _texts(orjson.loads((site.folder / path).read_bytes()))
    return ()


def _xml_links(site: Site, path: str) -> list[str]:
    text = (site.folder / path).read_text(encoding="utf-8")
    return [place or href for place, href in _XML_LINK.findall(text)]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str) and re.fullmatch(r"[a-z0-9_./-]{1,400}", value):
        yield value


def main() -> None:
    """Check the folder that is named, print each problem, and fail if there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a site that was built")
    problems = list(check_site(parser.parse_args().folder))
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(f"{len(problems)} problems")


if __name__ == "__main__":
    main()
