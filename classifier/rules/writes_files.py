"""Rule writes-files: does it write to a file or save its result to disk?"""

from catalog.vocabulary import Category, Severity
from classifier.actions import Source
from classifier.lexicon import FILES, word_set
from classifier.rule import Rule, acts, says, takes

STORING = word_set("write save append upload create edit store")
KEPT = frozenset({"save", "saves", "saved", "saving"})
ON_DISK = word_set("disk file files locally local folder filesystem directory path images")
ALSO_STORING = frozenset({"save", "write", "store"})
TARGETS = frozenset({"output", "save", "destination", "dest", "target", "download"})
PLACES = frozenset({"path", "file", "filename", "dir", "directory", "folder", "to"})
LANDING = word_set("download export extract unzip unpack decompress pull retrieve")
LANDED = word_set("locally disk")

RULE = Rule(
    id="writes-files",
    title="Writes files",
    question="Does it write to a file or save its result to disk?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="A file lands on the disk, and one that was there may be overwritten.",
    remediation="Limit the folder that it may write to.",
    patterns=(
        acts(STORING, FILES),
        acts(ALSO_STORING, sources=frozenset({Source.ALSO})),
        takes(TARGETS, takes=PLACES),
        says(KEPT, said=ON_DISK),
        acts(LANDING, takes=PLACES - {"file", "filename", "to"} | {"output", "destination", "dest", "save"}),
        acts(LANDING, said=LANDED),
    ),
)
