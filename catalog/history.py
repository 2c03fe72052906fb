"""What happened to tools between looks, newest first, with how each was judged before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Engine, Integer, RowMapping, Select, bindparam, select

from catalog.models import assessments, changes, definitions, packages, servers, tools
from catalog.vocabulary import Category, ChangeKind, Risk

_ALL = 2**31 - 1
_CATEGORIES, _RISKS = list(Category), list(Risk)


@dataclass(frozen=True, slots=True)
class ToolChange:
    """One thing that happened to a tool; `at` is when it was noticed, in ISO 8601 and UTC.

    Verdicts are None where there was no tool on that side, or it is not classified yet; `possible` is a stronger
    category that the verdict, which asks for review now and did not before, leaves open. `reread` says that a newer
    release of ours looked, so that the difference may be in our reading.
    """

    at: str
    server: str
    server_name: str
    tool: str
    tool_slug: str
    kind: ChangeKind
    version_before: str | None
    version: str | None
    category_before: Category | None
    category: Category | None
    risk_before: Risk | None
    risk: Risk | None
    possible: Category | None
    description_changed: bool
    schema_changed: bool
    hints_changed: bool
    reread: bool

    @property
    def category_rose(self) -> bool:
        """Tell whether the tool can do worse than before."""
        if self.category is None or self.category_before is None:
            return False
        return _CATEGORIES.index(self.category) > _CATEGORIES.index(self.category_before)

    @property
    def risk_rose(self) -> bool:
        """Tell whether more is at stake than before."""
        if self.risk is None or self.risk_before is None:
            return False
        return _RISKS.index(self.risk) > _RISKS.index(self.risk_before)

    @property
    def only_words_changed(self) -> bool:
        """Tell whether what the model reads has changed while what the tool takes has not."""
        return self.description_changed and not self.schema_changed

    @property
    def is_notable(self) -> bool:
        """Tell whether it is of the kind that a harmful change would be."""
        rose = self.category_rose or self.risk_rose
        return rose or self.possible is not None or self.only_words_changed or self.kind is ChangeKind.RETURNED

    def describe(self) -> str:
        """Say in a line what happened."""
        said = [f"the tool was {self.kind}" if self.kind is not ChangeKind.CHANGED else ""]
        if self.kind is ChangeKind.ADDED and self.risk is not None:
            said.append(f"{self.category}, {self.risk} risk")
        if self.category_rose:
            said.append(f"category rose from {self.category_before} to {self.category}")
        if self.risk_rose:
            said.append(f"risk rose from {self.risk_before} to {self.risk}")
        if self.possible is not None:
            said.append(f"{self.possible} is possible now, and the verdict asks for review")
        if self.only_words_changed:
            said.append("description changed while the schema did not")
        elif self.schema_changed:
            said.append(f"schema {'and description ' if self.description_changed else ''}changed")
        if self.hints_changed:
            said.append("declared hints changed")
        if self.reread:
            said.append("read by a newer release of ours")
        return "; ".join(part for part in said if part) or "title or output schema changed"


def iter_changes(
    engine: Engine, *, since: str = "", server: str | None = None, limit: int | None = None
) -> Iterator[ToolChange]:
    """Stream changes noticed at or after `since` (ISO 8601 in UTC), newest first, of all or of one server's slug."""
    given = {"since": since, "most": _ALL if limit is None else limit} | ({"server": server} if server else {})
    with engine.connect() as connection:
        for row in (
            connection.execution_options(yield_per=500).execute(_changes(of_one=server is not None), given).mappings()
        ):
            yield _change(row)


def servers_with_changes(engine: Engine) -> frozenset[str]:
    """Name the servers, by slug, to whose tools anything has happened."""
    changed = select(packages.c.server_id).join(tools, tools.c.package_id == packages.c.id)
    changed = changed.where(tools.c.id.in_(select(changes.c.tool_id)))
    with engine.connect() as connection:
        return frozenset(connection.execute(select(servers.c.slug).where(servers.c.id.in_(changed))).scalars())


@cache
def _changes(*, of_one: bool) -> Select[Any]:
    """Give the query, made once: making it takes longer than running it for one server."""
    before, after = definitions.alias("before"), definitions.alias("after")
    judged_before, judged = assessments.alias("judged_before"), assessments.alias("judged")
    query = (
        select(
            changes,
            *(servers.c.slug.label("server"), servers.c.name.label("server_name")),
            *(tools.c.name.label("tool"), tools.c.slug.label("tool_slug")),
            *(column.label(f"before_{column.name}") for column in before.c),
            *(column.label(f"after_{column.name}") for column in after.c),
            *(judged_before.c.category.label("category_before"), judged_before.c.risk.label("risk_before")),
            *(judged.c.category, judged.c.risk, judged.c.second_choice, judged.c.needs_review),
            judged_before.c.needs_review.label("needed_review"),
        )
        .join_from(changes, tools, tools.c.id == changes.c.tool_id)
        .join(packages, packages.c.id == tools.c.package_id)
        .join(servers, servers.c.id == packages.c.server_id)
        .join(before, before.c.digest == changes.c.before, isouter=True)
        .join(after, after.c.digest == changes.c.after, isouter=True)
        .join(
            judged_before,
            (judged_before.c.definition_digest == changes.c.before) & (judged_before.c.server_id == servers.c.id),
            isouter=True,
        )
        .join(
            judged,
            (judged.c.definition_digest == changes.c.after) & (judged.c.server_id == servers.c.id),
            isouter=True,
        )
        .where(changes.c.at >= bindparam("since"))
        .order_by(changes.c.at.desc(), changes.c.id.desc())
        .limit(bindparam("most", type_=Integer))
    )
    return query.where(servers.c.slug == bindparam("server")) if of_one else query


def _change(row: RowMapping) -> ToolChange:
    both = row["before"] is not None and row["after"] is not None

    def differs(column: str) -> bool:
        return both and row[f"before_{column}"] != row[f"after_{column}"]

    return ToolChange(
        at=row["at"],
        server=row["server"],
        server_name=row["server_name"],
        tool=row["tool"],
        tool_slug=row["tool_slug"],
        kind=ChangeKind(row["kind"]),
        version_before=row["version_before"],
        version=row["version"],
        category_before=Category(row["category_before"]) if row["category_before"] else None,
        category=Category(row["category"]) if row["category"] else None,
        risk_before=Risk(row["risk_before"]) if row["risk_before"] else None,
        risk=Risk(row["risk"]) if row["risk"] else None,
        possible=_possible(row),
        description_changed=differs("description"),
        schema_changed=differs("input_schema"),
        hints_changed=differs("annotations"),
        reread=row["reread"],
    )


def _possible(row: RowMapping) -> Category | None:
    if not row["needs_review"] or row["needed_review"] is not False:
        return None
    second = Category(row["second_choice"])
    return second if _CATEGORIES.index(second) > _CATEGORIES.index(row["category"]) else None
