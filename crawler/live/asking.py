"""The tools that a running server lists, asked for through the MCP SDK, which is an optional part of the installation.

This is the one place where foreign code is run or a foreign server called, and only on a person's word.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import anyio
import httpx2
from mcp import Client, MCPError
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import METHOD_NOT_FOUND, Implementation
from pydantic import ValidationError

from catalog.records import Extraction, Origin
from catalog.vocabulary import Outcome
from crawler.errors import FetchError
from crawler.live.http import GuardedTransport, make_client
from crawler.live.process import ServerState, open_process
from crawler.live.records import Allowance, LiveListing, LiveSetting, LiveTarget
from crawler.live.stream import Heard, OverheardStream
from crawler.recovery.extract import storable_text
from crawler.recovery.tools_list import read_entries

_OURSELVES = Implementation(name="toolrisk", version="0")
_TEXT = 300
# Answers of a server that speaks the older transport only: it is asked for its stream of events instead.
_PERHAPS_SSE = (400, 404, 405)
_FOREIGN_FAULTS = (
    MCPError,
    httpx2.HTTPError,
    OSError,
    ValueError,
    RuntimeError,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    anyio.EndOfStream,
)


@dataclass(slots=True)
class _Attempt:
    """One way to speak to a server, and what is seen of it from outside."""

    mode: str
    transport: AbstractAsyncContextManager[Any]
    process: ServerState | None = None
    web: GuardedTransport | None = None
    heard: Heard = field(default_factory=Heard)


@dataclass(slots=True)
class _Said:
    """What a server has said so far; `whole` once it has no more pages."""

    greeted: bool = False
    whole: bool = False
    name: str | None = None
    version: str | None = None
    protocol: str | None = None
    entries: list[Any] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def list_live(target: LiveTarget, setting: LiveSetting) -> LiveListing:
    """Start or call a server, list its tools, and end it again. A list that broke off is partial and says why.

    Raises FetchError when nothing was listed; its notes are the last lines that a started server complained with.
    """
    return anyio.run(_list, target, setting)


async def _list(target: LiveTarget, setting: LiveSetting) -> LiveListing:
    allowance = Allowance(setting.max_bytes, setting.max_values)
    said, failure = _Said(), ""
    attempt: _Attempt | None = None
    with anyio.move_on_after(setting.seconds) as limit:
        for attempt in _attempts(target, setting, allowance):
            problem = await _try(attempt, setting, said, allowance)
            failure = failure or problem
            if not problem or not _worth_another(attempt, said, allowance):
                break
    if limit.cancelled_caught:
        failure = f"no answer within {setting.seconds:g} s" + (_noise(attempt) if attempt else "")
    if not said.whole:
        if not said.entries:
            raise _complaint(target, failure, setting, attempt)
        said.reasons.append(f"the list broke off: {setting.conceal(failure)}")
    return LiveListing(said.name, said.version, said.protocol, _extraction(target, said, setting))


def _attempts(target: LiveTarget, setting: LiveSetting, allowance: Allowance) -> Iterator[_Attempt]:
    """Give the ways to speak to a server: the newer one, then the one that older servers understand."""
    for mode in ("auto", "legacy"):
        if target.command:
            state = ServerState(allowance)
            yield _Attempt(mode, open_process(target.command, setting.environment, state), process=state)
        else:
            web = GuardedTransport(target, setting, allowance)
            yield _Attempt(mode, _open_web(target, setting, web, events=mode == "legacy"), web=web)


@asynccontextmanager
async def _open_web(
    target: LiveTarget, setting: LiveSetting, web: GuardedTransport, *, events: bool
) -> AsyncIterator[Any]:
    if events:
        factory = partial(_client_for_events, web, setting)
        async with sse_client(target.url, httpx_client_factory=factory) as streams:
            yield streams
        return
    async with (
        make_client(web, setting.headers, setting.seconds) as client,
        streamable_http_client(target.url, http_client=client, max_sse_event_size=setting.max_bytes) as streams,
    ):
        yield streams


def _client_for_events(
    web: GuardedTransport,
    setting: LiveSetting,
    headers: dict[str, str] | None = None,  # noqa: ARG001  the SDK's signature; ours are the setting's
    timeout: httpx2.Timeout | None = None,  # noqa: ARG001
    auth: httpx2.Auth | None = None,  # noqa: ARG001
) -> httpx2.AsyncClient:
    return make_client(web, setting.headers, setting.seconds)


async def _try(attempt: _Attempt, setting: LiveSetting, said: _Said, allowance: Allowance) -> str:
    """Ask in one way; the answer is why it failed, or nothing."""
    try:
        async with Client(_overheard(attempt), mode=attempt.mode, cache=None, client_info=_OURSELVES) as client:
            _note_server(client, said)
            await _read_pages(client, attempt, setting, said)
    except ExceptionGroup as group:
        fault = _foreign_fault(group)
    except _FOREIGN_FAULTS as error:
        fault = error
    else:
        return ""
    return "" if said.whole else _explain(attempt, fault, allowance)


@asynccontextmanager
async def _overheard(attempt: _Attempt) -> AsyncIterator[Any]:
    async with attempt.transport as (read, write):
        yield OverheardStream(read, attempt.heard), write


def _note_server(client: Client, said: _Said) -> None:
    said.greeted = True
    said.protocol = client.protocol_version
    if client.server_info is not None:
        said.name = storable_text(client.server_info.name)[:_TEXT]
        said.version = storable_text(client.server_info.version)[:_TEXT]


async def _read_pages(client: Client, attempt: _Attempt, setting: LiveSetting, said: _Said) -> None:
    cursor: str | None = None
    cursors: set[str] = set()
    for _ in range(setting.max_pages):
        page = await _read_page(client, attempt, cursor, said)
        said.entries += page.get("tools") or []
        cursor = page.get("nextCursor")
        if len(said.entries) > setting.max_tools:
            said.reasons.append(f"more than {setting.max_tools} tools listed, the first {setting.max_tools} kept")
            break
        if not cursor:
            break
        if cursor in cursors:
            said.reasons.append("the list goes in a circle: the server named the same next page twice")
            break
        cursors.add(cursor)
    else:
        said.reasons.append(f"more than {setting.max_pages} pages listed, the first {setting.max_pages} read")
    said.whole = True


async def _read_page(client: Client, attempt: _Attempt, cursor: str | None, said: _Said) -> dict[str, Any]:
    """Ask for one page and give it as it came, so that one odd tool does not hide the others."""
    odd: ValidationError | None = None
    try:
        await client.list_tools(cursor=cursor, cache_mode="bypass")
    except ValidationError as error:
        odd = error
    except MCPError as error:
        if error.code == METHOD_NOT_FOUND and cursor is None:
            said.reasons.append("the server does not know tools/list")
            return {}
        raise
    page = attempt.heard.answer
    if page is None or not isinstance(page.get("tools"), list):
        raise odd or ValueError("its answer to tools/list holds no list of tools")
    if not isinstance(page.get("nextCursor"), str | None):
        raise odd or ValueError("it names its next page by something other than text")
    return page


def _worth_another(attempt: _Attempt, said: _Said, allowance: Allowance) -> bool:
    if said.greeted or allowance.refusal is not None:
        return False
    if attempt.process is not None:
        # Strict older servers leave when the first thing they hear is not the greeting they know.
        return attempt.process.exit_code is not None
    return attempt.web is not None and attempt.web.status in _PERHAPS_SSE


def _foreign_fault(group: ExceptionGroup[Exception]) -> Exception:
    """Give one cause of what went wrong in several tasks at once; a fault of our own goes on as it is."""
    expected, other = group.split(_FOREIGN_FAULTS)
    if other is not None or expected is None:
        raise group
    fault: Exception = expected
    while isinstance(fault, ExceptionGroup):
        fault = fault.exceptions[0]
    return fault


def _explain(attempt: _Attempt, fault: Exception, allowance: Allowance) -> str:
    if allowance.refusal is not None:
        return allowance.refusal
    if attempt.web is not None and attempt.web.refusal is not None:
        return attempt.web.refusal
    if attempt.web is not None and attempt.web.status is not None:
        hint = "; --header NAME=ENVVAR sends a credential" if attempt.web.status in (401, 403) else ""
        return f"it answered with HTTP {attempt.web.status}{hint}"
    if attempt.process is not None and attempt.process.exit_code is not None:
        return f"it ended with exit code {attempt.process.exit_code} before it listed its tools{_noise(attempt)}"
    if isinstance(fault, ValidationError):
        return f"its answer is not what the protocol asks for: {fault.error_count()} faults in it{_noise(attempt)}"
    text = fault.message if isinstance(fault, MCPError) else str(fault)
    return f"it could not be asked: {(text or type(fault).__name__)[:_TEXT]}{_noise(attempt)}"


def _noise(attempt: _Attempt) -> str:
    count = attempt.process.noise if attempt.process is not None else 0
    return f"; lines on its output that are no messages: {count}" if count else ""


def _complaint(target: LiveTarget, failure: str, setting: LiveSetting, attempt: _Attempt | None) -> FetchError:
    error = FetchError(str(target), setting.conceal(failure))
    for line in attempt.process.last_lines() if attempt is not None and attempt.process is not None else ():
        error.add_note(setting.conceal(line))
    return error


def _extraction(target: LiveTarget, said: _Said, setting: LiveSetting) -> Extraction:
    read = read_entries(said.entries[: setting.max_tools], Origin(str(target), 1, "live"))
    reasons = (*said.reasons, *read.reasons)
    partial = Outcome.PARTIAL if read.definitions and reasons else read.outcome
    return replace(read, reasons=reasons, outcome=partial)
