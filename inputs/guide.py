"""The first sheet of a new workbook: what to fill in, in which order, and what holds for every sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from inputs.schema import (
    EVERY,
    FIRST_ROW,
    FREE_COLUMNS,
    HEADER_ROW,
    OWN_PREFIX,
    SCHEMA_VERSION,
    SETTINGS,
    SHEETS,
    UNITS_ROW,
)
from inputs.styles import HEADER_TEXTS, Styles

GUIDE = f"{OWN_PREFIX}Guide"


ORDER = (
    (SETTINGS, "Set the first year, the horizon and the home country."),
    ("materials", "List every material at each stage that matters: feeds, oxides, metals, magnets."),
    ("sectors", "Say who must stay covered, how well and for how long."),
    ("demand", "Give each sector's yearly demand of each material."),
    ("supply", "List who sells, how much, at what price; and what the stockpile itself can buy."),
    ("plants", "List plants, standing and proposed; then how they run (modes) and what they use and make (recipes)."),
    (
        "cutoffs",
        "Name the interruptions to be ready for; then how long they may last (durations) and what they take (losses); hazards, where years differ.",
    ),
    (
        "surges",
        "Only where you need them: surges, thrift, output_loss, sweeps, stress, and the policy sheets budget, share_caps, floors, capacity_floors and pins.",
    ),
)


@dataclass
class Guide:
    """The first sheet: what to fill in which order, what each sheet is for, and what the colours mean."""

    book: xlsxwriter.Workbook
    styles: Styles

    def write(self) -> None:
        """The sheet that says how to fill in the others."""
        target = self.book.add_worksheet(GUIDE)
        target.hide_gridlines(2)
        target.set_column(0, 0, 20)
        target.set_column(1, 1, 110)
        target.set_row(0, 30)
        target.write_string(0, 0, "stockpile: your case", self.styles.title)
        target.write_string(
            1,
            0,
            "How much to hold of each material, and which plants to order and when, so that each sector stays covered when supply is cut.",
        )
        row = self.block(target, 3, "Fill in, in this order", [(f"{i}. {sheet}", sheet, text) for i, (sheet, text) in enumerate(ORDER, 1)])
        row = self.block(
            target,
            row,
            "Then, at the command line",
            [
                ("stockpile check", "", "finds every mistake at once and names its cell; this workbook is never written to."),
                ("stockpile plan", "", "writes the finished plan to a new workbook beside this one; its first sheet is the summary."),
                (
                    "stockpile sweep",
                    "",
                    "plans again and again with other numbers, those of the sheet sweeps or of --vary, and says what matters.",
                ),
            ],
        )
        row = self.colours(target, row)
        row = self.block(
            target,
            row,
            "The sheets",
            [(sheet.name, sheet.name, sheet.text + (" May be left out." if sheet.optional else "")) for sheet in SHEETS],
        )
        self.block(target, row, "Good to know", [("", "", text) for text in self.rules()])
        target.set_landscape()
        target.fit_to_pages(1, 1)
        target.activate()

    @staticmethod
    def rules() -> list[str]:
        """What holds for every sheet, a sentence each."""
        return [
            f"Row {HEADER_ROW} of a sheet holds the names of the columns, row {UNITS_ROW} the units; the data start in row {FIRST_ROW}. Select a heading to read what it is.",
            "Write any unit that converts in the units row (kg, lb, kt, short_ton, USD/t, USD/lb, kUSD, %, month, yr): the numbers below it are converted.",
            "Numbers are plain: 0.25 or, under the unit %, 25, but not '25 %'; 1200, not 1,200. An empty cell stands for the default.",
            f"'{EVERY}' in a column that takes it stands for every member.",
            f"Sheets and columns whose names begin with '{OWN_PREFIX}' are your own and are not read. Columns named {', '.join(FREE_COLUMNS)} are kept with their rows.",
            f"Layout version {SCHEMA_VERSION}.",
        ]

    def block(self, target: Any, row: int, heading: str, lines: Sequence[tuple[str, str, str]]) -> int:
        """A heading and its lines (label, sheet it links to, text); the row after them."""
        target.write_string(row, 0, heading, self.styles.heading)
        target.write_string(row, 1, "", self.styles.heading)
        for r, (label, sheet, text) in enumerate(lines, start=row + 1):
            if sheet:
                target.write_url(r, 0, f"internal:'{sheet}'!A1", self.styles.link, label)
            elif label:
                target.write_string(r, 0, label, self.styles.bold)
            target.write_string(r, 1, text, self.styles.text)
        return row + len(lines) + 2

    def colours(self, target: Any, row: int) -> int:
        """The colours of headings and what they mean; the next free row."""
        target.write_string(row, 0, "Colours of the headings", self.styles.heading)
        target.write_string(row, 1, "", self.styles.heading)
        for r, (kind, text) in enumerate(HEADER_TEXTS.items(), start=row + 1):
            target.write_string(r, 0, kind, self.styles.header[kind])
            target.write_string(r, 1, text, self.styles.text)
        return row + len(HEADER_TEXTS) + 2
