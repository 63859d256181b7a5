"""What the sheets of a plan claim, against what its quantities give: cost, its lines, targets, purchases and orders."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inputs.case import Case
from inputs.units import factor
from model.certificate.amounts import Amounts
from model.certificate.check import Report
from model.certificate.claims import orders, purchases, targets, wrong_reduced_costs
from outputs.excel.layout import FIRST, NAMES, UNITS
from outputs.tables.dates import period_name
from outputs.tables.units import own_units

CLOSE = 1e-9
"""Relative to the larger of two amounts and 1e-3: they are the same."""

HOME_OUTPUT, TOTAL = "home output", "Total"


def false_claims(case: Case, report: Report, prices: Amounts, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Iterator[str]:
    """Each claim that the quantities do not bear out: where it is, what it says, and what it should be. `prices` are those of the sheet."""
    book = Book(sheets, own_units(case))
    yield from wrong_objective(report, book)
    yield from wrong_costs(report, book)
    yield from wrong_targets(case, report, book)
    yield from wrong_purchases(case, report, book)
    yield from wrong_orders(case, report, book)
    yield from (
        f"{name}: this reduced cost is not what the prices of the equations give"
        for name in wrong_reduced_costs(report.program, report.prices, prices)
    )


@dataclass(frozen=True)
class Book:
    """The cells of a plan workbook (rows from the first, by sheet), and the planner's own units by those of the tables."""

    sheets: Mapping[str, Sequence[Sequence[Any]]]
    units: Mapping[str, str]

    def records(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows of a table by the titles of its columns, with their number in the file; in t, t/yr and USD/kg."""
        rows = self.sheets.get(name, ())
        if len(rows) <= FIRST:
            return
        titles, units = rows[NAMES], rows[UNITS]
        for number, row in enumerate(rows[FIRST:], FIRST + 1):
            if row and row[0] is not None:
                yield number, {str(t): self.usual(v, str(u or "")) for t, u, v in zip(titles, units, row, strict=False) if t is not None}

    def usual(self, value: Any, unit: str) -> Any:
        """A number in the unit of the formulation; others as they are."""
        known = next((known for known, own in self.units.items() if own == unit != known), "")
        return value * factor(unit, known) if known and isinstance(value, int | float) else value


def differ(said: object, found: float, scale: float = 1e-3) -> bool:
    """Whether a cell says another number."""
    if not isinstance(said, int | float):
        return abs(found) > scale * CLOSE
    return abs(said - found) > CLOSE * max(scale, abs(said), abs(found))


def largest(report: Report) -> float:
    """The largest line of the costs, thousand USD: what is added up of them is known to CLOSE of it."""
    return max([1e-3, *map(abs, report.lines.values()), abs(report.risk)])


def wrong(sheet: str, row: int, what: str, said: object, found: float) -> str:
    """A claim that does not hold, in words."""
    return f"{sheet}, row {row}: {what} is {said}, and the quantities give {found:.12g}"


def wrong_objective(report: Report, book: Book) -> Iterator[str]:
    """The objective on the sheet Run, in thousand USD, and the total of the Summary's costs, in M USD."""
    size = largest(report)
    for row, record in book.records("Run"):
        if record.get("Item") == "objective" and differ(record.get("Value"), report.primal, size):
            yield wrong("Run", row, "the objective", record.get("Value"), report.primal)
    for number, cells in enumerate(book.sheets.get("Summary", ()), 1):
        said = [cell for cell in cells if cell is not None][:2]
        if said[:1] == [TOTAL] and differ(said[-1], report.primal / 1000, size / 1000):
            yield wrong("Summary", number, "the total cost", said[-1], report.primal / 1000)


def wrong_costs(report: Report, book: Book) -> Iterator[str]:
    """Each line of the costs must be one of those that are computed anew, and each of these must be there; M USD."""
    left = [amount / 1000 for amount in (*report.lines.values(), report.risk)]
    size = largest(report) / 1000
    for row, record in book.records("Costs"):
        said = record.get(TOTAL)
        if record.get("Cost") == TOTAL:
            if differ(said, report.primal / 1000, size):
                yield wrong("Costs", row, "the total", said, report.primal / 1000)
            continue
        match = [amount for amount in left if not differ(said, amount, size)]
        if match:
            left.remove(match[0])
        elif differ(said, 0.0, size):
            yield f"Costs, row {row}: {record.get('Cost')} is {said}, which is no line of the costs of these quantities"
    for amount in left:
        if differ(None, amount, size):
            yield f"Costs: no line is {amount:.12g}, which the quantities give"


def wrong_targets(case: Case, report: Report, book: Book) -> Iterator[str]:
    """The target stock of each material."""
    found = targets(case, report.program, report.x)
    for row, record in book.records("Stockpile"):
        material = record.get("Material")
        if material in found and differ(record.get("Target stock"), found[material], 1.0):
            yield wrong("Stockpile", row, f"the target of {material}", record.get("Target stock"), found[material])


def wrong_purchases(case: Case, report: Report, book: Book) -> Iterator[str]:
    """What is bought of whom in a year (or longer period), at what price, and for how much."""
    nodes = report.program.nodes
    spans = zip(nodes.year[nodes.trunk], nodes.start[nodes.trunk], nodes.end[nodes.trunk], strict=True)
    names = {year: period_name(int(nodes.start_year), start, end) for year, start, end in spans}
    found = {(p.material, p.offer or HOME_OUTPUT, names[p.year]): p for p in purchases(case, report.program, report.x)}
    for row, record in book.records("Purchases"):
        if record.get("Material") == TOTAL:
            total = sum(p.cost for p in found.values()) / 1000
            if differ(record.get("Cost"), total):
                yield wrong("Purchases", row, "the total cost", record.get("Cost"), total)
            continue
        bought = found.get((record.get("Material"), record.get("Offer"), record.get("Year")))  # type: ignore[arg-type]
        tonnes, cost = (bought.tonnes, bought.cost / 1000) if bought else (0.0, 0.0)
        price = 1000 * cost / tonnes if tonnes else math.nan
        for title, amount in (("Bought", tonnes), ("Cost", cost), ("Price", price)):
            if amount == amount and differ(record.get(title), amount):
                yield wrong("Purchases", row, title.lower(), record.get(title), amount)
    listed = {(r.get("Material"), r.get("Offer"), r.get("Year")) for _, r in book.records("Purchases")}
    for key, bought in found.items():
        if key not in listed:
            yield f"Purchases: {bought.tonnes:.6g} t of {', '.join(map(str, key))} are not listed"


def wrong_orders(case: Case, report: Report, book: Book) -> Iterator[str]:
    """The capacity and capex of each order, in peace and in cutoffs."""
    for sheet, in_peace in (("Investments", True), ("Orders in cutoffs", False)):
        left = [order for order in orders(case, report.program, report.x) if order.in_peace == in_peace]
        for row, record in book.records(sheet):
            capacity, capex = record.get("Capacity ordered"), record.get("Capex")
            if not isinstance(capacity, int | float):
                continue
            same = [
                order for order in left
                if (order.plant, order.speed) == (record.get("Plant"), record.get("Track")) and not differ(capacity, order.capacity) and not differ(capex, order.capex / 1000)
            ]  # fmt: skip
            if same:
                left.remove(same[0])
            else:
                yield f"{sheet}, row {row}: {capacity} t/yr of {record.get('Plant')} for {capex} M USD is no order among the quantities"
        for order in left:
            yield f"{sheet}: the order of {order.capacity:.6g} t/yr of {order.plant} is not listed"
