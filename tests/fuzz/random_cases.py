"""Random small cases over every sheet: the plain and the extracted program say the same of each, and nothing breaks.

    python -m tests.fuzz.random_cases --count 1000 --seed 1

Each case is drawn from its number alone, read like a workbook (a draw that `check` refuses is counted and drawn
again), planned from the plain model, and solved once more from the formulas of the mutable one. Statuses and
objectives must be the same, and the certificate of each plan must hold. Prints the counts of each status, and every case that broke something.
"""

from __future__ import annotations

import argparse
import collections
import random
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from inputs.case import Case
from inputs.workbook import parse
from model.certify import certify
from model.plan import make_plan
from model.resolve.resolver import Resolver
from model.solver.program import Status
from outputs.excel.workbook import write_plan
from outputs.verify_file import verify_file
from tests.kit.cases import grids

Row = dict[str, Any]

AGREES = 1e-6
"""Objectives are the same within this, relative."""

MATERIALS = ("Dy", "Nd", "ore")
SECTORS = ("civil", "defense")
ABROAD = ("China", "Chile")
YEARS = range(2026, 2030)


class Draw:
    """Random rows; numbers are round, so that a case can be read."""

    def __init__(self, number: int) -> None:
        self.chance = random.Random(number)

    def some(self, likely: float) -> bool:
        return self.chance.random() < likely

    def between(self, low: float, high: float) -> float:
        return round(self.chance.uniform(low, high), 3)

    def row(self, sure: Row, **perhaps: Any) -> Row:
        """A row with what it must have, and each of the others with even odds."""
        return sure | {column: value for column, value in perhaps.items() if self.some(0.5)}

    def any_of(self, names: Any) -> Any:
        return self.chance.choice(list(names))

    def sheets(self) -> dict[str, Any]:
        return {
            "settings": self.settings(),
            **self.market(),
            **self.plants(),
            **self.cutoffs(),
            **self.policy(),
        }

    def settings(self) -> Row:
        period = self.any_of((6, 12, 12, 24))
        return self.row(
            {
                "start_year": 2026,
                "horizon": self.any_of((2, 4)) if period == 24 else self.any_of((2, 3)),
                "period": period,
                "crisis_period": self.any_of((3, 6)),
                "home": "Japan",
                "aftermath": self.some(0.7),
            },
            aftermath_period=self.any_of((5, 12)),
            discount_rate=self.between(0, 0.1),
            ready_by=self.any_of((0, 12, 18)),
            release_lag=self.any_of((0, 3)),
            length_known=self.some(0.5),
            count_tariffs=self.some(0.5),
            crisis_orders=self.some(0.5),
            storage_limit=self.between(20, 200),
            budget_carryover=self.some(0.5),
            risk_weight=self.between(0, 1),
            tail=self.between(0.05, 1),
        )

    def market(self) -> dict[str, list[Row]]:
        materials = [
            self.row(
                {"material": m, "price": self.between(1, 200), "surplus_limit": self.between(0, 200)},
                price_growth=self.between(-0.05, 0.1),
                holding_rate=self.between(0, 0.05),
                loss_rate=self.between(0, 0.1),
                rotation_rate=self.between(0, 0.3),
                rotation_cost=self.between(0, 5),
                opening_stock=self.between(0, 5),
                stock_limit=self.any_of((0, 20, 100)),
                purchase_limit=self.between(0, 20),
                release_limit=self.between(0, 3),
                resale_share=self.between(-0.2, 0.8),
                surplus_cost=self.between(-1, 3),
                surplus_share=self.between(0, 0.5),
                min_cover=self.any_of((0, 10, 30)),
            )
            for m in MATERIALS
        ]
        sectors = [
            self.row(
                {"sector": k, "shortage_multiple": self.between(1, 20)},
                coverage=self.between(0, 0.8),
                cover_months=self.any_of((3, 6, 12)),
            )
            for k in SECTORS
        ]
        demand = [
            self.row(
                {"material": m, "sector": k, "demand": self.between(0, 12)},
                growth=self.between(-0.05, 0.1),
                coverage=self.between(0, 0.5),
                cover_months=self.any_of((0, 3, 9)),
                shortage_cost=self.between(1, 2000),
            )
            for m in MATERIALS[:2]
            for k in SECTORS
            if self.some(0.8)
        ]
        supply = [
            self.row(
                {
                    "offer": f"offer {number}",
                    "country": self.any_of(("Japan", *ABROAD)),
                    "material": self.any_of(MATERIALS),
                    "buyer": self.any_of(("market", "market", "stockpile")),
                    "capacity": self.between(0, 20),
                },
                price=self.between(1, 250),
                price_share=self.between(0.8, 2),
                tariff=self.between(0, 0.3),
                **({"depends_on": self.any_of(ABROAD), "dependence": self.between(0, 1)} if self.some(0.3) else {}),
                first_year=self.any_of((2025, 2026, 2027)),
                last_year=self.any_of((2027, 2028, 2030)),
                available=self.any_of(("always", "peace", "cutoff")),
                ramp=self.any_of((0, 6)),
            )
            for number in range(self.any_of((3, 5, 7)))
        ]
        return {"materials": materials, "sectors": sectors, "demand": demand, "supply": supply} | self.savings_and_output()

    def savings_and_output(self) -> dict[str, list[Row]]:
        thrift = [
            self.row(
                {
                    "option": f"option {number}",
                    "material": self.any_of(MATERIALS[:2]),
                    "sector": self.any_of(("*", *SECTORS)),
                    "limit": 0.3,
                },
                ramp=self.any_of((3, 9)),
                cost=self.between(0, 100),
                **({"substitute": "ore", "substitute_rate": self.between(0.1, 2)} if self.some(0.3) else {}),
            )
            for number in range(self.any_of((0, 1, 2)))
        ]
        low, more = self.between(0, 5), self.between(0, 20)
        output = [{"sector": "defense", "up_to": 0.4, "value": low}, {"sector": "defense", "up_to": 1, "value": low + more}]
        return {"thrift": thrift, "output_loss": output if self.some(0.4) else []}

    def plants(self) -> dict[str, list[Row]]:
        plants, modes, recipes = [], [], []
        for name in ("mill", "scrapper")[: self.any_of((0, 1, 2))]:
            plants.append(
                self.row(
                    {
                        "plant": name,
                        "kind": "recycling" if name == "scrapper" else "separation",
                        "country": self.any_of(("Japan", "Japan", "Chile")),
                        "capex": self.between(1000, 50_000),
                    },
                    opening_capacity=self.between(0, 10),
                    capacity_limit=self.between(0, 20),
                    fixed_cost=self.between(0, 1000),
                    lead_time=self.any_of((0, 6, 14)),
                    fast_lead_time=self.any_of((0, 3)),
                    fast_premium=self.between(0, 0.5),
                    ramp=self.any_of((0, 7, 12)),
                    life=self.any_of((1, 2, 20)),
                    first_year=self.any_of((2026, 2027)),
                    utilisation=self.between(0.5, 1),
                    public_share=self.between(0, 1),
                    residual_share=self.between(0, 1),
                    **({"depends_on": self.any_of(ABROAD), "dependence": self.between(0, 1)} if self.some(0.3) else {}),
                )
            )
            for mode in ("run", "slow")[: self.any_of((1, 2))]:
                modes.append(
                    self.row({"plant": name, "mode": mode}, variable_cost=self.between(0, 20_000), capacity_use=self.between(0.5, 2))
                )
                recipes.append({"plant": name, "mode": mode, "material": "Dy", "quantity": self.between(0.1, 1)})
                if self.some(0.5):
                    recipes.append({"plant": name, "mode": mode, "material": "Nd", "quantity": self.between(0.1, 1)})
                if self.some(0.5):
                    recipes.append({"plant": name, "mode": mode, "material": "ore", "quantity": -self.between(0.1, 2)})
        return {"plants": plants, "modes": modes, "recipes": recipes}

    def cutoffs(self) -> dict[str, list[Row]]:
        sheets: dict[str, list[Row]] = {sheet: [] for sheet in ("cutoffs", "hazards", "durations", "losses", "surges")}
        for name in ("embargo", "flood")[: self.any_of((0, 1, 1, 2))]:
            sheets["cutoffs"].append(
                self.row(
                    {"cutoff": name, "annual_probability": self.between(0, 0.3)},
                    first_year=2027,
                    last_year=self.any_of((2027, 2028)),
                    price_multiple=self.between(1, 3),
                    protected=self.some(0.5),
                    recovery=self.any_of((2, 6, 15)),
                )
            )
            sheets["hazards"] += [{"cutoff": name, "year": 2027, "annual_probability": self.between(0, 0.3)}] * self.some(0.3)
            lengths = self.chance.sample((2, 3, 6, 10, 18), self.any_of((1, 2, 2)))
            sheets["durations"] += [{"cutoff": name, "months": months, "probability": 1 / len(lengths)} for months in lengths]
            taken = self.chance.sample(("*", "Dy", "ore", *(("mill", "separation") if self.some(0.3) else ())), 2)
            sheets["losses"] += [
                self.row(
                    {"cutoff": name, "country": self.any_of(ABROAD), "material": what, "supply_lost": self.between(0, 1)},
                    to_month=self.any_of((3, 9)),
                )
                for what in taken
            ]
            sheets["surges"] += [{"cutoff": name, "sector": self.any_of(SECTORS), "demand_multiple": self.between(0.8, 2)}] * self.some(0.4)
        return sheets

    def policy(self) -> dict[str, list[Row]]:
        def rows(likely: float, *found: Row) -> list[Row]:
            return [row for row in found if self.some(likely)]

        return {
            "budget": rows(0.2, *({"year": year, "amount": self.between(0, 5)} for year in YEARS[:2])),
            "share_caps": rows(0.3, self.row({"material": "Dy", "country": "China", "cap": self.between(0.2, 1)}, from_year=2027)),
            "floors": rows(0.2, *({"material": "Dy", "origin": o, "share": self.between(0, 0.3)} for o in ("home", "recycled"))),
            "capacity_floors": rows(0.1, {"kind": "separation", "year": 2027, "capacity": self.between(0, 5)}),
            "pins": rows(
                0.2,
                self.row({"item": "stock", "name": "Dy", "year": 2027, "at_most": self.between(3, 20)}, at_least=self.between(0, 3)),
                {"item": "purchase", "name": "Nd", "year": 2026, "at_most": self.between(0, 5)},
                {"item": "order", "name": "mill", "year": 2026, "at_least": self.between(0, 2)},
            ),
        }


def random_case(number: int) -> tuple[Case, int]:
    """The case of a number, and how many draws `check` refused before it."""
    for refused in range(1000):
        reading = parse(grids(Draw(1000 * number + refused).sheets()), f"random case {number}")
        if reading.case is not None:
            return reading.case, refused
    raise AssertionError(f"every draw of case {number} is refused: {reading.errors[0]}")


def disagreement(case: Case) -> tuple[str, str]:
    """The status of a case, and what its plain and its extracted program say differently, or its certificate against it ("" = nothing)."""
    plan, point = make_plan(case), Resolver().solve(case)
    if plan.status != point.status:
        return plan.status, f"plain {plan.status} ({plan.message}), extracted {point.status} ({point.message})"
    if plan.objective is None or point.objective is None:
        return plan.status, "" if plan.objective is point.objective else f"objectives {plan.objective} and {point.objective}"
    if abs(plan.objective - point.objective) > AGREES * max(1.0, abs(plan.objective)):
        return plan.status, f"objectives {plan.objective!r} and {point.objective!r}"
    return plan.status, "; ".join(certify(plan).faults())


def unverified(count: int, seed: int, path: Path) -> tuple[int, list[str]]:
    """How many of the cases have a plan, and what `stockpile verify` has against each of them as it is written to `path`."""
    plans, broken = 0, []
    for i in range(count):
        plan = make_plan(random_case(seed * 1_000_003 + i)[0])
        if plan.status is Status.OPTIMAL:
            plans += 1
            broken += [f"case {i} of seed {seed}: {fault}" for fault in verify_file(write_plan(plan, path)).faults]
    return plans, broken


def agree(count: int, seed: int) -> tuple[collections.Counter[str], int, list[str]]:
    """Cases by status, refused draws, and a text for each case that broke something."""
    statuses: collections.Counter[str] = collections.Counter()
    refused, broken = 0, []
    for i in range(count):
        try:
            case, draws = random_case(seed * 1_000_003 + i)
            status, text = disagreement(case)
        except Exception:
            draws, status, text = 0, "crash", traceback.format_exc()
        refused += draws
        statuses[status] += 1
        if text:
            broken.append(f"case {i} of seed {seed}: {text}")
    return statuses, refused, broken


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.perf_counter()
    counts, draws_refused, texts = agree(options.count, options.seed)
    for status_name, number_of in sorted(counts.items()):
        print(f"{number_of:6d}  {status_name}")
    print(f"{draws_refused:6d}  draws that check refused")
    print("\n\n".join(texts) or f"{options.count} cases in {time.perf_counter() - began:.0f} s, all agree")
    sys.exit(bool(texts))
