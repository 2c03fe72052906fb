# /// script
# requires-python = ">=3.11"
# dependencies = ["polars>=1.30,<3"]
# ///
"""Draw the profile of an ecosystem from `toolrisk export`: risks, ways out, sizes, what comes together; and a chart.

    toolrisk export tools.jsonl
    uv run docs/ecosystem.py tools.jsonl [--chart ecosystem.svg]

An example of what the export is good for, to be changed at will; not a part of toolrisk.
"""

import argparse
from html import escape
from pathlib import Path

import polars as pl

CATEGORIES = ("Read", "Write", "Execute", "Destructive", "Financial", "not judged")
RISKS = ("Low", "Medium", "High", "Critical", "not judged")
COLOURS = ("#8fb8a8", "#e3c565", "#d98850", "#b5413b", "#9a9a9a")
NOTHING = (
    "none",
    "none_needed",
    "unknown",
    "item",
    "reversible",
)  # what a facet says that adds nothing to a combination
FACETS = (
    *("reversibility", "egress", "untrusted_input", "sensitive_data"),
    *("privilege", "money", "code_execution", "blast_radius"),
)
# Only what is asked for is read; a schema that is wanted as text stays JSON.
COLUMNS = {
    **dict.fromkeys(("server", "name", "description", "inputSchema", "category", "risk"), pl.String()),
    "facets": pl.Struct(dict.fromkeys(FACETS, pl.String())),
}
LETTERS_A_TOKEN = 4  # about, for English and JSON
MOST = 10


def main() -> None:
    """Read an export, print its profile as Markdown, draw the chart."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path, help="what `toolrisk export` wrote, as JSON lines")
    parser.add_argument("--chart", type=Path, help="an SVG to draw")
    asked = parser.parse_args()
    tools = read_tools(asked.export)
    with pl.Config(tbl_formatting="MARKDOWN", tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True) as shown:
        shown.set_tbl_rows(100).set_tbl_cols(20).set_fmt_str_lengths(100).set_tbl_width_chars(200).set_float_precision(
            1
        )
        for title, table in profile(tools).items():
            print(f"### {title}\n\n{table}\n")  # noqa: T201 - a program that prints
    if asked.chart:
        asked.chart.write_text(draw_chart(count_risks(tools)), encoding="utf-8")


def read_tools(path: Path) -> pl.DataFrame:
    """Read what the profile needs of every tool; one without a verdict is said to be not judged."""
    size = pl.sum_horizontal(pl.col("name", "description", "inputSchema").str.len_chars().fill_null(0))
    tools = pl.scan_ndjson(path, schema=COLUMNS).unnest("facets").with_columns(tokens=size // LETTERS_A_TOKEN)
    return (
        tools.drop("description", "inputSchema")
        .with_columns(pl.col("category", "risk").fill_null("not judged"))
        .collect()
    )


def profile(tools: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Make every table, by its title."""
    servers = tools.group_by("server").agg(
        pl.len().alias("tools"),
        pl.col("tokens").sum(),
        open_world().any().alias("open world"),
        pl.all_horizontal(
            *(
                open_world().any(),
                pl.col("untrusted_input").eq("typical").any(),
                pl.col("sensitive_data").ne("none").any(),
            )
        ).alias("all three"),
    )
    return {
        f"{len(tools):,} tools of {len(servers):,} servers: category by risk": count_risks(tools),
        "Ways out to the open world": share_out(tools, servers),
        "Size of definitions, in tokens, about": measure_sizes(tools, servers),
        "The most common combinations of category and facets": count_combinations(tools),
    }


def open_world() -> pl.Expr:
    """Say whether a tool can send something to whomever it likes."""
    return pl.col("egress").eq("arbitrary")


def count_risks(tools: pl.DataFrame) -> pl.DataFrame:
    """Count the tools of each category by risk."""
    counted = tools.group_by("category").agg(
        *(pl.col("risk").eq(risk).sum().alias(risk) for risk in RISKS), tools=pl.len()
    )
    return counted.sort(pl.col("category").replace_strict({name: at for at, name in enumerate(CATEGORIES)}))


def share_out(tools: pl.DataFrame, servers: pl.DataFrame) -> pl.DataFrame:
    """Say how many can send something to anybody, and how many servers hold all that a theft of data takes."""
    rows = [
        ("tools that can send to anybody", tools.select(open_world().sum()).item(), len(tools)),
        ("tools that send to one other service", tools["egress"].eq("third_party").sum(), len(tools)),
        ("servers with a tool that can send to anybody", servers["open world"].sum(), len(servers)),
        ("of these, servers that read strangers' text and private data too", servers["all three"].sum(), len(servers)),
    ]
    shares = [(what, count, 100 * count / of if of else 0.0) for what, count, of in rows]
    return pl.DataFrame(shares, schema=["what", "number", "%"], orient="row")


def measure_sizes(tools: pl.DataFrame, servers: pl.DataFrame) -> pl.DataFrame:
    """Say how large the definitions of a tool and of a server are."""
    rows = []
    for what, sizes in (("a tool", tools["tokens"]), ("a server", servers["tokens"])):
        points = (sizes.quantile(share) or 0.0 for share in (0.5, 0.9, 1.0))
        rows.append((what, *map(round, points), sizes.sum()))
    return pl.DataFrame(rows, schema=["of", "median", "90th percentile", "largest", "all"], orient="row")


def count_combinations(tools: pl.DataFrame) -> pl.DataFrame:
    """Count what comes together: the category and each facet that says more than nothing."""
    said = (
        pl.when(~pl.col(facet).is_in(NOTHING)).then(
            pl.lit(f"{facet.replace('_', ' ')}: ") + pl.col(facet).str.replace_all("_", " ")
        )
        for facet in FACETS
    )
    together = pl.concat_str("category", *said, separator=" + ", ignore_nulls=True).alias("together")
    return (
        tools.select(together)
        .group_by("together")
        .len("tools")
        .sort(["tools", "together"], descending=[True, False])
        .head(MOST)
    )


def draw_chart(counted: pl.DataFrame) -> str:
    """Draw a bar for each category, cut by risk, as an SVG."""
    height, left, width = 28, 110, 560
    scale = width / max(1, *counted["tools"])
    parts = []
    for row, one in enumerate(counted.iter_rows(named=True)):
        y, x = 40 + row * height, float(left)
        parts.append(f'<text x="{left - 8}" y="{y + 15}" text-anchor="end">{escape(one["category"])}</text>')
        for risk, colour in zip(RISKS, COLOURS, strict=True):
            size = one[risk] * scale
            title = f"<title>{escape(one['category'])}, {risk}: {one[risk]}</title>"
            parts.append(f'<rect x="{x:.1f}" y="{y}" width="{size:.1f}" height="20" fill="{colour}">{title}</rect>')
            x += size
        parts.append(f'<text x="{x + 6:.1f}" y="{y + 15}">{one["tools"]:,}</text>')
    for at, (risk, colour) in enumerate(zip(RISKS, COLOURS, strict=True)):
        parts.append(f'<rect x="{left + at * 105}" y="10" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{left + 17 + at * 105}" y="21">{risk}</text>')
    total = 50 + len(counted) * height
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 740 {total}" font-family="sans-serif" font-size="13"'
    label = ' role="img" aria-label="Tools by category, cut by risk">'
    ground = f'<rect width="740" height="{total}" fill="#fff"/>'
    return "\n".join([head + label, ground, *parts, "</svg>", ""])


if __name__ == "__main__":
    main()
