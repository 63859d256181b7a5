"""Costs by year, over whole futures."""

from model.plan import Plan
from outputs.tables.costs import costs
from outputs.tables.report import Report
from tests.kit.small import embargo, near, plan_of

LASTING = {"horizon": 3, "aftermath": "yes"}


def line(plan: Plan, name: str) -> list[float]:
    """A line of the costs by year, M USD."""
    frame = costs(Report(plan)).frame.set_index("line")
    return [float(value) for value in frame.loc[name, ["2026", "2027", "2028"]].to_numpy()]


def test_market_supply_is_level_over_the_years() -> None:
    """12 t x 100 = 1.2 M USD every year, without a cutoff and with one that takes nothing: futures go on after it."""
    without, nothing_lost = plan_of(LASTING), plan_of(LASTING, **embargo(months={3: 0.5, 6: 0.5}, chance=0.3, lost=0))

    assert line(without, "Market supply") == near([1.2] * 3)
    assert line(nothing_lost, "Market supply") == near([1.2] * 3)


def test_what_a_cutoff_takes_is_missing_in_its_year_alone() -> None:
    """
    6 months without supply, from 2027 with probability 0.2, from 2028 with 0.8 x 0.2 = 0.16; then all of it again.
    2027: 0.8 x 1.2 + 0.2 x 0.6 = 1.08; of the 18 months after the cutoff, 6 are in 2027: the 0.6 here. 2028: 1.2 - 0.16 x 0.6 = 1.104.
    Short: 6 t x 1000: 6 x 0.2 = 1.2 and 6 x 0.16 = 0.96.
    """
    plan = plan_of(LASTING, **embargo(months=6, chance=0.2))

    assert line(plan, "Market supply") == near([1.2, 1.08, 1.104])
    assert line(plan, "Shortage") == near([0, 1.2, 0.96])
    assert sum(line(plan, "Total")) == near((plan.objective or 0) / 1000)


def test_money_is_of_the_year_before_the_plan_unless_the_case_says_another() -> None:
    texts = [costs(Report(plan_of(settings))).text for settings in ({}, {"price_year": 2024})]

    assert [text[:14] for text in texts] == ["M USD of 2025,", "M USD of 2024,"]
