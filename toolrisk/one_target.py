"""One target or file looked at without a catalog: for `extract`, `assess` and `policy`."""

import sys
from pathlib import Path

from catalog.records import Extraction
from crawler.errors import CrawlError
from crawler.fetch.fetching import fetch_dependencies, fetch_targets
from crawler.fetched import Fetched
from crawler.recovery.recover import Recovered, recover
from crawler.recovery.tools_list import read_tools_list
from crawler.target import Target
from toolrisk.crawling import fetching_one
from toolrisk.settings import Settings


def recover_one(target: Target, settings: Settings) -> tuple[Fetched, Recovered]:
    """Fetch one target and recover its tools. Raises CrawlError when that is not possible."""
    with fetching_one(settings, target) as fetch:
        _, fetched = next(iter(fetch_targets([target], fetch)))
        if isinstance(fetched, CrawlError):
            raise fetched
        recovered = recover(fetched)
        if recovered is not None and recovered.wanted:
            recovered = recover(fetched, None, dict(fetch_dependencies(recovered.wanted, fetch)))
    if recovered is None:  # only a known digest makes it None, and none was given
        raise CrawlError(str(target), "nothing was read")
    return fetched, recovered


def read_dump(file: str) -> Extraction:
    """Read a `tools/list` result from a file, or from standard input for `-`. Raises CrawlError."""
    if file == "-":
        return read_tools_list(sys.stdin.buffer.read(), "standard input")
    try:
        return read_tools_list(Path(file).read_bytes(), file)
    except OSError as error:
        raise CrawlError(file, f"cannot be read: {error.strerror}") from error
