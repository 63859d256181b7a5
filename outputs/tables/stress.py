"""A stress test as tables: how sure coverage is, who is short, what it costs, the worst futures told, what was drawn, and every future."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from inputs.arrays import Floats
from inputs.case import Case
from model.stress.run import Stress
from model.stress.statistics import CONFIDENCE, Share, groups, holds, mean_of, numbers, tonnes
from outputs.tables.rounding import amount, shown
from outputs.tables.table import Column, Style, Table

SHEET, SHORT, SPREAD, FUTURES = "Stress", "Who is short", "Cost and shortage", "Futures"
MONEY = "M USD"
PERCENTILES = (0.01, 0.05, *(round(0.1 * k, 1) for k in range(1, 10)), 0.95, 0.99)

DEFINITIONS = (
    "Full coverage: from the first cutoff on nothing that the sector needs is short in any period, until the end of the future; a future without a cutoff counts as covered. "
    "Promise kept: of the futures in which coverage is promised to the sector in any period (a protected cutoff, from ready_by on), those in which it has at least that much of each material in all of these periods. "
    "What the plan buys and orders is fixed, and after a cutoff nothing more is bought for the store. Each future is replayed period by period, knowing only what has come; of what is left in store, what the plan needs for the promises of the months to come goes to no shortage without a promise, and the rest is worth the plan's own price of it at that month of such a cutoff. "
    f"At least, at most: Wilson's intervals at {CONFIDENCE:.0%}, which so many futures leave open; they say nothing of how right the distributions are."
)

KEPT = "As another cutoff may come, the stockpile is kept after one and costs its holding, where the plan sells it: that alone makes futures dearer, as a rule, than the plan expects. "
"""Where cutoffs repeat."""


@dataclass(frozen=True)
class StressReport:
    """A stress test with what its tables say."""

    stress: Stress

    @property
    def case(self) -> Case:
        """The case of the plan."""
        return self.stress.plan.case

    @cached_property
    def outcomes(self) -> list[Mapping[str, Any]]:
        """Of every future that was replayed."""
        return self.stress.outcomes

    @cached_property
    def sectors(self) -> list[str]:
        """The sectors that need anything."""
        needed = set(self.case["demand"]["sector"])
        return [name for name in self.case["sectors"]["sector"] if name in needed]

    def sentence(self) -> str:
        """How many futures there are, in how many a cutoff comes, and how many could not be replayed."""
        counts = [len(o["cutoffs"]) for o in self.outcomes]
        several = sum(count > 1 for count in counts)
        more = f", in {several:,} of them more than one" if several else ""
        failed = self.stress.failed
        missing = f" {failed:,} of {failed + len(counts):,} futures could not be replayed, and count nowhere." if failed else ""
        return f"In {sum(count > 0 for count in counts):,} of {len(counts):,} futures a cutoff comes{more}.{missing}"

    def lines(self) -> Iterator[str]:
        """What comes out, a line for each sector."""
        yield self.sentence()
        for sector in self.sectors:
            full, kept = (holds(self.outcomes, what, sector) for what in ("full", "kept"))
            promise = f"; what it is promised, it has in {percent(kept)} of the {kept.of:,} in which anything is" if kept.of else ""
            yield f"{sector}: fully covered in {percent(full)} of futures{promise}"


def percent(share: Share) -> str:
    """A share with its interval: "97.3% (96.8 to 97.7)"."""
    low, high = share.interval
    return f"{shown(Style.SHARE, share.value)} ({100 * low:.1f} to {100 * high:.1f})"


def coverage(report: StressReport) -> Table:
    """A row for each sector and group of futures: how often it is fully covered, and its promise kept."""
    rows = []
    for sector in report.sectors:
        for name, members in groups(report.outcomes):
            full, kept = holds(members, "full", sector), holds(members, "kept", sector)
            asked = kept.of > 0
            rows.append(
                (
                    sector,
                    name,
                    len(members),
                    full.value,
                    *full.interval,
                    kept.of if asked else math.nan,
                    *((kept.value, *kept.interval) if asked else [math.nan] * 3),
                )
            )
    columns = ["sector", "group", "futures", "full", "full_low", "full_high", "asked", "kept", "kept_low", "kept_high"]
    return Table(
        SHEET,
        "How sure is coverage, in futures that the plan was not made for?",
        f"{report.sentence()} {KEPT if report.stress.keeps else ''}{DEFINITIONS}",
        (
            Column("sector"),
            Column("group", "In futures"),
            Column("futures", "Futures", "", Style.EXACT),
            Column("full", "Full coverage", "", Style.SHARE),
            Column("full_low", "at least", "", Style.SHARE),
            Column("full_high", "at most", "", Style.SHARE),
            Column("asked", "Futures with a promise", "", Style.EXACT, empty="none"),
            Column("kept", "Promise kept", "", Style.SHARE),
            Column("kept_low", "at least", "", Style.SHARE),
            Column("kept_high", "at most", "", Style.SHARE),
        ),
        pd.DataFrame(rows, columns=columns),
        frozen=2,
    )


def short(report: StressReport) -> Table:
    """A row for each demand that is short in any future: how often, how much, and how much of it was promised."""
    demand, outcomes = report.case["demand"], report.outcomes
    lacking, broken = (tonnes(outcomes, len(demand), place) for place in (2, 3))
    rows = []
    for at in np.flatnonzero(lacking.any(axis=1)).tolist():
        share, mean = Share(int((lacking[at] > 0).sum()), len(outcomes)), mean_of(lacking[at])
        most = (
            float(np.quantile(lacking[at], 0.95)),
            float(lacking[at].max()),
            share_broken(outcomes, str(demand["sector"].iat[at]), broken[at]),
            float(broken[at].max()),
        )
        rows.append((demand["material"].iat[at], demand["sector"].iat[at], share.value, *share.interval, mean.value, mean.half, *most))
    columns = ["material", "sector", "share", "low", "high", "mean", "half", "p95", "most", "broken", "broken_most"]
    return Table(
        SHORT,
        "Who is short of what, how often and how much?",
        "Over a whole future, its periods of peace included, so that a material that is always a little short shows here too. The mean is over all futures, those in which nothing is short among them; +/- is half of its 95% interval. "
        f"A promise is broken in so many of the futures in which anything is promised to the sector, as on the sheet {SHEET}: there of any material, here of this one.",
        (
            Column("material"),
            Column("sector"),
            Column("share", "Short in", "of futures", Style.SHARE),
            Column("low", "at least", "", Style.SHARE),
            Column("high", "at most", "", Style.SHARE),
            Column("mean", "Mean shortage", "t", Style.AMOUNT),
            Column("half", "+/-", "t", Style.AMOUNT),
            Column("p95", "Exceeded in 5%", "t", Style.AMOUNT),
            Column("most", "Most", "t", Style.AMOUNT),
            Column("broken", "Promise broken in", "of those with one", Style.SHARE, empty="no promise"),
            Column("broken_most", "Most of a promise", "t", Style.AMOUNT),
        ),
        pd.DataFrame(rows, columns=columns).sort_values(["broken", "share"], ascending=False, kind="stable", ignore_index=True),
        frozen=2,
        nothing="Nothing is short in any future.",
        own_units=False,
    )


def share_broken(outcomes: Sequence[Mapping[str, Any]], sector: str, broken: Floats) -> float:
    """Of the futures with a promise to a sector the share in which that for one of its materials is broken; nan where none has one."""
    asked = np.array([o["kept"][sector] is not None for o in outcomes], dtype=bool)
    return float((broken[asked] > 0).mean()) if asked.any() else math.nan


def spread(report: StressReport) -> Table:
    """The distribution of cost, loss and shortage: means, extremes and percentiles."""
    outcomes = report.outcomes
    of = {
        "cost": numbers(outcomes, lambda o: o["cost"] / 1000),
        "loss": numbers(outcomes, lambda o: o["loss"] / 1000),
        "short": numbers(outcomes, lambda o: sum(row[2] for row in o["short"])),
    }
    means = {name: mean_of(values) for name, values in of.items()}
    rows: list[tuple[object, ...]] = [
        ("mean", *(mean.value for mean in means.values())),
        ("half of its 95% interval", *(mean.half for mean in means.values())),
        ("least", *(values.min() for values in of.values())),
        *((f"{share:.0%} have at most", *(float(np.quantile(values, share)) for values in of.values())) for share in PERCENTILES),
        ("most", *(values.max() for values in of.values())),
    ]
    plan = report.stress.plan
    own = (report.stress.plan.objective or 0.0) - plan.risk
    return Table(
        SPREAD,
        "How are cost and shortage spread over the futures?",
        f"Cost: everything until the end of the future, discounted, less what is left ({MONEY} of {report.case.price_year}); the plan itself expects {amount(own / 1000)} over the futures that it lists, with one cutoff at most. {KEPT if report.stress.keeps else ''}"
        "Loss: the part of it that is shortage, lost output, thrift and substitution. Tonnes of different materials are added up. Each column is sorted by itself.",
        (
            Column("what", "Of all futures"),
            Column("cost", "Cost", MONEY, Style.AMOUNT),
            Column("loss", "Loss", MONEY, Style.AMOUNT),
            Column("short", "Short, all materials", "t", Style.AMOUNT),
        ),
        pd.DataFrame(rows, columns=["what", "cost", "loss", "short"]),
    )
