"""What can be wrong with a configuration file as a whole.

DocumentError    it cannot be parsed, or it is too deep or too much
"""


class DocumentError(ValueError):
    """A file cannot be used; `expected` is in our words, because a parser's may quote what must not be shown."""

    def __init__(self, expected: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(expected)
        self.expected = expected
        self.line = line
        self.column = column
