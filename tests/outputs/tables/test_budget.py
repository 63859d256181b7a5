"""The sheet Budget says what the constraint counts."""

import pytest

from model.plan import Plan
from outputs.tables.budget import budget, outlays
from outputs.tables.report import Report
from tests.kit.small import near, plan_of

DY = {"material": "Dy", "price": 100, "holding_rate": 0.1, "min_cover": 365}


def held(carryover: str, **amounts: float) -> Plan:
    """12 t of Dy must be held from the first year on; they cost 1.2 M USD, and 0.12 M USD a year to hold."""
    return plan_of(
        {"budget_carryover": carryover},
        materials=DY,
        supply=[
            {"offer": "import", "country": "China", "material": "Dy"},
            {"offer": "vault", "country": "China", "material": "Dy", "buyer": "stockpile"},
        ],
        budget=[{"year": int(year[1:]), "amount": amount} for year, amount in amounts.items()],
    )


def test_spending_is_purchases_and_holding_by_year() -> None:
    """2026: 12 t x 100 = 1,200 and 10 % of it, 120, to hold; 2027: 120 (thousand USD)."""
    spent = outlays(Report(held("yes", y2026=2, y2027=1)))

    assert spent["purchases"].tolist() == near([1.2, 0])
    assert spent["holding"].tolist() == near([0.12, 0.12])
    assert spent[["offtake", "investment"]].to_numpy().sum() == near(0)


@pytest.mark.parametrize(("carryover", "available", "left"), [("yes", [2, 1.68], [0.68, 1.56]), ("no", [2, 1], [0.68, 0.88])])
def test_money_left_is_carried_over_or_lost(carryover: str, available: list[float], left: list[float]) -> None:
    """2 - 1.32 = 0.68 are left of 2026; with carry-over there are 1.68 in 2027, of which 0.12 are spent."""
    frame = budget(Report(held(carryover, y2026=2, y2027=1))).frame

    assert frame["available"].tolist() == near(available)
    assert frame["left"].tolist() == near(left)
    assert frame["tight"].tolist() == ["no", "no"]


def test_a_budget_that_is_spent_says_so() -> None:
    """1.32 M USD are just enough."""
    frame = budget(Report(held("yes", y2026=1.32, y2027=0.12))).frame

    assert frame["tight"].tolist() == ["yes", "yes"]
    assert frame["left"].tolist() == near([0, 0])
