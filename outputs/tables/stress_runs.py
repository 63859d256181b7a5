"""The futures of a stress test: the worst of them told, from what they were drawn, each by itself, and how they came about."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from inputs.schema import EVERY
from inputs.stress import MEANING
from model.solver.program import Status
from outputs.tables.run import VERSIONS, RunInfo, facts
from outputs.tables.stories import cutoffs, delays, not_there, stories
from outputs.tables.stress import FUTURES, MONEY, StressReport, coverage, short, spread
from outputs.tables.table import Column, Style, Table

WORST, DRAWN = "Worst futures", "What was drawn"


def tables(report: StressReport) -> tuple[Table, ...]:
    """The tables of a stress test, but the run."""
    return coverage(report), told(report), short(report), spread(report), drawn(report), futures(report)


def told(report: StressReport) -> Table:
    """The worst futures as stories."""
    frame = stories(report.stress)
    return Table(
        WORST,
        "What goes wrong in the worst futures?",
        f"The futures with the largest loss, each named by its number, under which sheet {FUTURES} has it. Months count from the beginning of the cutoff, whose first month is 1; a cutoff's shortages go on until the next one begins. What costs most goes first.",
        (
            Column("rank", style=Style.EXACT),
            Column("number", "Future", style=Style.EXACT),
            Column("comes", "What comes", style=Style.PROSE, width=52),
            Column("lacks", "Who is short", style=Style.PROSE, width=52),
            Column("short", "Short, all materials", "t", Style.AMOUNT),
            Column("loss", "Loss", MONEY, Style.AMOUNT),
            Column("cost", "Cost", MONEY, Style.AMOUNT),
        ),
        frame,
        frozen=2,
        nothing="Nothing is short in any future.",
    )


def drawn(report: StressReport) -> Table:
    """From what the futures were drawn."""
    rows = [
        (row.what, said_name(row.name), row.text, MEANING[row.what], "default" if row.usual else "the sheet stress of the case")
        for row in report.stress.uncertain.rows
    ]
    listed = report.stress.uncertain.listed
    text = (
        "Only the futures that the case lists were drawn, with their own probabilities; the rows below were left aside."
        if listed
        else "Cutoffs begin in any month of the plan by annual_probability and hazards, one at a time, and last a length of the sheet durations, times the multiple below, in whole crisis periods. All else is drawn once for the whole future and each name, "
        "independently. Every number hangs on the seed, the number of the future and the name of what is drawn alone: two plans with the same seed meet the same futures."
    )
    return Table(
        DRAWN,
        "From what were the futures drawn?",
        text,
        (
            Column("what"),
            Column("name", "For"),
            Column("distribution"),
            Column("means", "What the number means", style=Style.PROSE, width=64),
            Column("from", "From"),
        ),
        pd.DataFrame(rows, columns=["what", "name", "distribution", "means", "from"]),
    )


def said_name(name: str) -> str:
    """Whom a row is for."""
    return "each" if name == EVERY else name


def futures(report: StressReport) -> Table:
    """Every future by its number."""
    rows = list(future_rows(report))
    sectors = report.sectors
    columns = ["number", "cutoffs", "late", "cost", "loss", "short", *(f"full {s}" for s in sectors), *(f"kept {s}" for s in sectors)]
    return Table(
        FUTURES,
        "What came of each future?",
        "A future that could not be replayed says why, and counts nowhere else. Stress tests of other plans with the same seed and distributions have the same futures under the same numbers.",
        (
            Column("number", "Future", style=Style.EXACT),
            Column("cutoffs", "Cutoffs", width=60),
            Column("late", "Late or refused plants", width=40),
            Column("cost", "Cost", MONEY, Style.AMOUNT),
            Column("loss", "Loss", MONEY, Style.AMOUNT),
            Column("short", "Short, all materials", "t", Style.AMOUNT),
            *(Column(f"full {s}", f"Full coverage, {s}") for s in sectors),
            *(Column(f"kept {s}", f"Promise kept, {s}") for s in sectors),
        ),
        pd.DataFrame(rows, columns=columns),
    )


def future_rows(report: StressReport) -> Iterator[tuple[object, ...]]:
    """A row for each future."""
    words = {True: "yes", False: "no", None: ""}
    for result in report.stress.results:
        o = result.fields
        if result.status != Status.OPTIMAL:
            yield result.number, f"not replayed: {o['message']}", "", *[math.nan] * 3, *[""] * (2 * len(report.sectors))
            continue
        both = [words[o[what][sector]] for what in ("full", "kept") for sector in report.sectors]
        tonnes_short = sum(row[2] for row in o["short"])
        yield (
            result.number,
            "; ".join(cutoffs(report.case, o)),
            "; ".join([*delays(o["late"]), *not_there(o["absent"])]),
            o["cost"] / 1000,
            o["loss"] / 1000,
            tonnes_short,
            *both,
        )


def run_of(report: StressReport, info: RunInfo, seconds: float) -> Table:
    """How the stress test came about."""
    stress = report.stress
    return facts(
        "How did this stress test come about?",
        f"With the same plan, seed, number of futures and versions, the same numbers come out. {VERSIONS}",
        [
            ("input", "plan", str(info.source) if info.source else "(made in code)", ""),
            ("input", "SHA-256 of the file", info.sha256, ""),
            ("input", "case", report.case.name, ""),
            ("input", "fingerprint of the case", report.case.fingerprint, ""),
            ("futures", "number", stress.runs, ""),
            ("futures", "seed", stress.seed, ""),
            ("futures", "only those that the case lists", "yes" if stress.uncertain.listed else "no", ""),
            ("futures", "could not be replayed", stress.failed, ""),
            ("futures", "first drawn", stress.created, ""),
            ("run", "date and time", info.when.strftime("%Y-%m-%d %H:%M:%S %z"), ""),
            ("time", "all", round(seconds, 2), "s"),
        ],
    )
