"""Tools that an MCPB (earlier DXT) bundle's manifest lists: names and descriptions, never schemas."""

from collections.abc import Mapping
from typing import Any

import orjson

from catalog.records import FileIssue, Origin, ToolDefinition
from crawler.extractors.extracted import Extracted

_PATTERN = "mcpb-manifest"


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Read `manifest.json` at the top of a snapshot, or the topmost one; localised copies add nothing."""
    paths = sorted((path for path in files if path.split("/")[-1] == "manifest.json"), key=lambda path: path.count("/"))
    for path in paths[:20]:
        try:
            manifest = orjson.loads(files[path])
        except orjson.JSONDecodeError as error:
            if path == "manifest.json":
                return Extracted(issues=(FileIssue(path, f"not JSON: {error}"),))
            continue
        if isinstance(manifest, dict) and {"manifest_version", "dxt_version"} & manifest.keys():
            return _read(manifest, path, files[path])
    return Extracted()


def _read(manifest: dict[str, Any], path: str, data: bytes) -> Extracted:
    definitions, issues = [], []
    listed = manifest.get("tools")
    for index, tool in enumerate(listed if isinstance(listed, list) else []):
        name = tool.get("name") if isinstance(tool, dict) else None
        if not isinstance(name, str) or not name:
            issues.append(FileIssue(path, f"tools[{index}] has no name"))
            continue
        description = tool.get("description")
        line = data[: max(data.find(orjson.dumps(name)), 0)].count(b"\n") + 1
        definitions.append(
            ToolDefinition(
                name,
                description=description if isinstance(description, str) else None,
                origin=Origin(path, line, _PATTERN),
                unresolved=("inputSchema",),
            )
        )
    more = (f"{path}: the manifest says that more tools are made at run time",)
    return Extracted(tuple(definitions), more if manifest.get("tools_generated") is True else (), tuple(issues))
