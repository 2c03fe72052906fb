"""From an assessment to a recommendation: by category, risk, doubt, threat, modes and handles; pure, never stored."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from catalog.records import Assessment, Mode, ToolDefinition
from catalog.vocabulary import Category, Risk, Severity
from policy.conditions import cap_amounts, make_conditions
from policy.handles import Handle, HandleKind, find_handles
from policy.profile import PROFILES, Answer, Bounds, Profile, Rules
from policy.recommendation import Decision, Recommendation
from policy.rules import APPROVAL, ARGUMENTS, Condition, Guard, Limit

GRAVE_DOUBT = 0.25  # as in the classifier: a stronger category that is this likely decides, as far as asking
_PRECEDENCE = {category: at for at, category in enumerate(Category)}
_GRAVE = (Risk.HIGH, Risk.CRITICAL)  # what is raised to less is still worth no question
_NO_BOUNDS = Bounds()
_DRY_RUN_CALLS = 10
_TESTED_BY_GUARDS = (HandleKind.PATH, HandleKind.ADDRESS)
_WHY = {
    Decision.ALLOW: {
        Category.READ: "it only reads, so it may be called freely",
        Category.WRITE: "it changes or sends things, so a runaway agent is slowed to {calls} calls a minute",
        Category.EXECUTE: "what happens depends on its arguments, so it is held to {calls} calls a minute",
        Category.DESTRUCTIVE: "what it removes can be brought back, so it is held to {calls} calls a minute",
    },
    Decision.ASK: {
        Category.READ: "what it reads is worth stealing, so a person approves each call",
        Category.WRITE: "it changes or sends things, so a person approves each call",
        Category.EXECUTE: "what happens depends on its arguments, so a person approves each call",
        Category.DESTRUCTIVE: "its calls lose something or end a running thing, so a person approves each one",
        Category.FINANCIAL: "its calls move or commit money, so a person approves each one",
    },
    Decision.HIDE: {
        Category.EXECUTE: "it runs whatever it is given, so the agent does not see it",
        Category.DESTRUCTIVE: "its calls lose something for good or end a running thing, so the agent does not see it",
        Category.FINANCIAL: "its calls move or commit money, so the agent does not see it",
    },
}


def recommend(
    definition: ToolDefinition,
    assessment: Assessment | None,
    profile: Profile = Profile.RECOMMENDED,
    bounds: Bounds = _NO_BOUNDS,
) -> Recommendation:
    """Recommend what should stand before a tool. One that was not analysed is denied: unknown is not safe."""
    if assessment is None:
        reason = "it was not analysed, and unknown is not safe, so it is denied"
        return Recommendation(definition.name, Decision.DENY, reasons=(reason,))
    rules = PROFILES[profile]
    handles = find_handles(definition, assessment)
    answer, reasons = _answer(assessment, rules)
    threat = _threat(assessment)
    if threat and rules.threatened.strictness > answer.decision.strictness:
        reasons += (f"its text works against its reader ({threat})",)
        return Recommendation(definition.name, rules.threatened, reasons=reasons)
    one = Recommendation(definition.name, answer.decision, _limits(definition.name, answer), reasons)
    if not threat:
        one = _with_modes(one, assessment, rules)
        one = _with_dry_run(one, handles, profile)
    return _with_handles(one, handles, bounds, rules, has_modes=bool(assessment.modes))


def _answer(assessment: Assessment, rules: Rules) -> tuple[Answer, tuple[str, ...]]:
    category = assessment.category
    delta = sum(move.delta for move in assessment.moves)
    raised = delta > 0 and assessment.risk in _GRAVE
    answer = (rules.raised if raised else rules.lowered if delta < 0 else rules.plain)[category]
    reasons = [*_why(answer, category), f"risk {assessment.risk}"]
    reasons += [f"{move.reason} ({move.delta:+d})" for move in assessment.moves]
    feared = _feared(assessment)
    if feared is not None:
        other = rules.plain[feared]
        if other.decision is Decision.HIDE:
            other = Answer(Decision.ASK)
        if _stricter(other, answer):
            answer = other
            reasons.append(f"it may be {feared} ({assessment.probabilities[feared]:.0%} likely), so that decides")
    return answer, tuple(reasons)


@lru_cache(maxsize=100)
def _why(answer: Answer, category: Category) -> tuple[str, str]:
    what, so = _WHY[answer.decision][category].format(calls=answer.calls).split(", ")
    return f"{category}: {what}", so


def _feared(assessment: Assessment) -> Category | None:
    """Find a stronger category that is too likely to be left out; a person's verdict leaves no doubt."""
    if assessment.override is not None:
        return None
    rank = _PRECEDENCE[assessment.category]
    likely = [one for one, chance in assessment.probabilities.items() if chance >= GRAVE_DOUBT]
    return max((one for one in likely if _PRECEDENCE[one] > rank), key=_PRECEDENCE.__getitem__, default=None)


def _stricter(one: Answer, other: Answer) -> bool:
    if one.decision is not other.decision:
        return one.decision.strictness > other.decision.strictness
    return one.calls > 0 and (other.calls == 0 or one.calls < other.calls)


def _threat(assessment: Assessment) -> str | None:
    return next((one.says for one in assessment.findings if one.severity is Severity.HIGH), None)


def _limits(tool: str, answer: Answer) -> tuple[Limit, ...]:
    return (Limit(f"{tool}_rate", "minute", answer.calls),) if answer.calls else ()


def _with_modes(one: Recommendation, assessment: Assessment, rules: Rules) -> Recommendation:
    """Let the harmless modes of a tool pass that is stopped for its harmful ones."""
    harmless = _harmless(assessment, rules)
    if one.decision is Decision.ALLOW or not harmless:
        return one
    path = f"{ARGUMENTS}{harmless[0].parameter}"
    choices = [mode.choice for mode in harmless]
    answers = [rules.plain[mode.category or Category.READ] for mode in harmless]
    answer = max(answers, key=lambda one: one.calls)
    reason = f"{', '.join(choices)} of {path} may pass: they do less than the others"
    passing = replace(one, decision=Decision.ALLOW, limits=_limits(one.tool, answer), reasons=(*one.reasons, reason))
    if one.decision is Decision.ASK:
        guard = Guard((Condition(path, "not_in", choices),), f"{APPROVAL}: it does more than read.")
        return replace(passing, guards=(*one.guards, guard))
    return replace(passing, require=(*one.require, Condition(path, "in", choices)))


def _harmless(assessment: Assessment, rules: Rules) -> list[Mode]:
    """List the modes that the profile allows, if what makes the tool strong is a mode: then the others are weaker."""
    heard = [mode.category for mode in assessment.modes if mode.category]
    if assessment.category not in heard or _feared(assessment) is not None:
        return []
    free = (Category.READ,) if assessment.category is Category.FINANCIAL else (Category.READ, Category.WRITE)
    return [
        mode
        for mode in assessment.modes
        if mode.category is not None and mode.category in free and rules.plain[mode.category].decision is Decision.ALLOW
    ]


def _with_dry_run(one: Recommendation, handles: Iterable[Handle], profile: Profile) -> Recommendation:
    """Allow rehearsals of a tool that would be hidden; a permissive profile asks only for the real thing."""
    switch = next((handle.path for handle in handles if handle.kind is HandleKind.DRY_RUN), None)
    limits = (Limit(f"{one.tool}_rate", "minute", _DRY_RUN_CALLS),)
    if switch is None or profile is Profile.STRICT:
        return one
    if one.decision is Decision.HIDE:
        reason = f"with {switch} it only shows what it would do, so that may pass"
        require = (Condition(switch, "eq", value=True),)
        return replace(one, decision=Decision.ALLOW, limits=limits, require=require, reasons=(*one.reasons, reason))
    return one


def _with_handles(
    one: Recommendation, handles: tuple[Handle, ...], bounds: Bounds, rules: Rules, *, has_modes: bool
) -> Recommendation:
    if not handles or one.decision not in (Decision.ALLOW, Decision.ASK):
        return one
    if has_modes:  # they take different arguments, and one that is absent would fail every demand
        handles = tuple(handle for handle in handles if handle.is_required or handle.kind in _TESTED_BY_GUARDS)
    made = make_conditions(handles, bounds, checks_arguments=rules.checks_arguments)
    if one.decision is Decision.ASK:
        capped = cap_amounts(handles, bounds, checks_arguments=rules.checks_arguments)
        made.require += capped.require
        made.reasons += capped.reasons
    return replace(
        one,
        require=(*one.require, *made.require),
        guards=(*one.guards, *made.guards),
        reasons=(*one.reasons, *made.reasons),
    )
