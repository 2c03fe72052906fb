"""The three profiles, as one table a profile, and what a person may allow more exactly.

Not the conditions on arguments: those are made in policy/conditions.py and differ by profile only where said there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from catalog.vocabulary import Category
from policy.recommendation import Decision


class Profile(StrEnum):
    """How much a person wants to let pass; listed from strict to permissive."""

    STRICT = "strict"
    RECOMMENDED = "recommended"
    PERMISSIVE = "permissive"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a profile says of a kind of tool; `calls` a minute may be made when it is allowed, 0 for any number."""

    decision: Decision
    calls: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """One profile. `plain` tools have the risk of their category, `raised` more and at least High, `lowered` less.

    `threatened` is the least for a tool whose text works against its reader. `checks_arguments` is whether paths,
    addresses and statements are held to what is harmless without being told what is.
    """

    plain: Mapping[Category, Answer]
    raised: Mapping[Category, Answer]
    lowered: Mapping[Category, Answer]
    threatened: Decision
    checks_arguments: bool


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a person allows more exactly: the highest amount of one payment, currencies, folders, hosts, recipients.

    Empty: nothing was said, and only what harms everywhere is stopped.
    """

    max_amount: int | None = None
    currencies: tuple[str, ...] = ()
    folders: tuple[str, ...] = field(default=())
    hosts: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()


_FREE = Answer(Decision.ALLOW)
_ASK = Answer(Decision.ASK)
_HIDE = Answer(Decision.HIDE)


def _allow(calls: int) -> Answer:
    return Answer(Decision.ALLOW, calls)


_STRICT_PLAIN = {
    Category.READ: _FREE,
    Category.WRITE: _ASK,
    Category.EXECUTE: _ASK,
    Category.DESTRUCTIVE: _HIDE,
    Category.FINANCIAL: _HIDE,
}
_RECOMMENDED_PLAIN = {
    Category.READ: _FREE,
    Category.WRITE: _allow(30),
    Category.EXECUTE: _allow(10),
    Category.DESTRUCTIVE: _HIDE,
    Category.FINANCIAL: _ASK,
}
_PERMISSIVE_PLAIN = {
    Category.READ: _FREE,
    Category.WRITE: _allow(120),
    Category.EXECUTE: _allow(60),
    Category.DESTRUCTIVE: _ASK,
    Category.FINANCIAL: _ASK,
}
PROFILES: Mapping[Profile, Rules] = {
    Profile.STRICT: Rules(
        plain=_STRICT_PLAIN,
        raised={**_STRICT_PLAIN, Category.READ: _ASK, Category.EXECUTE: _HIDE},
        lowered=_STRICT_PLAIN,
        threatened=Decision.HIDE,
        checks_arguments=True,
    ),
    Profile.RECOMMENDED: Rules(
        plain=_RECOMMENDED_PLAIN,
        raised={**_RECOMMENDED_PLAIN, Category.READ: _ASK, Category.WRITE: _ASK, Category.EXECUTE: _ASK},
        lowered={**_RECOMMENDED_PLAIN, Category.DESTRUCTIVE: _ASK},
        threatened=Decision.HIDE,
        checks_arguments=True,
    ),
    Profile.PERMISSIVE: Rules(
        plain=_PERMISSIVE_PLAIN,
        raised={**_PERMISSIVE_PLAIN, Category.WRITE: _allow(30), Category.EXECUTE: _allow(10)},
        lowered={**_PERMISSIVE_PLAIN, Category.DESTRUCTIVE: _allow(10)},
        threatened=Decision.ASK,
        checks_arguments=False,
    ),
}
