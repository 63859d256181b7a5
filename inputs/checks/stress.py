"""Rules on the sheet of stress: each row must be something that can be drawn, for something that has it."""

from __future__ import annotations

from collections.abc import Iterator

from inputs.case import Case
from inputs.cells import CellError
from inputs.checks.registry import needs, rows
from inputs.errors import Finding, did_you_mean
from inputs.schema import BY_NAME, EVERY, STRESS
from inputs.stress import NAMED, stated


@needs(
    f"{STRESS}.what", f"{STRESS}.name", f"{STRESS}.distribution", "cutoffs.cutoff", "materials.material", "sectors.sector", "plants.plant"
)
def rows_can_be_drawn(case: Case) -> Iterator[Finding]:
    """Every row names one of the right sheet, and its distribution can be drawn from."""
    for row, values in rows(case[STRESS]):
        sheet = NAMED[values["what"]]
        known = case[sheet][BY_NAME[sheet].columns[0].name].tolist()
        if values["name"] not in (*known, EVERY):
            text = f"{values['what']} is drawn for the names of sheet {sheet}, and '{values['name']}' is none of them"
            yield Finding(STRESS, text + (did_you_mean(values["name"], known) or "."), row, "name")
        try:
            stated(values["what"], values["name"], values["distribution"])
        except CellError as error:
            yield Finding(STRESS, str(error), row, "distribution")
