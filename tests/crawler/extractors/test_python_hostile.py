"""Python sources that nobody should write: reading them ends soon, raises nothing and invents nothing."""

from collections.abc import Mapping

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extractors.python import extract
from tests.effort import ends_within

SDK = "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\n"


def calling_each_other(count: int) -> str:
    functions = "".join(f"def f{n}(a): return f{(n + 1) % count}(a) + f{(n + 2) % count}(a)\n" for n in range(count))
    return f"{functions}@mcp.tool(description=f0('x'))\ndef g(): ..."


def registered_through(depth: int, width: int) -> str:
    """Lay out functions that pass a name on, each called by all of the next layer."""
    text = "def r0(name): mcp.add_tool(g, name=name)\ndef g(): ...\n"
    for layer in range(1, depth):
        text += "".join(
            f"def r{layer}_{n}(name): {'r0' if layer == 1 else f'r{layer - 1}_{n}'}(name)\n" * 1 for n in range(width)
        )
    return text + "".join(f"r{depth - 1}_{n % width}('n{n}')\n" for n in range(width * 20))


SOURCES: dict[str, str] = {
    "functions-without-end": calling_each_other(30),
    "function-of-itself": "def f(a): return f(a)\n@mcp.tool(description=f('x'))\ndef g(): ...",
    "registers-itself": "def r(name):\n    mcp.add_tool(g, name=name)\n    r(name + 'x')\ndef g(): ...\nr('n')",
    "callers-of-callers": registered_through(5, 60),
    "loops-in-loops": "L = list('" + "x" * 900 + "')\nK = [" + "'a'," * 900 + "]\ndef g(): ...\n"
    "for a in K:\n  for b in K:\n    for c in K:\n      for d in K:\n        mcp.add_tool(g, name=a + b + c + d)",
    "comprehensions": "K = [" + "'a'," * 500 + "]\nM = [[[[a for a in K] for b in K] for c in K] for d in K]\n"
    "for m in M: mcp.add_tool(m, name='n')",
    "growing-list": "A0 = ['a'] * 9 + ['a']\n"
    + "".join(f"A{n + 1} = A{n} + A{n}\n" for n in range(60))
    + "for a in A60: mcp.add_tool(g, name=a)\ndef g(): ...",
    "format-of-format": "S = '%s'\n" + "S = S % (S + S)\n" * 200 + "@mcp.tool(description=S)\ndef g(): ...",
    "property-of-itself": "class A:\n  @property\n  def n(self): return self.n + self.n\n"
    "@mcp.tool(name=A().n)\ndef g(): ...",
    "class-of-itself": "class A(B): x = A.x\nclass B(A): x = B.x\n@mcp.tool(name=A.x)\ndef g(): ...",
    "decorator-of-itself": "def d(f):\n  @d\n  @mcp.tool()\n  def w(*a): ...\n  return d\n@d\ndef g(): ...",
    "partial-of-itself": "from functools import partial\np = partial(p, p)\n@p\ndef g(): ...\nmcp.add_tool(p)",
    "alias-of-itself": "T = list[T] | T | dict[str, T]\n@mcp.tool()\ndef g(a: T): ...",
    "quoted-types": "@mcp.tool()\ndef g(a: '" + "list[" * 300 + "str" + "]" * 300 + "'): ...",
    "types-of-types": "".join(
        f"class M{n}(BaseModel):\n" + "".join(f"  f{k}: M{n + 1}\n" for k in range(30)) for n in range(12)
    )
    + "class M12(BaseModel):\n  x: M0\n@mcp.tool()\ndef g(a: M0): ...",
    "many-unions": "@mcp.tool()\ndef g(a: " + " | ".join(f"A{n}" for n in range(5_000)) + "): ...",
    "many-tools": "\n".join(f"mcp.tool(name='n{n}')(g)" for n in range(10_000)) + "\ndef g(): ...",
    "many-calls-in-one-line": "x = [" + "mcp.tool()(g)," * 15_000 + "]",
    "many-decorators": "@mcp.tool()\n" * 20_000 + "def g(): ...",
    "many-parameters": "@mcp.tool()\ndef g(" + ",".join(f"a{n}: int = {n}" for n in range(20_000)) + "): ...",
    "long-line": "X = '" + "y" * 1_000_000 + "'\n@mcp.tool(description=X + X)\ndef g(): ...",
    "long-chain": "x = a" + ".b()" * 20_000 + "\n@mcp.tool(description=x)\ndef g(): ...",
    "long-sum": "X = " + "'a' + " * 20_000 + "'b'\n@mcp.tool(description=X)\ndef g(): ...",
    "deep-blocks": "".join(" " * n + "if a:\n" for n in range(1_500)) + " " * 1_500 + "mcp.tool()(g)\n",
    "deep-functions": "".join(" " * n + f"def f{n}():\n" for n in range(1_500)) + " " * 1_500 + "mcp.tool()(g)\n",
    "deep-dictionaries": "mcp.tool(name='n', meta="
    + "{'name': 'n', 'description': 'y', 'inputSchema': " * 3_000
    + "1"
    + "}" * 3_000
    + ")(g)",
    "deep-calls-of-tool": "mcp.tool(" * 5_000 + "g" + ")" * 5_000,
    "deep-decorator": "@mcp.tool(name=" + "(" * 10_000 + "'n'" + ")" * 10_000 + ")\ndef g(): ...",
    "huge-number": "@mcp.tool(description='x' * 10 ** 10)\ndef g(a: int = 10 ** 400, b: float = 1e999): ...",
    "null-bytes": "@mcp.tool()\ndef g(a: str = '\x00'): '\x00\x00'\n\x00\x00@mcp.tool()\x00",
    "surrogates": "@mcp.tool(description='\\ud800 \\N{NO SUCH NAME} \\x4')\ndef g(): ...",
}


def ends_soon(files: Mapping[str, bytes]) -> set[str]:
    with ends_within(10):
        extracted = extract(files)
    for one in extracted.definitions:
        orjson.dumps([one.name.encode("utf-8", "replace").decode(), one.input_schema], option=orjson.OPT_NON_STR_KEYS)
    return {one.name for one in extracted.definitions}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_source_ends_soon_and_invents_nothing(source: str) -> None:
    names = ends_soon({"s.py": (SDK + source).encode("utf-8", "surrogatepass")})
    assert all(set(name) <= set("gna0123456789") for name in names)


def test_files_that_import_each_other_in_circles_end_soon() -> None:
    count = 300
    files = {
        f"m{n}.py": f"{SDK}from m{(n + 1) % count} import *\nfrom m{(n + 7) % count} import V as W\nV = W\n"
        f"if m{(n + 3) % count}.V:\n    import m{(n + 5) % count}\n@mcp.tool(name=V)\ndef g(): ...\n".encode()
        for n in range(count)
    }
    assert ends_soon(files) == set()


def test_servers_mounted_on_each_other_end_soon() -> None:
    source = f"{SDK}a = b\nb = a\ndef f(): return f()\na.mount(b, 'p')\nb.mount(f(), 'q')\nb.mount(a, namespace='r')\n"
    assert ends_soon({"s.py": f"{source}@a.tool()\ndef g(): ...\n".encode()}) <= {"g", "p_g", "r_g"}


def test_file_larger_than_the_limit_is_an_issue_and_not_parsed() -> None:
    extracted = extract({"a.py": SDK.encode(), "b.py": b"tool = 1\n" + b"#" * 5_000_000})
    assert [issue.path for issue in extracted.issues] == ["b.py"]


TOKENS = st.sampled_from(
    [
        *("@mcp.tool", "@mcp.tool()", "mcp.add_tool(", "Tool(", "Tool.from_function(", "mount(", "(", ")", "[", "]"),
        *("{", "}", "name", "=", ":", ",", ".", "'x'", "f'{x}'", "\n", "\n    ", "\n        ", "def f(a):", "return"),
        *("class A(A):", "for x in y:", "if x:", "else:", "lambda: 0", "*a", "**a", "self", "x", "a", "f", "A", "+"),
        *(
            "import m",
            "from m import *",
            "Annotated[",
            "list[",
            "|",
            "None",
            "...",
            "Field(",
            "partial(",
            "@f",
            "await",
        ),
        *(
            "'''",
            '"',
            "\\",
            "#",
            "\x00",
            "é",
            "inputSchema",
            "'description': 'd'",
            "'name': 'n'",
            "@property",
            "%",
            "in",
        ),
    ]
)


@settings(max_examples=300, deadline=None)
@given(parts=st.lists(TOKENS, max_size=80), other=st.lists(TOKENS, max_size=30), raw=st.binary(max_size=60))
def test_no_text_raises(parts: list[str], other: list[str], raw: bytes) -> None:
    ends_soon({"s.py": (SDK + " ".join(parts)).encode() + raw, "m.py": (SDK + " ".join(other)).encode()})
