"""A server's policy, wherever it comes from: recommended for its tools, or read from a policy file."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalog.vocabulary import Outcome
from policy.document import PolicyDocument, build_document, read_rules
from policy.effects import Weakness, find_weaknesses
from policy.profile import Bounds, Profile
from policy.reading import SIZE_LIMIT, read_document
from policy.recommend import recommend
from policy.recommendation import ServerPolicy, strictest
from policy.server_name import short_name
from toolrisk.settings import SettingError, Settings
from toolrisk.subject import Subject, read_subject

_KINDS = ("amount", "currency", "folder", "host", "recipient")


@dataclass(frozen=True, slots=True)
class Sourced:
    """A policy with its document. `unknown` says why there is none but denying everything; `weak` what it leaves open.

    `named` tells whether the server's name was chosen by the person who asks.
    """

    policy: ServerPolicy
    document: PolicyDocument
    named: bool
    unknown: str | None = None
    weak: tuple[Weakness, ...] = ()
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_bounds(given: Iterable[str]) -> Bounds:
    """Read bounds written as KIND=VALUE. Raises SettingError, naming the kinds."""
    found: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    for one in given:
        kind, _, value = one.partition("=")
        if kind not in found or not value or (kind == "amount" and not value.isdecimal()):
            raise SettingError(f"--allow {one}: expected amount=NUMBER or one of {', '.join(_KINDS[1:])} and its value")
        found[kind].append(value)
    amounts = [int(value) for value in found["amount"]]
    return Bounds(max(amounts, default=None), *(tuple(found[kind]) for kind in _KINDS[1:]))


def is_policy_file(subject: str) -> bool:
    """Tell whether `subject` is a file that holds a policy document of ours, not a tools/list answer."""
    path = Path(subject)
    if not path.is_file() or path.stat().st_size > SIZE_LIMIT:
        return False
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return path.name.endswith("policy.json")  # meant as one: reading it says what is wrong
    return isinstance(value, dict) and not isinstance(value.get("tools"), list)


def policy_of(
    subject: str, settings: Settings, profile: Profile, bounds: Bounds, *, name: str | None = None
) -> Sourced:
    """Recommend a policy for a server, a target or a tools/list file; of a policy file, read what it says.

    Raises what `read_subject` and `read_document` raise.
    """
    if is_policy_file(subject):
        document = read_document(Path(subject))
        policy = read_rules(document, name or short_name(Path(subject).stem), ())
        return Sourced(policy, document, name is not None)
    return recommended_for(read_subject(subject, settings), profile, bounds, name=name)


def recommended_for(subject: Subject, profile: Profile, bounds: Bounds, *, name: str | None = None) -> Sourced:
    """Recommend a policy for a server that was read."""
    made = strictest(recommend(definition, assessment, profile, bounds) for definition, assessment in subject.tools)
    return Sourced(
        policy=ServerPolicy(name or short_name(subject.name), made),
        document=build_document(made),
        named=name is not None,
        unknown=None if made else _why_unknown(subject),
        weak=tuple(find_weaknesses(subject.tools, made)),
        reasons={one.tool: one.reasons for one in made},
    )


def _why_unknown(subject: Subject) -> str:
    why = f": {subject.reasons[0]}" if subject.reasons else ""
    if subject.outcome is Outcome.FAILED:
        return f"{subject.name} could not be read{why}; unknown is not safe, so the policy denies everything"
    return f"no tool of {subject.name or 'this server'} was found{why}; so the policy denies everything"
