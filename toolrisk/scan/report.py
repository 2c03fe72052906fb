"""What a scan comes to: servers with what is known of each, findings, and everything that was not looked at.

Not for layouts: JSON, SARIF, Markdown and the terminal have a module each.
"""

from collections import Counter
from dataclasses import dataclass

from catalog.records import Assessment, ToolDefinition
from catalog.vocabulary import Risk
from clients.configuration import ConfiguredServer, Problem
from clients.packages import Resolution
from clients.wrappers import program_of
from toolrisk.scan.finding import LEVELS, Finding, Level, Where


@dataclass(frozen=True, slots=True)
class ReadServer:
    """A server as it is known: by the catalog, from a folder of this machine, or fetched. `gaps` say what may lack."""

    name: str
    origin: str
    target: str | None
    version: str | None
    tools: tuple[tuple[ToolDefinition, Assessment | None], ...]
    slug: str | None = None
    description: str | None = None
    registry: str | None = None
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScannedServer:
    """A configured server and what is known of it: either `read`, or the reason why it was not analysed."""

    configured: ConfiguredServer
    resolution: Resolution
    read: ReadServer | None
    reason: str | None = None

    @property
    def name(self) -> str:
        """The name it is shown under."""
        return self.configured.name

    @property
    def identity(self) -> str:
        """What the server is, wherever it stands and whatever it is called: the base of its findings' ids."""
        if self.resolution.key is not None:
            return self.resolution.key
        if self.read is not None:
            return f"local:{self.read.name}"
        # What is accepted as unknown must not be another thing tomorrow under the same name.
        launch = self.configured.launch
        started = program_of(launch.command) if launch.command else launch.url
        return f"name:{self.name} {started or ''}".rstrip()

    @property
    def where(self) -> Where:
        """Where its entry stands."""
        return Where(self.configured.file, self.configured.line or 0, self.configured.client)

    @property
    def risks(self) -> dict[Risk, int]:
        """How many tools of each risk it has; those that nobody assessed are in none."""
        held = Counter(assessment.risk for _, assessment in self.read.tools if assessment) if self.read else Counter()
        return {risk: held[risk] for risk in Risk}


@dataclass(frozen=True, slots=True)
class ScanReport:
    """Everything that one scan found. `notes` are things worth a line, such as an entry that no longer ignores."""

    servers: tuple[ScannedServer, ...]
    findings: tuple[Finding, ...]
    problems: tuple[tuple[str, Problem], ...] = ()
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    compared: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell that there was nothing to scan."""
        return not self.servers

    def counting(self, fail_on: Level, *, unknown: bool) -> list[Finding]:
        """List the findings that make a scan fail: new, not ignored, and at or above a level."""
        wanted = {Level.UNKNOWN} if unknown else set()
        wanted.update(LEVELS[LEVELS.index(fail_on) :])
        return [one for one in self.findings if one.counts and one.level in wanted]
