"""Real definitions, where they are at hand: no false alarm of high severity, every quote verbatim."""

import json
import os
from pathlib import Path

import pytest

from catalog.records import ServerContext, ToolDefinition
from catalog.vocabulary import Severity
from classifier.assess import assess_tools
from classifier.view import ToolView

SHARED = Path(os.environ.get("TOOLRISK_SHARED", Path(__file__).parents[2].parent / "shared"))
DUMPS = SHARED / "data" / "tools_list"


@pytest.fixture(scope="module")
def items() -> list[tuple[ToolDefinition, ServerContext]]:
    if not DUMPS.is_dir():
        pytest.skip("no tools/list dumps beside the repository; set TOOLRISK_SHARED")
    found = []
    for path in sorted(DUMPS.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        found += [
            (
                ToolDefinition(
                    tool["name"],
                    tool.get("title"),
                    tool.get("description"),
                    tool.get("inputSchema"),
                    annotations=tool.get("annotations") or {},
                ),
                ServerContext(document["package"]),
            )
            for tool in document["tools"]
        ]
    return found


def test_real_definitions_raise_no_high_finding_and_are_quoted_verbatim(
    items: list[tuple[ToolDefinition, ServerContext]],
) -> None:
    assert items
    for (definition, context), found in zip(items, assess_tools(items), strict=True):
        view = ToolView(definition, context)
        assert not [finding for finding in found.findings if finding.severity is Severity.HIGH], definition.name
        assert found.evidence
        assert found.rationale
        for quote in found.evidence:
            assert quote.quote == view.text(quote.field)[quote.start : quote.end]
