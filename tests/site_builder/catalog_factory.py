"""Servers as the catalog would hold them, made up: a mail server, a shop, files, databases, a hostile one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from catalog.records import (
    Assessment,
    CatalogServer,
    CatalogTool,
    Evidence,
    FacetValue,
    Finding,
    Origin,
    RiskMove,
    ToolDefinition,
)
from catalog.vocabulary import BASE_RISK, Category, Facet, Outcome, Risk, Severity

LOOKED_AT = "2026-11-18T09:30:00+00:00"
QUIET_FACETS = {
    Facet.REVERSIBILITY: "none_needed",
    Facet.EGRESS: "none",
    Facet.UNTRUSTED_INPUT: "none",
    Facet.SENSITIVE_DATA: "none",
    Facet.PRIVILEGE: "none",
    Facet.MONEY: "none",
    Facet.CODE_EXECUTION: "none",
    Facet.BLAST_RADIUS: "item",
}
_SAYS = {
    Category.READ: "it only gives something back",
    Category.WRITE: "something is created, changed or sent",
    Category.EXECUTE: "something is made to run",
    Category.DESTRUCTIVE: "something is lost",
    Category.FINANCIAL: "money moves",
}


def make_assessment(
    definition: ToolDefinition,
    category: Category,
    quote: str,
    facets: Mapping[Facet, str] | None = None,
    moves: Sequence[RiskMove] = (),
    confidence: float = 0.93,
    findings: tuple[Finding, ...] = (),
) -> Assessment:
    levels = list(Risk)
    at = levels.index(BASE_RISK[category]) + sum(move.delta for move in moves)
    evidence = _find_quote(definition, quote, _SAYS[category])
    others = [one for one in Category if one is not category]
    rest = (1 - confidence) / 10
    shares = {category: confidence, **dict(zip(others, (rest * 6, rest * 2, rest, rest), strict=True))}
    return Assessment(
        category=category,
        second_choice=others[0],
        probabilities=shares,
        confidence=confidence,
        facets={
            facet: FacetValue(value, evidence if facet in (facets or {}) else None)
            for facet, value in {**QUIET_FACETS, **(facets or {})}.items()
        },
        base_risk=BASE_RISK[category],
        risk=levels[min(max(at, 0), 3)],
        moves=tuple(moves),
        evidence=(evidence,) if quote else (),
        rationale=f"The definition says “{quote}”: {_SAYS[category]}." if quote else "Judged by its words as a whole.",
        findings=findings,
        needs_review=confidence < 0.6,
    )


def make_tool(
    name: str,
    description: str | None,
    category: Category | None,
    quote: str = "",
    *,
    slug: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    required: Sequence[str] = (),
    annotations: Mapping[str, Any] | None = None,
    line: int = 12,
    **judged: Any,
) -> CatalogTool:
    definition = ToolDefinition(
        name=name,
        description=description,
        input_schema={"type": "object", "properties": dict(parameters or {}), "required": list(required)},
        annotations=dict(annotations or {}),
        origin=Origin("src/tools.py", line, "decorated function"),
    )
    assessment = make_assessment(definition, category, quote, **judged) if category else None
    return CatalogTool(slug or name, definition, assessment, LOOKED_AT, LOOKED_AT)


def make_server(slug: str, tools: Iterable[CatalogTool] = (), **changes: Any) -> CatalogServer:
    server = CatalogServer(
        slug=slug,
        name=slug,
        title=None,
        description=None,
        version="1.4.2",
        registry="npm",
        target=f"npm:{slug}@1.4.2",
        repository=f"https://git.example.org/{slug}",
        homepage=f"https://{slug}.example.org/",
        licence="MIT",
        commit=None,
        digest="7d5a" * 16,
        looked_at=LOOKED_AT,
        outcome=Outcome.COMPLETE,
        reasons=(),
        tools=tuple(sorted(tools, key=lambda tool: tool.definition.name)),
    )
    return replace(server, **changes)


def make_mail_server() -> CatalogServer:
    text = {"type": "string"}
    return make_server(
        "paperboat-mail",
        [
            make_tool(
                "send_mail",
                "Send a mail to one or more people, at once.\n\nAttachments are taken from the drafts folder. "
                "There is no outbox: a sent mail cannot be called back.",
                Category.WRITE,
                "Send a mail to one or more people",
                parameters={
                    "to": {"type": "array", "items": text, "description": "Who gets the mail."},
                    "subject": {**text, "maxLength": 200},
                    "body": {**text, "description": "Plain text or Markdown."},
                    "importance": {**text, "enum": ["low", "normal", "high"], "default": "normal"},
                },
                required=["to", "subject", "body"],
                annotations={"readOnlyHint": True, "openWorldHint": True},
                line=48,
                facets={Facet.EGRESS: "arbitrary", Facet.REVERSIBILITY: "irreversible"},
                confidence=0.968,
            ),
            make_tool(
                "search_mail",
                "Search the mailbox and give back whole mails with their senders.",
                Category.READ,
                "Search the mailbox",
                parameters={"words": text, "limit": {"type": "integer", "minimum": 1, "maximum": 50}},
                required=["words"],
                annotations={"readOnlyHint": True},
                facets={Facet.SENSITIVE_DATA: "private", Facet.UNTRUSTED_INPUT: "typical"},
                moves=[RiskMove(1, "private data and words written by strangers in one tool")],
            ),
            make_tool(
                "save_draft",
                "Save a draft without sending it.",
                Category.WRITE,
                "Save a draft",
                parameters={"body": text},
                facets={Facet.REVERSIBILITY: "reversible"},
            ),
            make_tool(
                "delete_mail",
                "Delete a mail for good; it does not go to the bin.",
                Category.DESTRUCTIVE,
                "Delete a mail for good",
                parameters={"id": text},
                required=["id"],
                facets={Facet.REVERSIBILITY: "irreversible"},
            ),
            make_tool("list_folders", "List the folders of the mailbox.", Category.READ, "List the folders"),
            make_tool("label_mail", "Put a label on a mail.", Category.WRITE, "Put a label", confidence=0.52),
        ],
        title="Paperboat Mail",
        description="Mail for agents: read, search, write and send.",
        commit="4f1c2ab9d03e",
    )


def make_shop() -> CatalogServer:
    money = {Facet.MONEY: "moves", Facet.REVERSIBILITY: "irreversible"}
    return make_server(
        "corner-shop",
        [
            make_tool(
                "place_order",
                "Place an order and charge the stored card.",
                Category.FINANCIAL,
                "charge the stored card",
                parameters={
                    "items": {
                        "type": "array",
                        "items": {"type": "object", "properties": {"sku": {}, "count": {}}},
                        "description": "What to order.",
                    },
                    "coupon": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
                },
                required=["items"],
                facets=money,
            ),
            make_tool("refund_order", "Pay an order back.", Category.FINANCIAL, "Pay an order back", facets=money),
            make_tool("get_price", "Tell the price of a product.", Category.READ, "Tell the price"),
            make_tool(
                "cancel_subscription",
                "Cancel a customer's subscription.",
                Category.DESTRUCTIVE,
                "Cancel a customer's subscription",
            ),
            make_tool("restock", None, None),
        ],
        registry="pypi",
        target="pypi:corner-shop==0.9.0",
        version="0.9.0",
        outcome=Outcome.PARTIAL,
        reasons=(
            "src/dynamic.py: tool names are worked out when the server runs",
            "src/plugins.py: tools are registered in a loop over plugins",
        ),
    )


def make_file_server() -> CatalogServer:
    path = {"path": {"type": "string", "description": "Inside the allowed folders."}}
    return make_server(
        "shelf-files",
        [
            make_tool("read_file", "Read a file as text.", Category.READ, "Read a file", parameters=path),
            make_tool("list_directory", "List a directory.", Category.READ, "List a directory", parameters=path),
            make_tool("search_files", "Search files by name.", Category.READ, "Search files", parameters=path),
            make_tool(
                "write_file",
                "Write a file, replacing what is there.",
                Category.WRITE,
                "Write a file",
                parameters=path,
                facets={Facet.REVERSIBILITY: "irreversible"},
                annotations={"readOnlyHint": False, "destructiveHint": True},
            ),
            make_tool("move_file", "Move or rename a file.", Category.WRITE, "Move or rename", parameters=path),
            make_tool("create_directory", "Create a directory.", Category.WRITE, "Create a directory"),
            make_tool(
                "delete_file",
                "Delete a file or a whole directory.",
                Category.DESTRUCTIVE,
                "Delete a file",
                parameters=path,
                facets={Facet.BLAST_RADIUS: "bulk", Facet.REVERSIBILITY: "irreversible"},
                annotations={"destructiveHint": False},
            ),
            make_tool(
                "run_command",
                "Run a shell command in the folder and give back what it prints.",
                Category.EXECUTE,
                "Run a shell command",
                parameters={"command": {"type": "string"}},
                required=["command"],
                facets={Facet.CODE_EXECUTION: "arbitrary", Facet.BLAST_RADIUS: "system"},
                moves=[RiskMove(1, "arbitrary code")],
            ),
        ],
        title="Shelf",
        registry="github",
        target="github:example/shelf-files@v2.0.0",
        version="2.0.0",
        commit="91e7c0ffee12",
    )


def make_silent_servers() -> tuple[CatalogServer, ...]:
    return (
        make_server("empty-room", outcome=Outcome.NO_TOOLS, reasons=("no pattern of a tool was found",)),
        make_server("locked-door", outcome=Outcome.FAILED, reasons=("the archive is damaged",), version=None),
    )


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


def make_catalog() -> tuple[CatalogServer, ...]:
    servers = (make_mail_server(), make_shop(), make_file_server(), make_hostile_server(), *make_silent_servers())
    return tuple(sorted(servers, key=lambda server: server.slug))


def make_large_catalog(servers: int, tools: int) -> tuple[CatalogServer, ...]:
    """Make copies of real-looking servers: `servers` of them with `tools` tools each."""
    models = [*make_mail_server().tools, *make_file_server().tools, *make_shop().tools]
    made = []
    for number in range(servers):
        chosen = (models[(number + at) % len(models)] for at in range(tools))
        renamed = [
            replace(tool, slug=f"{tool.slug}_{at}", definition=replace(tool.definition, name=f"{tool.slug}_{at}"))
            for at, tool in enumerate(chosen)
        ]
        made.append(make_server(f"server-{number:05d}", renamed))
    return tuple(made)


def _find_quote(definition: ToolDefinition, quote: str, says: str) -> Evidence:
    start = (definition.description or "").find(quote)
    assert start >= 0, f"{quote!r} is not in the description"
    return Evidence("description", quote, says, start, start + len(quote), "words")


def _nest(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"deeper": schema}}
    return schema
