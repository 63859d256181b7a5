"""Cases small enough to work out on paper, and what their plans say.

What a test leaves out is this: in Japan, civil users need 12 t of Dy a year; it costs 100 USD/kg
(a tonne 100 thousand USD) and comes from China without limit; a tonne short costs ten times as much.
The plan begins in January 2026 and runs for two years, without discounting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pytest

from inputs.case import Case
from inputs.schema import BY_NAME, SETTINGS
from inputs.workbook import Reading, parse
from model.plan import Plan, make_plan
from model.solver.program import Status
from tests.kit.cases import grids

Row = Mapping[str, Any]

near = partial(pytest.approx, rel=1e-7, abs=1e-6)
"""Equal but for the solver's tolerance."""

USUAL_SETTINGS: Row = {"start_year": 2026, "horizon": 2, "discount_rate": 0, "ready_by": 0, "home": "Japan", "aftermath": False}
USUAL_SHEETS: Mapping[str, Row] = {
    "materials": {"material": "Dy", "price": 100},
    "sectors": {"sector": "civil", "shortage_multiple": 10},
    "demand": {"material": "Dy", "sector": "civil", "demand": 12},
    "supply": {"offer": "import", "country": "China", "material": "Dy"},
}


def read(settings: Row | None = None, /, **sheets: Row | Sequence[Row]) -> Reading:
    """What the workbook of these sheets gives; a sheet is a list of rows, or its only row."""
    tables: dict[str, Any] = {SETTINGS: {**USUAL_SETTINGS, **(settings or {})}}
    for sheet, rows in {**USUAL_SHEETS, **sheets}.items():
        tables[sheet] = [rows] if isinstance(rows, Mapping) else list(rows)
        known = {column.name for column in BY_NAME[sheet]}
        for row in tables[sheet]:
            assert known >= set(row), f"{sheet} has no column {sorted(set(row) - known)}"
    return parse(grids(tables), "small")


def case(settings: Row | None = None, /, **sheets: Row | Sequence[Row]) -> Case:
    """The case of these sheets; what the workbook has to say against it fails the test."""
    reading = read(settings, **sheets)
    assert reading.case is not None, "\n".join(map(str, reading.errors))
    return reading.case


def plan_of(settings: Row | None = None, /, **sheets: Row | Sequence[Row]) -> Plan:
    """The best plan of these sheets; that there is none fails the test."""
    plan = make_plan(case(settings, **sheets))
    assert plan.status is Status.OPTIMAL, f"{plan.status} {plan.message}"
    return plan


def status_of(settings: Row | None = None, /, **sheets: Row | Sequence[Row]) -> Status:
    """What becomes of planning these sheets; floors that `check` says nothing can meet are infeasible, for it is the plan's own rule."""
    reading = read(settings, **sheets)
    if reading.case is None and {finding.sheet for finding in reading.errors} <= {"floors", "capacity_floors"}:
        return Status.INFEASIBLE
    return make_plan(case(settings, **sheets)).status


def embargo(months: float | Mapping[float, float] = 6, chance: float = 0.1, lost: float = 1, **columns: Any) -> dict[str, list[Row]]:
    """The three sheets of a cutoff named embargo that takes a share of everything from China; `months` may give probabilities by length."""
    lengths = months if isinstance(months, Mapping) else {months: 1}
    return {
        "cutoffs": [{"cutoff": "embargo", "annual_probability": chance, **columns}],
        "durations": [{"cutoff": "embargo", "months": length, "probability": share} for length, share in lengths.items()],
        "losses": [{"cutoff": "embargo", "country": "China", "material": "*", "supply_lost": lost}],
    }


def plant(*, variable_cost: float = 0, **columns: Any) -> dict[str, list[Row]]:
    """The three sheets of a plant named works (a refinery in Japan unless stated) that makes Dy of nothing; `variable_cost` in USD/t."""
    return {
        "plants": [{"plant": "works", "kind": "refinery", "country": "Japan", **columns}],
        "modes": [{"plant": "works", "mode": "run", "variable_cost": variable_cost}],
        "recipes": [{"plant": "works", "mode": "run", "material": "Dy", "quantity": 1}],
    }


def by_node(plan: Plan, variable: str, **where: Any) -> dict[int, float]:
    """The values of a variable by node; `where` names its other indices."""
    frame = plan.frame(variable)
    for column, wanted in where.items():
        frame = frame[frame[column] == wanted]
    assert frame["node"].is_unique, f"{variable} of {where} is several series"
    return dict(zip(frame["node"].tolist(), frame["value"].tolist(), strict=True))


def series(plan: Plan, variable: str, **where: Any) -> list[float]:
    """The values of a variable in the order of the nodes (trunk first, then branch after branch)."""
    return list(by_node(plan, variable, **where).values())


def at(plan: Plan, variable: str, **where: Any) -> float:
    """One value of a variable; `where` gives every index that tells it from the others."""
    frame = plan.frame(variable)
    for column, wanted in where.items():
        frame = frame[frame[column] == wanted]
    assert len(frame) == 1, f"{variable} has {len(frame)} values where {where}"
    return float(frame["value"].iloc[0])


def cost(plan: Plan, term: str) -> float:
    """The expected discounted sum of a cost term, in thousand USD."""
    return float(plan.expected.T[term].sum())


def every_sheet() -> Case:
    """A case that uses every sheet, and whose program has every family's variables, equations and cost terms."""
    return case(
        {
            "horizon": 3,
            "discount_rate": 0.05,
            "ready_by": 12,
            "storage_limit": 500,
            "risk_weight": 0.3,
            "tail": 0.2,
            "aftermath": True,
            "aftermath_period": 12,
        },
        materials=[
            {
                **{"material": "Dy", "price": 100, "price_growth": 0.01, "holding_rate": 0.02, "loss_rate": 0.01, "rotation_rate": 0.1},
                **{
                    "rotation_cost": 1,
                    "opening_stock": 2,
                    "stock_limit": 400,
                    "purchase_limit": 20,
                    "release_limit": 5,
                    "resale_share": 0.5,
                },
                **{"surplus_cost": 1, "surplus_limit": 50, "min_cover": 30},
            },
            {"material": "Tb", "price": 300, "surplus_share": 0.01, "surplus_limit": 3},
            {"material": "ore", "price": 1},
        ],
        sectors=[
            {"sector": "civil", "shortage_multiple": 10},
            {"sector": "defense", "shortage_multiple": 50, "coverage": 0.7, "cover_months": 6},
            {"sector": "lasers"},
        ],
        demand=[
            {"material": "Dy", "sector": "civil", "demand": 12, "growth": 0.02},
            {"material": "Dy", "sector": "defense", "demand": 4, "coverage": 0.8, "shortage_cost": 5000},
            {"material": "Tb", "sector": "defense", "demand": 1},
            {"material": "Dy", "sector": "lasers", "demand": 1},
            {"material": "Tb", "sector": "lasers", "demand": 0.5},
        ],
        supply=[
            {"offer": "Dy China", "country": "China", "material": "Dy", "tariff": 0.1},
            {
                "offer": "Dy Chile",
                "country": "Chile",
                "material": "Dy",
                "capacity": 6,
                "price": 130,
                "depends_on": "China",
                "dependence": 0.3,
            },
            {"offer": "Dy scrap", "country": "Japan", "material": "Dy", "capacity": 4, "price": 150, "available": "cutoff", "ramp": 6},
            {"offer": "Dy purchase", "country": "China", "material": "Dy", "buyer": "stockpile", "price_share": 1.1, "last_year": 2027},
            {"offer": "Tb Chile", "country": "Chile", "material": "Tb", "capacity": 90},
            {"offer": "Tb purchase", "country": "Chile", "material": "Tb", "buyer": "stockpile", "capacity": 2},
            {"offer": "ore", "country": "Chile", "material": "ore", "capacity": 900},
        ],
        plants=[
            {
                **{"plant": "mill", "kind": "separation", "country": "Japan", "opening_capacity": 10, "capacity_limit": 30, "capex": 9000},
                **{
                    "fixed_cost": 100,
                    "lead_time": 12,
                    "fast_lead_time": 6,
                    "fast_premium": 0.3,
                    "ramp": 12,
                    "life": 10,
                    "first_year": 2026,
                },
                **{"depends_on": "Chile", "dependence": 0.5, "utilisation": 0.9, "public_share": 0.4, "residual_share": 0.6},
            },
            {"plant": "scrapper", "kind": "recycling", "country": "Japan", "opening_capacity": 3},
        ],
        modes=[
            {"plant": "mill", "mode": "ore", "variable_cost": 2000},
            {"plant": "mill", "mode": "waste", "variable_cost": 9000, "capacity_use": 2},
            {"plant": "scrapper", "mode": "run", "variable_cost": 80_000},
        ],
        recipes=[
            {"plant": "mill", "mode": "ore", "material": "ore", "quantity": -1},
            {"plant": "mill", "mode": "ore", "material": "Dy", "quantity": 0.3},
            {"plant": "mill", "mode": "ore", "material": "Tb", "quantity": 0.05},
            {"plant": "mill", "mode": "waste", "material": "Dy", "quantity": 0.2},
            {"plant": "scrapper", "mode": "run", "material": "Dy", "quantity": 1},
        ],
        cutoffs=[
            {"cutoff": "embargo", "annual_probability": 0.1, "price_multiple": 2, "recovery": 9},
            {"cutoff": "flood", "annual_probability": 0.05, "first_year": 2027, "last_year": 2027, "protected": "no"},
        ],
        hazards={"cutoff": "embargo", "year": 2028, "annual_probability": 0.15},
        durations=[
            {"cutoff": "embargo", "months": 4, "probability": 0.5},
            {"cutoff": "embargo", "months": 12, "probability": 0.5},
            {"cutoff": "flood", "months": 3, "probability": 1},
        ],
        losses=[
            {"cutoff": "embargo", "country": "China", "material": "*", "supply_lost": 1},
            {"cutoff": "embargo", "country": "Chile", "material": "Tb", "from_month": 3, "to_month": 6, "supply_lost": 0.5},
            {"cutoff": "embargo", "country": "Chile", "material": "separation", "supply_lost": 0.4},
            {"cutoff": "flood", "country": "Japan", "material": "scrapper", "supply_lost": 0.6},
            {"cutoff": "flood", "country": "Chile", "material": "*", "supply_lost": 0.8},
        ],
        output_loss=[{"sector": "lasers", "up_to": 0.4, "value": 3}, {"sector": "lasers", "up_to": 1, "value": 8}],
        surges={"cutoff": "embargo", "sector": "defense", "demand_multiple": 1.5},
        thrift=[
            {"option": "spare", "material": "Dy", "sector": "*", "limit": 0.2, "ramp": 6, "cost": 50},
            {"option": "swap", "material": "Dy", "sector": "civil", "limit": 0.3, "cost": 20, "substitute": "Tb", "substitute_rate": 0.8},
        ],
        budget=[{"year": 2026, "amount": 1}, {"year": 2027, "amount": 2}],
        share_caps={"material": "Dy", "country": "China", "cap": 0.65, "from_year": 2027},
        floors=[
            {"material": "Dy", "origin": "home", "share": 0.2},
            {"material": "Dy", "origin": "recycled", "share": 0.1, "from_year": 2028},
        ],
        capacity_floors={"kind": "separation", "year": 2028, "capacity": 15},
        pins=[
            {"item": "stock", "name": "Dy", "year": 2028, "at_least": 2, "at_most": 300},
            {"item": "purchase", "name": "Dy", "year": 2027, "at_most": 18},
            {"item": "order", "name": "mill", "year": 2026, "at_least": 1},
        ],
    )
