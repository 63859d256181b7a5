"""Plans side by side: the inputs in which their cases differ, what each costs, holds, buys and orders, and what each would cost in the other's case.

Everything is worked out from the quantities by the certificate's own program, so that a plan read from its workbook and one that was
just solved are compared alike. A row is one thing, whatever the order of the sheets.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from inputs.arrays import Floats
from inputs.case import Case
from inputs.schema import BY_NAME, SETTINGS, SHEETS, UNREAD
from model.certificate.check import Report
from model.certificate.claims import orders, purchases, targets
from model.certify import labels, parts
from model.costs import COST_LABELS
from model.plan import Solved, columns_of, solve_case
from model.solver.program import Status

NOTHING = 1e-9
"""Relative to the larger: a number is the same."""

TOTAL = "Cost"
"""The first row of the results: expected discounted cost, with the weight on the tail."""


@dataclass(frozen=True)
class Compared:
    """One plan: what it is called, its case, and its quantities as the certificate's program has them."""

    name: str
    case: Case
    report: Report

    @cached_property
    def results(self) -> dict[tuple[str, str], tuple[float, float, str]]:
        """What the plan says by kind and name: the amount, what it is worth in M USD, and the unit."""
        report, case = self.report, self.case
        found = {(TOTAL, ""): (report.primal / 1000, report.primal / 1000, "M USD")}
        for name, cost in report.lines.items():
            found["Cost of", label(name)] = (cost / 1000, cost / 1000, "M USD")
        if report.risk:
            found["Cost of", "risk"] = (report.risk / 1000, report.risk / 1000, "M USD")
        price = dict(zip(case["materials"]["material"], case["materials"]["price"].tolist(), strict=True))
        for material, stock in targets(case, report.program, report.x).items():
            found["Target stock", material] = (stock, stock * price[material] / 1000, "t")
        for bought in purchases(case, report.program, report.x):
            add(found, ("Bought", bought.material), bought.tonnes, bought.cost / 1000, "t")
        for order in orders(case, report.program, report.x):
            add(
                found,
                ("Ordered in peace" if order.in_peace else "Ordered in cutoffs", order.plant),
                order.capacity,
                order.capex / 1000,
                "t/yr",
            )
        return found


def label(line: str) -> str:
    """What people call a line of the costs; the fixed cost of what is on line stands under its variable on the formulation page."""
    return COST_LABELS.get(line) or COST_LABELS["cost_fixed" if line == "online" else f"cost_{line}"]


def add(found: dict[tuple[str, str], tuple[float, float, str]], key: tuple[str, str], amount: float, worth: float, unit: str) -> None:
    """Add an amount and its worth to what is found of a thing."""
    before = found.get(key, (0.0, 0.0, unit))
    found[key] = (before[0] + amount, before[1] + worth, unit)


@dataclass(frozen=True)
class Difference:
    """One thing in all plans: amounts in order (nan: the case has no such thing), and the largest difference of its worth, M USD."""

    kind: str
    name: str
    unit: str
    amounts: tuple[float, ...]
    worth: float


def results(plans: Sequence[Compared]) -> list[Difference]:
    """Cost first, then everything that differs, by worth."""
    keys = dict.fromkeys(key for plan in plans for key in plan.results)
    found = []
    for key in keys:
        rows = [plan.results.get(key) for plan in plans]
        unit = next(row[2] for row in rows if row)
        amounts = tuple(row[0] if row else 0.0 for row in rows)
        worth = [row[1] if row else 0.0 for row in rows]
        if key[0] == TOTAL or max(amounts) - min(amounts) > NOTHING * (1 + max(map(abs, amounts))):
            found.append(Difference(*key, unit, amounts, max(worth) - min(worth)))
    return sorted(found, key=lambda d: (d.kind != TOTAL, -d.worth, d.kind, d.name))


@dataclass(frozen=True)
class InputDifference:
    """One cell that differs: its sheet, row and column, its unit, and what each case has (None: no such row)."""

    sheet: str
    row: str
    column: str
    unit: str
    values: tuple[object, ...]


def inputs(plans: Sequence[Compared]) -> list[InputDifference]:
    """Every cell that the model reads and that is not the same in all cases, by sheet and key, in the schema's units."""
    found = []
    for sheet in SHEETS:
        if sheet.name in UNREAD:
            continue
        for key, column, values in cells_of(plans, sheet.name):
            if any(not same(values[0], value) for value in values[1:]):
                found.append(InputDifference(sheet.name, key, column, BY_NAME[sheet.name].column(column).unit, values))
    return found


def cells_of(plans: Sequence[Compared], name: str) -> list[tuple[str, str, tuple[object, ...]]]:
    """The cells of a sheet in all cases by row and column."""
    sheet = BY_NAME[name]
    if name == SETTINGS:
        return [("", c.name, tuple(plan.case.settings[c.name] for plan in plans)) for c in sheet]
    keyed = [{tuple(row[k] for k in sheet.key): row for row in plan.case[name].to_dict("records")} for plan in plans]
    columns = [c.name for c in sheet if not c.key]
    return [
        (
            ", ".join(f"{part:g}" if isinstance(part, float) else str(part) for part in key),
            column,
            tuple(rows[key][column] if key in rows else None for rows in keyed),
        )
        for key in dict.fromkeys(key for rows in keyed for key in rows)
        for column in columns
    ]


def same(one: object, other: object) -> bool:
    """Whether two cells hold the same."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=NOTHING) or (math.isnan(one) and math.isnan(other))
    return one is other or (one is not None and other is not None and one == other)


@dataclass(frozen=True)
class Regret:
    """What a plan costs in a case beyond the best plan of that case, M USD; None where it has no plan with these decisions, `text` why."""

    plan: str
    case: str
    extra: float | None
    text: str = ""


DECISIONS = {"supply": "a purchase from {}", "offtake": "taking home output of {} into store", "order": "an order of {}"}
"""What is decided in peace, by variable."""

CALENDAR = ("start_year", "horizon", "period")
"""The settings that make the periods of peace, in which decisions are taken."""


def regrets(plans: Sequence[Compared]) -> list[Regret]:
    """Each plan's decisions in peace (purchases, offtake, orders) fixed in each other's case."""
    found = []
    for of in plans:
        solved = solve_case(of.case)
        for plan in plans:
            if plan is not of:
                found.append(regret(plan, of, solved))
    return found


def regret(plan: Compared, of: Compared, solved: Solved) -> Regret:
    """A plan's decisions in the case of another; `solved` is that case as it was solved."""
    if solved.session is None or solved.plan.status is not Status.OPTIMAL or solved.plan.objective is None:
        return Regret(plan.name, of.name, None, f"this case has no plan: {solved.plan.status}")
    other = [
        f"{name} ({plan.case.number(name):g} there, {of.case.number(name):g} here)"
        for name in CALENDAR
        if plan.case.number(name) != of.case.number(name)
    ]
    if other:
        return Regret(
            plan.name, of.name, None, f"the decisions are of other periods than those of this case: give both the same {', '.join(other)}"
        )
    fixed, lost = decisions(plan, solved)
    if lost:
        return Regret(plan.name, of.name, None, f"{lost} is decided, which cannot be in this case")
    session, program = solved.session, solved.session.program
    low, high = program.low.copy(), program.high.copy()
    places = np.flatnonzero(~np.isnan(fixed))
    low[places] = high[places] = fixed[places]
    session.change(replace(program, low=low, high=high))
    answer = session.solve()
    session.change(program)
    if answer.status is not Status.OPTIMAL or answer.objective is None:
        return Regret(
            plan.name, of.name, None, "with these decisions no plan exists: what is promised cannot be kept, or a limit stands against them"
        )
    return Regret(plan.name, of.name, (answer.objective - solved.plan.objective) / 1000)


def decisions(plan: Compared, solved: Solved) -> tuple[Floats, str]:
    """(columns,): what the trunk's decisions are fixed at, nan elsewhere; and in words the first that is more than nothing and has no column, "" where all have one."""
    assert solved.model is not None
    assert solved.session is not None
    data, program, places = solved.plan.data, solved.session.program, list(labels(solved.plan.tree))
    wanted = plan.report.quantities.by_name()
    bought = set(plan.case["supply"].loc[plan.case["supply"]["buyer"] == "stockpile", "offer"])
    here = set(data.case["supply"].loc[data.case["supply"]["buyer"] == "stockpile", "offer"])
    fixed, used = np.full(len(program.cost), np.nan), set()
    for variable, members in (("supply", data.sets["SUPPLY"]), ("offtake", data.sets["OFFTAKES"]), ("order", data.sets["ORDERS"])):
        if solved.model.component(variable) is None:
            continue
        for member, column in zip(members, columns_of(solved.model, program, variable).tolist(), strict=True):
            key, node = parts(member)
            if node >= solved.plan.tree.trunk or column < 0 or (variable == "supply" and key[0] not in here):
                continue
            name = (variable, key, places[node])
            fixed[column] = wanted.get(name, 0.0)
            used.add(name)
    decided = [q for q in wanted if q[0] in DECISIONS and q[2].startswith("peace") and (q[0] != "supply" or q[1][0] in bought)]
    lost = next((q for q in decided if q not in used and wanted[q] > 1e-6), None)
    if lost is None:
        return fixed, ""
    begin, _, end = lost[2].removeprefix("peace ").partition("-")
    return fixed, f"{DECISIONS[lost[0]].format(*lost[1])} in months {float(begin) + 1:g} to {end}"
