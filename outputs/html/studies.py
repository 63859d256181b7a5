"""Studies as a page shows them, within one that has the scripts: what they say, their charts, and their tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from model.stress.statistics import holds
from model.studies.alternatives import Alternatives, Verdict
from model.studies.worth import Worth
from model.sweep.design import DesignKind
from outputs.compare_file import Comparison
from outputs.html.figures import Figure, figures_html, said_html
from outputs.html.page import details
from outputs.html.tables import table_html
from outputs.sweep.curve import COVERAGE, LINE_SHEET, along, coverages, curve_table, curves
from outputs.sweep.distribution import distribution
from outputs.sweep.findings import findings
from outputs.sweep.report import MILLION, Sweep
from outputs.sweep.robust import robust_plants, robust_stocks
from outputs.sweep.sensitivity import sensitivity
from outputs.sweep.tables import MONEY, points, varied
from outputs.sweep.tornado import BARS, HIGH, LOW, Ends, plans_at_ends, tornado
from outputs.sweep.words import unit_words
from outputs.tables.alternatives import sentence as alternatives_sentence
from outputs.tables.alternatives import tables as alternatives_tables
from outputs.tables.compare import inputs_table, regret_table, results_table
from outputs.tables.frontier import FrontierReport
from outputs.tables.stress import StressReport
from outputs.tables.stress_runs import tables as stress_tables
from outputs.tables.table import Table
from outputs.tables.worth import worth_table

COVERED = {"full coverage": "full", "promise kept": "kept"}
"""What is counted of a stress test, in words."""

CURVES = 8
"""Lines of a chart at most."""


def opened(tables: Iterable[Table]) -> str:
    """The first table, and the others to be opened."""
    first, *others = tables
    return f"<section><h2>{first.title}</h2>{table_html(first, 't0')}</section>" + "".join(
        details(f"t{i}", table) for i, table in enumerate(others, 1)
    )


def comparison_html(found: Comparison) -> str:
    """How plans differ: what is worth most as bars, then results, inputs and regret."""
    names = [plan.name for plan in found.plans]
    largest = [d for d in found.results[1:] if d.unit == found.results[0].unit][:BARS] if len(found.results) > 1 else []
    total = found.results[0]
    figures = [Figure(f"{total.kind} {total.name}".strip(), total.unit, (("", total.amounts),), names)]
    if largest:
        parts = [f"{d.kind} {d.name}".strip() for d in largest]
        figures.append(
            Figure("What differs in money", total.unit, tuple((n, [d.amounts[i] for d in largest]) for i, n in enumerate(names)), parts)
        )
    tables = [results_table(found.plans, found.results), inputs_table(names, found.inputs)]
    tables += [regret_table(found.regrets)] if found.regrets else []
    said = f"{len(found.inputs)} inputs and {len(found.results) - 1} results differ."
    return said_html([said]) + figures_html(figures) + opened(tables)


def frontier_html(report: FrontierReport) -> str:
    """The least cost along a number."""
    found = report.found
    values = [100 * p.value if report.is_share else p.value for p in found.points]
    axis = f"{report.name}, {'%' if report.is_share else unit_words(report.variation)}"
    cost = [p.objective / MILLION for p in found.points]
    figure = Figure("Least cost", MONEY, (("least cost", cost),), along=values, axis=axis)
    return said_html([report.sentence()]) + figures_html([figure]) + opened(report.tables())


def alternatives_html(found: Alternatives) -> str:
    """What plans that cost hardly more have: the ends of each plant, then whole plans far apart."""
    plants = [r for r in found.ranges if r.kind == "plant" and r.verdict is not Verdict.NEVER][:BARS]
    series = tuple((name, [getattr(r, name) for r in plants]) for name in ("least", "plan", "most"))
    figures = [Figure("Capacity ordered in peace", "t/yr", series, [r.name for r in plants])] if plants else []
    return said_html(alternatives_sentence(found).splitlines()) + figures_html(figures) + opened(alternatives_tables(found))


def stress_html(report: StressReport) -> str:
    """How sure coverage is in futures that are drawn."""
    held = {word: [holds(report.outcomes, what, sector) for sector in report.sectors] for word, what in COVERED.items()}
    series = tuple((word, [100 * share.value for share in shares]) for word, shares in held.items())
    figure = Figure("Futures in which coverage holds", "%", series, report.sectors)
    return said_html([*report.lines()]) + figures_html([figure]) + opened(stress_tables(report))


def worth_html(found: Sequence[Worth]) -> str:
    """What knowledge and time are worth."""
    known = [w for w in found if w.worth is not None][:BARS]
    names = [f"{w.kind}, {w.name}" if w.name else w.kind for w in known]
    figure = Figure("Worth", MONEY, (("worth", [(w.worth or 0.0) / MILLION for w in known]),), names)
    return figures_html([figure] if known else []) + opened([worth_table(found)])


def sweep_html(sweep: Sweep) -> str:
    """What a sweep says, by its design: a tornado, curves, or the spread of samples, with every point."""
    ends = Ends(sweep) if sweep.kind is DesignKind.ONE_AT_A_TIME else None
    solved = bool(sweep.solved.any())
    follows = sensitivity(sweep) if solved and (sweep.sampled or sweep.kind is DesignKind.MORRIS) else None
    figures: list[Figure] = []
    tables: list[Table] = []
    if ends is not None:
        tables += [tornado(sweep, ends), plans_at_ends(sweep, ends)]
        figures += [tornado_figure(ends)] if solved else []
    for variation in lines_along(sweep) if solved else ():
        found = curves(sweep, variation)
        if found:
            tables.append(curve_table(sweep, COVERAGE if variation in coverages(sweep) else LINE_SHEET, found))
            figures.append(curve_figure(sweep, variation))
    if follows is not None:
        tables += [follows, *([distribution(sweep), robust_stocks(sweep), robust_plants(sweep)] if sweep.sampled else [])]
        figures += [spread_figure(distribution(sweep))] if sweep.sampled else []
    return said_html(findings(sweep, ends, follows)) + figures_html(figures) + opened([*tables, points(sweep), varied(sweep)])


def lines_along(sweep: Sweep) -> list[int]:
    """The variations along which a grid is drawn: its coverages, else the first."""
    return (coverages(sweep) or [0]) if sweep.kind is DesignKind.GRID and len(sweep.variations) <= 2 else []


def tornado_figure(ends: Ends) -> Figure:
    """The cost at both ends of each variation against the case, M USD."""
    order, sweep = ends.order[:BARS], ends.sweep
    sides = {end: (ends.difference("objective", end) / MILLION)[order].tolist() for end in (LOW, HIGH)}
    names = [f"{sweep.names[i]} ({ends.end_words(i, LOW)} to {ends.end_words(i, HIGH)})" for i in order]
    series = tuple((f"{end} value", values) for end, values in sides.items())
    return Figure("Cost against the case, one number at a time", MONEY, series, names, stacked=True)


def curve_figure(sweep: Sweep, variation: int) -> Figure:
    """The cost along a variation, a line for each value of the other."""
    x = along(sweep, variation)
    every = sorted({float(x[row]) for curve in curves(sweep, variation) for row in curve.rows})
    cost = sweep.frame["objective"].to_numpy(dtype=float) / MILLION
    lines = []
    for curve in curves(sweep, variation)[:CURVES]:
        at = {float(x[row]): float(cost[row]) for row in curve.rows}
        lines.append((curve.label, [at.get(value, np.nan) for value in every]))
    axis = f"{sweep.names[variation]}, {unit_words(sweep.variations[variation])}".removesuffix(", ").removesuffix(", -")
    return Figure("Cost", MONEY, tuple(lines), along=every, axis=axis)


def spread_figure(table: Table) -> Figure:
    """How many points cost how much."""
    return Figure(table.title, "points", (("points", table.frame["count"].astype(float).tolist()),), table.frame["bin"].tolist())
