"""What is wrong or doubtful in a policy document, by itself and beside the tools of the server that it is for.

Not its syntax, which policy/reading.py refuses; not its worth, which comparison with a recommendation shows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from catalog.records import ToolDefinition
from policy.coverage import compare_with_tools
from policy.document import EVERY_TOOL, PolicyDocument, ToolRules
from policy.remark import Remark
from policy.rules import ARGUMENTS, Condition


def check_document(document: PolicyDocument, definitions: Sequence[ToolDefinition] | None = None) -> list[Remark]:
    """Check a document by itself, and against a server's tools when they are given; in the order of the document."""
    found = [*_hide_remarks(document), *_default_remarks(document), *_counter_remarks(document)]
    for place, rules in _all_rules(document):
        found += _rule_remarks(place, rules)
    if definitions is not None:
        found += compare_with_tools(document, definitions)
    return found


def _all_rules(document: PolicyDocument) -> Iterator[tuple[str, ToolRules]]:
    if document.all_tools is not None:
        yield "all_tools", document.all_tools
    for tool, rules in document.tools.items():
        yield f"tools.{tool}", rules


def _hide_remarks(document: PolicyDocument) -> Iterator[Remark]:
    hidden = document.hide or []
    for at, tool in enumerate(hidden):
        if tool in hidden[:at]:
            yield Remark("warning", f"hide[{at}]", f"{tool} is hidden twice")
        if tool in document.tools:
            yield Remark("warning", f"tools.{tool}", "can never fire: the tool is hidden")
    if EVERY_TOOL in hidden and document.tools:
        yield Remark("warning", "tools", "can never fire: `hide` hides every tool")


def _default_remarks(document: PolicyDocument) -> Iterator[Remark]:
    if document.default == "deny":
        return
    yield Remark("note", "default", "a tool that the server adds later may be called until somebody lists it")
    for tool, rules in document.tools.items():
        if not (rules.require or rules.deny_if or rules.limits) and not document.hides(tool):
            yield Remark("note", f"tools.{tool}", "says nothing: the default allows it")


def _counter_remarks(document: PolicyDocument) -> Iterator[Remark]:
    counters: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, rules in _all_rules(document):
        for limit in rules.limits or ():
            counters[limit.scope, limit.counter].add(limit.window)
    for (_, counter), windows in sorted(counters.items()):
        if len(windows) > 1:
            yield Remark("warning", "limits", f"{counter} is counted by the {' and by the '.join(sorted(windows))}")


def _rule_remarks(place: str, rules: ToolRules) -> Iterator[Remark]:
    if (clash := _clash(rules.require or ())) is not None:
        yield Remark("error", f"{place}.require", f"denies every call: {clash}")
    guards = rules.deny_if or []
    flat = [at for at, guard in enumerate(guards) if not guard.conditions and not guard.asks]
    closed = f"{place}.deny_if[{flat[0]}]" if flat else None
    for at, guard in enumerate(guards):
        if (clash := _clash(guard.conditions)) is not None:
            yield Remark("warning", f"{place}.deny_if[{at}]", f"can never fire: {clash}")
        if guard in guards[:at]:
            yield Remark("warning", f"{place}.deny_if[{at}]", "stands there twice")
        elif flat and at > flat[0]:
            yield Remark("warning", f"{place}.deny_if[{at}]", f"can never fire: {closed} denies every call")
    for at, limit in enumerate(rules.limits or ()):
        if closed:
            yield Remark("warning", f"{place}.limits[{at}]", f"can never fire: {closed} denies every call")
        elif limit.max == 0:
            yield Remark("warning", f"{place}.limits[{at}]", "lets no call pass; leave the tool out or hide it")


def _clash(conditions: Iterable[Condition]) -> str | None:
    """Find two conditions on one argument that cannot both hold, and say why."""
    by_path: dict[str, list[Condition]] = defaultdict(list)
    for condition in conditions:
        by_path[condition.path].append(condition)
    for path, group in by_path.items():
        values = _possible(group)
        if values is not None and not values:
            return f"no value of {path} meets all of its conditions"
        low, high = _bounds(group)
        if low > high:
            return f"{path} cannot be above {low:g} and below {high:g}"
        absent = any(one.op == "exists" and one.value is False for one in group)
        if absent and any(one.op not in ("exists", "neq", "not_in") for one in group):
            return f"{path} cannot be absent and have a value"
    return None


def _possible(group: Iterable[Condition]) -> list[Any] | None:
    """List the values that `eq`, `in`, `neq` and `not_in` leave over; None when nothing bounds them."""
    group = list(group)
    lists = [[one.value] if one.op == "eq" else one.value for one in group if one.op in ("eq", "in")]
    lists = [values for values in lists if isinstance(values, list)]
    if not lists:
        return None
    path = group[0].path.removeprefix(ARGUMENTS)
    outer, _, last = path.rpartition(".")
    return [value for value in lists[0] if all(one.holds(_nested(outer, last, value)) for one in group)]


def _nested(outer: str, last: str, value: Any) -> Mapping[str, Any]:
    made: dict[str, Any] = {last: value}
    for step in reversed(outer.split(".") if outer else []):
        made = {step: made}
    return made


def _bounds(group: Iterable[Condition]) -> tuple[float, float]:
    low, high = float("-inf"), float("inf")
    for one in group:
        if isinstance(one.value, int | float) and not isinstance(one.value, bool):
            if one.op in ("gt", "gte"):
                low = max(low, one.value)
            elif one.op in ("lt", "lte"):
                high = min(high, one.value)
    return low, high
