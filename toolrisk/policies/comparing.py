"""What `toolrisk policy check` and `toolrisk policy diff` say of policies."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from policy.check import check_document
from policy.comparison import Difference, compare
from policy.document import PolicyDocument, read_rules
from policy.effects import find_weaknesses
from policy.profile import Bounds, Profile
from policy.remark import Remark
from toolrisk.policies.source import Sourced, recommended_for
from toolrisk.subject import Subject
from toolrisk.texts import SCHEMA_VERSION

_SIGN = {True: "-", False: "+", None: "~"}


def check_beside(
    document: PolicyDocument, subject: Subject | None, profile: Profile
) -> tuple[list[Remark], list[Difference]]:
    """Check a document, and beside a server also what it leaves out, leaves open and recommends against."""
    if subject is None:
        return check_document(document), []
    definitions = [definition for definition, _ in subject.tools]
    own = read_rules(document, "", [definition.name for definition in definitions])
    weak = [Remark("warning", "tools", one.says) for one in find_weaknesses(subject.tools, own.tools)]
    recommended = recommended_for(subject, profile, Bounds()).policy
    known = {definition.name for definition in definitions}
    differences = [one for one in compare(recommended, own) if one.tool in known]
    return [*check_document(document, definitions), *weak], differences


def compare_sourced(before: Sourced, after: Sourced) -> list[Difference]:
    """Compare two policies over all tools that either knows."""
    names = {one.tool for one in (*before.policy.tools, *after.policy.tools)}
    return compare(read_rules(before.document, "", names), read_rules(after.document, "", names))


def difference_words(one: Difference) -> str:
    """Say a difference in one line: - lets more pass, + less, ~ neither for certain."""
    return f"{_SIGN[one.is_looser]} {one.tool}: {one.before} -> {one.after}"


def check_report(remarks: Sequence[Remark], differences: Sequence[Difference]) -> dict[str, Any]:
    """Lay out what `toolrisk policy check --json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "valid": True,
        "remarks": [asdict(one) for one in remarks],
        "against_recommendation": [_difference(one) for one in differences],
    }


def diff_report(differences: Sequence[Difference]) -> dict[str, Any]:
    """Lay out what `toolrisk policy diff --json` prints."""
    return {"schema_version": SCHEMA_VERSION, "differences": [_difference(one) for one in differences]}


def _difference(one: Difference) -> dict[str, Any]:
    return {"tool": one.tool, "before": one.before, "after": one.after, "looser": one.is_looser}
