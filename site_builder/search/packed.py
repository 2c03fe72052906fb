"""The records of one server as bytes: words cut, ranks' keys made, so that the index is built without work on texts.

Not for what a record says: record.py makes that from the catalog.
"""

import msgspec


class PackedServer(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All records of a server, as columns. Words are told by their places in `words`, which holds each once.

    `standings` are numbers of `Standing`. `tools` are slugs, empty where they are the name, as with servers.
    `in_names` are the words of all names one after the other, `name_sizes` how many of them each record has; `in_texts`
    and `text_sizes` tell the same of the words that stand only beside the name, and of filters: `@server` and
    `:facet.value`.
    """

    server: str
    standings: list[int]
    names: list[str]
    tools: list[str]
    words: str
    in_names: list[int]
    name_sizes: list[int]
    in_texts: list[int]
    text_sizes: list[int]


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(PackedServer).decode
