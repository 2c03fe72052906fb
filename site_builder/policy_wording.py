"""What the pages of policies say in words: profiles, and what a format cannot say.

Not for judgement: each restates a value of the policy package.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policy.format import Got, Loss, Wanted
from policy.profile import Profile

PROFILE_MEANS: Mapping[Profile, str] = {
    Profile.STRICT: "Harmless reading is free; what changes or runs is asked for, what destroys or pays is hidden.",
    Profile.RECOMMENDED: (
        "Reading is free, changes are limited, what destroys is hidden; payments and what is riskier than its "
        "kind are asked for."
    ),
    Profile.PERMISSIVE: "Reading is free, changes are limited more widely; what destroys or pays is asked for.",
}

WANTED_WORDS: Mapping[Wanted, str] = {
    "allow": "“Allow”",
    "ask": "“Ask a person”",
    "deny": "“Deny”",
    "hide": "“Hide from the agent”",
    "conditions": "A condition on arguments",
    "checks": "A check of arguments",
    "limits": "A limit on calls",
    "name": "A name that cannot be written there",
    "default": "“Deny what is not listed”",
}

GOT_WORDS: Mapping[Got, str] = {
    "allow": "becomes “allow”",
    "ask": "becomes “ask a person”",
    "deny": "becomes “deny”",
    "dropped": "is left out",
}

_SMALLER = {"checks": "checks of arguments", "limits": "limits"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a format stands to what was recommended, in a few words; `warns` when a decision is not carried out."""

    says: str
    warns: bool


def describe_standing(losses: Iterable[Loss], refused: str) -> Standing:
    """Say the worst of a format's losses: decisions that are not carried out before limits that are left out."""
    if refused:
        return Standing("cannot be written", warns=True)
    held = {(loss.wanted, loss.got): loss for loss in losses}.values()
    looser = {loss.wanted for loss in held if loss.is_looser}
    if looser - _SMALLER.keys():
        return Standing("stops less in places", warns=True)
    if looser:
        return Standing(f"leaves out {' and '.join(_SMALLER[one] for one in sorted(looser))}", warns=False)
    return Standing("stricter in places" if held else "says everything", warns=False)
