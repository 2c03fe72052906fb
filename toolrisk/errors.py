"""What the command line can refuse by itself. Light: `toolrisk --help` loads it."""


class ExportError(ValueError):
    """The catalog cannot be exported as asked; the message says what to do."""
