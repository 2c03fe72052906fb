"""Which kinds of access a tool gives, in the terms that documented attacks are told in.

Not a judgement of the tool: it only decides which attacks are worth reading beside it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from catalog.records import Assessment, CatalogTool
from catalog.vocabulary import Category, Facet
from site_builder.foreign_text import first_sentence

_TEXT_LIMIT = 400
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """A kind of access: how it is said, the attack records' names for it, and how a tool is seen to give it.

    A tool gives it when its category is among `categories`, its `facet` has one of `values`, and its words hold one
    of `words`; what is empty is not asked. `weight` is how telling a match is.
    """

    says: str
    capabilities: frozenset[str]
    weight: int
    categories: frozenset[Category] = frozenset()
    facet: Facet | None = None
    values: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CHANGES = frozenset({Category.WRITE, Category.EXECUTE, Category.DESTRUCTIVE})
_LOSES = frozenset({Category.DESTRUCTIVE})
_READS = frozenset({Category.READ})
_RUNS = frozenset({Category.EXECUTE})
_PAYS = frozenset({Category.FINANCIAL})
_WRITES = frozenset({Category.WRITE})
_FILES = _words("file files directory directories folder folders path paths filesystem")
_MAIL = _words("mail mails email emails inbox mailbox smtp")
_CLOUD = _words("cloud instance instances volume volumes bucket buckets cluster server servers vm resource resources")

ACCESSES: tuple[Access, ...] = (
    Access(
        "brings in words written by strangers",
        _words("untrusted_content_read docs_lookup mail_read"),
        1,
        facet=Facet.UNTRUSTED_INPUT,
        values=_words("possible typical"),
    ),
    Access(
        "shows private data",
        _words("private_data_read private_source_read crm_read mail_read tenant_isolation"),
        1,
        facet=Facet.SENSITIVE_DATA,
        values=_words("private credentials"),
    ),
    Access(
        "shows credentials",
        _words("secret_access token_theft wallet_theft"),
        3,
        facet=Facet.SENSITIVE_DATA,
        values=_words("credentials"),
    ),
    Access(
        "lets data out",
        _words(
            "exfiltration link_exfiltration image_url_exfiltration html_render_exfiltration bcc_exfiltration "
            "server_side_fetch_exfiltration search_query_exfiltration image_proxy_exfiltration"
        ),
        1,
        facet=Facet.EGRESS,
        values=_words("third_party arbitrary"),
    ),
    Access("sends mail", _words("send_mail bcc_exfiltration"), 3, categories=_WRITES, words=_MAIL),
    Access("reads mail", _words("mail_read"), 3, categories=_READS, words=_MAIL),
    Access("deletes mail", _words("mail_delete"), 3, categories=_LOSES, words=_MAIL),
    Access(
        "sends messages",
        _words("send_message link_preview"),
        3,
        categories=_WRITES,
        words=_words("message messages chat channel channels sms"),
    ),
    Access("reads files", _words("fs_read path_traversal symlink"), 2, categories=_READS, words=_FILES),
    Access(
        "writes files", _words("fs_write fs_move overwrite config_write symlink"), 2, categories=_WRITES, words=_FILES
    ),
    Access("deletes files", _words("fs_delete fs_overwrite overwrite"), 3, categories=_LOSES, words=_FILES),
    Access(
        "works on repositories",
        _words("repo_write git git_init_anywhere private_source_read"),
        2,
        words=_words("git repository repositories repo repos commit branch branches"),
    ),
    Access(
        "works on tickets and customer records",
        _words("ticket_write crm_read"),
        3,
        words=_words("ticket tickets crm lead leads"),
    ),
    Access("publishes", _words("publish"), 3, categories=_CHANGES, words=_words("publish publishes release releases")),
    Access(
        "runs queries on a database",
        _words("db_sql"),
        3,
        words=_words("sql"),
    ),
    Access(
        "deletes data in a database",
        _words("db_delete"),
        3,
        categories=_LOSES,
        words=_words("database databases table tables sql row rows record records"),
    ),
    Access(
        "runs code or commands",
        _words("shell shell_injection ci_shell process_spawn argument_injection"),
        2,
        categories=_RUNS,
        facet=Facet.CODE_EXECUTION,
        values=_words("constrained arbitrary"),
        words=_words("shell command commands bash terminal script scripts code process exec execute"),
    ),
    Access(
        "ends cloud resources",
        _words("cloud_delete cloud_volume_delete iac_destroy backup_loss inherited_privilege"),
        2,
        categories=_LOSES,
        words=_CLOUD,
    ),
    Access(
        "acts in a browser",
        _words("browser_click account_takeover"),
        3,
        categories=_RUNS,
        words=_words("browser click page tab navigate"),
    ),
    Access(
        "fetches addresses",
        _words("http_fetch server_side_fetch_exfiltration"),
        2,
        words=_words("url urls fetch http download"),
    ),
    Access(
        "controls devices",
        _words("device_control"),
        3,
        categories=_RUNS,
        words=_words("device devices light lights thermostat lock switch"),
    ),
    Access("changes a calendar", _words("calendar_delete"), 3, words=_words("calendar calendars event events")),
    Access(
        "changes permissions",
        _words("permission_change ownership_transfer privilege_by_nft"),
        3,
        facet=Facet.PRIVILEGE,
        values=_words("others"),
    ),
    Access(
        "moves money",
        _words("transfer_funds token_transfer payment_detail_substitution wallet_theft agent_to_agent"),
        3,
        categories=_PAYS,
    ),
    Access(
        "runs searches elsewhere",
        _words("search_query_exfiltration"),
        2,
        categories=_READS,
        facet=Facet.EGRESS,
        values=_words("third_party arbitrary"),
        words=_words("search searches"),
    ),
)


_OF_CATEGORY = {
    category: tuple(access for access in ACCESSES if not access.categories or category in access.categories)
    for category in Category
}


def find_accesses(tool: CatalogTool, assessment: Assessment) -> tuple[Access, ...]:
    """List the kinds of access that the tool gives, in the order of ACCESSES."""
    definition = tool.definition
    # Further sentences tell of what a tool is not, or of the tools beside it.
    text = (definition.name, definition.title or "", first_sentence(definition.description or "", _TEXT_LIMIT))
    words = _collect_words(text)
    held = {facet: value.value for facet, value in assessment.facets.items()}
    return tuple(
        access
        for access in _OF_CATEGORY[assessment.category]
        if not (access.words and access.words.isdisjoint(words))
        and (access.facet is None or held.get(access.facet) in access.values)
    )


def _collect_words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(map(str.lower, _WORD.findall("\n".join(text[:_TEXT_LIMIT] for text in texts))))
