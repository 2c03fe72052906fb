"""Rule writes-files: does it write to a file or save its result to disk?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention, Source
from classifier.lexicon import FILES, word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

STORING = word_set("write save append upload create edit export download store")
KEPT = frozenset({"save", "saves", "saved", "saving"})
ON_DISK = word_set("disk file files locally local folder filesystem directory path images")
ALSO_STORING = frozenset({"save", "write", "store"})
TARGETS = frozenset({"output", "save", "destination", "dest", "target", "download"})
PLACES = frozenset({"path", "file", "filename", "dir", "directory", "folder", "to"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, STORING, objects=FILES, sources=OPEN_SOURCES))
    yield from mentions_of(find_actions(view, ALSO_STORING, sources=frozenset({Source.ALSO})))
    for parameter in view.parameters:
        if parameter.words & TARGETS and (parameter.words & PLACES or parameter.name.lower() in {"saveto", "save_to"}):
            yield parameter.mention
    kept = view.mention(KEPT)
    if kept and view.said.keys() & ON_DISK:
        yield kept


RULE = Rule(
    id="writes-files",
    title="Writes files",
    question="Does it write to a file or save its result to disk?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="A file lands on the disk, and one that was there may be overwritten.",
    remediation="Limit the folder that it may write to.",
    check=check,
)
