"""What can go wrong while training or judging; not for what a judged tool does wrong, that is a finding.

ClassifierError
├── ArtifactError   the trained model is missing, damaged or of another version
├── LabelError      a line of the labels or of the authored examples cannot be used
└── OverrideError   a line of the reviewed corrections cannot be used
"""


class ClassifierError(Exception):
    """Root of everything the classifier raises on purpose."""


class ArtifactError(ClassifierError):
    """The trained model cannot be used; the message says how to rebuild it."""


class LabelError(ClassifierError):
    """A labelled example cannot be used; the message names the file and the line."""


class OverrideError(ClassifierError):
    """A reviewed correction cannot be used; the message names the file and the line."""
