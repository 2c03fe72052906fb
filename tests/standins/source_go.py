"""Go servers with mcp-go: tools made of options, in several files.

Not for archives: packing.py lays the files into repositories.
"""

from tests.standins.facts import Facts
from tests.standins.filler import support_modules
from tests.standins.tools import Parameter, Tool

_MAKERS = {
    "string": "mcp.WithString",
    "integer": "mcp.WithNumber",
    "number": "mcp.WithNumber",
    "boolean": "mcp.WithBoolean",
    "strings": "mcp.WithArray",
}
_EACH = 12


def go_files(server: Facts, version: str, tools: tuple[Tool, ...]) -> dict[str, bytes]:
    """Write the program, its tools and its support."""
    parts = [tools[at : at + _EACH] for at in range(0, len(tools), _EACH)]
    files = {"main.go": _entry(server, version, len(parts)).encode()}
    for number, part in enumerate(parts):
        body = "".join(_registration(tool) for tool in part)
        handlers = "".join(_handling(tool) for tool in part)
        files[f"tools_{number}.go"] = (_head() + f"func registerPart{number}(s *server.MCPServer) {{\n{body}}}\n"
                                       + handlers).encode()  # fmt: skip
    support = support_modules(f"{server.key}/{server.number}", "go", 2)
    files.update({f"internal/support_{number}.go": text for number, text in enumerate(support)})
    return files


def _entry(server: Facts, version: str, parts: int) -> str:
    calls = "".join(f"\tregisterPart{part}(s)\n" for part in range(parts))
    return (
        'package main\n\nimport (\n\t"log"\n\n\t"github.com/mark3labs/mcp-go/server"\n)\n\n'
        f'func main() {{\n\ts := server.NewMCPServer("{server.name}", "{version}")\n{calls}'
        "\tif err := server.ServeStdio(s); err != nil {\n\t\tlog.Fatal(err)\n\t}\n}\n"
    )


def _head() -> str:
    return (
        'package main\n\nimport (\n\t"context"\n\n\t"github.com/mark3labs/mcp-go/mcp"\n'
        '\t"github.com/mark3labs/mcp-go/server"\n)\n\n'
    )


def _registration(tool: Tool) -> str:
    hints = ""
    if tool.read_only:
        hints = "\t\tmcp.WithReadOnlyHintAnnotation(true),\n"
    if tool.destructive:
        hints += "\t\tmcp.WithDestructiveHintAnnotation(true),\n"
    options = "".join(f"\t\t{_option(one)},\n" for one in tool.parameters)
    return (
        f'\ts.AddTool(mcp.NewTool("{tool.name}",\n\t\tmcp.WithDescription("{tool.description}"),\n'
        f"{hints}{options}\t), {_function(tool)})\n"
    )


def _handling(tool: Tool) -> str:
    return (
        f"\nfunc {_function(tool)}(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {{\n"
        f'\tanswer, err := ask(ctx, "{tool.name}", request.GetArguments())\n\tif err != nil {{\n'
        "\t\treturn mcp.NewToolResultError(err.Error()), nil\n\t}\n\treturn mcp.NewToolResultText(answer), nil\n}\n"
    )


def _function(tool: Tool) -> str:
    return f"handle{tool.name.title().replace('_', '')}"


def _option(parameter: Parameter) -> str:
    parts = [f'"{parameter.name}"']
    if parameter.required:
        parts.append("mcp.Required()")
    parts.append(f'mcp.Description("{parameter.description}")')
    if parameter.choices:
        parts.append(f"mcp.Enum({', '.join(f'{chr(34)}{choice}{chr(34)}' for choice in parameter.choices)})")
    if parameter.kind == "strings":
        parts.append("mcp.WithStringItems()")
    return f"{_MAKERS[parameter.kind]}({', '.join(parts)})"
