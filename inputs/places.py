"""Where the numbers of a case stand in the planner's file: the cell of each address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from inputs.schema import BY_NAME, HEADER_ROW, SETTINGS


@dataclass(frozen=True)
class Places:
    """The layout of a planner's file: by sheet the place (from 0) of each column that it has, and the row (from 1) of each setting."""

    columns: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    settings: Mapping[str, int] = field(default_factory=dict)

    def has(self, sheet: str, column: str) -> bool:
        """Whether the file has a column, or a row for a setting."""
        return column in (self.settings if sheet == SETTINGS else self.columns.get(sheet, {}))

    def cell(self, sheet: str, column: str, row: int | None = None) -> str:
        """The cell of a column in a row of the file, "B3"; that of the row's key where the file has no such column, "" of a setting that it has not."""
        if sheet == SETTINGS:
            row = self.settings.get(column)
            return f"{get_column_letter(self.columns[SETTINGS].get('value', 1) + 1)}{row}" if row else ""
        of = self.columns.get(sheet, {})
        place = next((of[name] for name in (column, *BY_NAME[sheet].key) if name in of), 0)
        return f"{get_column_letter(place + 1)}{row or HEADER_ROW}"
