"""What decides how a site looks beside the catalog. Not for where it is built."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from site_builder.environment import Render, make_renderer


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """How a site is built.

    `incidents` is the file of documented attacks. `base_url` is the public address of the site's root if it is known,
    `report_url` where reports of wrong verdicts are taken, if anywhere. `theme` is a folder whose templates come
    before ours of the same name, and whose `static` files are added to ours. `precompress` puts a gzip file beside
    every text, for hosts that send those. `engine` makes what renders templates.
    """

    incidents: Path
    base_url: str = ""
    report_url: str = ""
    theme: Path | None = None
    precompress: bool = False
    engine: Callable[[Path | None], Render] = make_renderer
