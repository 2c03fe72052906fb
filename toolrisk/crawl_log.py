"""What a crawl did, as lines of JSON in a file: one a place looked at, one a stage."""

from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import orjson

from catalog.report import StageReport
from crawler.store import Look


class CrawlLog:
    """A file that lines are appended to; without one, nothing is written. For use as a context manager."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self._file = self._path.open("ab") if self._path else None
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def write_look(self, look: Look) -> None:
        """Write what came of one place."""
        recovered = look.recovered
        self._write(
            {
                "event": "look",
                "target": str(look.place.target),
                "outcome": "failed" if look.error else recovered.extraction.outcome if recovered else "unchanged",
                "tools": len(recovered.extraction.definitions) if recovered else None,
                "version": look.fetched.version if look.fetched else None,
                "cause": look.error.cause if look.error else None,
                "reason": look.error.reason if look.error else None,
            }
        )

    def write_stage(self, report: StageReport) -> None:
        """Write what a stage did."""
        self._write({"event": "stage", **report_document(report)})

    def _write(self, event: dict[str, Any]) -> None:
        if self._file is not None:
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            self._file.write(orjson.dumps({"at": at, **_storable(event)}) + b"\n")


def report_document(report: StageReport) -> dict[str, Any]:
    """Lay out a stage's report as JSON."""
    return {
        "stage": report.stage,
        "done": report.done,
        "skipped": report.skipped,
        "failed": report.failed,
        "causes": dict(report.causes),
        "problems": list(report.problems),
    }


def _storable(event: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for key, value in event.items()
    }
