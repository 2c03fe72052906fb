"""All stand-ins as one application, with the control that counts what was asked and sets what goes wrong.

Not for starting it: that is serve.py.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from aiohttp import web

from tests.standins.faults import FAULTS, Fault, Faults, misbehave
from tests.standins.git_catalogs import add_git_catalogs
from tests.standins.github import add_github, forge_limits
from tests.standins.keyed import add_keyed
from tests.standins.lists import add_lists
from tests.standins.npm import add_npm
from tests.standins.packing import Packing, seen_description
from tests.standins.pypi import add_pypi
from tests.standins.registry import add_registry
from tests.standins.replies import PACKING, SETTINGS, WORLD, json_reply
from tests.standins.world import World


@dataclass(slots=True)
class Counts:
    """How many requests each service has had."""

    by_service: Counter[str] = field(default_factory=Counter)


_COUNTS = web.AppKey("counts", Counts)


def make_application(world: World) -> web.Application:
    """Put the services of a world together."""
    app = web.Application(middlewares=[_count, misbehave, forge_limits])
    app[WORLD], app[PACKING], app[SETTINGS] = world, Packing(world), {}
    app[_COUNTS], app[FAULTS] = Counts(), Faults()
    for add in (add_registry, add_github, add_npm, add_pypi, add_lists, add_keyed, add_git_catalogs):
        add(app)
    _add_control(app)
    return app


def _add_control(app: web.Application) -> None:
    app.router.add_get("/control/counts", _counts)
    app.router.add_get("/control/faults", _list_faults)
    app.router.add_post("/control/faults", _set_faults)
    app.router.add_delete("/control/faults", _clear_faults)
    app.router.add_post("/control/settings", _set_settings)
    app.router.add_get("/control/generation", _generation)
    app.router.add_post("/control/generation", _evolve)
    app.router.add_get("/control/servers/{number:[0-9]+}", _server)


@web.middleware
async def _count(request: web.Request, handler: Any) -> web.StreamResponse:
    service = request.path.split("/", 2)[1]
    if service != "control":
        request.app[_COUNTS].by_service[{"v0": "registry", "v0.1": "registry"}.get(service, service)] += 1
    answer: web.StreamResponse = await handler(request)
    return answer


async def _counts(request: web.Request) -> web.Response:
    return json_reply(dict(request.app[_COUNTS].by_service))


async def _list_faults(request: web.Request) -> web.Response:
    return json_reply([asdict(fault) for fault in request.app[FAULTS].active])


async def _set_faults(request: web.Request) -> web.Response:
    request.app[FAULTS].active.append(Fault(**await request.json()))
    return json_reply({"active": len(request.app[FAULTS].active)})


async def _clear_faults(request: web.Request) -> web.Response:
    request.app[FAULTS].active.clear()
    return json_reply({"active": 0})


async def _set_settings(request: web.Request) -> web.Response:
    request.app[SETTINGS].clear()
    request.app[SETTINGS].update(await request.json())
    return json_reply(request.app[SETTINGS])


async def _generation(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    living = len(world) - len(world.withdrawn)
    return json_reply({"generation": world.generation, "servers": living, "now": world.now.isoformat()})


async def _evolve(request: web.Request) -> web.Response:
    asked = await request.json()
    return json_reply(asdict(request.app[WORLD].evolve(float(asked["fraction"]), int(asked.get("seed", 0)))))


async def _server(request: web.Request) -> web.Response:
    world, number = request.app[WORLD], int(request.match_info["number"])
    if number >= len(world):
        return json_reply({"message": "no such server"}, status=404)
    server = world.server(number)
    return json_reply(
        {
            **asdict(server),
            "repository": server.repository,
            "registry_name": server.registry_name,
            "version": world.version(number),
            "withdrawn": number in world.withdrawn,
            "change": world.change(number),
            "tools": [{**asdict(tool), "description": seen_description(server, tool)} for tool in world.tools(number)],
        }
    )
