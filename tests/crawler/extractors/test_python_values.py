"""Expressions are worth what Python makes of them, or nothing: never something else."""

import pytest

from crawler.extractors.python import extract

HEAD = """from mcp.server.fastmcp import FastMCP
import os, functools, inspect, textwrap
mcp = FastMCP("x")
TEXT = "word"
LIST = ["a", "b"]
MAPPING = {"one": "1", **{"two": "2"}}
PAIRS = [["k", "v"], ["l", "w"]]
class Base:
    inherited = "from the base"
class Here(Base):
    own = "own"
    about: str = Field(default="set by default")
    def __init__(self): self.given = "given"
    @property
    def made(self): return self.own + "!"
def first(flag, text="none"):
    if flag:
        return "yes"
    elif text == "x":
        return "ex"
    else:
        for part in text: found = part
    return text
def documented():
    'The text.'
later = functools.partial(first, False)
"""
KNOWN = {
    '"a" "b"': "ab",
    "r'\\n' + '\\x41\\u0042\\N{LATIN SMALL LETTER C}\\101'": "\\nABcA",
    '"""one\\\ntwo"""': "onetwo",
    "f'{TEXT}{{}}{1}{1.5}'": "word{}11.5",
    "TEXT * 1 if False else TEXT": "word",
    "TEXT if LIST else 'none'": "word",
    "'' or TEXT": "word",
    "TEXT and 'then'": "then",
    "'yes' if not '' else 'no'": "yes",
    "'yes' if 1 < 2 else 'no'": "yes",
    "'yes' if 'a' in LIST else 'no'": "yes",
    "'yes' if None is None else 'no'": "yes",
    "'yes' if TEXT is not None else 'no'": "yes",
    "'yes' if 3 * 2 - 1 == 5 and 7 // 2 == 3 else 'no'": "yes",
    "str('x')": "x",
    "MAPPING['one'] + MAPPING['two']": "12",
    "MAPPING.get('three', 'three')": "three",
    "', '.join(MAPPING)": None,
    "', '.join(list(MAPPING.keys()))": "one, two",
    "'-'.join(MAPPING.values())": "1-2",
    "'; '.join([f'{k}={v}' for k, v in PAIRS])": "k=v; l=w",
    "'; '.join([f'{k}={v}' for k, v in MAPPING.items()])": "one=1; two=2",
    "', '.join([*LIST, 'c'])": "a, b, c",
    "LIST[0] + LIST[-1]": "ab",
    "', '.join(sorted(LIST))": "a, b",
    "dict(a='x')['a']": "x",
    "({'a': 'x'} | {'a': 'y'})['a']": "y",
    "'%s and %d' % ('one', 2)": "one and 2",
    "'100%% of %s' % TEXT": None,
    "'{} {name}'.format('a', name='b')": "a b",
    "TEXT.replace('w', 'l').title()": "Lord",
    "textwrap.dedent('  a\\n  b')": "a\nb",
    "inspect.cleandoc('  a\\n    b')": "a\nb",
    "inspect.getdoc(documented)": "The text.",
    "documented.__doc__ + documented.__name__": "The text.documented",
    "Here.inherited": "from the base",
    "Here().own": "own",
    "Here().given": "given",
    "Here().made": "own!",
    "Here().about": "set by default",
    "Here.__name__": "Here",
    "first(True)": "yes",
    "first(False, text='x')": "ex",
    "first(0, 'text')": "text",
    "later('x')": "ex",
    "os.getenv('NOBODY_SETS_THIS', 'default')": "default",
    "os.environ.get('NOBODY_SETS_THIS', default())": None,
    "os.environ['NOBODY_SETS_THIS']": None,
    "b'bytes'": None,
    "f'{nowhere}'": None,
    "f'{TEXT:>9}'": None,
    "nowhere.value": None,
    "LIST[9]": None,
    "'a' + 1": None,
    "-LIST": None,
    "lambda: 'x'": None,
    "(lambda: 'x')()": None,
    "'{:>99999}'.format('a')": None,
    "'yes' if nowhere else 'no'": None,
    "'same' if nowhere else 'same'": "same",
    "'yes' if nowhere < 2 else 'no'": None,
    "'a' * 3": None,
    "1 / 0": None,
}


@pytest.mark.parametrize(("expression", "value"), KNOWN.items(), ids=KNOWN.keys())
def test_expression_is_worth_what_python_makes_of_it_or_nothing(expression: str, value: str | None) -> None:
    source = f"{HEAD}@mcp.tool(description={expression})\ndef f(): ...\n"
    (definition,) = extract({"s.py": source.encode()}).definitions
    assert definition.description == value
    assert definition.unresolved == (() if value is not None else ("description",))
