"""Our templates for Hugo: what Jinja2 parses is written out again as a Go template, so that both print the same.

Not a translator of all of Jinja2: of what our templates use, and a ValueError naming the line for anything else.
"""

import json
from collections.abc import Callable, Mapping, Sequence

from jinja2 import Environment, nodes

MARKUP = "structured_data"  # the one value that is markup already, in a script element
_TESTS = {"eq": "eq", "ne": "ne", "gt": "gt", "gteq": "ge", "lt": "lt", "lteq": "le", "in": "in"}


class GoTemplate:
    """Writes one page's template, with its layout and the macros that it uses."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._macros: dict[str, nodes.Macro] = {}
        self._blocks: dict[str, Sequence[nodes.Node]] = {}
        self._loops: list[tuple[str, str]] = []
        self._count = 0

    def translate(self, name: str) -> str:
        """Translate the template of that name; its context is the record of a Hugo page."""
        body = self._write_template(name)
        macros = "".join(self._write_macro(macro) for macro in self._macros.values())
        return f"{{{{- $page := .Params.record -}}}}{body}{macros}"

    def _write_template(self, name: str) -> str:
        loader = self._environment.loader
        if loader is None:
            raise ValueError(f"{name}: nothing loads templates")
        tree = self._environment.parse(loader.get_source(self._environment, name)[0])
        for block in tree.find_all(nodes.Block):
            self._blocks.setdefault(block.name, block.body)
        self._macros |= {macro.name: macro for macro in tree.find_all(nodes.Macro)}
        for one in tree.find_all(nodes.FromImport):
            self._write_template(_text_of(one.template))
        parent = tree.find(nodes.Extends)
        return self._write_template(_text_of(parent.template)) if parent else self._write(tree.body)

    def _write_macro(self, macro: nodes.Macro) -> str:
        names = "".join(f"{{{{- ${arg.name} := .{arg.name} -}}}}" for arg in macro.args)
        return f'{{{{ define "{macro.name}" }}}}{names}{self._write(macro.body)}{{{{ end }}}}'

    def _write(self, body: Sequence[nodes.Node]) -> str:
        return "".join(self._write_node(node) for node in body)

    def _write_node(self, node: nodes.Node) -> str:
        match node:
            case nodes.Output():
                return "".join(self._write_output(one) for one in node.nodes)
            case nodes.If():
                return self._write_if(node)
            case nodes.For(target=nodes.Name()):
                return self._write_for(node)
            case nodes.Block():
                return self._write(self._blocks[node.name])
            case nodes.Assign(target=nodes.Name(name=name)):
                return f"{{{{- ${name} := {self._value(node.node)} -}}}}"
            case nodes.FromImport() | nodes.Macro():
                return ""
        raise _unknown(node)

    def _write_output(self, node: nodes.Node) -> str:
        match node:
            case nodes.TemplateData():
                return node.data
            case nodes.Call(node=nodes.Name(name=name)) if name in self._macros:
                return f'{{{{ template "{name}" {self._arguments(node, self._macros[name])} }}}}'
            case nodes.CondExpr():
                other = self._write_output(node.expr2) if node.expr2 else ""
                chosen = f"{{{{ if {self._value(node.test)} }}}}{self._write_output(node.expr1)}"
                return f"{chosen}{{{{ else }}}}{other}{{{{ end }}}}"
            case nodes.Getattr(attr=attr) if attr == MARKUP:
                return f"{{{{ {self._value(node)} | safeJS }}}}"
        return f"{{{{ {self._value(node)} }}}}"

    def _write_if(self, node: nodes.If) -> str:
        text = f"{{{{ if {self._value(node.test)} }}}}{self._write(node.body)}"
        for other in node.elif_:
            text += f"{{{{ else if {self._value(other.test)} }}}}{self._write(other.body)}"
        return text + (f"{{{{ else }}}}{self._write(node.else_)}" if node.else_ else "") + "{{ end }}"

    def _write_for(self, node: nodes.For) -> str:
        several = self._value(node.iter)
        self._count += 1
        at = f"$at{self._count}"
        self._loops.append((at, several))
        body = self._write(node.body)
        self._loops.pop()
        other = f"{{{{ else }}}}{self._write(node.else_)}" if node.else_ else ""
        name = node.target.name if isinstance(node.target, nodes.Name) else ""
        return f"{{{{ range {at}, ${name} := {several} }}}}{body}{other}{{{{ end }}}}"

    def _arguments(self, call: nodes.Call, macro: nodes.Macro) -> str:
        names = [arg.name for arg in macro.args]
        defaults = dict(zip(names[len(names) - len(macro.defaults) :], macro.defaults, strict=True))
        given: Mapping[str, nodes.Expr] = {
            **defaults,
            **dict(zip(names, call.args, strict=False)),
            **{one.key: one.value for one in call.kwargs},
        }
        return "(dict " + " ".join(f'"{name}" {self._value(value)}' for name, value in given.items()) + ")"

    def _value(self, node: nodes.Node) -> str:
        match node:
            case nodes.Const():
                return json.dumps(node.value, ensure_ascii=False)
            case nodes.Name():
                return f"${node.name}"
            case nodes.Getattr(node=nodes.Name(name="loop")):
                return self._loop(node)
            case nodes.Getattr():
                return f"{self._value(node.node)}.{node.attr}"
            case nodes.Not():
                return f"(not {self._value(node.node)})"
            case nodes.And() | nodes.Or():
                return f"({type(node).__name__.lower()} {self._value(node.left)} {self._value(node.right)})"
            case nodes.Compare(ops=[nodes.Operand(op=op, expr=other)]) if op in _TESTS:
                return f"({_TESTS[op]} {self._value(node.expr)} {self._value(other)})"
            case nodes.Filter():
                return self._filter(node)
            case nodes.Concat():
                return "(print " + " ".join(self._value(one) for one in node.nodes) + ")"
        raise _unknown(node)

    def _loop(self, node: nodes.Getattr) -> str:
        at, several = self._loops[-1]
        known: dict[str, Callable[[], str]] = {
            "index": lambda: f"(add {at} 1)",
            "index0": lambda: at,
            "first": lambda: f"(eq {at} 0)",
            "last": lambda: f"(eq (add {at} 1) (len {several}))",
        }
        if node.attr not in known:
            raise _unknown(node)
        return known[node.attr]()

    def _filter(self, node: nodes.Filter) -> str:
        held = self._value(node.node) if node.node else ""
        if node.name == "length":
            return f"(len (default slice {held}))"
        if node.name == "join":
            return f"(delimit (default slice {held}) {self._value(node.args[0])})"
        raise _unknown(node)


def _text_of(node: nodes.Node) -> str:
    if not isinstance(node, nodes.Const):
        raise _unknown(node)
    return str(node.value)


def _unknown(node: nodes.Node) -> ValueError:
    return ValueError(f"line {node.lineno} of a template: {type(node).__name__} is not written for Hugo yet")
