"""What a request costs the client, in CPU-seconds: httpx, httpx2, httpx over aiohttp, and the crawler's own web.

Each is asked for the same small JSON from a server of its own process on loopback, 32 requests at a time. The crawler's
web does all that it does for every request (address check, pace, limits, sizes), with its limits lifted.

    python benchmarks/http_client.py [--rounds 5] [--ratios FILE]
"""

import argparse
import asyncio
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp.web
import httpx
import httpx2
from httpx_aiohttp import HttpxAiohttpClient

from benchmarks.ratios import add_ratios_option, tell_ratios
from crawler.web.client import AsyncWeb
from crawler.web.records import WebSetting

AT_ONCE = 32
LONGEST_SECONDS = 55
# So many that every client takes about a second.
REQUESTS = {"httpx": 800, "httpx2": 1200, "httpx over aiohttp": 2000, "crawler/web/web.py": 3000}
BODY = b'{"description":"' + b"x" * 1100 + b'"}'

Get = Callable[[], Awaitable[object]]


async def serve() -> None:
    """Answer until nobody wants it any more, and for a minute at most."""

    async def answer(_: aiohttp.web.BaseRequest) -> aiohttp.web.Response:
        return aiohttp.web.Response(body=BODY, content_type="application/json")

    server = aiohttp.web.ServerRunner(aiohttp.web.Server(answer))
    await server.setup()
    site = aiohttp.web.TCPSite(server, "127.0.0.1", 0)
    await site.start()
    print(server.addresses[0][1], flush=True)
    await asyncio.sleep(60)


async def clients(stack: AsyncExitStack, url: str) -> dict[str, Get]:
    """Open every client; each is one that all requests share."""
    first = await stack.enter_async_context(httpx.AsyncClient())
    second = await stack.enter_async_context(httpx2.AsyncClient())
    third = await stack.enter_async_context(HttpxAiohttpClient())
    setting = WebSetting(allow_private=True, per_host=AT_ONCE, rate=math.inf)
    ours = await stack.enter_async_context(AsyncWeb(setting))
    return {
        "httpx": lambda: first.get(url),
        "httpx2": lambda: second.get(url),
        "httpx over aiohttp": lambda: third.get(url),
        "crawler/web/web.py": lambda: ours.get(url, max_bytes=1 << 20),
    }


async def measure(get: Get, requests: int) -> float:
    """Tell how many requests a CPU-second of this process makes, once connections are open."""
    await asyncio.gather(*(get() for _ in range(AT_ONCE)))
    left = iter(range(requests))

    async def ask() -> None:
        for _ in left:
            await get()

    began = time.process_time()
    await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
    return requests / (time.process_time() - began)


async def compare(url: str, rounds: int) -> dict[str, list[float]]:
    """Measure all, in turn, so that what else the machine does concerns all alike."""
    found: dict[str, list[float]] = {name: [] for name in REQUESTS}
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        gets = await clients(stack, url)
        for _ in range(rounds):
            if found["httpx"] and time.monotonic() - began > LONGEST_SECONDS * (1 - 1 / rounds):
                break
            for name, requests in REQUESTS.items():
                found[name].append(await measure(gets[name], requests))
    return found


def main() -> None:
    """Run the server, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured; the median counts")
    add_ratios_option(parser)
    asked = parser.parse_args()
    with subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None  # noqa: S101  (it is a pipe)
            port = int(server.stdout.readline())
            found = asyncio.run(compare(f"http://127.0.0.1:{port}/", asked.rounds))
        finally:
            server.terminate()
    medians = {name: statistics.median(figures) for name, figures in found.items()}
    print("| client | requests per CPU-second | least to most | times httpx |")
    print("| --- | --- | --- | --- |")
    for name, median in medians.items():
        spread = f"{min(found[name]):,.0f} to {max(found[name]):,.0f}"
        print(f"| {name} | {median:,.0f} | {spread} | {median / medians['httpx']:.1f} |")
    tell_ratios(asked.ratios, {"http_client: crawler/web": medians["crawler/web/web.py"] / medians["httpx"]})


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    else:
        main()
