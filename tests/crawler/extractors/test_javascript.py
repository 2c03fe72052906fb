"""What JavaScript sources may do to us, and what one line of them is worth."""

import random

import pytest

from crawler.extractors.javascript import extract
from tests.effort import ends_within

SDK = b'import "@modelcontextprotocol/sdk";\n'


NOISE = bytes(random.Random(3).choices(range(1, 256), k=600_000))  # noqa: S311 - noise, no secret


def tools_of(source: str, **files: str) -> dict[str, str | None]:
    """Extract from server.js and give descriptions by name."""
    everything = {"server.js": SDK + source.encode(), **{f"{name}.js": text.encode() for name, text in files.items()}}
    return {one.name: one.description for one in extract(everything).definitions}


def described(expression: str, before: str = "", **files: str) -> str | None:
    """Give the description that an expression makes."""
    return tools_of(f"{before}\ns.tool('n', {expression}, () => {{}})", **files)["n"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (
            r"'a\u0041\x42\u{1F600}\n\'\
b'",
            "aAB\U0001f600\n'b",
        ),
        (r"'\ud83d\ude00'", "\U0001f600"),
        ("`a${1}b${2.5}c${true}d${1e3}`", "a1b2.5ctrued1000"),
        ("'x' + 1 + 2", "x12"),
        ("1 + 2 + 'x'", "3x"),
        ("['a', 'b'].concat(['c']).join('-')", "a-b-c"),
        ("' a '.trim().toUpperCase().replace('A', 'bb')", "bb"),
        ("String(5)", "5"),
        ("true ? 'yes' : 'no'", "yes"),
        ("unknown ? 'same' : 'same'", "same"),
        ("null ?? 'given'", "given"),
        ("'' || 'given'", "given"),
        ("'x' && 'given'", "given"),
        ("process.env.NAME ?? 'unset'", "unset"),
        ("process.env.MODE === 'a' ? 'first' : 'second'", "second"),
        ("Object.values({a: 'p', b: 'q'}).join(' ')", "p q"),
        ("Object.entries({a: 1}).map(([k, v]) => `${k}${v}`).join()", "a1"),
        ("Object.fromEntries([['k', 'v']]).k", "v"),
        ("Object.assign({a: 'x'}, {a: 'y'}).a", "y"),
        ("[['p'], ['q']].flat().join('')", "pq"),
        ("((a, b = 'z') => a + b)('y')", "yz"),
        ("(({a: {b}, ...rest}) => b + rest.c)({a: {b: 'x'}, c: 'y'})", "xy"),
        ("((...all) => all.join('+'))('p', 'q')", "p+q"),
        ("['a', 'b'][1]", "b"),
        ("({['k' + 1]: 'v'}).k1", "v"),
        ("`${`in`}ner`", "inner"),
        ("-1 * 2 + 'x'", "-2x"),
        ("6 / 4 + 'x'", "1.5x"),
        ("new (class { get a() { return this.b } b = 'c' })().a", "c"),
    ],
)
def test_plain_expression_has_its_value(expression: str, value: str | None) -> None:
    assert described(expression) == value


@pytest.mark.parametrize(
    "expression",
    [
        "unknown",
        "unknown || 'a guess'",
        "unknown ? 'a' : 'b'",
        "f()",
        "'a'.repeat(9)",
        "String.raw`a\\n`",
        "tag`what the tag makes of it`",
        "(() => { if (later()) { return 'a' } return 'b' })()",
        "[unknown].join('')",
        "{}.missing",
        "await read('file')",
    ],
)
def test_what_cannot_be_known_is_not_guessed(expression: str) -> None:
    assert described(expression) is None


@pytest.mark.parametrize(
    "before",
    ["let d = 'a'; d = 'b';", "var d = 'a'; d += 'b';", "let d;", "const f = (d) => s.tool('n', d, () => {});", ""],
)
def test_name_that_changes_has_no_value(before: str) -> None:
    assert described("d", before) is None


def test_inner_name_hides_an_outer_one() -> None:
    source = """
      const d = "outer";
      function inner() { const d = "inner"; s.tool("a", d, () => {}); { const d = "block"; s.tool("b", d, () => {}); } }
      function given(d) { s.tool("c", d, () => {}); }
      s.tool("d", d, () => {});
    """
    assert tools_of(source) == {"a": "inner", "b": "block", "c": None, "d": "outer"}


@pytest.mark.parametrize(
    ("imported", "exported"),
    [
        ("import {d} from './m.js'", "export const d = 'x'"),
        ("import {d} from './m'", "const e = 'x'; export {e as d}"),
        ("import d from './m.js'", "export default 'x'"),
        ("import * as m from './m.js'; const d = m.d", "export * from './n.js'"),
        ("import {d} from './m.js'", "import {d} from './n.js'; export {d}"),
        ("import {d} from './m.js'", "export {c as d} from './n.js'"),
        ("const {d} = require('./m.js')", "exports.d = 'x'"),
        ("const {e: d} = require('./m')", "module.exports = {e: 'x'}"),
        ("const m_1 = __importDefault(require('./m.js')); const d = m_1.default.d", "exports.d = 'x'"),
        ("const {d} = await import('./m.js')", "export const d = 'x'"),
        ("const d = require('./m').d", "exports.d = exports.e = 'x'"),
    ],
)
def test_import_is_followed(imported: str, exported: str) -> None:
    assert described("d", imported, m=exported, n="export const c = 'x'; export const d = 'x'") == "x"


def test_several_definitions_of_one_name_give_the_richest() -> None:
    files = {
        "a.js": SDK + b"s.tool('n', () => {})",
        "b.js": SDK + b"s.tool('n', 'Said.', {a: z.string()}, {readOnlyHint: true}, () => {})",
        "c.js": SDK + b"s.tool('n', 'Said too.', () => {})",
    }
    [definition] = extract(files).definitions
    assert definition.description == "Said."
    assert definition.annotations == {"readOnlyHint": True}


def test_without_a_trace_of_the_protocol_nothing_is_a_tool() -> None:
    assert extract({"a.js": b"s.tool('n', 'd', {}, () => {})"}).definitions == ()


def test_type_declarations_hold_no_tools() -> None:
    assert extract({"a.d.ts": SDK + b"s.tool('n', 'd', {}, () => {})"}).definitions == ()


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"s.tool('n\0')", "zero bytes"), (b"registerTool" + b" " * (8 * 2**20), "larger"), (NOISE, "no JavaScript")],
)
def test_file_that_is_not_parsed_is_an_issue(data: bytes, reason: str) -> None:
    extracted = extract({"a.js": SDK + b"registerTool(" + data})
    assert [issue.path for issue in extracted.issues] == ["a.js"]
    assert reason in extracted.issues[0].reason


def chained(count: int, one: str) -> str:
    return "".join(one.replace("NEXT", str(number + 1)).replace("THIS", str(number)) for number in range(count))


HOSTILE = {
    "long-sum": "s.tool('n', 'd'" + " + 'e'" * 100_000 + ", () => {})",
    "long-chain": "s.tool('n', {a: z.string()" + ".min(1)" * 30_000 + "}, () => {})",
    "deep-prefix": "s.tool('n', " + "!" * 100_000 + "x, () => {})",
    "deep-choice": "s.tool('n', " + "a ? b : " * 30_000 + "'c', () => {})",
    "deep-template": "s.tool('n', " + "`${" * 3_000 + "x" + "}`" * 3_000 + ", () => {})",
    "deep-objects": "x = " + "{name: 'n', description: 'd', inputSchema: " * 3_000 + "1" + "}" * 3_000,
    "deep-functions": "function f(a) {" * 3_000 + "s.tool(a, 'd', () => {})" + "}" * 3_000,
    "doubling-list": chained(60, "const aNEXT = [...aTHIS, ...aTHIS];") + "const a0 = ['n']; a60.map((a) => s.tool(a))",
    "doubling-schema": chained(60, "const aNEXT = {p: aTHIS, q: aTHIS};")
    + "const a0 = {}; s.registerTool('n', {description: 'd', inputSchema: a60}, () => {})",
    "doubling-zod": chained(60, "const aNEXT = z.object({p: aTHIS, q: aTHIS});")
    + "const a0 = z.string(); s.registerTool('n', {description: 'd', inputSchema: a60}, () => {})",
    "doubling-callers": chained(60, "function wNEXT(n) { wTHIS(n); wTHIS(n) }")
    + "function w0(n) { s.tool(n, 'd', () => {}) } w60('n')",
    "nested-loops": "for (const a of [1, 2, 3, 4, 5, 6, 7, 8, 9]) " * 12 + "s.tool(b, 'd', () => {})",
    "endless-function": "const f = (x) => f(f(x)); const g = () => g() + g(); s.tool(f('n'), g(), () => {})",
    "many-callers": "function w(n) { s.tool(n, 'd', () => {}) }" + "w(q);" * 50_000,
    "many-classes": "class A extends A { name = 'n'; description = this.description; schema = this.schema }" * 5_000,
    "many-namesakes": "{ let a = 'n'; }" * 50_000 + "s.tool(a, 'd', () => {});" * 10,
    "many-words": "inputSchema " * 300_000,
    "own-instance": "class T extends T { constructor() { super(this) } name = 'n'; description = 'd'; schema = {} }",
    "odd-numbers": "s.tool('n', 'd', {a: z.number().min(1e999).default(" + "9" * 5_000 + ")}, () => {})",
    "lone-surrogates": r"s.tool('n', '\ud800 \udfff \u{110000}', () => {})",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_source_ends_soon(source: str) -> None:
    with ends_within(10):
        extracted = extract({"server.js": SDK + source.encode()})
    assert {definition.name for definition in extracted.definitions} <= {"n"}


def test_re_exports_that_all_lead_to_each_other_are_walked_once() -> None:
    files = {f"m{n}.js": "".join(f"export * from './m{k}.js';" for k in range(50)).encode() for n in range(50)}
    files["server.js"] = SDK + b"import {x} from './m0.js'; s.tool(x, 'd', () => {})"
    with ends_within(10):
        assert extract(files).definitions == ()


def test_minified_bundle_of_two_megabytes_takes_seconds() -> None:
    one = "var {v}=e=>{{let t=e.a+1,r={{name:t,value:[t,e.b(t)]}};return r.c?d(r):f(t,r,e=>e*2)}};"
    body = "".join(one.replace("{v}", f"v{number}").replace("{{", "{").replace("}}", "}") for number in range(25_000))
    with ends_within(10):
        extracted = extract({"dist/index.js": SDK + body.encode() + b"s.tool('n','d',{a:z.string()},v1)"})
    assert [definition.name for definition in extracted.definitions] == ["n"]
