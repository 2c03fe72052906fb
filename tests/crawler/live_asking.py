"""How the tests ask a server: with what limits, and what is looked at of the answer."""

import os

import pytest

from crawler.errors import FetchError
from crawler.live.asking import list_live
from crawler.live.records import LiveListing, LiveSetting, parse_live_target

ENVIRONMENT = {"PATH": os.environ["PATH"]}
QUICK = LiveSetting(seconds=15, environment=ENVIRONMENT)


def ask(target: str, setting: LiveSetting = QUICK) -> LiveListing:
    return list_live(parse_live_target(target), setting)


def failure(target: str, setting: LiveSetting = QUICK) -> FetchError:
    with pytest.raises(FetchError) as raised:
        ask(target, setting)
    return raised.value


def setting(**changes: float) -> LiveSetting:
    values = {"seconds": 15.0, "max_bytes": 32 * 2**20, "max_pages": 1000, "max_tools": 20_000, **changes}
    return LiveSetting(
        seconds=values["seconds"],
        environment=ENVIRONMENT,
        max_bytes=int(values["max_bytes"]),
        max_pages=int(values["max_pages"]),
        max_tools=int(values["max_tools"]),
    )


def names(listing: LiveListing) -> list[str]:
    return [definition.name for definition in listing.extraction.definitions]
