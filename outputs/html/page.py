"""Plan -> HTML: the same plan as one self-contained page, for those who would rather look than open Excel."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from pathlib import Path

from inputs.extras import module_of
from inputs.files import write_whole
from model.plan import Plan
from model.solver.program import Status
from model.studies.study import Studies
from outputs.excel.material_data import material_page
from outputs.html.charts import as_json, chart_data
from outputs.html.tables import cost_table, cover_table, plant_table, table_html
from outputs.tables import (
    costs,
    coverage,
    entry,
    investments,
    pins,
    prices,
    programme,
    purchases,
    stock,
    stockpile,
    supply_mix,
    survival,
    why,
)
from outputs.tables.coverage import TOLERANCE
from outputs.tables.material import material_pages
from outputs.tables.plan import report_tables
from outputs.tables.report import Report
from outputs.tables.rounding import amount
from outputs.tables.run import RunInfo, run
from outputs.tables.summary import Card, Summary, counted, summarise
from outputs.tables.table import Table

SHOWN = (
    *(
        stockpile.SHEET,
        why.SHEET,
        programme.SHEET,
        programme.AVERTED,
        programme.WHY_ORDERED,
        entry.SHEET,
        prices.SHEET,
        prices.BUYS,
        survival.SHEET,
        survival.BY_ONSET,
        purchases.SHEET,
        investments.INVESTMENTS,
        investments.IN_CUTOFFS,
        stock.STOCK,
    ),
    *(coverage.SHEET, supply_mix.PEACE, supply_mix.CUTOFFS, costs.SHEET, pins.SHEET),
)
"""The tables of the page; the workbook has more."""

BEGINS, ENDS = "<main>\n", "\n</main>\n"
"""What stands around the parts of a page; no name can, for in names "<" is escaped."""

STYLE, SCRIPTS = "page.css", ("drawing.js", "tables.js", "page.js")


def write_html(plan: Plan, path: Path, source: RunInfo | None = None, studies: Studies | None = None) -> Path:
    """Write an optimal plan as one HTML page that needs no network, whole or not at all.

    Returns where it was written, as `write_plan` does. Raises MissingExtra where plotly,
    which draws the charts, is not installed, FileError where the folder cannot be written,
    ValueError where the plan is not optimal.
    """
    if plan.status is not Status.OPTIMAL:
        raise ValueError(f"only an optimal plan can be written, this one is {plan.status}")
    text = page_html(plan, source or RunInfo(), plotly(), studies)

    def write(temporary: Path) -> None:
        temporary.write_text(text, encoding="utf-8", newline="\n")

    return write_whole(path, write)


def plotly() -> str:
    """The script of plotly.js, from the installed package. Raises MissingExtra."""
    return str(module_of("html", "offline").get_plotlyjs()).replace("\r\n", "\n")


def page_html(plan: Plan, info: RunInfo, library: str, studies: Studies | None = None) -> str:
    """The whole page; `library` is the script that draws charts."""
    report = Report(plan, studies)
    tables = report_tables(report)
    summary = summarise(report, tables)
    materials = material_pages(report, tables)
    data = as_json(chart_data(report, tables, summary, materials, material_page(report, tables, materials)))
    scripts = (library, *map(asset, SCRIPTS))
    shown = [(f"t{i}", tables[name]) for i, name in enumerate(name for name in SHOWN if name in tables)]
    parts = (
        f"{overview(summary, cutoffs=bool(plan.tree.branches))}\n{MATERIAL if studies else MATERIAL.replace(WHY, '')}\n{COVERAGE if plan.tree.branches else ''}",
        f'<section id="tables"><h2>Tables</h2><p class="lead">Amounts are in full precision where they are sorted; '
        f"a click on a heading sorts.</p>{''.join(details(*of) for of in shown)}</section>",
        f'<section id="run"><h2>Run</h2>{details("run-table", run(plan, info))}</section>',
    )
    return "\n".join(
        (
            f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head(summary.title, scripts)}\n</head>\n<body>',
            f"<header><h1>{escape(summary.title)}</h1><p>{escape(summary.subtitle)}</p></header>",
            f"{BEGINS}{''.join(parts)}{ENDS}",
            f'<script type="application/json" id="data">{data}</script>',
            *(f"<script>{script}</script>" for script in scripts),
            "</body>\n</html>\n",
        )
    )


def fragment_of(page: str) -> str:
    """What stands in a page between its head and its scripts, with the data of its charts: to be shown within another page that has the scripts."""
    body, _, rest = page.partition(BEGINS)[2].partition(ENDS)
    return f"{body}{rest.partition('<script>')[0]}"


def asset(name: str) -> str:
    """The text of a file beside this one."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def head(title: str, scripts: Sequence[str]) -> str:
    """Only the page's own scripts may run, known by their digests, and nothing may be fetched."""
    digests = " ".join(f"'sha256-{b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    rules = f"default-src 'none'; script-src {digests}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
    return (
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{rules}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>{asset(STYLE)}</style>"
    )


def overview(summary: Summary, *, cutoffs: bool) -> str:
    """The first screen: the plan in a sentence, its figures, three small tables and three charts."""
    cards = "".join(map(card, summary.cards))
    charts = "".join(chart(name, text) for name, text in OVERVIEW.items())
    links = "".join(f'<a href="#{name}">{text}</a> ' for name, text in LINKS.items() if cutoffs or name != "coverage")
    return (
        f'<nav aria-label="Sections">{links}</nav>'
        f'<section id="summary"><h2 class="said">{escape(summary.sentence)}</h2>{points(summary)}<ul class="cards">{cards}</ul>'
        "<noscript><p>The charts need JavaScript; the tables below do not.</p></noscript>"
        f'<div class="thirds">{cost_table(summary)}{cover_table(summary, TOLERANCE)}{plant_table(summary)}</div>'
        f'<div class="thirds">{charts}</div></section>'
    )


def points(summary: Summary) -> str:
    """What a minister is told, a line each."""
    lines = "".join(f"<dt>{escape(about)}</dt><dd>{escape(said)}</dd>" for about, said in summary.points)
    return f'<dl class="points">{lines}</dl>' if lines else ""


def card(of: Card) -> str:
    """A figure with its label and note."""
    value = amount(of.value) if isinstance(of.value, float) else of.value
    return f'<li><span>{escape(of.label)}</span><strong>{escape(value)}</strong><span class="note">{escape(of.note)}</span></li>'


def chart(name: str, text: str) -> str:
    """The place that the page's script draws a chart in."""
    return f'<figure><div id="{name}" class="chart" role="img" aria-label="{escape(text)}"></div></figure>'


def details(name: str, table: Table) -> str:
    """A table that opens by a click on its question."""
    rows = len(table.frame) - table.total
    return (
        f"<details{' open' if name == 't0' else ''}><summary><h3>{escape(table.sheet)}</h3> {escape(table.title)} "
        f'<span class="note">{counted(rows, "row")}</span></summary>{table_html(table, name)}</details>'
    )


OVERVIEW = {
    "costs": "Bars of the parts of the expected cost",
    "values": "Bars of the value of each material's target stock",
    "stock": "Value in store in peace by year, stacked by material",
}
LINKS = {"material": "One material", "coverage": "Coverage", "tables": "Tables", "run": "Run"}
WHY = f'<p id="m-words"></p>{chart("m-fall", "Why so much of the material is held: needs, less what meets them, are drawn from stock")}'
MATERIAL = f"""<section id="material"><h2>One material at a time</h2>
<p class="tools"><label>Material <select id="choose-material"></select></label> <strong id="worst"></strong></p>
<ul class="cards" id="figures"></ul>
<div class="halves">{chart("m-stock", "Stock of the material in peace over time")}{chart("m-peace", "Sources of the material in peace by year")}
{chart("m-cutoff", "Sources of the material in its worst protected cutoff by period")}
{chart("m-branches", "Sources of the material in each cutoff and onset")}</div>
{WHY}
<div class="halves"><div class="scroll"><table class="small" id="m-flows"></table></div>
<div class="scroll"><table class="small" id="m-sectors"></table></div></div></section>"""
COVERAGE = f"""<section id="coverage"><h2>Coverage by cutoff and onset</h2>
<p class="tools"><label>Sector <select id="choose-sector"></select></label>
<span>Lowest share of demand met or saved, as in the table Cutoffs.</span></p>
{chart("map", "Coverage reached, by material and by cutoff and onset")}</section>"""
