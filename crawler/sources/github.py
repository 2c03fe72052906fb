"""Repositories that carry a topic on GitHub, found by when they were last pushed to.

Not for what is in them, and not for repositories without the topic.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.errors import CrawlError
from crawler.listing import Listing, Page, Source, SourceSetting
from crawler.sources.asking import Query, Service, base_address
from crawler.sources.strange_values import ADDRESS, DESCRIPTION, as_list, as_object, as_prose, as_word
from crawler.sources.walk import Walk, split_pages
from crawler.web.records import plain_address

API = "https://api.github.com"
TOPIC = "mcp-server"
FIRST_DAY = datetime(2024, 11, 1, tzinfo=UTC)  # the protocol was published in that month
_MOST_RESULTS, _PER_PAGE = 1_000, 100
_SECOND, _OVERLAP = timedelta(seconds=1), timedelta(days=1)
# The search allows 10 questions a minute, 30 to those who say who they are. Servers of one's own set no such limit.
_PAUSE, _PAUSE_WITH_KEY = 6.1, 2.1
_TOPIC = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
_FULL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class _Window:
    """A span of seconds, both ends within it."""

    first: datetime
    last: datetime

    def is_too_large(self, answer: Mapping[str, Any]) -> bool:
        """Tell from an answer whether the search gives less than it found, and halves would have more."""
        if answer["total_count"] > _MOST_RESULTS and self.first < self.last:
            return True
        # It ran out of time. Where it does so again and again, halving has to end.
        return answer.get("incomplete_results") is True and self.last - self.first > _OVERLAP

    def halves(self) -> tuple["_Window", "_Window"]:
        """Give its two halves, the earlier one first; it must be longer than a second."""
        middle = self.first + (self.last - self.first) // 2
        middle = middle.replace(microsecond=0)
        return _Window(self.first, middle), _Window(middle + _SECOND, self.last)

    def __str__(self) -> str:
        return f"{self.first.strftime(_MOMENT)}..{self.last.strftime(_MOMENT)}"


@dataclass(frozen=True, slots=True)
class _Search:
    """A topic, and where it is searched for."""

    service: Service
    address: str
    topic: str

    def ask(self, window: _Window, page: int) -> Mapping[str, Any]:
        """Ask for a page of the repositories last pushed to in a window, those of longest ago first."""
        words = f"topic:{self.topic} pushed:{window}"
        query: Query = {"q": words, "sort": "updated", "order": "asc", "per_page": _PER_PAGE, "page": page}
        answer = self.service.ask(self.address, query)
        if not isinstance(answer.get("items"), list) or not isinstance(answer.get("total_count"), int):
            raise CrawlError(
                plain_address(self.address),
                "the answer is no search's; is this the address of GitHub's API?",
                cause="damaged",
            )
        return answer


def pages(setting: SourceSetting) -> Iterator[Page]:
    """Give every repository of a topic by windows of time, and at later visits those pushed to since.

    `where` is TOPIC, ADDRESS or ADDRESS#TOPIC, with the address of a server's own API.
    """
    search = _search(setting)
    walk = Walk(search.address)
    done = _moment(setting.state.get("until"))
    now = setting.now.astimezone(UTC).replace(microsecond=0)
    first = done - _OVERLAP if done else FIRST_DAY
    state = _state(done)
    if first > now:
        yield Page((), state)  # the clock was set back; nothing is known to have happened since
        return
    waiting = [_Window(first, now)]
    while waiting:
        window = waiting.pop()
        answer = search.ask(window, 1)
        if window.is_too_large(answer):
            waiting += reversed(window.halves())
            walk.count(0)
            continue
        listings, problems = _read_window(search, window, answer)
        walk.count(len(listings))
        # What was seen tells how far this got: no clock of ours could be trusted to agree with theirs.
        pushed = (_moment(listing.stamp) for listing in listings)
        newest = max((moment for moment in pushed if moment and moment <= window.last), default=None)
        done = max(filter(None, (done, newest)), default=None)
        after = _state(done)
        yield from split_pages(listings, problems, before=state, after=after)
        state = after


def _state(done: datetime | None) -> dict[str, str]:
    return {"until": done.strftime(_MOMENT)} if done else {}


def _read_window(search: _Search, window: _Window, first: Mapping[str, Any]) -> tuple[list[Listing], list[str]]:
    found: dict[str, Listing] = {}
    problems: dict[str, None] = {}
    total = first["total_count"]
    answer, page = first, 1
    repeated = False
    while True:
        for item in as_list(answer["items"])[:_PER_PAGE]:
            _read_item(as_object(item), found, problems)
        if answer.get("incomplete_results") is True:
            problems[
                f"pushed {window}: the search ran out of time and gave a part only; repositories may be missing"
            ] = None
        last = not answer["items"] or page * _PER_PAGE >= min(total, _MOST_RESULTS)
        if last and answer["total_count"] != total and not repeated:
            # Something left the window meanwhile, and all behind it moved up: one may have slipped past.
            repeated, page, total = True, 0, answer["total_count"]
        elif last:
            break
        page += 1
        answer = search.ask(window, page)
    if total > _MOST_RESULTS:
        problems[f"pushed {window}: {total} repositories in one second, of which the search gives {_MOST_RESULTS}"] = (
            None
        )
    return list(found.values()), list(problems)


def _read_item(item: Mapping[str, Any], found: dict[str, Listing], problems: dict[str, None]) -> None:
    name = as_word(item.get("full_name"), 140)
    if name is None or not _FULL_NAME.fullmatch(name):
        problems[f"{as_prose(item.get('full_name'), 80) or 'an entry without a name'}: not a repository's name"] = None
        return
    if item.get("private") is True:  # a key may see what the public may not
        return
    number = item.get("id")
    found[name] = Listing(
        name,
        description=as_prose(item.get("description"), DESCRIPTION),
        repository=as_word(item.get("html_url"), ADDRESS) or f"https://github.com/{name}",
        repository_id=f"github:{number}" if type(number) is int and 0 < number < 1 << 63 else None,
        stamp=as_word(item.get("pushed_at"), 40),
    )


def _search(setting: SourceSetting) -> _Search:
    base, topic = _parse_where(setting.where)
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    pause = _PAUSE
    if setting.key:
        headers["Authorization"] = f"Bearer {setting.key}"
        pause = _PAUSE_WITH_KEY
    service = Service(setting.web, headers, pause if base == API else 0.0)
    return _Search(service, f"{base}/search/repositories", topic)


def _parse_where(where: str | None) -> tuple[str, str]:
    base, _, topic = (where or "").partition("#")
    if "://" not in base:
        base, topic = API, base or topic
    if not _TOPIC.fullmatch(topic or TOPIC):
        raise CrawlError(
            plain_address(where), "not a topic; write TOPIC or https://HOST/api/v3#TOPIC", cause="not a target"
        )
    return base_address(base), topic or TOPIC


def _moment(value: object) -> datetime | None:
    try:
        return datetime.strptime(as_word(value, 40) or "", _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


SOURCE = Source(
    id="github",
    title="Repositories on GitHub with the topic mcp-server, or with the topic WHERE",
    pages=pages,
    terms="GitHub's terms for its API; each repository keeps its own licence.",
    key_variable="GITHUB_TOKEN",
    examples=("github", "github:model-context-protocol", "github:https://github.example.com/api/v3#mcp-server"),
)
