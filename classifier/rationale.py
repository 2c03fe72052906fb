"""The rationale in plain prose: what the tool does, why this category, why not the next, what would change it.

Not evidence: every claim here rests on the quotes beside it.
"""

from collections.abc import Mapping, Sequence

from catalog.records import Evidence
from catalog.vocabulary import Category
from classifier.rule import Hit
from classifier.verdict import Verdict
from classifier.view import ToolView

_QUOTE_LIMIT = 90
_MEANS: Mapping[Category, str] = {
    Category.READ: "it returns something and leaves everything outside the call as it was",
    Category.WRITE: "it creates, changes or sends something, and the earlier state can be put back or was not lost",
    Category.EXECUTE: "what happens depends on what it is given, or reaches past the call",
    Category.DESTRUCTIVE: "it removes, ends or overwrites something on purpose",
    Category.FINANCIAL: "it moves or commits money or an asset that can be traded",
}
_NOT: Mapping[tuple[Category, Category], str] = {
    (Category.READ, Category.WRITE): "nothing says that it keeps or changes anything",
    (Category.READ, Category.EXECUTE): "nothing says that it runs what the caller supplies or sets off work elsewhere",
    (Category.READ, Category.DESTRUCTIVE): "nothing says that anything is removed",
    (Category.READ, Category.FINANCIAL): "it may speak of money, but nothing says that money moves",
    (Category.WRITE, Category.READ): "something is different after the call",
    (Category.WRITE, Category.EXECUTE): "it records a change and does not run anything",
    (Category.WRITE, Category.DESTRUCTIVE): "what was there can be put back",
    (Category.WRITE, Category.FINANCIAL): "no money moves and none is claimed",
    (Category.EXECUTE, Category.READ): "it does more than return an answer",
    (Category.EXECUTE, Category.WRITE): "it sets something in motion instead of recording a change",
    (Category.EXECUTE, Category.DESTRUCTIVE): "what it stops or runs can be started again",
    (Category.EXECUTE, Category.FINANCIAL): "it runs something, but nothing says that money moves",
    (Category.DESTRUCTIVE, Category.READ): "something is gone after the call",
    (Category.DESTRUCTIVE, Category.WRITE): "what is removed is not put back by one more call",
    (Category.DESTRUCTIVE, Category.EXECUTE): "loss is its purpose or one of its modes, not a side effect",
    (Category.DESTRUCTIVE, Category.FINANCIAL): "it ends or removes something, but the call itself moves no money",
    (Category.FINANCIAL, Category.READ): "it does not only report on money",
    (Category.FINANCIAL, Category.WRITE): "more than a record changes: money or a claim to it does",
    (Category.FINANCIAL, Category.EXECUTE): "what it sets in motion is a payment, an order or a claim",
    (Category.FINANCIAL, Category.DESTRUCTIVE): "money moves, which goes before any loss",
}
_WOULD_CHANGE: Mapping[Category, str] = {
    Category.READ: "A mode or a parameter that stores, sends or runs something would raise it.",
    Category.WRITE: "A mode that deletes would make it Destructive; a dry run with no other mode would make it Read.",
    Category.EXECUTE: "A text that holds it to reads would make it Read; deletion as its purpose, Destructive.",
    Category.DESTRUCTIVE: "A text that says that the thing goes to a trash or an archive would lower its risk.",
    Category.FINANCIAL: "A text that says that no real money moves, as in a simulation, would make it Write.",
}


def explain(view: ToolView, hits: Sequence[Hit], verdict: Verdict, evidence: Sequence[Evidence]) -> str:
    """Write the rationale of one verdict."""
    category, second = verdict.category, verdict.second_choice
    own = [hit for hit in hits if hit.rule.says is category]
    sentences = [_what_it_does(view, category, own, evidence)]
    sentences.append(own[0].rule.rationale if own else f"It counts as {category.value} because {_MEANS[category]}.")
    sentences.append(f"It is {category.value} rather than {second.value}: {_NOT[category, second]}.")
    if verdict.held_by is not None:
        sentences.append("Its text as a whole reads milder, but its own name says what it does, and that counts.")
    if not view.definition.description:
        sentences.append("It has no description, so only its name, its parameters and its server were judged.")
    sentences.append(_WOULD_CHANGE[category])
    return " ".join(sentences)


def _what_it_does(view: ToolView, category: Category, own: Sequence[Hit], evidence: Sequence[Evidence]) -> str:
    quotes = [quote for quote in evidence if quote.says.startswith(category.value)][:2]
    said = " and ".join(f"{_place(quote.field)} says “{_short(quote.quote)}”" for quote in quotes)
    if not own:
        return f"On {_server_name(view)}, {said}." if said else f"On {_server_name(view)}, {_MEANS[category]}."
    title = own[0].rule.title
    return f"{title} on {_server_name(view)}: {said}."


def _place(field: str) -> str:
    if field in {"name", "title", "description"}:
        return f"its {field}"
    if ".enum." in field or field.endswith(".const"):
        return "one of its choices"
    return "a parameter" if field.startswith("inputSchema") else "a declared hint"


def _short(quote: str) -> str:
    flat = " ".join(quote.split())
    return flat if len(flat) <= _QUOTE_LIMIT else f"{flat[: _QUOTE_LIMIT - 1].rstrip()}…"


def _server_name(view: ToolView) -> str:
    return view.server.name or "its server"
