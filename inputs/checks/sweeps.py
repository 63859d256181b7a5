"""Rules on the sheet of sweeps: each row must be something that can vary."""

from __future__ import annotations

from collections.abc import Iterator

from inputs.address import ChangeError
from inputs.case import Case
from inputs.change import parse_variation
from inputs.checks.registry import needs, rows
from inputs.errors import Finding
from inputs.schema import EVERY, SWEEPS
from inputs.sweeps import row_text


@needs(EVERY)
def rows_can_vary(case: Case) -> Iterator[Finding]:
    for row, values in rows(case[SWEEPS]):
        for sampled in (False, True):
            try:
                parse_variation(row_text(values, sampled=sampled), case)
            except ChangeError as error:
                yield Finding(SWEEPS, str(error), row, "address")
                break
