"""The stand-ins as a process of their own: `python -m tests.standins.serve --servers 100 --tools 1000`.

Prints one line of JSON with its address; ends when its standard input closes, or after some seconds. Not for use in the
test's own process, whose time it would take.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.standins.application import make_application
from tests.standins.world import World, WorldSettings

_TOP = Path(__file__).resolve().parents[2]
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class StandIns:
    """Stand-ins that run: where they are, and how a test speaks to them."""

    address: str
    process: int

    def environment(self) -> dict[str, str]:
        """Point npm, pip and the crawler here, as a user's own mirror settings would."""
        return {
            "npm_config_registry": f"{self.address}/npm/",
            "npm_config_fetch_retries": "0",
            "npm_config_replace_registry_host": "never",
            "PIP_INDEX_URL": f"{self.address}/simple",
            "PIP_EXTRA_INDEX_URL": "",
            "PIP_FIND_LINKS": "",
            "PIP_RETRIES": "0",
            "PIP_NO_CACHE_DIR": "1",
            "PIP_CONFIG_FILE": "/dev/null",
            "NO_PROXY": "127.0.0.1",
            "TOOLRISK_GITHUB_API": f"{self.address}/github",
        }

    def counts(self) -> dict[str, int]:
        """Give how many requests each service has had."""
        return dict(self._ask("GET", "counts"))

    def set_fault(self, path: str, kind: str, **about: object) -> None:
        """Let something go wrong; see faults.py for what."""
        self._ask("POST", "faults", {"path": path, "kind": kind, **about})

    def clear_faults(self) -> None:
        """Let everything go right again."""
        self._ask("DELETE", "faults")

    def set_settings(self, **settings: object) -> None:
        """Set the forge's `token` and `limit` and the keys of the keyed sources, in place of earlier ones."""
        self._ask("POST", "settings", settings)

    def evolve(self, fraction: float, seed: int = 0) -> dict[str, Any]:
        """Go on by an hour; gives the numbers of the servers changed, new, withdrawn and harmed."""
        return dict(self._ask("POST", "generation", {"fraction": fraction, "seed": seed}))

    def server(self, number: int) -> dict[str, Any]:
        """Give what a server is now, with the tools that should be found."""
        return dict(self._ask("GET", f"servers/{number}"))

    def git_folders(self) -> dict[str, str]:
        """Give the repositories on disk of the catalogs in git, by name."""
        return dict(self._ask("GET", "git"))

    def generation(self) -> dict[str, Any]:
        """Give the generation, how many servers there are, and the hour."""
        return dict(self._ask("GET", "generation"))

    def _ask(self, method: str, what: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/control/{what}", data=data, method=method)  # noqa: S310
        with _OPENER.open(request, timeout=60) as answer:
            return json.load(answer)


@contextmanager
def serve_world(settings: WorldSettings, *, seconds: float = 600) -> Iterator[StandIns]:
    """Run the stand-ins of a world as a process of their own, on a free port of 127.0.0.1."""
    size = ["--servers", str(settings.servers), "--tools", str(settings.tools), "--seed", str(settings.seed)]
    more = ["--burst", str(settings.burst), "--seconds", str(seconds)]
    command = [sys.executable, "-m", "tests.standins.serve", *size, *more]
    with subprocess.Popen(command, cwd=_TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise RuntimeError("the stand-ins did not start; what they said is above")
            yield StandIns(json.loads(line)["address"], process.pid)
        finally:
            assert process.stdin is not None
            process.stdin.close()  # the signal to end
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def main() -> None:
    """Serve until standard input closes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--servers", type=int, default=60)
    parser.add_argument("--tools", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--burst", type=int, default=0)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=86_400)
    asked = parser.parse_args()
    settings = WorldSettings(servers=asked.servers, tools=asked.tools, seed=asked.seed, burst=asked.burst)
    asyncio.run(_serve(World(settings), asked.port, asked.seconds))


async def _serve(world: World, port: int, seconds: float) -> None:
    runner = web.AppRunner(make_application(world), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    bound = runner.addresses[0][1]
    sys.stdout.write(json.dumps({"address": f"http://127.0.0.1:{bound}"}) + "\n")
    sys.stdout.flush()
    loop = asyncio.get_running_loop()
    closed = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), _read_end, closed)
    try:
        await asyncio.wait_for(closed.wait(), seconds)
    except TimeoutError:
        pass
    finally:
        loop.remove_reader(sys.stdin.fileno())
        await runner.cleanup()


def _read_end(closed: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        closed.set()


if __name__ == "__main__":
    main()
