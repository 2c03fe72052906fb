"""What one language's extractor returns: the facts it found in a snapshot's files, no judgement."""

from dataclasses import dataclass

from catalog.records import FileIssue, ToolDefinition


@dataclass(frozen=True, slots=True)
class Extracted:
    """Definitions of one language or manifest.

    `reasons` say, a line each, why tools may be missing ("path:line: tool name is computed at run time: EXPR").
    `issues` name the files that could not be parsed.
    """

    definitions: tuple[ToolDefinition, ...] = ()
    reasons: tuple[str, ...] = ()
    issues: tuple[FileIssue, ...] = ()
