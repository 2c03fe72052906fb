"""Python servers with FastMCP: decorated functions with types, in several modules.

Not for archives: packing.py lays the files into wheels and repositories.
"""

from tests.standins.facts import Facts
from tests.standins.filler import support_modules
from tests.standins.tools import Parameter, Tool

_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "strings": "list[str]"}
_EACH = 12


def python_module(server: Facts) -> str:
    """Give the name of the package that is imported."""
    return server.name.replace("-", "_")


def python_files(server: Facts, version: str, tools: tuple[Tool, ...], dependency: str = "mcp") -> dict[str, bytes]:
    """Write the package's modules; the manifest is not among them."""
    module = python_module(server)
    parts = [tools[at : at + _EACH] for at in range(0, len(tools), _EACH)]
    names = [f"tools_{number}" for number in range(len(parts))]
    files = {
        f"{module}/__init__.py": f'"""{server.summary}."""\n\n__version__ = "{version}"\n'.encode(),
        f"{module}/application.py": (
            f'"""The one server object."""\n\nfrom {dependency}.server.fastmcp import FastMCP\n\n'
            f'mcp = FastMCP("{server.name}")\n'
        ).encode(),
        f"{module}/server.py": _entry(module, names).encode(),
    }
    for name, part in zip(names, parts, strict=True):
        documented = server.number % 2 == 0
        files[f"{module}/{name}.py"] = (_head(module) + "".join(_function(tool, documented) for tool in part)).encode()
    support = support_modules(f"{server.key}/{server.number}", "py", 2)
    files.update({f"{module}/support_{number}.py": text for number, text in enumerate(support)})
    return files


def python_description(server: Facts, tool: Tool) -> str:
    """Give the description that a client sees: the docstring as it stands, in half the servers with the parameters."""
    return tool.description if server.number % 2 else tool.description + _explained(tool)


def _explained(tool: Tool) -> str:
    lines = "".join(f"\n        {one.name}: {one.description}" for one in tool.parameters)
    return f"\n\n    Args:{lines}\n    "


def _entry(module: str, names: list[str]) -> str:
    imports = "".join(f"from {module} import {name}  # noqa: F401\n" for name in names)
    return (
        f'"""Starts the server."""\n\nfrom {module}.application import mcp\n{imports}\n\n'
        'def main() -> None:\n    """Serve on standard input and output."""\n    mcp.run()\n\n\n'
        'if __name__ == "__main__":\n    main()\n'
    )


def _head(module: str) -> str:
    return (
        '"""Tools."""\n\nfrom typing import Annotated, Literal\n\nfrom mcp.types import ToolAnnotations\n'
        f"from pydantic import Field\n\nfrom {module}.application import mcp\nfrom {module}.support_0 import *\n"
    )


def _function(tool: Tool, documented: bool) -> str:  # noqa: FBT001
    hints = []
    if tool.read_only:
        hints.append("readOnlyHint=True")
    if tool.destructive:
        hints.append("destructiveHint=True")
    decorator = f"annotations=ToolAnnotations({', '.join(hints)})" if hints else ""
    parameters = "".join(f"    {_parameter(one, documented)},\n" for one in tool.parameters)
    arguments = ", ".join(f'"{one.name}": {one.name}' for one in tool.parameters)
    explained = _explained(tool) if documented else ""
    return (
        f"\n\n@mcp.tool({decorator})\nasync def {tool.name}(\n{parameters}) -> str:\n"
        f'    """{tool.description}{explained}"""\n'
        f'    answer = await ask("{tool.name}", {{{arguments}}})\n    return render(answer)\n'
    )


def _parameter(parameter: Parameter, documented: bool) -> str:  # noqa: FBT001
    kind = _TYPES[parameter.kind]
    if parameter.choices:
        kind = f"Literal[{', '.join(f'{chr(34)}{choice}{chr(34)}' for choice in parameter.choices)}]"
    if not parameter.required:
        kind = f"{kind} | None"
    if not documented:
        kind = f'Annotated[{kind}, Field(description="{parameter.description}")]'
    return f"{parameter.name}: {kind}" if parameter.required else f"{parameter.name}: {kind} = None"
