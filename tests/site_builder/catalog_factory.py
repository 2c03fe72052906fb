"""A made-up catalog: a mail server, a shop, a file server, a hostile one, and two that could not be read."""

from dataclasses import replace

from catalog.records import CatalogServer, RiskMove
from catalog.vocabulary import Category, Facet, Outcome
from tests.site_builder.hostile_server import make_hostile_server
from tests.site_builder.record_factory import make_server, make_tool


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
