"""Statements that fill maps, lists and JSON trees step by step, as assignments that add to what a name held."""

from collections.abc import Iterator

from crawler.extractors.expressions import Assignment, Call, Expression, Literal, Member, Name, Sequence, Spread, Table

_PUTS = frozenset(("put", "set", "add", "addProperty", "putIfAbsent", "setProperty"))
_NESTED = frozenset(("putObject", "withObject", "putArray", "withArray"))
_MAX_LINKS = 200


def growth(name: str, value: Expression, start: int, *, conditional: bool = False) -> Iterator[Assignment]:
    """Give what a call statement adds to the name that it is called on.

    With a `name` the call's result is kept under it: a nested tree is one object under two names, and what is
    added to it later belongs to the outer one too.
    """
    links, root = _links(value)
    if root is None or not links:
        if not name and isinstance(value, Call):
            yield Assignment("this", value, start, conditional=conditional)
        return
    if name:
        last = links[-1]
        if _last(last) in _NESTED and last.args:
            outer: Expression = Table(((last.args[0], Name(name)),))
            for link in reversed(links[:-1]):
                outer = Table(((link.args[0], outer),)) if _last(link) in _NESTED and link.args else outer
            yield Assignment(root, outer, start, grows=True, late=True)
        return
    added = _added(links)
    if added:
        for one in added:
            yield Assignment(root, one, start, grows=True, conditional=conditional, late=True)
    else:
        yield Assignment("this" if root in ("this", "") else root + "()", value, start, conditional=conditional)


def _links(value: Expression) -> tuple[list[Call], str | None]:
    """Give a chain's calls from the first to the last, and the name that the first is called on."""
    links: list[Call] = []
    while isinstance(value, Call) and isinstance(value.callee, Member) and len(links) < _MAX_LINKS:
        links.append(value)
        value = value.callee.of
    return links[::-1], value.text if isinstance(value, Name) else None


def _added(links: list[Call]) -> list[Expression]:
    added: list[Expression] = []
    for number, link in enumerate(links):
        name = _last(link)
        if name in _NESTED and link.args:
            inner = _added(links[number + 1 :])
            made: Expression = Sequence(()) if name.endswith("Array") else Table(())
            entries = tuple(entry for one in inner if isinstance(one, Table) for entry in one.entries)
            items = tuple(item for one in inner if isinstance(one, Sequence) for item in one.items)
            made = Sequence(items) if items else Table(entries) if entries else made
            return [*added, Table(((link.args[0], made),))]
        if name in _PUTS and len(link.args) == 2:
            added.append(Table((link.args,)))
        elif name == "add" and len(link.args) == 1:
            added.append(Sequence(link.args))
        elif name == "addAll" and len(link.args) == 1:
            added.append(Sequence((Spread(link.args[0]),)))
        elif name in ("putAll", "setAll") and len(link.args) == 1:
            added.append(Table(((Spread(link.args[0]), Literal(None)),)))
        elif name == "append" and len(link.args) == 1:
            added.append(link.args[0])
    return added


def _last(call: Call) -> str:
    return call.callee.name if isinstance(call.callee, Member) else ""


def initialised(made: Call, statements: list[Expression]) -> Expression:
    """Give a construction whose body fills it in place, as a chain of the calls in that body."""
    value: Expression = made
    for one in statements:
        if isinstance(one, Call) and isinstance(one.callee, Name):
            value = Call(Member(value, one.callee.text), one.args, one.named, (), one.node)
    return value
