"""What part a snapshot plays: a server of its own tools, a gateway to other servers', or a kit to build servers with.

Tools in a gateway's or a kit's source are not all it offers, or not its own; readers must know before they count them.
"""

import re
from collections.abc import Mapping

from catalog.vocabulary import Role
from crawler.extractors.paths import Place, place_of

SOURCE_SUFFIXES = (
    ".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".go", ".rs", ".java", ".kt", ".kts", ".cs",
    ".rb", ".php", ".swift", ".dart",
)  # fmt: skip
_MAX_BYTES = 1_000_000  # a bundle holds the SDK it was built with, which says nothing of the server itself
_ASKS = re.compile(
    rb"\bawait\s{1,5}[\w.()\[\]?!]{1,80}\.\s{0,3}list_?[tT]ools\(|\.ListTools\(\s{0,5}c(?:on)?te?xt?|\.ListToolsAsync\("
    rb"|\.list_(?:all_)?tools\([^)\n]{0,40}\)\s{0,5}\.await|[cC]lient\.listTools\("
)
_ASKING = (b"istTools", b"ist_tools", b"ist_all_tools")  # a search for words costs far less than one for patterns
_OFFERS = re.compile(
    rb"ListToolsRequestSchema|\.list_tools\(\)\s*\n\s*async def|ListToolsHandler|WithListToolsHandler"
    rb"|[\w)\]](?:\.|->)(?:registerTool|addTool|AddTools?|add_tool|RegisterTool)\("
)
_KIT_SERVER = re.compile(
    rb"(?m)^[ \t]{0,8}(?:(?:export|public|open|final|abstract|sealed|default|pub)[ \t]+){0,4}"
    rb"(?:class|struct|type|interface|actor|trait|module)[ \t]+(?:Fast|Mc[pP]|MCP|Low[Ll]evel)?\w{0,12}Server\b"
)
_KIT_CLIENT = re.compile(
    rb"(?m)^[ \t]{0,8}(?:(?:export|public|open|final|abstract|sealed|default|pub)[ \t]+){0,4}"
    rb"(?:class|struct|type|interface|actor|trait|module)[ \t]+(?:Mc[pP]|MCP)?\w{0,12}Client(?:Session)?\b"
)
_METHODS = (b"tools/list", b"tools/call", b"resources/list", b"prompts/list")


def role_of(files: Mapping[str, bytes], tools: int) -> Role:
    """Tell a snapshot's role from its product code; `tools` is how many it declares itself."""
    sources = [
        data
        for path, data in files.items()
        if path.endswith(SOURCE_SUFFIXES) and len(data) <= _MAX_BYTES and place_of(path) is Place.PRODUCT
    ]
    if not tools and _is_kit(sources):
        return Role.KIT
    if any(_ASKS.search(data) and _OFFERS.search(data) for data in sources if any(word in data for word in _ASKING)):
        return Role.GATEWAY
    return Role.SERVER


def _is_kit(sources: list[bytes]) -> bool:
    """Tell whether the protocol itself is written here, both its ends: all of its methods by name."""
    speaks = all(any(method in data for data in sources) for method in _METHODS)
    return speaks and all(any(end.search(data) for data in sources) for end in (_KIT_SERVER, _KIT_CLIENT))
