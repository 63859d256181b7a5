"""Three significant digits, whole numbers in full, at most three decimals."""

import openpyxl
import pytest

from outputs.excel.styles import amount_form
from outputs.tables.rounding import amount, decimal_places, shown
from outputs.tables.table import Style
from tests.kit.displayed import displayed

TEXTS = [
    *((159_349.4, "159,349"), (99.96, "100"), (99.94, "99.9"), (9.996, "10.0"), (1.2345, "1.23"), (0.99951, "1.00"), (0.9994, "0.999")),
    *((0.0123, "0.012"), (0.00049, "\u2013"), (-0.0004, "\u2013"), (0, "\u2013"), (-1.2345, "-1.23"), (-45_678.9, "-45,679")),
    *((100.5, "101"), (1.005, "1.01")),  # halves away from zero, as Excel rounds what is typed
]


@pytest.mark.parametrize(("value", "text"), TEXTS)
def test_an_amount_reads_by_its_size(value: float, text: str) -> None:
    assert amount(value) == text
    assert shown(Style.AMOUNT, value) == text


@pytest.mark.parametrize(("value", "text"), TEXTS)
@pytest.mark.parametrize("most", [0, 2, 3])
def test_the_number_format_of_a_cell_says_the_same(value: float, text: str, most: int) -> None:
    """Also where its column leaves room for more decimals, so that the points stand below each other."""
    cell = openpyxl.Workbook().create_sheet()["A1"]
    cell.value, cell.number_format = value, amount_form(value, max(most, decimal_places(value)))

    assert displayed(cell) == text


@pytest.mark.parametrize(("value", "text"), [(9e23, f"900{7 * ',000'}"), (-2.4e298, "-2.40e+298"), (1.7976e308, "1.80e+308")])
def test_a_number_whose_digits_nobody_counts_has_three_of_them(value: float, text: str) -> None:
    assert [amount(value), shown(Style.PRICE, value)[: len(text)]] == [text, text]


def test_other_numbers_have_the_decimals_of_their_kind() -> None:
    """Shares in tenths of a percent, months in tenths, prices in cents; a year and what is typed as they are."""
    texts = [shown(style, 12.345) for style in (Style.MONTHS, Style.PRICE, Style.EXACT)]

    assert [*texts, shown(Style.SHARE, 0.12345), shown(Style.YEAR, 2026.0)] == ["12.3", "12.35", "12.345", "12.3%", "2026"]
