"""Mutated workbooks: whatever is done to a file, `stockpile check` answers with words and 0 or 2, never a traceback.

    python -m tests.fuzz.mutate --count 2000 --seed 1

Each mutant is a sound workbook with cells replaced by random values or dates, columns scaled,
sheets dropped or renamed, rows and columns moved, inserted, hidden or shown as something else, or
bytes of the file flipped. It is checked in this process through the same `main` as the command; one in `--plan-every` that is ready is also
planned. Prints the counts of each outcome, and every mutant that broke something.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import datetime
import io
import random
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from cli.app import main
from inputs.template import write_case
from tests.kit.faults import sound

VALUES: tuple[Any, ...] = (
    None, "", " ", 0, -1, 1, 0.5, 1e300, -1e300, 1e-300, 12345678901234567890, True, False, "yes", "no", "*", "China", "Dy", "n/a", "#REF!", "=1+1",
    "='x'!A1", "=", "+", "-", "1,5", "25%", "1e5", "inf", "nan", "NaN", "-inf", "\u00e9\u4e2d\U0001f600", "a" * 40000, "_x000D_", "'quoted'", "t", "USD/kg",
    "kg", "bananas", "1/0", datetime.datetime(2030, 1, 1), datetime.datetime(1900, 1, 1), datetime.time(3, 4), 2026, 1900, 2200, 99999, "\t", "\n",
    "{}", "%s", "{0}", "[x]", "../..", "a!B3",
)  # fmt: skip

EXIT_CODES = (0, 2, 3, 4, 7)


def change_cells(book: Any, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        sheet = book[chance.choice(book.sheetnames)]
        row, column = chance.randint(1, sheet.max_row + 1), chance.randint(1, sheet.max_column + 1)
        sheet.cell(row, column).value = chance.choice(VALUES)


def drop_sheet(book: Any, chance: random.Random) -> None:
    if len(book.sheetnames) > 1:
        del book[chance.choice(book.sheetnames)]


def rename_sheet(book: Any, chance: random.Random) -> None:
    book[chance.choice(book.sheetnames)].title = chance.choice(("matrials", "x", "_x", "settings ", "Demand", "a" * 31))


def drop_rows(book: Any, chance: random.Random) -> None:
    sheet = book[chance.choice(book.sheetnames)]
    sheet.delete_rows(chance.randint(1, max(1, sheet.max_row)), chance.randint(1, 5))


def drop_columns(book: Any, chance: random.Random) -> None:
    sheet = book[chance.choice(book.sheetnames)]
    sheet.delete_cols(chance.randint(1, max(1, sheet.max_column)), 1)


def repeat_row(book: Any, chance: random.Random) -> None:
    sheet = book[chance.choice(book.sheetnames)]
    row = chance.randint(1, max(1, sheet.max_row))
    for cell in sheet[row]:
        sheet.cell(sheet.max_row + (cell.column == 1), cell.column).value = cell.value


def columns_of(book: Any, chance: random.Random) -> tuple[Any, int, list[Any]]:
    """A sheet, one of its columns, and the cells of it that hold numbers below the units row."""
    sheet = book[chance.choice(book.sheetnames)]
    place = chance.randint(1, max(1, sheet.max_column))
    cells = [sheet.cell(row, place) for row in range(2, sheet.max_row + 1)]
    return sheet, place, [cell for cell in cells if isinstance(cell.value, int | float) and not isinstance(cell.value, bool)]


def scale_column(book: Any, chance: random.Random) -> None:
    """All numbers of a column in another unit than its sheet says: 1e-12 to 1e12 times as large."""
    for _ in range(20):
        _, _, cells = columns_of(book, chance)
        if cells:
            break
    factor = 10.0 ** chance.choice((-12, -9, -6, -3, -2, -1, 1, 2, 3, 6, 9, 12))
    for cell in cells:
        cell.value *= factor


def date_cells(book: Any, chance: random.Random) -> None:
    """What Excel makes of 3/5 or 2026-01: dates, or numbers that are shown as dates."""
    sheet, place, cells = columns_of(book, chance)
    for cell in cells[: chance.choice((1, 3, 1000))] or [sheet.cell(3, place)]:
        if chance.random() < 0.5:
            cell.number_format = chance.choice(("yyyy-mm-dd", "mmm-yy", "h:mm", "[h]:mm:ss", "dd.mm.yyyy"))
        else:
            cell.value = chance.choice(
                (datetime.datetime(2027, 1, 1), datetime.date(2026, 5, 3), datetime.time(3, 4), datetime.timedelta(hours=30))
            )


def insert_column(book: Any, chance: random.Random) -> None:
    """A column more, empty, with values, or with a heading of its own."""
    sheet = book[chance.choice(book.sheetnames)]
    place = chance.randint(1, sheet.max_column + 1)
    sheet.insert_cols(place)
    what = chance.choice(("empty", "values", "own", "unknown", "twice"))
    if what != "empty":
        for row in range(3, sheet.max_row + 1):
            sheet.cell(row, place).value = chance.choice((1, "note", None))
    sheet.cell(1, place).value = {"own": "_mine", "unknown": "remark", "twice": sheet.cell(1, max(1, place - 1)).value}.get(what)


def insert_rows(book: Any, chance: random.Random) -> None:
    """Empty rows anywhere, even above the headings."""
    sheet = book[chance.choice(book.sheetnames)]
    sheet.insert_rows(chance.randint(1, sheet.max_row + 1), chance.choice((1, 2, 50)))


def shift_column(book: Any, chance: random.Random) -> None:
    """The values of a column pasted a row too low or too high."""
    sheet, place, _ = columns_of(book, chance)
    values = [sheet.cell(row, place).value for row in range(3, sheet.max_row + 1)]
    values = [None, *values] if chance.random() < 0.5 else values[1:]
    for row, value in enumerate(values, start=3):
        sheet.cell(row, place).value = value


def number_formats(book: Any, chance: random.Random) -> None:
    """Numbers shown as percentages, texts, fractions or powers of ten."""
    _, _, cells = columns_of(book, chance)
    form = chance.choice(("0%", "0.00%", "@", "0.00E+00", "# ?/?", "#,##0", '0 "t"', "General;[Red]-General", "\u20ac0.00"))
    for cell in cells:
        cell.number_format = form


def hidden(book: Any, chance: random.Random) -> None:
    """Rows, columns or a sheet that are not shown; all of them count."""
    sheet = book[chance.choice(book.sheetnames)]
    row, letter = chance.randint(1, sheet.max_row), openpyxl.utils.get_column_letter(chance.randint(1, sheet.max_column))
    sheet.row_dimensions[row].hidden = sheet.column_dimensions[letter].hidden = True
    if len(book.sheetnames) > 1 and chance.random() < 0.3:
        sheet.sheet_state = chance.choice(("hidden", "veryHidden"))


CHANGES: tuple[Callable[[Any, random.Random], None], ...] = (
    change_cells,
    change_cells,
    change_cells,
    drop_sheet,
    rename_sheet,
    drop_rows,
    drop_columns,
    repeat_row,
    scale_column,
    scale_column,
    date_cells,
    insert_column,
    insert_rows,
    shift_column,
    number_formats,
    hidden,
)


def flip_bytes(content: bytes, chance: random.Random) -> bytes:
    mutable = bytearray(content)
    for _ in range(chance.choice((1, 3, 20))):
        mutable[chance.randrange(len(mutable))] = chance.randrange(256)
    return bytes(mutable[: chance.randrange(len(mutable))]) if chance.random() < 0.2 else bytes(mutable)


def mutant(base: Path, target: Path, chance: random.Random) -> str:
    """Write a mutant of a workbook; the name of what was done to it."""
    if chance.random() < 0.25:
        target.write_bytes(flip_bytes(base.read_bytes(), chance))
        return "flip_bytes"
    book = openpyxl.load_workbook(base)
    change = chance.choice(CHANGES)
    change(book, chance)
    try:
        book.save(target)
    except Exception:  # openpyxl itself refuses a few values; that is no mutant
        target.write_bytes(base.read_bytes())
        return "unchanged"
    return change.__name__


def run(*arguments: str) -> tuple[int, str]:
    """(exit code, what was printed) of the command in this process; 1 and the traceback where it breaks."""
    printed = io.StringIO()
    before, sys.argv = sys.argv, ["stockpile", *arguments]
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            main()
    except SystemExit as stop:
        return int(stop.code or 0), printed.getvalue()
    except BaseException:
        return 1, printed.getvalue() + traceback.format_exc()
    finally:
        sys.argv = before
    return 0, printed.getvalue()


def fuzz(count: int, seed: int, plan_every: int, keep: Path | None = None) -> tuple[collections.Counter[str], list[str]]:
    """Outcomes by kind of change and exit code, and a text for each mutant that broke something."""
    outcomes: collections.Counter[str] = collections.Counter()
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base, target = folder / "base.xlsx", folder / "mutant.xlsx"
        write_case(base, sound())
        for i in range(count):
            chance = random.Random(seed * 1_000_003 + i)
            what = mutant(base, target, chance)
            code, text = run("check", str(target), "--json")
            if code == 0 and i % plan_every == 0:
                code, text = run("plan", str(target), "--out", str(folder / "plan.xlsx"), "--time-limit", "20")
            outcomes[f"{what}: {code}"] += 1
            if code not in EXIT_CODES or "Traceback" in text:
                broken.append(f"mutant {i} of seed {seed} ({what}), exit {code}:\n{text}")
                if keep:
                    (keep / f"mutant-{seed}-{i}.xlsx").write_bytes(target.read_bytes())
    return outcomes, broken


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plan-every", type=int, default=10)
    parser.add_argument("--keep", type=Path, help="a folder for the mutants that broke something")
    options = parser.parse_args()
    counts, texts = fuzz(options.count, options.seed, options.plan_every, options.keep)
    for outcome, number in sorted(counts.items()):
        print(f"{number:6d}  {outcome}")
    print("\n\n".join(texts) or f"{options.count} mutants, none broke anything")
    sys.exit(bool(texts))
