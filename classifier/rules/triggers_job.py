"""Rule triggers-job: does it set off a build, a sync, a scan, a crawl or a test run?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import QUERIES, TRIGGERING, word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

TRIGGERED = TRIGGERING - frozenset({"test", "queue", "run", "build"})
STARTING = frozenset({"run", "execute", "queue", "test", "build", "create", "start", "perform", "invoke"})
JOBS = word_set(
    "job jobs test tests build builds workflow workflows pipeline pipelines task tasks scan crawl sync "
    "crawler benchmark app target project automation scenario playbook experiment run simulation action "
    "agent suite sim simulator device macos ios"
)


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, TRIGGERED, sources=OPEN_SOURCES))
    yield from mentions_of(find_actions(view, STARTING, objects=JOBS, unless=QUERIES, sources=OPEN_SOURCES))


RULE = Rule(
    id="triggers-job",
    title="Triggers a job",
    question="Does it set off a build, a sync, a scan, a crawl or a test run?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="A job takes effect beyond the call and uses up what it runs on.",
    remediation="Ask before each call, or limit how often.",
    check=check,
)
