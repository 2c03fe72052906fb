"""Policies that every format must write down: each kind of rule, and names that try to break out of the text."""

from policy.recommendation import Decision, Recommendation, ServerPolicy, strictest
from policy.rules import APPROVAL, Condition, Guard, Limit

RATE = (Limit("t_rate", "minute", 30),)

PLAIN = (
    Recommendation("list_items", Decision.ALLOW, reasons=("it only reads",)),
    Recommendation("add_item", Decision.ALLOW, RATE),
    Recommendation("pay_invoice", Decision.ASK),
    Recommendation("raw_access", Decision.DENY),
    Recommendation("wipe_everything", Decision.HIDE),
)
CONDITIONAL = (
    Recommendation("switch", Decision.ALLOW, RATE, require=(Condition("args.action", "in", ["get", "list"]),)),
    Recommendation("preview", Decision.ALLOW, require=(Condition("args.dry_run", "eq", value=True),)),
    Recommendation("charge", Decision.ASK, require=(Condition("args.amount", "lte", 100),)),
    Recommendation(
        "spend",
        Decision.ALLOW,
        (Limit("spend_total", "day", 1000, increment_from="args.amount"),),
        require=(Condition("args.amount", "lte", 100), Condition("args.currency", "in", ["EUR", "USD"])),
    ),
    Recommendation(
        "query",
        Decision.ALLOW,
        require=(Condition("args.sql", "regex", r"(?i)^\s*(select|show)\b[^;]*;?\s*$"),),
        guards=(Guard((Condition("args.sql", "regex", r"(?i)\binto\b"),), "Only reads."),),
    ),
    Recommendation(
        "read_file",
        Decision.ALLOW,
        guards=(Guard((Condition("args.path", "regex", r"(^|[/\\])\.\.([/\\]|$)"),), "Outside the folder."),),
    ),
    Recommendation(
        "manage",
        Decision.ALLOW,
        guards=(
            Guard((Condition("args.mode", "not_in", ["list"]),), f"{APPROVAL}: it does more than list."),
            Guard((Condition("args.mode", "eq", "drop"), Condition("args.force", "eq", value=True)), "Not forced."),
        ),
    ),
    Recommendation("nested", Decision.ALLOW, require=(Condition("args.options.mode", "neq", "all"),)),
    Recommendation("optional", Decision.ALLOW, require=(Condition("args.token", "exists", value=False),)),
    Recommendation("tagged", Decision.ALLOW, guards=(Guard((Condition("args.text", "contains", 'say "no"'),)),)),
)
HOSTILE_NAMES = (
    'quote"name', "apostrophe'name", "back\\slash", "new\nline", "carriage\rreturn", "tab\tname", "nul\x00name", "*",
    "a*", "?", "[ab]", "{a,b}", "a|b", "(a)", "a.b", "a.*", "^a$", "$x", "${x}", "#comment", "// comment", "a: b",
    "- a", "a, b", "a/b", "../a", "a b", " lead", "trail ", "", "null", "true", "no", "1", "1e3", "~", "@x", "%x",
    "!x", "&x", "__proto__", "mcp__other__tool", "a__b", "a___b", "a(b)", "a(b:c)", "\u202eevil", "\u2028line",
    "zero\u200bwidth", "\N{GRINNING FACE}", "\N{LATIN SMALL LETTER E WITH ACUTE}",
    "e\N{COMBINING ACUTE ACCENT}", "\ufeffbom", "x" * 300, "default", "tools", "</script>", '"""', "'''", "]]>",
    "{{x}}", "%{x}", "\x7f", "\x85next", "a\\nb", 'a" OR "1"="1', '"); permit(principal, action, resource); //', "=cmd",
    "a_b", "A_B", "a-b", "__OC_STAR__",
)  # fmt: skip


def hostile(turn: int) -> tuple[Recommendation, ...]:
    """Give the hostile names each a decision; each `turn` gives them another one."""
    decisions = [list(Decision)[(at + turn) % 4] for at in range(len(HOSTILE_NAMES))]
    return strictest(
        Recommendation(name, decision, RATE if at % 8 == 0 else ())
        for at, (name, decision) in enumerate(zip(HOSTILE_NAMES, decisions, strict=True))
    )


EMPTY = ServerPolicy("notes", ())
POLICIES = {
    "plain": ServerPolicy("notes", strictest(PLAIN)),
    "conditional": ServerPolicy("notes", strictest(CONDITIONAL)),
    **{f"hostile-{turn}": ServerPolicy("notes", hostile(turn)) for turn in range(4)},
    "hostile-allowing": ServerPolicy("notes", hostile(0), Decision.ALLOW),
    "hostile-freed": ServerPolicy(
        "notes", strictest(Recommendation(name, Decision.ALLOW) for name in HOSTILE_NAMES), Decision.ALLOW
    ),
    "hostile-conditional": ServerPolicy(
        "notes",
        strictest(
            Recommendation(name, Decision.ALLOW, require=(Condition("args.action", "in", ["get", name]),))
            for name in HOSTILE_NAMES
        ),
    ),
    "allowing": ServerPolicy("notes", strictest(PLAIN), Decision.ALLOW, (Limit("all_rate", "minute", 60),)),
    "empty": EMPTY,
}
