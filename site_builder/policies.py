"""The recommended policies of one server, made once and shown on every page that speaks of them."""

from collections.abc import Sequence

from policy.document import write_document
from policy.effects import find_weaknesses
from policy.recommendation import Decision, Recommendation
from site_builder.foreign_text import show_line
from site_builder.judged import JudgedServer, JudgedTool
from site_builder.parts import Policy
from site_builder.wording import decision_words, plural

_GAPS = 12


def tool_policy(judged: JudgedTool, href: str) -> Policy:
    """Make the policy for one tool; `href` is where its file is, seen from the page."""
    recommendation = judged.recommendation
    text = write_document([recommendation])
    name = f"policy-{judged.tool.slug}.json"
    reasons = tuple(map(_begin_sentence, recommendation.reasons))
    return Policy(decision_words(recommendation), reasons, text, href, name)


def server_policy(of: JudgedServer, href: str) -> Policy:
    """Make the policy for all tools of a server; `href` is where its file is, seen from the page."""
    recommendations = [one.recommendation for one in of.tools]
    text = write_document(recommendations)
    reasons = sum_up_decisions(recommendations)
    return Policy("One policy for all tools", reasons, text, href, f"policy-{of.server.slug}.json")


def sum_up_decisions(recommendations: Sequence[Recommendation]) -> tuple[str, ...]:
    """Say how many tools a policy allows, asks for, denies and hides."""
    limited = sum(bool(one.limits) for one in recommendations)
    words = {
        Decision.ALLOW: f"allowed, {limited:,} of them within limits" if limited else "allowed",
        Decision.ASK: "only after a person agreed",
        Decision.DENY: "denied",
        Decision.HIDE: "hidden from the agent",
    }
    counts = [(decision, sum(one.decision is decision for one in recommendations)) for decision in Decision]
    return tuple(f"{plural(count, 'tool')} {words[decision]}" for decision, count in counts if count)


def find_gaps(of: JudgedServer) -> tuple[str, ...]:
    """Say which effects the policy for a server stops at one tool and leaves free at another, at most twelve."""
    tools = [(one.tool.definition, one.tool.assessment) for one in of.tools]
    found = find_weaknesses(tools, [one.recommendation for one in of.tools])
    return tuple(show_line(weakness.says, 400) for weakness in found[:_GAPS])


def _begin_sentence(reason: str) -> str:
    """Begin with a capital, unless the first word is the path of a parameter."""
    first = reason.split(" ", 1)[0]
    return reason if "." in first or "_" in first else f"{reason[:1].upper()}{reason[1:]}"
