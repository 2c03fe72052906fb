"""Which files may hold a server's own tools."""

import pytest

from crawler.extractors.paths import Place, place_of


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("src/index.ts", Place.PRODUCT),
        ("dist/tools/docs/search.js", Place.PRODUCT),
        ("server.py", Place.PRODUCT),
        ("examples/server.py", Place.EXAMPLE),
        ("docs/snippets/server.ts", Place.EXAMPLE),
        ("packages/one/examples/server.ts", Place.EXAMPLE),
        ("src/__tests__/parser.ts", Place.TEST),
        ("src/tools/mail.test.ts", Place.TEST),
        ("pkg/test_server.py", Place.TEST),
        ("node_modules/dep/index.js", Place.TEST),
        ("src/index.d.ts", Place.TEST),
    ],
)
def test_path_has_its_place(path: str, place: Place) -> None:
    assert place_of(path) is place
