"""How a reader reports a verdict that is wrong: what to send, and where.

Not for sending: without an address to send it to, a correction is made in a catalog of one's own.
"""

import shlex
from dataclasses import dataclass

from catalog.records import CatalogServer, CatalogTool
from site_builder import urls
from site_builder.foreign_text import show_line


@dataclass(frozen=True, slots=True)
class ReportGuide:
    """What to send, where to, and the command that corrects a catalog of one's own."""

    text: str
    href: str | None
    command: str


def guide_report(server: CatalogServer, tool: CatalogTool | None, report_url: str) -> ReportGuide:
    """Say how to report a verdict on one tool, or on any of a server's; `report_url` is empty when nobody takes any."""
    name = show_line(tool.definition.name, 200) if tool else ""
    text = (
        f"server: {server.slug}\n"
        f"tool: {name if tool else '(which tool)'}\n"
        f"version: {show_line(server.version or server.commit or 'unknown', 60)}\n"
        f"source: {show_line(server.target, 240)}\n"
        f"digest: {show_line(server.digest, 80)}\n"
        f"verdict: {_verdict(tool) if tool else '(what is wrong, and the words that show it)'}\n"
    )
    # The tool's name comes after `--`: a stranger's may begin with a dash.
    chosen = shlex.quote(name) if tool else "TOOL"
    command = f"toolrisk override --category CATEGORY --reason REASON --reviewer YOU -- {server.slug} {chosen}"
    return ReportGuide(text, urls.web_link(report_url or None), command)


def _verdict(tool: CatalogTool) -> str:
    assessment = tool.assessment
    return f"{assessment.category}, {assessment.risk} risk" if assessment else "not analysed"
