"""PulseMCP's directory, which answers as the official registry does, with a key and a tenant of the user's own.

Not for its pages, which are not for programs.
"""

from collections.abc import Iterator

from crawler.errors import CrawlError
from crawler.listing import Page, Source, SourceSetting
from crawler.sources.asking import base_address
from crawler.sources.registry import Registry, walk_registry

_USUAL = "https://api.pulsemcp.com"
_PAUSE = 0.75  # 5,000 calls an hour are allowed
_VARIABLE = "PULSEMCP_API_KEY"


def pages(setting: SourceSetting) -> Iterator[Page]:
    """Walk the directory: all of it once, then what changed. The key is KEY or KEY:TENANT."""
    base = base_address(setting.where or _USUAL)
    key, _, tenant = (setting.key or "").partition(":")
    if not key:
        raise CrawlError("pulsemcp", f"needs a key of yours; set {_VARIABLE} to KEY:TENANT", cause="refused")
    headers = {"X-API-Key": key} | ({"X-Tenant-ID": tenant} if tenant else {})
    yield from walk_registry(setting, Registry(base, headers=headers, pause=_PAUSE if base == _USUAL else 0.0))


SOURCE = Source(
    id="pulsemcp",
    title="PulseMCP's directory, through its interface",
    pages=pages,
    terms="By agreement with PulseMCP, who give keys and tenants to those who ask.",
    key_variable=_VARIABLE,
    needs_key=True,
    examples=("pulsemcp",),
)
