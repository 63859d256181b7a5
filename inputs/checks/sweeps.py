"""Rules on the sheet of sweeps: each row must be something that can vary."""

from __future__ import annotations

from collections.abc import Iterator

from inputs.address import ChangeError, Key
from inputs.case import Case
from inputs.change import parse_variation
from inputs.checks.registry import needs, rows, warning
from inputs.errors import Finding
from inputs.schema import EVERY, SWEEPS
from inputs.sweeps import prices_left, row_text


@needs(EVERY)
def rows_can_vary(case: Case) -> Iterator[Finding]:
    for row, values in rows(case[SWEEPS]):
        try:
            for sampled in (False, True):
                variation = parse_variation(row_text(values, sampled=sampled), case)
        except ChangeError as error:
            yield Finding(SWEEPS, str(error), row, "address")
            continue
        left = prices_left(variation, case)
        if left:
            keys = "|".join(str(Key(offer, literal=True)) for offer in left)
            yield warning(
                SWEEPS,
                "the price of the material moves, and those of the stockpile's offers of it stay: the plan would buy at the old price what it values at the new one; "
                f"move them together, by adding & supply[{keys}].price",
                row,
                "address",
            )
