"""What one language's extractor returns: the facts it found in a snapshot's files, no judgement."""

from dataclasses import dataclass

from catalog.records import FileIssue, ToolDefinition


def broken_file(path: str) -> FileIssue:
    """Say that a file has syntax errors; what stands around them is still read."""
    return FileIssue(path, "does not parse whole; read as far as it goes")


@dataclass(frozen=True, slots=True)
class Extracted:
    """Definitions of one language or manifest.

    `reasons` say, a line each, why tools may be missing ("path:line: tool name is computed at run time: EXPR").
    `issues` name the files that could not be parsed. `explained` names the files whose tools are computed at run
    time for other extractors, and are among these definitions.
    """

    definitions: tuple[ToolDefinition, ...] = ()
    reasons: tuple[str, ...] = ()
    issues: tuple[FileIssue, ...] = ()
    explained: tuple[str, ...] = ()
