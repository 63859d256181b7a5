"""Rules on lost output: tiers that rise to the whole of a sector's output."""

from __future__ import annotations

from collections.abc import Iterator

from inputs.case import Case
from inputs.checks.registry import needs, rows, warning
from inputs.errors import Finding


@needs("output_loss.sector", "output_loss.up_to", "output_loss.value", stops=True)
def tiers_rise_to_the_whole(case: Case) -> Iterator[Finding]:
    """The tiers of a sector end above 0, the last one at 1, and what is lost of its output is worth no less the more is lost."""
    frame = case["output_loss"].sort_values(["sector", "up_to"], kind="stable")
    for row, values in rows(frame[frame["up_to"] <= 0]):
        text = f"up_to {values['up_to']:g} is no part of the output; a row holds up to a share above 0."
        yield Finding("output_loss", text, row, "up_to")
    for sector, tiers in frame.groupby("sector", sort=False):
        last = int(tiers.index[-1])
        if tiers["up_to"].iloc[-1] < 1:
            text = f"the last row of sector '{sector}' ends at {tiers['up_to'].iloc[-1]:g} of its output; it must end at 1, all of it. Add a row, or write 1 here."
            yield Finding("output_loss", text, last, "up_to")
        for row, step, value in zip(tiers.index, tiers["value"].diff(), tiers["value"], strict=True):
            if step < 0:
                text = (
                    f"value falls from {value - step:g} to {value:g} M USD/yr along sector '{sector}'; what is lost first is what is worth the least, "
                    "so values must not fall. Is one value for the row alone and another for all up to it?"
                )
                yield Finding("output_loss", text, int(row), "value")


@needs("output_loss.sector", "output_loss.value", "demand.sector", "demand.demand")
def sectors_lose_by_demand(case: Case) -> Iterator[Finding]:
    """A sector that loses output needs a material, and its output is worth something."""
    demand, frame = case["demand"], case["output_loss"]
    needing = set(demand["sector"][demand["demand"] > 0])
    for sector, tiers in frame.groupby("sector", sort=False):
        if sector not in needing:
            text = f"no effect: sector '{sector}' has no demand for a material, so it never loses output."
            yield warning("output_loss", text, int(tiers.index[0]), "sector")
        elif not (tiers["value"] > 0).any():
            text = f"the output of '{sector}' is worth nothing, so its shortages cost nothing and the plan may go short rather than buy."
            yield warning("output_loss", text, int(tiers.index[0]), "value")


@needs("output_loss.sector", "sectors.sector", "sectors.shortage_multiple")
def output_goes_before_the_multiple(case: Case) -> Iterator[Finding]:
    """Where the loss of a sector's output is priced, a multiple of the price of what is short is not used."""
    frame = case["sectors"]
    for row, values in rows(frame[frame["sector"].isin(case["output_loss"]["sector"]) & (frame["shortage_multiple"] != 1)]):
        text = f"no effect: what '{values['sector']}' loses is priced in output_loss, and a shortage_multiple of {values['shortage_multiple']:g} beside it is not used; empty this cell."
        yield warning("sectors", text, row, "shortage_multiple")
