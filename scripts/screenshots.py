"""Take pictures of a built site: every kind of page wide and narrow, light, dark and printed; or those of the README.

Not a test: the pictures are for people to look at.
"""

import argparse
import base64
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a file, Python sees only its folder

from playwright.sync_api import Browser

from tests.site_builder.browsing import serve, start_browser

KINDS = {
    "home": "index.html",
    "search": "search/index.html",
    "server": "servers/*/index.html",
    "tool": "servers/*/*/index.html",
    "policies": "servers/*/policy/index.html",
    "category": "category/destructive/index.html",
    "risk": "risk/critical/index.html",
    "facets": "facets/index.html",
    "facet": "facets/*/*/index.html",
    "findings": "findings/index.html",
    "finding": "findings/*/index.html",
    "combinations": "combinations/index.html",
    "attacks": "attacks/index.html",
    "attack": "attacks/*/index.html",
    "changes": "changes/index.html",
    "change_day": "changes/*/index.html",
    "rules": "rules/index.html",
    "rule": "rules/*/index.html",
    "sources": "sources/index.html",
    "not_analysed": "not-analysed/index.html",
    "downloads": "downloads/index.html",
    "compare": "compare/index.html",
    "methodology": "methodology/index.html",
    "missing": "404.html",
}
WIDE, NARROW, PAPER = 1280, 390, 794  # in pixels; the last is A4 at 96 to the inch
HIGHEST = 16_000  # in pixels; Chromium repeats a picture beyond 16,384
Scheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: the page's path in the site, and how it is looked at. `height` is 0 for the whole page."""

    name: str
    path: str
    width: int = WIDE
    height: int = 0
    scheme: Scheme = "light"
    printed: bool = False
    quality: int = 80


README = (
    Shot("home", "index.html", height=800),
    Shot("tool", "servers/stripe-mcp/create_refund/index.html", height=800),
    Shot("server_dark", "servers/stripe-mcp/index.html", height=800, scheme="dark"),
)


def list_shots(site: Path) -> Iterator[Shot]:
    """List five pictures of the fullest page of each kind that the site has."""
    for kind, pattern in KINDS.items():
        found = [path for path in site.glob(pattern) if kind != "tool" or path.parent.name != "policy"]
        if not found:
            continue
        path = max(found, key=lambda one: (one.stat().st_size, one)).relative_to(site).as_posix()
        for width, size in ((WIDE, "wide"), (NARROW, "narrow")):
            yield Shot(f"{kind}_{size}_light", path, width)
            yield Shot(f"{kind}_{size}_dark", path, width, scheme="dark")
        yield Shot(f"{kind}_printed", path, PAPER, printed=True)


def take(browser: Browser, address: str, shot: Shot) -> bytes:
    """Take one picture as WebP, of the whole page where no height is given."""
    with browser.new_context(
        viewport={"width": shot.width, "height": shot.height or 900}, color_scheme=shot.scheme
    ) as context:
        page = context.new_page()
        page.emulate_media(media="print" if shot.printed else "screen", color_scheme=shot.scheme)
        page.goto(address + shot.path, wait_until="networkidle")
        height = shot.height or min(page.evaluate("document.documentElement.scrollHeight"), HIGHEST)
        # Playwright writes PNG and JPEG alone; the browser itself knows WebP, a third of the size.
        answer = context.new_cdp_session(page).send(
            "Page.captureScreenshot",
            {
                "format": "webp",
                "quality": shot.quality,
                "captureBeyondViewport": True,
                "clip": {"x": 0, "y": 0, "width": shot.width, "height": height, "scale": 1},
            },
        )
        return base64.b64decode(answer["data"])


def main() -> None:
    """Take the pictures of the folder that is named, into another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a site that was built")
    parser.add_argument("out", type=Path, help="where the pictures go")
    parser.add_argument("--readme", action="store_true", help="only those that the README shows")
    parser.add_argument("--kind", choices=sorted(KINDS), help="only those of one kind of page")
    asked = parser.parse_args()
    shots = README if asked.readme else tuple(list_shots(asked.folder))
    asked.out.mkdir(parents=True, exist_ok=True)
    with serve(asked.folder) as address, start_browser() as browser:
        for shot in shots:
            if asked.kind and not shot.name.startswith(f"{asked.kind}_"):
                continue
            (asked.out / f"{shot.name}.webp").write_bytes(take(browser, address, shot))
            print(f"{shot.name}: {shot.path}")


if __name__ == "__main__":
    main()
