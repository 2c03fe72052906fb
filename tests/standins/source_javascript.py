"""TypeScript servers with the protocol's own library and zod, and the JavaScript that is published of them.

Not for archives: packing.py lays the files into npm packages and repositories.
"""

from tests.standins.facts import Facts
from tests.standins.filler import support_modules
from tests.standins.tools import Parameter, Tool

_TYPES = {
    "string": "z.string()",
    "integer": "z.number().int()",
    "number": "z.number()",
    "boolean": "z.boolean()",
    "strings": "z.array(z.string())",
}
_EACH = 10


def javascript_files(server: Facts, version: str, tools: tuple[Tool, ...], *, typed: bool) -> dict[str, bytes]:
    """Write the modules: `dist/*.js` as compiled, or `src/*.ts` as in a repository."""
    folder, suffix = ("src", "ts") if typed else ("dist", "js")
    parts = [tools[at : at + _EACH] for at in range(0, len(tools), _EACH)]
    files = {f"{folder}/index.{suffix}": _entry(server, version, len(parts), typed=typed).encode()}
    for number, part in enumerate(parts):
        text = _head(number, typed=typed) + "".join(_registration(tool) for tool in part) + "}\n"
        files[f"{folder}/tools/part{number}.{suffix}"] = text.encode()
    support = support_modules(f"{server.key}/{server.number}", suffix, 2)
    files.update({f"{folder}/support{number}.{suffix}": text for number, text in enumerate(support)})
    return files


def _entry(server: Facts, version: str, parts: int, *, typed: bool) -> str:
    imports = "".join(f'import {{ registerPart{part} }} from "./tools/part{part}.js";\n' for part in range(parts))
    calls = "".join(f"registerPart{part}(server);\n" for part in range(parts))
    failed = "(error: unknown)" if typed else "(error)"
    return (
        "#!/usr/bin/env node\n"
        'import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";\n'
        'import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";\n'
        f'{imports}\nconst server = new McpServer({{ name: "{server.name}", version: "{version}" }});\n{calls}\n'
        "async function main() {\n    await server.connect(new StdioServerTransport());\n}\n"
        f"main().catch({failed} => {{\n    console.error(error);\n    process.exit(1);\n}});\n"
    )


def _head(number: int, *, typed: bool) -> str:
    library = 'import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";\n' if typed else ""
    kind = ": McpServer" if typed else ""
    return (
        f'{library}import {{ z }} from "zod";\nimport {{ ask, render }} from "../support0.js";\n\n'
        f"export function registerPart{number}(server{kind}) {{\n"
    )


def _registration(tool: Tool) -> str:
    hints = []
    if tool.read_only:
        hints.append("readOnlyHint: true")
    if tool.destructive:
        hints.append("destructiveHint: true")
    annotations = f"        annotations: {{ {', '.join(hints)} }},\n" if hints else ""
    schema = "".join(f"            {one.name}: {_schema(one)},\n" for one in tool.parameters)
    names = ", ".join(one.name for one in tool.parameters)
    return (
        f'    server.registerTool("{tool.name}", {{\n        description: "{tool.description}",\n'
        f"        inputSchema: {{\n{schema}        }},\n{annotations}    }}, async ({{ {names} }}) => {{\n"
        f'        const answer = await ask("{tool.name}", {{ {names} }});\n'
        '        return { content: [{ type: "text", text: render(answer) }] };\n    });\n'
    )


def _schema(parameter: Parameter) -> str:
    kind = _TYPES[parameter.kind]
    if parameter.choices:
        kind = f"z.enum([{', '.join(f'{chr(34)}{choice}{chr(34)}' for choice in parameter.choices)}])"
    optional = "" if parameter.required else ".optional()"
    return f'{kind}{optional}.describe("{parameter.description}")'
