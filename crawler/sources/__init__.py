"""Every place that servers are listed at. Not for choosing among them: that is the user's."""

from crawler.listing import Source
from crawler.sources import (
    awesome,
    checkouts,
    docker_registry,
    dumps,
    github,
    glama,
    list_file,
    pulsemcp,
    registry,
    smithery,
    toolhive,
)

SOURCES: tuple[Source, ...] = (
    awesome.SOURCE,
    checkouts.SOURCE,
    docker_registry.SOURCE,
    dumps.SOURCE,
    github.SOURCE,
    glama.SOURCE,
    list_file.SOURCE,
    pulsemcp.SOURCE,
    registry.SOURCE,
    smithery.SOURCE,
    toolhive.SOURCE,
)
