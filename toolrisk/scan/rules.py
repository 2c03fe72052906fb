"""The kinds of findings that a scan makes, with what each means and what to do; threats have the classifier's rules.

Not for checking: judging.py makes the findings.
"""

from dataclasses import dataclass

from toolrisk.scan.finding import Level


@dataclass(frozen=True, slots=True)
class ScanRule:
    """A kind of finding. `level` is its usual one; some findings of the kind say their own."""

    id: str
    title: str
    means: str
    remedy: str
    level: Level


RULES = (
    ScanRule(
        "combination",
        "Tools that are dangerous together",
        "The servers of one client give an agent everything that an attack needs, though each may be harmless alone.",
        "Hide the tools named, or ask before each call of them.",
        Level.HIGH,
    ),
    ScanRule(
        "config-problem",
        "A configuration that could not be read",
        "Servers that stand there were not seen, so nothing is known of them.",
        "Mend the file where it says, and scan again.",
        Level.UNKNOWN,
    ),
    ScanRule(
        "not-analysed",
        "A server that was not analysed",
        "Nothing, or not everything, is known of the server's tools; that is not the same as nothing found.",
        "Let it be read with --fetch, crawl it, or ask the running server with `toolrisk live`.",
        Level.UNKNOWN,
    ),
    ScanRule(
        "other-version",
        "Another version is configured than was analysed",
        "The verdicts are about another version than the one that is started.",
        "Scan with --fetch to read the version that is configured.",
        Level.LOW,
    ),
    ScanRule(
        "risk-critical",
        "A tool of critical risk",
        "A call can destroy, move money, or do as much; that is what the tool is for, and no fault of it.",
        "Ask before each call, or hide the tool.",
        Level.CRITICAL,
    ),
    ScanRule(
        "risk-high",
        "A tool of high risk",
        "A call can run code, reach far, or do as much; that is what the tool is for, and no fault of it.",
        "Ask before each call.",
        Level.HIGH,
    ),
    ScanRule(
        "risk-risen",
        "A tool's risk has risen since the baseline",
        "The tool does more than when it was accepted.",
        "Look at what changed before it is accepted again.",
        Level.HIGH,
    ),
    ScanRule(
        "shadow",
        "A tool that could be taken for another server's",
        "A client or an agent may call one server's tool and mean another's.",
        "Rename one of the servers, or hide one of the tools.",
        Level.LOW,
    ),
    ScanRule(
        "threat",
        "Something wrong with a tool's definition",
        "The definition says or hides what a plain one would not.",
        "Read the text that is quoted before the tool is used.",
        Level.MEDIUM,
    ),
    ScanRule(
        "unpinned",
        "A server whose version is not fixed",
        "Whatever its publisher releases next runs at the next start, unseen.",
        "Name an exact version; for an image, its digest; for a repository, a commit.",
        Level.LOW,
    ),
)


def rule_of(id_: str) -> ScanRule:
    """Give the kind that a finding's rule belongs to; a threat names the classifier's rule behind a slash."""
    kind = id_.partition("/")[0]
    return next(rule for rule in RULES if rule.id == kind)
