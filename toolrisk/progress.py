"""Progress bars on standard error: shown to a person at a terminal, silent when piped."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

if TYPE_CHECKING:
    from crawler.store import Look  # it loads every extractor, and most who show progress need none


_SHOWN_CAUSES = 3


@contextmanager
def progress_bar(what: str, total: int | None = None) -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar; the caller gets `advance(done, total)`, both counted from the start."""
    with _shown(TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as bar:
        task = bar.add_task(what, total=total)

        def advance(done: int, of: int | None) -> None:
            bar.update(task, completed=done, total=of)

        yield advance


class CrawlProgress:
    """What a crawl tells while it runs: how far, how fast, how long still, and what fails."""

    def __init__(self, bar: Progress, what: str, total: int | None) -> None:
        self._bar = bar
        self._task = bar.add_task(what, total=total, failing="")
        self._causes: Counter[str] = Counter()
        self._listed: dict[str, int] = {}

    def on_look(self, look: "Look") -> None:
        """Count a place that was looked at."""
        if look.error is not None:
            self._causes[look.error.cause] += 1
        most = self._causes.most_common(_SHOWN_CAUSES)
        failing = f"failed: {', '.join(f'{number} {cause}' for cause, number in most)}" if most else ""
        self._bar.update(self._task, advance=1, failing=failing)

    def on_page(self, source: str, listed: int) -> None:
        """Show how many servers a source has listed so far."""
        self._listed[source] = listed
        self._bar.update(self._task, completed=sum(self._listed.values()), failing=source)


@contextmanager
def crawl_progress(what: str, total: int | None) -> Iterator[CrawlProgress]:
    """Show a crawl's progress."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with _shown(*columns, TextColumn("{task.fields[failing]}")) as bar:
        yield CrawlProgress(bar, what, total)


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        """Give the rate as text."""
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


def _shown(*columns: ProgressColumn) -> Progress:
    console = Console(stderr=True)
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
