"""A smaller version of the crawl of a whole ecosystem: its time, requests, memory and size are held to their bounds."""

import shutil
from pathlib import Path

import pytest

from benchmarks.crawl_scale import measure
from tests.standins.serve import serve_world
from tests.standins.world import WorldSettings

SERVERS, TOOLS = 800, 8_000


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_eight_hundred_servers_within_their_bounds(tmp_path: Path) -> None:
    with serve_world(WorldSettings(SERVERS, TOOLS, seed=3), seconds=600) as standins:
        (first, again, hour, classified), sizes = measure(standins, tmp_path)
    assert "0 failed" in first.said
    assert first.seconds < 100  # about 20 on two free cores, which it may have to share
    assert again.requests <= 5
    assert hour.requests <= first.requests / 50
    assert hour.seconds < 15
    assert first.memory.parent < 500
    assert first.memory.worker < 300
    assert "0 failed" in classified.said
    assert sizes["with verdicts"] < 3_000
