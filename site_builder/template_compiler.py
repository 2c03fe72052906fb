"""Templates turned into one plain Python function each: several times as fast as Jinja2's own generated code.

Jinja2 reads the templates and stays what they mean; here its syntax trees are compiled for what our templates use:
contexts that are objects, no assignments, macros without defaults. A template that needs more is refused with
NotCompiledError, and its caller lets Jinja2 render it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any

import markupsafe
from jinja2 import Environment, UndefinedError, nodes
from jinja2.nodes import EvalContext

_OPERATORS = {"eq": "==", "ne": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "in": "in", "notin": "not in"}
_LOOP = {"index": "{0}", "index0": "({0} - 1)", "first": "({0} == 1)", "last": "({0} == {0}_most)"}
_MISSING_ALLOWED = ("default", "d")  # filters of what may not be there
# Escaping a text without wrapping it: the wrapping takes four times as long, and nothing here looks at it.
_escape_text: Callable[[str], str] = getattr(markupsafe, "_escape_inner", lambda text: str(markupsafe.escape(text)))

Scope = Mapping[str, str]
Render = Callable[[object], str]


class NotCompiledError(Exception):
    """A template uses something of Jinja2's language that is not compiled here."""


@dataclass(slots=True)
class _Source:
    """A template as it was read: its blocks, its macros, and the macros that it imports."""

    name: str
    body: list[nodes.Node]
    parent: str | None = None
    blocks: dict[str, nodes.Block] = field(default_factory=dict)
    macros: dict[str, nodes.Macro] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)


class TemplateCompiler:
    """Compiles templates of an environment; each is read once, however many others are made with it."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._sources: dict[str, _Source] = {}

    def compile(self, name: str) -> Render:
        """Compile a template into a function of its `page`.

        Raises NotCompiledError for what is not compiled here, TemplateError as Jinja2 does; the function raises
        UndefinedError when the page lacks what the template prints.
        """
        code = _Writer(self._read, self._environment.filters).write(name)
        names: dict[str, Any] = {"_escape": _escape_text, "_show": _show, "_filter": _make_filter(self._environment)}
        exec(compile(code, f"<template {name}>", "exec"), names)  # noqa: S102 - made above, of our own templates
        run = names["_render"]

        def render(page: object) -> str:
            try:
                made: str = run(page)
            except AttributeError as error:
                raise UndefinedError(f"{name}: {error}") from error
            return made

        return render

    def _read(self, name: str) -> _Source:
        if name not in self._sources:
            if self._environment.loader is None:
                raise NotCompiledError(f"{name}: there is nowhere to read it from")
            text, _, _ = self._environment.loader.get_source(self._environment, name)
            self._sources[name] = _sort_out(name, self._environment.parse(text, name))
        return self._sources[name]


def _show(value: object) -> str:
    return str(markupsafe.escape(value))


def _make_filter(environment: Environment) -> Callable[..., Any]:
    context = EvalContext(environment)
    return lambda name, value, *arguments: environment.call_filter(name, value, arguments, eval_ctx=context)


class _Writer:
    """Writes the functions of one template, and of the macros that it calls."""

    def __init__(self, read: Callable[[str], _Source], filters: Mapping[str, Callable[..., Any]]) -> None:
        self._read = read
        self._filters = filters
        self._macros: dict[tuple[str, str], str] = {}
        self._functions: list[str] = []
        self._lines: list[str] = []
        self._depth = 0
        self._names = 0

    def write(self, name: str) -> str:
        """Write the code of a template: a function `_render` of its page, and what that calls."""
        chain = [self._read(name)]
        while (parent := chain[-1].parent) is not None:
            chain.append(self._read(parent))
        with self._function("_render(page)"):
            self._line("_out = []")
            self._line("_put = _out.extend")
            self._write_body(chain[-1].body, chain[-1], chain, {"page": "page"})
            self._line("return ''.join(_out)")
        return "\n".join(self._functions)

    @contextmanager
    def _function(self, head: str) -> Iterator[None]:
        lines, depth, self._lines, self._depth = self._lines, self._depth, [f"def {head}:"], 1
        yield
        self._functions.append("\n".join(self._lines))
        self._lines, self._depth = lines, depth

    def _line(self, text: str) -> None:
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def _indented(self, head: str) -> Iterator[None]:
        self._line(head)
        self._depth += 1
        before = len(self._lines)
        yield
        if len(self._lines) == before:
            self._line("pass")
        self._depth -= 1

    def _name(self, stem: str) -> str:
        self._names += 1
        return f"{stem}_{self._names}"

    def _write_body(self, body: Sequence[nodes.Node], of: _Source, chain: list[_Source], scope: Scope) -> None:
        for node in body:
            if isinstance(node, nodes.Output):
                self._write_output(node.nodes, of, scope)
            elif isinstance(node, nodes.If):
                self._write_if(node, of, chain, scope)
            elif isinstance(node, nodes.For):
                self._write_for(node, of, chain, scope)
            elif isinstance(node, nodes.Block):
                source = next((one for one in chain if node.name in one.blocks), of)
                self._write_body(source.blocks[node.name].body, source, chain, {"page": "page"})
            else:
                raise _refuse(of, node)

    def _write_output(self, parts: Sequence[nodes.Node], of: _Source, scope: Scope) -> None:
        held: list[str] = []
        for part in parts:
            if isinstance(part, nodes.TemplateData):
                held.append(repr(part.data))
            elif isinstance(part, nodes.Call):
                self._put(held)
                held = []
                self._line(self._call(part, of, scope))
            else:
                value = self._name("t")
                expression = self._expression(part, of, scope)
                held.append(f"_escape({value}) if type({value} := {expression}) is str else _show({value})")
        self._put(held)

    def _is_plain(self, node: nodes.Filter) -> bool:
        """Tell whether a filter is a function of its arguments, all of which are there."""
        found = self._filters.get(node.name)
        needs = getattr(found, "jinja_pass_arg", None)
        plain = found is not None and (needs is None or needs.name != "context")
        return plain and node.name not in _MISSING_ALLOWED and not (node.kwargs or node.dyn_args or node.dyn_kwargs)

    def _put(self, held: list[str]) -> None:
        if held:
            self._line(f"_put(({', '.join(held)},))")

    def _write_if(self, node: nodes.If, of: _Source, chain: list[_Source], scope: Scope) -> None:
        for word, branch in (("if", node), *(("elif", one) for one in node.elif_)):
            with self._indented(f"{word} {self._expression(branch.test, of, scope)}:"):
                self._write_body(branch.body, of, chain, scope)
        if node.else_:
            with self._indented("else:"):
                self._write_body(node.else_, of, chain, scope)

    def _write_for(self, node: nodes.For, of: _Source, chain: list[_Source], scope: Scope) -> None:
        if node.recursive or node.test is not None or not isinstance(node.target, nodes.Name):
            raise _refuse(of, node)
        each, number, rows = self._name(node.target.name), self._name("at"), self._name("rows")
        inner = {**scope, node.target.name: each, "loop": number}
        told = any(isinstance(one, nodes.Name) and one.name == "loop" for one in node.find_all(nodes.Name))
        self._line(f"{rows} = tuple({self._expression(node.iter, of, scope)})")
        if told:
            self._line(f"{number}_most = len({rows})")
        with self._indented(f"for {number}, {each} in enumerate({rows}, 1):" if told else f"for {each} in {rows}:"):
            self._write_body(node.body, of, chain, inner)
        if node.else_:
            with self._indented(f"if not {rows}:"):
                self._write_body(node.else_, of, chain, scope)

    def _call(self, node: nodes.Call, of: _Source, scope: Scope) -> str:
        if not isinstance(node.node, nodes.Name) or node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise _refuse(of, node)
        arguments = [self._expression(one, of, scope) for one in node.args]
        return f"{self._macro(node.node.name, of, len(arguments))}({', '.join(('_put', *arguments))})"

    def _macro(self, name: str, of: _Source, arguments: int) -> str:
        template, called = of.imports.get(name, (of.name, name))
        source = self._read(template)
        macro = source.macros.get(called)
        if macro is None or macro.defaults or len(macro.args) != arguments:
            raise NotCompiledError(f"{of.name}: the macro {name}")
        key = (template, called)
        if key not in self._macros:
            self._macros[key] = self._name(called)
            scope = {one.name: f"a_{one.name}" for one in macro.args}
            with self._function(f"{self._macros[key]}({', '.join(('_put', *scope.values()))})"):
                before = len(self._lines)
                self._write_body(macro.body, source, [source], scope)
                if len(self._lines) == before:
                    self._line("pass")
        return self._macros[key]

    def _expression(self, node: nodes.Node, of: _Source, scope: Scope) -> str:
        match node:
            case nodes.Const():
                return repr(node.value)
            case nodes.Name() if node.name in scope and node.name != "loop":
                return scope[node.name]
            case nodes.Getattr(node=nodes.Name(name="loop"), attr=attribute) if attribute in _LOOP and "loop" in scope:
                return _LOOP[attribute].format(scope["loop"])
            case nodes.Getattr() if not iskeyword(node.attr):
                return f"{self._expression(node.node, of, scope)}.{node.attr}"
            case nodes.Not():
                return f"(not {self._expression(node.node, of, scope)})"
            case nodes.And() | nodes.Or():
                word = "and" if isinstance(node, nodes.And) else "or"
                return f"({self._expression(node.left, of, scope)} {word} {self._expression(node.right, of, scope)})"
            case nodes.Compare():
                parts = (f" {_OPERATORS[one.op]} {self._expression(one.expr, of, scope)}" for one in node.ops)
                return f"({self._expression(node.expr, of, scope)}{''.join(parts)})"
            case nodes.CondExpr(expr2=nodes.Expr() as other):
                first, test = (self._expression(one, of, scope) for one in (node.expr1, node.test))
                return f"({first} if {test} else {self._expression(other, of, scope)})"
            case nodes.Filter(node=nodes.Expr() as value) if self._is_plain(node):
                given = (self._expression(one, of, scope) for one in (value, *node.args))
                return f"_filter({', '.join((repr(node.name), *given))})"
            case _:
                raise _refuse(of, node)


def _sort_out(name: str, tree: nodes.Template) -> _Source:
    source = _Source(name, [], blocks={block.name: block for block in tree.find_all(nodes.Block)})
    for node in tree.body:
        if isinstance(node, nodes.Extends) and isinstance(node.template, nodes.Const) and not source.body:
            source.parent = node.template.value
        elif isinstance(node, nodes.Macro):
            source.macros[node.name] = node
        elif isinstance(node, nodes.FromImport) and isinstance(node.template, nodes.Const) and not node.with_context:
            pairs = ((one, one) if isinstance(one, str) else one for one in node.names)
            source.imports |= {known: (node.template.value, called) for called, known in pairs}
        elif not source.parent:
            source.body.append(node)
    # What comes after `extends` is not shown unless it is a block; conditions would decide while a page is rendered.
    nested = (one for one in tree.find_all((nodes.Extends, nodes.FromImport, nodes.Import)) if one not in tree.body)
    for node in (*nested, *(one for one in tree.body if isinstance(one, nodes.Import))):
        raise _refuse(source, node)
    return source


def _refuse(of: _Source, node: nodes.Node) -> NotCompiledError:
    return NotCompiledError(f"{of.name}, line {node.lineno}: {type(node).__name__}")
