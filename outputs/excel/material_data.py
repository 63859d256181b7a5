"""The hidden sheet behind the page of a material: a block of rows for each, so that the page finds them by their place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inputs.case import Case
from outputs.excel.styles import GREY, NAVY, Formats
from outputs.tables.coverage import AT_LIMIT
from outputs.tables.material import Flow, Material
from outputs.tables.report import Report
from outputs.tables.rounding import amount, shown
from outputs.tables.table import Style, Table
from outputs.tables.units import MONTHLY, own_units

PAGE, DATA = "Material", "Material data"
TOP = 4
"""First row (from 0) of the list of materials and of the blocks."""

FIGURES = {
    **{"target": Style.AMOUNT, "gross": Style.MONTHS, "net": Style.MONTHS},
    **{"value": Style.AMOUNT, "price": Style.PRICE, "demand": Style.AMOUNT},
}
"""The large figures of the page, by their columns of the Stockpile table."""

PART, NAME, VALUES = 2, 4, 5
"""Columns (from 0) of what a row is, of its name, and of its first value; the names of the materials are in column 0."""

OFFSET = f"'{DATA}'!$B$2"
"""Rows of the blocks before the chosen material's."""

Value = float | str


@dataclass(frozen=True)
class Row:
    """A row of a block: what it is, a name, a sentence, and values."""

    part: str
    name: str
    values: tuple[Value, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Block:
    """The rows of a material, always in the same places: `at[part]` is the first row of a part, from 0."""

    material: str
    rows: tuple[Row, ...]

    @property
    def at(self) -> dict[str, int]:
        """The first row of each part."""
        first: dict[str, int] = {}
        for place, row in enumerate(self.rows):
            first.setdefault(row.part, place)
        return first

    def part(self, part: str) -> list[Row]:
        """The rows of a part."""
        return [row for row in self.rows if row.part == part]


@dataclass(frozen=True)
class Page:
    """What the page of a material is made from: a block for each, and the headings of their values.

    `periods` are the ends of the trunk's periods, `years` those of peace, `months` how far
    into the longest of the worst cutoffs each of its periods ends; `units` are the planner's. Where the plan was `studied`, each block says why so much is held.
    """

    blocks: tuple[Block, ...]
    periods: tuple[str, ...]
    years: tuple[str, ...]
    months: tuple[float, ...]
    sectors: int
    units: Mapping[str, str]
    title: str = "One material at a time"
    studied: bool = False


def material_page(report: Report, tables: Mapping[str, Table], materials: Sequence[Material]) -> Page:
    """The blocks of every material, in the order of the Stockpile table."""
    tree, units = report.plan.tree, own_units(report.plan.case)
    spans = [tree.within(tree.branches[m.branch]) for m in materials if m.branch >= 0]
    longest = max(spans, key=len, default=range(0))
    begin = tree.start[longest[0]] if longest else 0.0
    years = tuple(map(str, report.years.labels))
    months = tuple(float(tree.end[n] - begin) for n in longest)
    sectors = len(report.plan.case["sectors"])
    lengths = {m.branch: float(tree.length[tree.within(tree.branches[m.branch])].sum()) / 12 for m in materials if m.branch >= 0}
    horizon = float(tree.yrs[: tree.trunk].sum())
    blocks = tuple(block(m, report.plan.case, units, horizon, lengths.get(m.branch, math.nan), len(months)) for m in materials)
    periods = tuple(c.name for c in tables["Stock"].columns[2:])
    return Page(blocks, periods, years, months, sectors, units, studied=all(m.fall for m in materials))


def block(material: Material, case: Case, units: Mapping[str, str], horizon: float, length: float, months: int) -> Block:
    """The rows of a material; `horizon` of peace and `length` of its worst cutoff are in years."""

    def rates(flow: Flow) -> tuple[Value, ...]:
        later = [*flow.cutoff.tolist(), *[0.0] * (months - len(flow.cutoff))]
        return (float(flow.peace.sum()) / horizon, float(flow.cutoff.sum()) / length, *flow.peace.tolist(), *later)

    target = material.figures["target"]
    covers = {cover.sector: cover for cover in material.sectors}
    rows = [
        Row("figures", material.name, figures(material), worst(material)),
        Row("notes", "", notes(material, units)),
        Row("stock", f"Stock of {material.name}", tuple(material.stock.tolist())),
        Row("target", "Target", tuple([float(target)] * len(material.stock))),
        *(Row("source", flow.name, rates(flow)) for flow in material.sources),
        *(Row("use", flow.name, rates(flow)) for flow in material.uses),
    ]
    for sector in case["sectors"]["sector"]:
        if sector in covers:
            cover = covers.pop(sector)
            limit = AT_LIMIT if cover.binding else "tightest" if cover.required == cover.required else "no coverage asked; lowest"
            rows.append(Row("sector", sector, (cover.required, cover.reached), f"{limit}: {cover.where}"))
    used = sum(row.part == "sector" for row in rows)
    rows += [Row("sector", "")] * (len(case["sectors"]) - used)
    if material.fall:
        rows += [Row("fall", name, values, material.fall.words) for name, values in material.fall.series.items()]
    return Block(material.name, tuple(rows))


def figures(material: Material) -> tuple[Value, ...]:
    """Target, its months of demand and of the gap, value, price and demand; nan, which shows as a dash, where there is nothing."""
    return tuple(material.figures[k] or math.nan for k in FIGURES)


def notes(material: Material, units: Mapping[str, str]) -> tuple[str, ...]:
    """What stands below each figure."""
    of = material.figures
    reached, gap = of["reached"], of["gap"]
    year = f"{reached:.0f}" if isinstance(reached, float | int) else str(reached)
    held = of["target"] > 0
    return (
        f"reached by the end of {year}" if held else "not held in peace",
        "of all demand in that year",
        f"of a gap of {amount(gap)} {units[MONTHLY]}" if gap == gap else "no gap to fill",
        f"{shown(Style.SHARE, of['share'])} of the stockpile" if held and of["share"] == of["share"] else "of the stock at target",
        "in the year of the target",
        f"opening stock {amount(of['opening'])} {units['t']}",
    )


def worst(material: Material) -> str:
    """The line that names the worst protected cutoff of a material."""
    return f"Worst protected cutoff: {material.figures['note']}"


def write_data(book: Any, formats: Formats, page: Page, chosen: str) -> None:
    """The sheet itself; `chosen` is the address of the selector."""
    sheet = book.add_worksheet(DATA)
    materials = [b.material for b in page.blocks]
    last = TOP + len(materials)
    size = len(page.blocks[0].rows)
    names = f"$A${TOP + 1}:$A${last}"
    place = f"SUMPRODUCT(EXACT({names},{chosen})*(ROW({names})-{TOP}))"
    plain, head = formats.get(), formats.get(bold=True, font_color=NAVY)
    sheet.write_string(0, 0, f"What the sheet '{PAGE}' shows, a block of {size} rows for each material", head)
    sheet.write_formula(1, 1, f"=IF({place}=0,NA(),({place}-1)*{size})", plain, 0)
    sheet.write_string(1, 0, "Rows before the chosen one's", formats.get(font_color=GREY))
    for c, name in enumerate(("material", "", "part", "material", "name", "values; the last text is a note")):
        sheet.write_string(TOP - 1, c, name, head)
    text = text_column(page)
    sheet.write_column(TOP, 0, materials, plain)
    for b, of in enumerate(page.blocks):
        for r, row in enumerate(of.rows):
            line = TOP + b * size + r
            sheet.write_string(line, PART, row.part, plain)
            sheet.write_string(line, PART + 1, of.material, plain)
            sheet.write_string(line, NAME, row.name, plain)
            for c, value in enumerate(row.values):
                put(sheet, line, VALUES + c, value, plain)
            if row.text:
                sheet.write_string(line, text, row.text, plain)
    sheet.set_column(0, 1, 26)
    sheet.set_column(2, 4, 16)
    sheet.hide()


def put(sheet: Any, row: int, c: int, value: Value, cell_format: Any) -> None:
    """A value: text as text, a number as a number, a dash where there is none."""
    if isinstance(value, str):
        sheet.write_string(row, c, value, cell_format)
    elif math.isfinite(value):
        sheet.write_number(row, c, value, cell_format)
    else:
        sheet.write_string(row, c, "\u2013", cell_format)


def text_column(page: Page) -> int:
    """The column of the sentences, after all values."""
    return VALUES + max(len(row.values) for block in page.blocks for row in block.rows)
