"""From servers and what is known of them to findings: capabilities, threats, combinations, and what is unknown.

Not for finding or reading servers, and not for deciding what counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from catalog.vocabulary import Risk
from classifier.combinations import Combination, advise, find_combinations
from classifier.shadowing import find_shadows
from clients.configuration import Problem
from toolrisk.scan.finding import Finding, Level, Where, finding_id
from toolrisk.scan.report import ReadServer, ScannedServer

_CAPABILITIES = {Risk.HIGH: ("risk-high", Level.HIGH), Risk.CRITICAL: ("risk-critical", Level.CRITICAL)}


def judge_servers(servers: Sequence[ScannedServer]) -> Iterator[Finding]:
    """Make the findings of all servers that are switched on, each by itself and those of one client together."""
    active = sorted((one for one in servers if not one.configured.disabled), key=lambda one: (one.name, one.where))
    for server in active:
        yield from _about_knowledge(server)
        yield from _about_version(server)
        yield from _about_tools(server)
    for client in sorted({server.configured.client for server in active}):
        yield from _together([server for server in active if server.configured.client == client])


def judge_problem(client: str, problem: Problem) -> Finding:
    """Make the finding of something that could not be read."""
    name = PurePath(problem.file).name
    where = Where(problem.file, problem.line or 0, client)
    at = "".join(
        f", {word} {number}" for word, number in (("line", problem.line), ("column", problem.column)) if number
    )
    says = f"{name}{at}: {problem.expected}"
    return Finding(
        finding_id("config-problem", client, name, problem.expected),
        "config-problem",
        Level.UNKNOWN,
        "",
        "",
        says,
        (where,),
    )


def _about_knowledge(server: ScannedServer) -> Iterator[Finding]:
    if server.read is None:
        yield _finding(server, "not-analysed", Level.UNKNOWN, f"not analysed: {server.reason}", what=("whole",))
        return
    unassessed = sum(assessment is None for _, assessment in server.read.tools)
    gaps = [
        *server.read.gaps,
        *([f"{unassessed} tools are not assessed; run `toolrisk classify`"] if unassessed else []),
    ]
    if gaps:
        yield _finding(server, "not-analysed", Level.UNKNOWN, f"analysed in part: {'; '.join(gaps)}", what=("part",))


def _about_version(server: ScannedServer) -> Iterator[Finding]:
    resolution, read = server.resolution, server.read
    if resolution.pinned is False:
        named = f"`{resolution.version}` can be moved" if resolution.version else "no exact version is named"
        yield _finding(server, "unpinned", Level.LOW, f"not pinned: {named}, so the next start may run other code")
    if is_other_version(server) and read is not None:
        says = f"version {resolution.version} is configured, {read.version or 'another'} was analysed"
        yield _finding(server, "other-version", Level.LOW, says)


def is_other_version(server: ScannedServer) -> bool:
    """Tell whether the version that is configured is not the one that the verdicts are about."""
    resolution, read = server.resolution, server.read
    if read is None or not resolution.pinned or resolution.version is None or resolution.key is None:
        return False
    return read.registry == resolution.key.partition(":")[0] and read.version != resolution.version


def _about_tools(server: ScannedServer) -> Iterator[Finding]:
    for definition, assessment in server.read.tools if server.read else ():
        if assessment is None:
            continue
        if assessment.risk in _CAPABILITIES:
            rule, level = _CAPABILITIES[assessment.risk]
            says = f"{assessment.risk} risk, {assessment.category}: {assessment.rationale}"
            yield _finding(server, rule, level, says, tool=definition.name)
        for threat in assessment.findings:
            yield _finding(
                server,
                f"threat/{threat.rule}",
                Level(threat.severity.value),
                threat.says,
                tool=definition.name,
                what=(threat.evidence.field, threat.evidence.quote),
                quote=threat.evidence.quote,
            )


def _together(servers: Sequence[ScannedServer]) -> Iterator[Finding]:
    """Look at the servers that one client offers to one agent."""
    group = _Group(servers)
    for combination in find_combinations(
        (label, definition.name, assessment)
        for label, read in group.read.items()
        for definition, assessment in read.tools
        if assessment is not None
    ):
        yield _combined(combination, group)
    for shadow in find_shadows({label: [one for one, _ in read.tools] for label, read in group.read.items()}):
        pair = [
            (group.identities[shadow.server], shadow.tool),
            (group.identities[shadow.other_server], shadow.other_tool),
        ]
        id_ = finding_id("shadow", shadow.kind, *(part for one in sorted(pair) for part in one))
        level, places = Level(shadow.severity.value), group.places([shadow.server, shadow.other_server])
        yield Finding(id_, "shadow", level, shadow.server, shadow.tool, shadow.says, places)


class _Group:
    """Servers of one client, each once and under a name that no other of them has."""

    def __init__(self, servers: Sequence[ScannedServer]) -> None:
        self.read: dict[str, ReadServer] = {}
        self.identities: dict[str, str] = {}
        self._servers = [server for server in servers if server.read is not None]
        for server in self._servers:
            if server.read is None or server.identity in self.identities.values():
                continue
            label = server.name if server.name not in self.read else f"{server.name} ({server.identity})"
            self.read[label] = server.read
            self.identities[label] = server.identity

    def places(self, labels: Iterable[str]) -> tuple[Where, ...]:
        """Give all entries of the servers named."""
        wanted = {self.identities[label] for label in labels}
        return tuple(sorted({server.where for server in self._servers if server.identity in wanted}))


def _combined(combination: Combination, group: _Group) -> Finding:
    involved = sorted({part.server for leg in combination.legs for part in leg.parts})
    legs = "; ".join(
        f"{leg.name}: {', '.join(part.tool for part in leg.parts[:5])}"
        f"{f' and {len(leg.parts) - 5} more' if len(leg.parts) > 5 else ''}"
        for leg in combination.legs
    )
    says = f"{combination.title}. {combination.rationale} {legs[:1].upper()}{legs[1:]}. {advise(combination)}"
    rule = f"combination/{combination.id}"
    id_ = finding_id(rule, *sorted(group.identities[label] for label in involved))
    level = Level(combination.severity.value)
    return Finding(id_, rule, level, ", ".join(involved), "", says, group.places(involved))


def _finding(
    server: ScannedServer,
    rule: str,
    level: Level,
    says: str,
    *,
    tool: str = "",
    what: tuple[str, ...] = (),
    quote: str = "",
) -> Finding:
    id_ = finding_id(rule, server.identity, tool, *what)
    return Finding(id_, rule, level, server.name, tool, says, (server.where,), quote)
