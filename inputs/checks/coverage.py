"""Rules on coverage: whether it asks for something, and whether it can be ready."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from inputs.case import Case
from inputs.checks.registry import needs, rows, warning
from inputs.checks.spells import losses_of, lost_at, spells
from inputs.errors import Finding
from inputs.schema import EVERY


@needs(
    *("settings.crisis_period", "sectors.sector", "sectors.coverage", "sectors.cover_months"),
    *("demand.material", "demand.sector", "demand.coverage", "demand.cover_months"),
)
def coverage_has_months(case: Case) -> Iterator[Finding]:
    """A coverage shorter than a crisis period has no effect, be it that of a sector or of one of its demands."""
    crisis, demand, sectors = case.number("crisis_period"), case["demand"], case["sectors"]
    without, short = "the coverage of {} has no effect: cover_months is {:g}, shorter than a crisis period of {:g}.", set()
    for row, values in rows(sectors[(sectors["coverage"] > 0) & (sectors["cover_months"] < crisis)]):
        own = demand["cover_months"][demand["sector"] == values["sector"]]
        if own.isna().any() or not len(own):
            short.add(values["sector"])
            yield warning("sectors", without.format(f"'{values['sector']}'", values["cover_months"], crisis), row, "cover_months")
    of_sector = sectors.drop_duplicates("sector").set_index("sector")
    for row, values in rows(demand[demand[["coverage", "cover_months"]].notna().any(axis=1)]):
        coverage, months = (
            of_sector[name].get(values["sector"], math.nan) if math.isnan(values[name]) else values[name]
            for name in ("coverage", "cover_months")
        )
        said = math.isnan(values["cover_months"]) and values["sector"] in short
        if coverage > 0 and months < crisis and not said:
            text = without.format(f"'{values['material']}' for '{values['sector']}'", months, crisis)
            yield warning("demand", text, row, "coverage" if math.isnan(values["cover_months"]) else "cover_months")


@needs(
    "settings.ready_by", "settings.horizon", "settings.period", "settings.crisis_period", "demand.material", "demand.sector", "demand.demand", "demand.growth", "demand.coverage",
    "demand.cover_months", "sectors.sector", "sectors.coverage", "sectors.cover_months", "materials.material", "materials.opening_stock",
    "materials.purchase_limit", "materials.stock_limit", "supply.material", "supply.country", "supply.buyer", "supply.capacity", "supply.available",
    "supply.depends_on", "supply.dependence", "recipes.material", "recipes.quantity", "thrift.material", "cutoffs.cutoff", "cutoffs.protected", "durations.cutoff", "durations.months", "losses.cutoff",
    "losses.country", "losses.material", "losses.from_month", "losses.to_month", "losses.supply_lost",
    "surges.cutoff", "surges.sector", "surges.demand_multiple",
)  # fmt: skip
def coverage_can_be_ready(case: Case) -> Iterator[Finding]:
    """Even if all that can be bought is bought: what stock can there be by ready_by, and what must it cover in each protected cutoff?"""
    first = math.ceil(case.number("ready_by") / case.number("period") - 1e-9) * case.number("period")
    makes = {*case["recipes"]["material"][case["recipes"]["quantity"] > 0], *case["thrift"]["material"]}
    for row, material in rows(case["materials"]):
        name = material["material"]
        if name in makes:
            continue
        bought = case["supply"][(case["supply"]["material"] == name) & (case["supply"]["buyer"] == "stockpile")]
        yearly = min(material["purchase_limit"], bought["capacity"].sum())
        stock = min(material["stock_limit"], material["opening_stock"] + yearly * max(first, case.number("period")) / 12)
        for cutoff in case["cutoffs"]["cutoff"][case["cutoffs"]["protected"]]:
            needed = needed_from_stock(case, name, cutoff)
            if needed > stock * (1 + 1e-9):
                advice = (
                    "Raise ready_by or the purchase limits, or promise less."
                    if len(bought)
                    else "No offer in supply has the stockpile as its buyer; add one, or promise less."
                )
                message = (
                    f"coverage cannot be ready: a cutoff '{cutoff}' takes {needed:,.4g} t of '{name}' from stock to keep what is promised, "
                    f"but at most {stock:,.4g} t can be there after {first:g} months. {advice}"
                )
                yield warning("materials", message, row, "purchase_limit")
                break


def needed_from_stock(case: Case, material: str, cutoff: str) -> float:
    """Tonnes that the promised coverage must take from stock: in each crisis period what the offers that the cutoff leaves cannot bring."""
    crisis = case.number("crisis_period")
    demand = case["demand"][case["demand"]["material"] == material]
    surges = case["surges"][case["surges"]["cutoff"] == cutoff].set_index("sector")["demand_multiple"]
    months = case["durations"]["months"][case["durations"]["cutoff"] == cutoff]
    nodes = math.ceil(float(months.max()) / crisis - 1e-9) if len(months) else 0
    coverage, kept = (case.of_demands(column)[demand.index] for column in ("coverage", "cover_months"))
    shrunk = (1 + demand["growth"].clip(upper=0)) ** (case.number("horizon") + nodes * crisis / 12)
    promised = coverage * demand["demand"] * shrunk * demand["sector"].map(surges).astype(float).fillna(1.0)
    arriving = arrivals(case, material, cutoff, [(k + 0.5) * crisis for k in range(nodes)])
    asked = [float(promised[(k + 1) * crisis <= kept + 1e-9].sum()) for k in range(nodes)]
    return sum(max(0.0, want - come) for want, come in zip(asked, arriving, strict=True)) * crisis / 12


def arrivals(case: Case, material: str, cutoff: str, months: Sequence[float]) -> list[float]:
    """t/yr of a material that market offers can still send in these months of a cutoff, directly cut or through whom they depend on."""
    supply = case["supply"]
    offers = supply[(supply["material"] == material) & (supply["buyer"] == "market") & (supply["available"] != "peace")]
    losses, names, total = losses_of(case, cutoff), (EVERY, material), [0.0] * len(months)
    for _, offer in rows(offers):
        own, through = spells(losses, offer["country"], names), spells(losses, offer["depends_on"], names)
        for k, month in enumerate(months):
            left = (1 - lost_at(own, month)) * (1 - offer["dependence"] * lost_at(through, month))
            total[k] += offer["capacity"] * left if left else 0.0
    return total


@needs("demand.sector", "demand.shortage_cost", "sectors.sector", "sectors.shortage_multiple", "output_loss.sector")
def shortage_costs_more_than_supply(case: Case) -> Iterator[Finding]:
    """Where a shortage costs no more than the material, the plan rather goes short than buys."""
    priced = case["demand"][case["demand"]["shortage_cost"].isna() & ~case["demand"]["sector"].isin(case["output_loss"]["sector"])]
    for row, values in rows(case["sectors"]):
        if values["shortage_multiple"] <= 1 and values["sector"] in set(priced["sector"]):
            text = f"a shortage costs '{values['sector']}' no more than the material itself, so the plan may go short rather than buy; it usually costs several times as much."
            yield warning("sectors", text, row, "shortage_multiple")


@needs("demand.demand")
def there_is_demand(case: Case) -> Iterator[Finding]:
    """A case without demand has nothing to plan."""
    if not (case["demand"]["demand"] > 0).any():
        yield warning("demand", "there is no demand, so there is nothing to cover.")
