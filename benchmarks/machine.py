"""On what was measured: the machine, and the releases that matter. Not for measuring."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

_LIBRARIES = (
    *("aiohttp", "httpx", "isal", "jinja2", "numpy", "orjson", "pydantic"),
    *("scikit-learn", "selectolax", "sqlalchemy", "sqlmodel", "tree-sitter"),
)


def describe_machine() -> str:
    """Lay out what this machine is, as a table."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    rows = {
        "machine": f"{platform.system()} {platform.machine()}, {_processor()}",
        "cores": f"{os.cpu_count()}",
        "memory": f"{memory:.0f} GiB",
        "Python": platform.python_version(),
        "libraries": ", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
    }
    return "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {says} |" for name, says in rows.items())])


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or "processor unknown"
