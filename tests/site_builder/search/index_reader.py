"""A second reading of the index, written from its description: slow, whole, and without the page's script."""

import base64
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

_CALL = re.compile(rb'toolriskIndex\.receive\("([a-z0-9]+)","([A-Za-z0-9+/=]+)"\);\n')


def unpack(path: str, content: bytes) -> bytes:
    found = _CALL.fullmatch(content)
    assert found is not None
    assert path == f"search/{found[1].decode()}.js"
    return zlib.decompress(base64.b64decode(found[2]), -15)


def read_contents(files: Mapping[str, bytes]) -> dict[str, Any]:
    contents: dict[str, Any] = orjson.loads(unpack("search/index.js", files["search/index.js"]))
    return contents


def read_lists(files: Mapping[str, bytes]) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """Give the ranks of every word, in names and in other texts."""
    contents = read_contents(files)
    names: dict[str, set[int]] = {}
    texts: dict[str, set[int]] = {}
    for number, first in enumerate(contents["words"]):
        content = unpack(path := f"search/w{number}.js", files[path])
        head = _numbers(content)
        size, length = next(head), next(head)
        start = _width(size) + _width(length)
        words = content[start : start + length].decode().split("\n")
        assert words[0] == first
        assert len(words) == size
        numbers = _numbers(content[start + length :])
        counts = [next(numbers) for _ in range(2 * size)]
        for at, count in enumerate(counts):
            (names if at < size else texts)[words[at % size]] = set(_ranks(numbers, count))
        assert list(numbers) == []
    for word, in_names, in_texts, first, together, name_starts, text_starts in contents["frequent"]:
        parts = len(name_starts) + len(text_starts)
        held = [
            part
            for file in range(first, first + (1 if together else parts))
            for part in _parts(unpack(f"search/l{file}.js", files[f"search/l{file}.js"]))
        ]
        assert [part[0] for part in held] == [*name_starts, *text_starts]
        names[word] = {rank for part in held[: len(name_starts)] for rank in part}
        texts[word] = {rank for part in held[len(name_starts) :] for rank in part}
        assert (len(names[word]), len(texts[word])) == (in_names, in_texts)
    return names, texts


def read_records(files: Mapping[str, bytes]) -> list[tuple[str, str, str]]:
    """Give name, server and tool of every record by rank."""
    number = sum(path.startswith("search/r") for path in files)
    paths = [f"search/r{at}.js" for at in range(number)]
    return [row for path in paths for row in zip(*orjson.loads(unpack(path, files[path])), strict=True)]


def _parts(content: bytes) -> list[list[int]]:
    numbers = _numbers(content)
    return [list(_ranks(numbers, count)) for count in numbers]


def _ranks(numbers: Iterator[int], count: int) -> Iterable[int]:
    rank = 0
    for _ in range(count):
        rank += next(numbers)
        yield rank


def _numbers(content: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in content:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield value
            value = shift = 0


def _width(number: int) -> int:
    return max(1, -(-number.bit_length() // 7))
