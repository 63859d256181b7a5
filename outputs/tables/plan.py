"""Every table of a plan, in the order in which the workbook shows them."""

from __future__ import annotations

from outputs.tables.budget import budget
from outputs.tables.costs import costs
from outputs.tables.coverage import cutoffs
from outputs.tables.entry import entry_prices
from outputs.tables.investments import investments, orders_in_cutoffs
from outputs.tables.pins import pins
from outputs.tables.prices import what_buys_most, what_limits_cost
from outputs.tables.programme import averted, programme, why_ordered
from outputs.tables.purchases import purchases
from outputs.tables.report import Report
from outputs.tables.stock import stock, stock_flows, stock_value
from outputs.tables.stockpile import stockpile
from outputs.tables.supply_mix import supply_after_cutoffs, supply_in_cutoffs, supply_in_peace
from outputs.tables.survival import survival, survival_by_onset
from outputs.tables.table import Table
from outputs.tables.units import in_own_units, own_units
from outputs.tables.why import why_this_much

TABLES = (
    purchases,
    investments,
    orders_in_cutoffs,
    stock,
    stock_value,
    stock_flows,
    cutoffs,
    supply_in_peace,
    supply_in_cutoffs,
    supply_after_cutoffs,
    costs,
    budget,
    pins,
)


STUDIED = (why_this_much, programme, averted, why_ordered, entry_prices, what_limits_cost, what_buys_most, survival, survival_by_onset)
"""The tables of what was studied of a plan; there are none where nothing was."""


def report_tables(report: Report) -> dict[str, Table]:
    """The tables of an optimal plan by the name of their sheet, those that other pages share."""
    units = own_units(report.plan.case)
    made = [in_own_units(table(report), units) for table in (stockpile, *(STUDIED if report.studies else ()), *TABLES)]
    return {table.sheet: table for table in made}
