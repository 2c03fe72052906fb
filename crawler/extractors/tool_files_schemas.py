"""The schemas that modules export which tool files name as their code.

Where a setting chooses between two, the one for when nothing is set is given, and it is said that this was chosen.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_calls import call_value
from crawler.extractors.javascript_evaluator import Evaluator
from crawler.extractors.javascript_operators import ternary
from crawler.extractors.javascript_package import JavascriptPackage
from crawler.extractors.javascript_values import Scope
from crawler.extractors.javascript_zod import schema_of

_EXPORTS = ("inputSchema", "schema", "parameters", "paramsSchema")


class ModuleSchemas:
    """Finds a module by what a tool file calls it, and what it exports as the schema of its arguments."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._package = JavascriptPackage(files)
        self._evaluator = _UnsetEvaluator(self._package)
        self._by_stem: dict[str, list[str]] = {}
        for path in sorted(self._package.sources):
            self._by_stem.setdefault(_stem(path), []).append(path)

    def of(self, named: str) -> tuple[Mapping[str, Any], bool] | None:
        """Give the schema of the module that a text names, and whether a setting chooses it; None for none."""
        for path in self._paths(named):
            if (module := self._package.module(path)) is None:
                continue
            for name in _EXPORTS:
                self._evaluator.begin()
                value = self._evaluator.exported(module, name)
                schema = schema_of(value) if value is not UNKNOWN else None
                if schema is not None:
                    return schema or {"type": "object", "properties": {}}, self._evaluator.chose
        return None

    def _paths(self, named: str) -> Iterator[str]:
        wanted = _whole_stem(posixpath.normpath(named).lstrip("./"))
        for path in self._by_stem.get(_stem(wanted), ()):
            if f"/{_whole_stem(path)}".endswith(f"/{wanted}"):
                yield path


class _UnsetEvaluator(Evaluator):
    """An evaluator that takes a setting that is not known for unset; `chose` tells that it had to."""

    def __init__(self, package: JavascriptPackage) -> None:
        super().__init__(package, call_value)
        self._kinds["ternary_expression"] = self._unset
        self.chose = False

    def begin(self) -> None:
        """Begin with another module."""
        self.chose = False
        self.budget.begin_file()

    def _unset(self, node: Node, scope: Scope) -> Any:
        value = ternary(self, node, scope)
        if value is not UNKNOWN or self.evaluate(node.child_by_field_name("condition"), scope) is not UNKNOWN:
            return value
        self.chose = True
        return self.evaluate(node.child_by_field_name("alternative"), scope)


def _whole_stem(path: str) -> str:
    return re.sub(r"\.[cm]?[jt]sx?$", "", path)


def _stem(path: str) -> str:
    return _whole_stem(posixpath.basename(path))
