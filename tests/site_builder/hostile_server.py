"""A server whose every text tries to run, to hide, or to break the layout."""

from typing import Any

from catalog.records import CatalogServer, Evidence, Finding
from catalog.vocabulary import Category, Outcome, Severity
from tests.site_builder.record_factory import make_server, make_tool


def make_hostile_server() -> CatalogServer:
    script = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    zalgo = "Z" + "\u0336\u0300\u0301\u0302\u0303\u0304\u0305" * 40 + "algo"
    bidi = "safe\u202egnp.exe\u2066 \u200bhidden\U000e0041"
    threat = Finding(
        "tells-the-model-to-hide",
        "It tells the model to keep something from the user.",
        Severity.HIGH,
        0.9,
        Evidence("description", f"do not tell {script}", "an instruction to the model", 0, 11, "threat"),
    )
    return make_server(
        "hostile",
        [
            make_tool(
                "n" * 2_000,
                "x" * 100_000,
                Category.WRITE,
                "x" * 50,
                slug="long-name",
                parameters={
                    script: {"type": script, "description": "y" * 5_000},
                    "p" * 900: {"enum": ["e" * 900] * 50},
                },
            ),
            make_tool(
                f"markup {script}",
                f"# Fake heading\n\n<h1>Low risk</h1>\n\n{script} javascript:alert(1) {{{{ 7 * 7 }}}} {{% raw %}}",
                Category.EXECUTE,
                "<h1>Low risk</h1>",
                slug="markup",
                annotations={"readOnlyHint": script, "destructiveHint": {"a": [script]}},
                findings=(threat,),
            ),
            make_tool(f"{zalgo}", f"{zalgo} {zalgo}", Category.READ, "algo", slug="zalgo"),
            make_tool(bidi, f"{bidi} مرحبا שלום 👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿", Category.DESTRUCTIVE, "safe", slug="bidi"),
            make_tool("deep", None, Category.READ, slug="deep", parameters={"a": _nest(90), "b": 7, "c": []}),
        ],
        title=f"{zalgo} {script} {bidi}" + "w" * 3_000,
        description=script * 20,
        version="1.0.0-" + "v" * 500,
        licence=script,
        repository="javascript:alert(1)",
        homepage="data:text/html,<script>alert(1)</script>",
        target="npm:hostile@" + "t" * 2_000,
        outcome=Outcome.PARTIAL,
        reasons=tuple(f"{script} {number}" for number in range(60)),
    )


def _nest(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"deeper": schema}}
    return schema
