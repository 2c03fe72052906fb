"""Extractors: files in, tool definitions out. One module a language or a manifest; EXTRACTORS lists them all."""

from collections.abc import Callable, Mapping

from crawler.extractors import (
    c_sharp,
    dart,
    go,
    java,
    javascript,
    kotlin,
    mcpb_manifest,
    openapi,
    php,
    python,
    ruby,
    rust,
    swift,
    tool_files,
)
from crawler.extractors.extracted import Extracted

Extractor = Callable[[Mapping[str, bytes]], Extracted]

EXTRACTORS: tuple[tuple[str, Extractor], ...] = (
    ("c_sharp", c_sharp.extract),
    ("dart", dart.extract),
    ("go", go.extract),
    ("java", java.extract),
    ("javascript", javascript.extract),
    ("kotlin", kotlin.extract),
    ("mcpb_manifest", mcpb_manifest.extract),
    ("openapi", openapi.extract),
    ("php", php.extract),
    ("python", python.extract),
    ("ruby", ruby.extract),
    ("rust", rust.extract),
    ("swift", swift.extract),
    ("tool_files", tool_files.extract),
)

__all__ = ["EXTRACTORS", "Extracted", "Extractor"]
