"""What can be wrong with the catalog as a whole.

CatalogError      the catalog cannot be used: locked, damaged, of another version, disk full
|- UnknownServer  no server of that name is in it
`- UnknownTool    no tool of that name is in a server
"""


class CatalogError(Exception):
    """The catalog cannot be used; the message says why and what to do."""


class UnknownServerError(CatalogError):
    """No server of that name is in the catalog; the message names the nearest ones."""


class UnknownToolError(CatalogError):
    """The server has no tool of that name; the message names the nearest ones."""
