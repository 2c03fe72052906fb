"""What can be wrong with a policy document."""


class PolicyError(Exception):
    """The text is no policy document; the message says where and what was expected."""
