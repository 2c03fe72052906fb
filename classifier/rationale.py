"""The rationale in plain prose: what the tool does, why this category, why not the next, what would change it.

Not evidence: every claim here rests on the quotes beside it.
"""

from collections.abc import Iterable, Mapping, Sequence

from catalog.records import Evidence, Override, RiskMove
from catalog.vocabulary import BASE_RISK, Category, Risk
from classifier.rule import Hit
from classifier.verdict import Verdict
from classifier.view import ToolView

_QUOTE_LIMIT = 110
_REMOTE = 0.03  # a second choice less likely than this is only named as what it would take
_MEANS: Mapping[Category, str] = {
    Category.READ: "It gives something back and leaves everything outside the call as it was",
    Category.WRITE: "It creates, changes or sends something, and nothing is lost that could not be put back",
    Category.EXECUTE: "What happens depends on what it is given, or reaches past the call",
    Category.DESTRUCTIVE: "It removes, ends or overwrites something on purpose",
    Category.FINANCIAL: "It moves or commits money, or an asset that can be traded",
}
_NOT: Mapping[tuple[Category, Category], str] = {
    (Category.READ, Category.WRITE): "nothing says that it keeps or changes anything",
    (Category.READ, Category.EXECUTE): "nothing says that it runs what the caller supplies, or sets off work elsewhere",
    (Category.READ, Category.DESTRUCTIVE): "nothing says that anything is removed",
    (Category.READ, Category.FINANCIAL): "it may speak of money, but nothing says that any moves",
    (Category.WRITE, Category.READ): "something is different once the call is over",
    (Category.WRITE, Category.EXECUTE): "it records a change and does not set anything running",
    (Category.WRITE, Category.DESTRUCTIVE): "what was there can be put back",
    (Category.WRITE, Category.FINANCIAL): "no money moves and none is claimed",
    (Category.EXECUTE, Category.READ): "it does more than return an answer",
    (Category.EXECUTE, Category.WRITE): "it sets something in motion instead of recording a change",
    (Category.EXECUTE, Category.DESTRUCTIVE): "what it stops or runs can be started again",
    (Category.EXECUTE, Category.FINANCIAL): "it runs something, but nothing says that money moves",
    (Category.DESTRUCTIVE, Category.READ): "something is gone once the call is over",
    (Category.DESTRUCTIVE, Category.WRITE): "one more call does not put back what it removes",
    (Category.DESTRUCTIVE, Category.EXECUTE): "loss is its purpose or one of its modes, not a side effect",
    (Category.DESTRUCTIVE, Category.FINANCIAL): "it ends or removes something, but the call itself moves no money",
    (Category.FINANCIAL, Category.READ): "it does not only report on money",
    (Category.FINANCIAL, Category.WRITE): "more than a record changes: money does, or a claim to it",
    (Category.FINANCIAL, Category.EXECUTE): "what it sets in motion is a payment, an order or a claim",
    (Category.FINANCIAL, Category.DESTRUCTIVE): "money moves, and that goes before any loss",
}
_TAKES: Mapping[Category, str] = {
    Category.READ: "a text that holds it to reading",
    Category.WRITE: "a parameter or a mode that stores or sends something",
    Category.EXECUTE: "a sign that it runs what it is given or sets off work elsewhere",
    Category.DESTRUCTIVE: "a mode that deletes, or a word of loss",
    Category.FINANCIAL: "an effect on money, not just a mention of it",
}
_MILDER: Mapping[Category, str] = {
    Category.READ: "Only a mode that stores, sends or runs something would raise this verdict.",
    Category.WRITE: "A mode that deletes would make it Destructive; if it only simulated the change, it would be Read.",
    Category.EXECUTE: "If its text held it to reading, it would be Read; if loss were its purpose, Destructive.",
    Category.DESTRUCTIVE: "If the text said that things go to a trash or an archive first, its risk would be lower.",
    Category.FINANCIAL: "Only a text that says that no real money moves, as in a simulation, would make it Write.",
}


def explain(
    view: ToolView,
    hits: Sequence[Hit],
    verdict: Verdict,
    evidence: Sequence[Evidence],
    moves: Sequence[RiskMove] = (),
    risk: Risk | None = None,
) -> str:
    """Write the rationale of one verdict. `moves` led from the base risk of its category to `risk`."""
    category, second = verdict.category, verdict.second_choice
    said = sorted((hit.rule for hit in hits if hit.rule.says is category), key=lambda rule: rule.general)
    own = said[0].rationale if said else f"{_MEANS[category]}."
    sentences = [
        _what_it_does(view, category, evidence),
        f"That makes it {category.value}: {own[0].lower()}{own[1:]}",
        _why_not(category, second, verdict.probabilities[second]),
        *_what_else(view, verdict, evidence),
        *_how_risk_moved(category, moves, risk),
        _MILDER[category],
    ]
    return " ".join(sentences)


def explain_override(verdict: Verdict, override: Override) -> str:
    """Write the rationale of a person's verdict."""
    likeliest = max(verdict.probabilities, key=verdict.probabilities.__getitem__)
    alone = "would say the same" if likeliest is override.category else f"would say {likeliest.value}"
    reason = override.reason.rstrip(".")
    return f"{override.reviewer} reviewed this tool: {reason}. The classifier alone {alone}."


def _what_it_does(view: ToolView, category: Category, evidence: Iterable[Evidence]) -> str:
    server = view.server.name or "its server"
    quotes = {quote.field: _short(quote.quote) for quote in reversed([*evidence]) if quote.says.startswith(category)}
    said = quotes.get("description") or quotes.get("title")
    if said and " " not in said:
        return f"Among the words in which {server} describes this tool, “{said}” tells most."
    if said:
        return f"{view.server.name or 'Its server'} introduces this tool with the words “{said}”."
    if "name" in quotes:
        beside = next((f", and {_place(field)}, “{quote}”" for field, quote in quotes.items() if field != "name"), "")
        on = f" on {view.server.name}" if view.server.name else ""
        lead = "Nothing describes this tool" if not view.definition.description else "The description leaves it open"
        return f"{lead}; what speaks{on} is its name, “{quotes['name']}”{beside}."
    place, quote = next(((_place(field), quote) for field, quote in quotes.items()), ("its definition", ""))
    return f"What tells most about this tool of {view.server.name or 'its server'} is {place}: “{quote}”."


def _why_not(category: Category, second: Category, chance: float) -> str:
    if chance < _REMOTE:
        return f"To be taken for {second.value}, the nearest other category, it would need {_TAKES[second]}."
    return f"{second.value} is the next candidate, at {chance:.0%}, but {_NOT[category, second]}."


def _what_else(view: ToolView, verdict: Verdict, evidence: Iterable[Evidence]) -> Iterable[str]:
    choice = next((quote.quote for quote in evidence if ".enum." in quote.field or quote.field.endswith("const")), None)
    if choice is not None and view.is_multiplexed:
        yield f"The caller chooses among several actions and the strongest decides; “{_short(choice)}” is among them."
    if verdict.held_by is not None:
        yield "Its text as a whole reads milder, but its own name says what it does, and that counts."
    if not view.definition.description:
        yield "With no description to go by, only its name, its parameters, its siblings and its server were judged."


def _how_risk_moved(category: Category, moves: Sequence[RiskMove], risk: Risk | None) -> Iterable[str]:
    if moves and risk is not None and risk is not BASE_RISK[category]:
        yield f"{moves[0].reason} That moves its risk from {BASE_RISK[category].value} to {risk.value}."


def _place(field: str) -> str:
    if ".enum." in field or field.endswith(".const"):
        return "one of its choices"
    return "one of its parameters" if field.startswith("inputSchema") else "a declared hint"


def _short(quote: str) -> str:
    flat = " ".join(quote.split())
    return flat if len(flat) <= _QUOTE_LIMIT else f"{flat[: _QUOTE_LIMIT - 1].rstrip()}…"
