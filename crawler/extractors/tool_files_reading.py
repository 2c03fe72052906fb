"""Whether a package's code reads a file of tools at start, and registers what is in it."""

import posixpath
import re
from collections.abc import Mapping

_REGISTERS = re.compile(
    rb"""(?:\.registerTool|\.addTool|\.add_tool|\.tool)\(\s{0,40}(?!["'`\s])[\w$.{]"""
    rb"""|ListToolsRequestSchema|\blist_tools\b|tools/list|types\.Tool\(|\bTool\(\s{0,40}\*\*"""
)
_READS = re.compile(
    rb"readFile|\brequire\b|\bimport\b|\bopen\(|read_text|read_bytes|json\.load|safe_load|yaml|readdir|glob|iterdir"
)
_READS_FOLDER = re.compile(rb"readdir|listdir|iterdir|glob|scandir|os\.walk")
_DECODES = re.compile(rb"parseYaml|YAML|yaml|JSON\.parse|json\.load|safe_load")


class ReadingCode:
    """The code of a package as far as it reads files of tools; `registers` tells whether it registers what it read."""

    def __init__(self, code: Mapping[str, bytes]) -> None:
        self._reads = [data for data in code.values() if _READS.search(data)]
        self._walks = [data for data in code.values() if _READS_FOLDER.search(data) and _DECODES.search(data)]
        self._registering = [data for data in code.values() if _REGISTERS.search(data)]
        self._folders: dict[str, bool] = {}
        self._asked: dict[str, bool] = {}
        self.registers = bool(self._registering)

    def names(self, path: str) -> bool:
        """Tell whether the code names a file, or the folder it is in and reads whole."""
        if self._names_file(posixpath.basename(path)):
            return True
        folder = posixpath.dirname(path)
        if folder not in self._folders:
            self._folders[folder] = self._names_folder(folder)
        return self._folders[folder]

    def asks(self, dotted: str) -> bool:
        """Tell whether the code that registers tools asks something for these properties."""
        if dotted not in self._asked:
            word = re.compile(rb"\." + re.escape(dotted.encode()) + rb"\b")
            self._asked[dotted] = any(word.search(data) for data in self._registering)
        return self._asked[dotted]

    def _names_file(self, name: str) -> bool:
        pattern = re.compile(rb"""["'`](?:[^"'`\s:]{0,200}/)?""" + re.escape(name.encode()) + rb"""["'`]""")
        return any(pattern.search(data) for data in self._reads)

    def _names_folder(self, folder: str) -> bool:
        """Tell whether code that reads folders names the last part, and some code each part above it."""
        parts = folder.split("/") if folder else []
        if not parts or not any(_quotes(data, parts[-1]) for data in self._walks):
            return False
        return all(any(_quotes(data, part) for data in self._reads) for part in parts[-3:-1])


def _quotes(data: bytes, part: str) -> bool:
    return re.search(rb"""["'`/]""" + re.escape(part.encode()) + rb"""["'`/]""", data) is not None
