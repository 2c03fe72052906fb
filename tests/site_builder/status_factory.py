"""What a catalog holds in numbers: of the made-up one, with trouble, and of an empty one."""

from catalog.status import CatalogStatus, QueueStatus, SourceStatus
from tests.site_builder.change_factory import SCRIPT

STATUS = CatalogStatus(
    servers=6,
    listed=9,
    tools=24,
    unclassified=1,
    by_registry={"github": 1, "npm": 4, "pypi": 1},
    by_outcome={"complete": 2, "failed": 1, "no_tools": 1, "partial": 2},
    by_category={"Read": 9, "Write": 8},
    by_risk={"Low": 9, "Medium": 8},
    by_claim={"unverified": 1, "verified": 3},
    causes={"out of reach": 1},
    problems=(("npm:locked-door", "crawl", "the archive is damaged"), (f"npm:{SCRIPT}", "crawl", f"{SCRIPT}\u202e")),
    newest_look="2026-11-18T09:30:00+00:00",
    sources=(
        SourceStatus("asked", 2, 2, 0, None, None),
        SourceStatus("registry", 7, 4, 1, "2026-11-18T08:00:00+00:00", f"answered with {SCRIPT}"),
    ),
    queue=QueueStatus(6, 1, 1, None, "2026-10-01T00:00:00+00:00", "2026-11-18T09:30:00+00:00"),
)
EMPTY_STATUS = CatalogStatus(
    *(0, 0, 0, 0),
    *({}, {}, {}, {}, {}, {}),
    problems=(),
    newest_look=None,
    sources=(),
    queue=QueueStatus(0, 0, 0, None, None, None),
)
