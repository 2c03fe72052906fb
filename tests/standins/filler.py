"""Source text around the tools, as real servers have it: clients, formatting, checks; nothing in it is a tool.

Not for tools: the modules source_*.py write those.
"""

from functools import lru_cache

from tests.standins.draws import draws
from tests.standins.facts import Language
from tests.standins.words import FIELD_NAMES, FIELDS

_PYTHON = (
    '''
def normalize_{one}(raw: dict) -> dict:
    """Bring one {text} into the form that the rest of the package expects."""
    result = {{"id": str(raw.get("id", "")).strip()}}
    value = raw.get("{field}")
    if isinstance(value, str):
        result["{field}"] = " ".join(value.split())
    elif isinstance(value, (int, float)):
        result["{field}"] = round(value, {number})
    for key, other in raw.items():
        if key not in result and other is not None:
            result[key] = other
    return result
''',
    '''
async def request_{one}(session, identifier: str, *, retries: int = {number}) -> dict:
    """Ask the service for one {text}, again when it is busy."""
    for attempt in range(retries + 1):
        response = await session.get(f"/v1/{one}/{{identifier}}", params={{"expand": "{field}"}})
        if response.status_code == 429:
            await asyncio.sleep(0.5 * 2 ** attempt)
            continue
        response.raise_for_status()
        return response.json()
    raise RuntimeError(f"the service stayed busy for {text} {{identifier}}")
''',
    '''
def format_{one}_lines(entries: list, width: int = 8{number}) -> str:
    """Write each {text} on a line of its own, cut where a terminal would end."""
    lines = []
    for position, entry in enumerate(entries, start=1):
        label = entry.get("{field}") or "unknown"
        line = f"{{position:>4}}. {{entry.get('id', '?')}}  {{label}}"
        lines.append(line if len(line) <= width else line[: width - 3] + "...")
    if not lines:
        lines.append("no {text} was found")
    return "\\n".join(lines)
''',
    '''
class {camel}Cache:
    """Keep each {text} for a while, so that the service is asked less often."""

    def __init__(self, seconds: int = {number}00) -> None:
        self.seconds = seconds
        self.entries = {{}}

    def get(self, key: str, now: float):
        stored, value = self.entries.get(key, (0.0, None))
        if now - stored > self.seconds:
            self.entries.pop(key, None)
            return None
        return value

    def put(self, key: str, value, now: float) -> None:
        self.entries[key] = (now, value)
''',
)

_SCRIPT = (
    """
export function normalize{camel}(raw{any}){record} {{
  const result{record} = {{ id: String(raw.id ?? "").trim() }};
  const value = raw["{field}"];
  if (typeof value === "string") {{
    result["{field}"] = value.split(/\\s+/).join(" ");
  }} else if (typeof value === "number") {{
    result["{field}"] = Number(value.toFixed({number}));
  }}
  for (const [key, other] of Object.entries(raw)) {{
    if (!(key in result) && other != null) result[key] = other;
  }}
  return result;
}}
""",
    """
export async function request{camel}(base{string}, identifier{string}, retries = {number}){promise} {{
  for (let attempt = 0; attempt <= retries; attempt++) {{
    const response = await fetch(`${{base}}/v1/{one}/${{encodeURIComponent(identifier)}}?expand={field}`);
    if (response.status === 429) {{
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
      continue;
    }}
    if (!response.ok) throw new Error(`the service answered ${{response.status}} for {text} ${{identifier}}`);
    return await response.json();
  }}
  throw new Error("the service stayed busy");
}}
""",
    """
export function format{camel}Lines(entries{list}, width = 8{number}){string} {{
  const lines{strings} = [];
  entries.forEach((entry, position) => {{
    const label = entry["{field}"] ?? "unknown";
    const line = `${{position + 1}}. ${{entry.id ?? "?"}}  ${{label}}`;
    lines.push(line.length <= width ? line : line.slice(0, width - 3) + "...");
  }});
  if (lines.length === 0) lines.push("no {text} was found");
  return lines.join("\\n");
}}
""",
    """
export class {camel}Cache {{
  constructor(seconds = {number}00) {{
    this.seconds = seconds;
    this.entries = new Map();
  }}
  get(key{string}, now{numeric}) {{
    const found = this.entries.get(key);
    if (found === undefined || now - found.stored > this.seconds) {{
      this.entries.delete(key);
      return undefined;
    }}
    return found.value;
  }}
  put(key{string}, value{any}, now{numeric}) {{
    this.entries.set(key, {{ stored: now, value }});
  }}
}}
""",
)
_TYPES = {
    "any": ": any", "record": ": Record<string, any>", "string": ": string", "promise": ": Promise<any>",
    "list": ": any[]", "strings": ": string[]", "numeric": ": number",
}  # fmt: skip

_GO = (
    """
// Normalize{camel} brings one {text} into the form that the rest of the program expects.
func Normalize{camel}(raw map[string]any) map[string]any {{
	result := map[string]any{{"id": strings.TrimSpace(fmt.Sprint(raw["id"]))}}
	if value, ok := raw["{field}"].(string); ok {{
		result["{field}"] = strings.Join(strings.Fields(value), " ")
	}}
	for key, other := range raw {{
		if _, known := result[key]; !known && other != nil {{
			result[key] = other
		}}
	}}
	return result
}}
""",
    """
// Request{camel} asks the service for one {text}, again when it is busy.
func (c *Client) Request{camel}(ctx context.Context, identifier string) ([]byte, error) {{
	for attempt := 0; attempt <= {number}; attempt++ {{
		body, status, err := c.get(ctx, "/v1/{one}/"+identifier+"?expand={field}")
		if err != nil {{
			return nil, fmt.Errorf("{text} %s: %w", identifier, err)
		}}
		if status != 429 {{
			return body, nil
		}}
		time.Sleep(time.Duration(1<<attempt) * 500 * time.Millisecond)
	}}
	return nil, fmt.Errorf("the service stayed busy for {text} %s", identifier)
}}
""",
    """
// Format{camel}Lines writes each {text} on a line of its own.
func Format{camel}Lines(entries []map[string]any, width int) string {{
	lines := make([]string, 0, len(entries))
	for position, entry := range entries {{
		line := fmt.Sprintf("%4d. %v  %v", position+1, entry["id"], entry["{field}"])
		if len(line) > width && width > {number} {{
			line = line[:width-3] + "..."
		}}
		lines = append(lines, line)
	}}
	return strings.Join(lines, "\\n")
}}
""",
)
_HEADS = {
    "py": '"""Support for the server."""\n\nimport asyncio\n',
    "js": "// Support for the server.\n",
    "ts": "// Support for the server.\n",
    "go": 'package internal\n\nimport (\n\t"context"\n\t"fmt"\n\t"strings"\n\t"time"\n)\n',
}
_GO_CLIENT = """
// Client speaks to the service.
type Client struct {
	Base string
}

func (c *Client) get(ctx context.Context, path string) ([]byte, int, error) {
	return fetch(ctx, c.Base+path)
}
"""
_LANGUAGES = {"py": Language.PYTHON, "js": Language.JAVASCRIPT, "ts": Language.JAVASCRIPT, "go": Language.GO}
_THINGS = tuple(one for _, things in FIELDS for one, _ in things)


def support_modules(key: str, suffix: str, wanted: int) -> list[bytes]:
    """Write support modules of 5 to 20 KB for a language named by its files' suffix."""
    numbers = draws(f"{key}/support")
    modules = []
    for turn in range(wanted):
        start = next(numbers)
        length = 8 + next(numbers) % 22
        blocks = [_block(suffix, (start + 7 * step) % len(_THINGS), (start + step) % 4) for step in range(length)]
        head = _HEADS[suffix] + (_GO_CLIENT if suffix == "go" and not turn else "")
        modules.append((head + f"{'#' if suffix == 'py' else '//'} Part {start % 997}.\n" + "".join(blocks)).encode())
    return modules


@lru_cache(maxsize=4096)
def _block(suffix: str, thing: int, kind: int) -> str:
    templates = {Language.PYTHON: _PYTHON, Language.JAVASCRIPT: _SCRIPT, Language.GO: _GO}[_LANGUAGES[suffix]]
    one = _THINGS[thing]
    types = _TYPES if suffix == "ts" else dict.fromkeys(_TYPES, "")
    return templates[kind % len(templates)].format(
        one=one,
        text=one.replace("_", " "),
        camel=one.title().replace("_", ""),
        field=FIELD_NAMES[(thing + kind) % len(FIELD_NAMES)].replace(" ", "_"),
        number=1 + thing % 8,
        **types,
    )
