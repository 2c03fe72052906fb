"""What looks like a secret is gone, whatever form it has; what names a package or a path stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.redaction import redact_address, redact_argument, redact_arguments

GONE = [
    ["--token", "PLANTED"],
    ["--api-key=PLANTED"],
    ["--apiKey", "PLANTED"],
    ["-H", "X-Api-Key: PLANTED"],
    ["--header", "Authorization: Bearer PLANTED"],
    ["--header=Authorization:PLANTED"],
    ["Authorization: Bearer PLANTED"],
    ["Authorization:Basic PLANTED"],
    ["-u", "me:PLANTED"],
    ["--user", "me:PLANTED"],
    ["-e", "SHOP=PLANTED"],
    ["--env=SHOP=PLANTED"],
    ["SHOP_TOKEN=PLANTED"],
    ["SHOP=two words PLANTED"],
    ["postgres://me:PLANTED@db.example/shop"],
    ["mysql://db.example/shop?password=PLANTED"],
    ["--db=postgres://me:PLANTED@db.example/shop"],
    ["Server=db.example;User Id=me;Password=PLANTED;"],
    ["me:PLANTED@db.example"],
    ["https://hooks.example/s/x7Kp2PLANTED9QzL4vT8mB3/mcp"],
    ["https://hooks.example/mcp#PLANTED"],
    ["https://hooks.example/mcp?PLANTED"],
    ["https://x7kp2planted9qzl4vt8mb3.example/mcp"],
    ['{"apiKey": "PLANTED"}'],
    ["--config", '{"apiKey": "PLANTED"}'],
    ["ghp_PLANTED0123456789"],
    ["sk-PLANTED-0123456789"],
    ["AKIAPLANTED012345"],
    ["eyJPLANTEDxyz.PLANTED.PLANTED"],
    ["x7Kp2PLANTED9QzL4vT8mB3"],
    ["/opt/app?key=PLANTED0123456789ab"],
    ["cd /srv && SHOP=PLANTED npx -y shop-mcp --token PLANTED"],
    ["curl -H 'Authorization: Bearer PLANTED' https://me:PLANTED@x.example"],
    ["Bearer", "PLANTED"],
    ["--password", "-PLANTED"],
    ["/token:PLANTED0123456789ab"],
    ["-----BEGIN PRIVATE KEY-----\nPLANTED\n-----END PRIVATE KEY-----"],
    ["--connection-string", "PLANTED"],
    ["--access_token", "PLANTED"],
]
KEPT = [
    "@modelcontextprotocol/server-filesystem@2026.8.31",
    "acme.documentation-search-server-for-everybody",
    "acme-notes==2.0.0",
    "acme-notes[cli]>=2,<3",
    "github:acme/shop#main",
    f"git+https://github.com/acme/shop@{'a1' * 20}#subdirectory=server",
    f"git+https://github.com/acme/shop.git#{'a1' * 20}",
    "git+ssh://git@github.com/acme/shop.git",
    "npm:@acme/shop@1.0.0",
    f"ghcr.io/acme/shop:1.2@sha256:{'a1' * 32}",
    "/nix/store/0c5f8yq3zd2l1v7mhx4kqj9w6rbnsp8a-shop/bin/shop",
    "/home/me/code/shop/dist/index.js",
    "C:\\Users\\me\\shop\\index.js",
    "${workspaceFolder}/dist/index.js",
    "--port=3000",
    "--transport=streamable-http",
    "--directory",
    "-y",
    "https://mcp.example.org/v1/mcp",
    "http://localhost:8080/sse",
]


@pytest.mark.parametrize("arguments", GONE, ids=" ".join)
def test_what_looks_like_a_secret_is_gone(arguments: list[str]) -> None:
    shown = " ".join(redact_arguments(arguments))
    assert "planted" not in shown.lower()
    assert "•••" in shown


@pytest.mark.parametrize("argument", KEPT)
def test_what_names_something_stays(argument: str) -> None:
    assert redact_argument(argument) == argument


def test_a_reference_to_a_variable_is_no_secret() -> None:
    assert redact_arguments(["--token", "${input:token}"]) == ("--token", "${input:token}")


@given(st.lists(st.text(max_size=60), max_size=6), st.text(max_size=60))
def test_any_text_is_redacted_to_as_many_words_and_again_to_the_same(words: list[str], address: str) -> None:
    once = redact_arguments(words)
    assert len(once) == len(words)
    assert isinstance(redact_address(address), str)


@given(st.text(alphabet="abcXYZ019_-", min_size=1, max_size=40), st.sampled_from(["token", "apiKey", "db-password"]))
def test_what_follows_a_telling_flag_is_never_shown(secret: str, name: str) -> None:
    for shown in (redact_arguments([f"--{name}", "•" + secret]), redact_arguments([f"--{name}=•{secret}"])):
        assert "•" + secret not in " ".join(shown).replace("•••", "")
