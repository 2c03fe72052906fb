"""How a call or a decorator of an SDK registers a function as a tool, told from its look-alikes.

Prompts, resources, agents' tools and clients have the same shapes and are none.
"""

from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.python_module import Module, ancestors
from crawler.extractors.python_references import CallValue, ClassRef, FunctionRef, PartialCall, Scope
from crawler.extractors.python_syntax import text_of
from crawler.extractors.python_values import Evaluator

_SDKS = ("mcp", "fastmcp")
_AGENTS = frozenset(
    (
        *("pydantic_ai", "agents", "langchain", "langchain_core", "crewai", "crewai_tools", "smolagents", "autogen"),
        *("llama_index", "strands", "haystack", "semantic_kernel", "agno", "phi", "dspy"),
    )
)
_NOT_TOOLS = ("prompt", "resource", "template")


def is_tool_decorator(evaluator: Evaluator, module: Module, callee: Node) -> bool:
    """Tell `server.tool` and fastmcp's own `tool` from an agent's."""
    if callee.type == "attribute":
        return text_of(callee.child_by_field_name("attribute")) == "tool" and not _is_agents(module, callee)
    source, symbol = module.imports.get(text_of(callee), ("", None))
    return symbol == "tool" and source.split(".")[0] in _SDKS and evaluator.package.find(source, module.path) is None


def takes_function(module: Module, callee: Node) -> bool:
    """Tell a call that turns the function it is given into a tool."""
    name = text_of(callee).rsplit(".", 1)[-1] if callee.type in ("identifier", "attribute") else ""
    if callee.type == "attribute":
        maker = text_of(callee.child_by_field_name("object"))
        if name in ("add_tool", "tool"):
            return not _is_agents(module, callee)
        return name == "from_function" and maker.rsplit(".", 1)[-1].endswith("Tool") and not _is_foreign(module, maker)
    return name == "FunctionTool" and imports_sdk(module) and not _is_foreign(module, name, *_AGENTS)


def makes_tool(module: Module, callee: Node) -> bool:
    """Tell a call of the protocol's own `Tool` class, under whatever name it was imported."""
    text = text_of(callee)
    if callee.type == "attribute":
        return text.endswith(".Tool") and imports_sdk(module) and not _is_foreign(module, text, *_AGENTS)
    source, symbol = module.imports.get(text, ("", None))
    if symbol == "Tool" and source.split(".")[0] in _SDKS:
        return True
    return text == "Tool" and imports_sdk(module) and not _is_foreign(module, text, *_AGENTS)


def imports_sdk(module: Module) -> bool:
    """Tell a module that imports an MCP SDK."""
    return any(source.split(".")[0] in _SDKS for _, source, _ in module.import_nodes)


def is_no_tool(text: str) -> bool:
    """Tell a name that says prompt or resource."""
    return any(word in text.lower() for word in _NOT_TOOLS)


def is_foreign_base(evaluator: Evaluator, owner: ClassRef) -> bool:
    """Tell a class whose bases come from an agent framework, or from nowhere that is known."""
    listed = owner.node.child_by_field_name("superclasses")
    for node in listed.named_children if listed is not None else ():
        if "Tool" not in text_of(node):
            continue
        base = evaluator.evaluate(node, Scope(owner.module))
        if isinstance(base, ClassRef) and base.node != owner.node:
            return "Tool" in text_of(base.node.child_by_field_name("superclasses")) and is_foreign_base(evaluator, base)
        source, _ = owner.module.imports.get(text_of(node).split(".")[0], ("", None))
        return source.split(".")[0] not in _SDKS
    return False


def said_in_call(evaluator: Evaluator, call: Node, scope: Scope) -> dict[str, Any]:
    """Give what the arguments of a registering call say; a first text is the name."""
    positional, keywords = evaluator.arguments(call)
    said = evaluator.spread_keywords(call, scope)
    said |= {key: evaluator.evaluate(value, scope) for key, value in keywords.items()}
    if positional and "name" not in said:
        value = evaluator.evaluate(positional[0], scope)
        if isinstance(value, str) or positional[0].type in ("string", "concatenated_string"):
            said["name"] = value
    return said


def function_meant(evaluator: Evaluator, node: Node | None, scope: Scope) -> tuple[Any, frozenset[str]]:
    """Give the function that an argument stands for, seen through wrappers, and the parameters filled already."""
    value = evaluator.evaluate(node, scope)
    if isinstance(value, PartialCall):
        return value.function, frozenset(value.keywords)
    if isinstance(value, FunctionRef):
        value = wrapped_by(evaluator, value, scope)
        if not takes_anything(value.node):
            return value, frozenset()
    if node is not None and node.type == "call" and not isinstance(value, str | int | float | list | dict):
        positional, keywords = evaluator.arguments(node)
        inner = [evaluator.evaluate(one, scope) for one in (*positional, *keywords.values())]
        functions = [one for one in inner if isinstance(one, FunctionRef)]
        if functions and not (isinstance(value, CallValue) and "Tool" in value.callee):
            return functions[0], frozenset()
    return value, frozenset()


def wrapped_by(evaluator: Evaluator, function: FunctionRef, scope: Scope) -> FunctionRef:
    """Give the function whose signature a wrapper takes over with `@wraps(function)`."""
    outer = next(ancestors(function.module, function.node), None)
    for decorator in outer.named_children if outer is not None and outer.type == "decorated_definition" else ():
        call = decorator.named_children[0] if decorator.type == "decorator" and decorator.named_children else None
        if call is None or call.type != "call":
            continue
        if text_of(call.child_by_field_name("function")).rsplit(".", 1)[-1] == "wraps":
            positional, _ = evaluator.arguments(call)
            inner = evaluator.evaluate(positional[0], scope) if positional else UNKNOWN
            return inner if isinstance(inner, FunctionRef) else function
    return function


def takes_anything(function: Node) -> bool:
    """Tell a function of *args or **kwargs, which no SDK takes for a tool."""
    parameters = function.child_by_field_name("parameters")
    return parameters is not None and any(
        child.type in ("list_splat_pattern", "dictionary_splat_pattern")
        or (child.type == "typed_parameter" and text_of(child).startswith("*"))
        for child in parameters.named_children
    )


def _is_foreign(module: Module, name: str, *roots: str) -> bool:
    """Tell a name that was imported from elsewhere than an MCP SDK or, with `roots`, from one of those."""
    source, _ = module.imports.get(name.split(".", maxsplit=1)[0], ("", None))
    root = source.split(".")[0]
    return root in (roots or _AGENTS)


def _is_agents(module: Module, callee: Node) -> bool:
    """Tell an agent's own tool (`agent.tool`) from a server's."""
    target = text_of(callee.child_by_field_name("object"))
    return "agent" in target.lower() and any(source.split(".")[0] in _AGENTS for _, source, _ in module.import_nodes)
