"""A scanned server as a subject, which is what recommending a policy starts from.

Not part of a scan, which need not load what reading and judging take.
"""

from catalog.vocabulary import Outcome
from classifier.siblings import server_context
from toolrisk.scan.report import ScannedServer
from toolrisk.subject import Subject


def subject_of(server: ScannedServer) -> Subject | None:
    """Give a server's tools with their verdicts; None for one that was not analysed."""
    read = server.read
    if read is None:
        return None
    context = server_context(read.name, read.description, [definition for definition, _ in read.tools])
    outcome = Outcome.PARTIAL if read.gaps else Outcome.COMPLETE
    return Subject(read.name, read.slug, context, read.tools, outcome, read.gaps)
