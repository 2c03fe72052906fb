"""The files of the index: their names, and bytes as a script that hands its name and its content over.

A script because the site's content policy lets a page load nothing else, and because it also loads from a folder.
"""

import base64
import zlib

FOLDER = "search"
INDEX = "index"


def name_words(number: int) -> str:
    """Name a file of words with their lists."""
    return f"w{number}"


def name_lists(number: int) -> str:
    """Name a file of a frequent word's list, or of a part of it."""
    return f"l{number}"


def name_records(number: int) -> str:
    """Name a file of records that follow each other by rank."""
    return f"r{number}"


def pack_file(name: str, content: bytes) -> tuple[str, bytes]:
    """Give a file's path on the site and its bytes: deflated, in base64, inside one call."""
    squeezer = zlib.compressobj(6, zlib.DEFLATED, -15)
    squeezed = base64.b64encode(squeezer.compress(content) + squeezer.flush())
    return f"{FOLDER}/{name}.js", b'toolriskIndex.receive("%s","%s");\n' % (name.encode(), squeezed)
