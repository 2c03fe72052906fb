"""The modes of a tool that does several things by a parameter: which choice does what, as the rules heard it.

Not the tool's category, which is that of its strongest mode; policies use the modes to let harmless ones pass.
"""

from collections import defaultdict
from collections.abc import Iterable

from catalog.records import Mode
from catalog.vocabulary import Category
from classifier.rule import Hit
from classifier.view import MODE_WORDS, ToolView

_PRECEDENCE = {category: at for at, category in enumerate(Category)}


def read_modes(view: ToolView, hits: Iterable[Hit]) -> tuple[Mode, ...]:
    """List the choices of the first top-level parameter that is called after what it chooses, such as `action`."""
    chooser = next(
        (one for one in view.parameters if one.depth == 0 and len(one.choices) > 1 and one.words <= MODE_WORDS), None
    )
    if chooser is None:
        return ()
    heard: dict[str, list[Category]] = defaultdict(list)
    for rule, place in hits:
        if isinstance(rule.says, Category):
            heard[place[0]].append(rule.says)
    return tuple(
        Mode(chooser.name, choice, max(heard[field], key=_PRECEDENCE.__getitem__) if field in heard else None)
        for field, choice in chooser.choices
    )
