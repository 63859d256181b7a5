"""Where each material comes from once a cutoff is over."""

from outputs.tables.report import Report
from outputs.tables.supply_mix import supply_after_cutoffs, supply_in_cutoffs
from tests.kit.small import embargo, near, plan_of

LASTING = {"horizon": 3, "aftermath": "yes"}


def test_after_a_cutoff_the_average_is_over_every_end() -> None:
    """
    An embargo in 2027 of 6 or 12 months (half each), then everything from China returns over 12 months: mean loss 1/2.
    After 6 months 18 remain, in one node, whose mean loss is 12/18 x 1/2 = 1/3: China could sell at most 12 x 1.5 x 2/3 = 12 t of 18.
    After 12 months 12 remain, mean loss 1/2: 6 t of 12. A year: (12 + 6) / (1.5 + 1) = 7.2 of 12 t; 4.8 short.
    """
    supply = {"offer": "import", "country": "China", "material": "Dy", "capacity": 12}
    plan = plan_of(LASTING, supply=supply, **embargo(months={6: 0.5, 12: 0.5}, last_year=2027, recovery=12))
    table = supply_after_cutoffs(Report(plan))
    rates = table.frame.set_index("kind")["rate"]

    assert table.frame[["cutoff", "onset"]].to_numpy().tolist() == [["embargo", 2027]] * 3
    assert rates.to_dict() == near({"offer": 7.2, "shortage": 4.8, "demand": 12})
    assert sorted(table.strong) == [2]


def test_a_plan_without_aftermath_says_so() -> None:
    """Two years: an embargo in 2027 of 12 months lasts until the plan ends, too."""
    ends = supply_after_cutoffs(Report(plan_of(**embargo())))
    whole = supply_after_cutoffs(Report(plan_of({"aftermath": "yes"}, **embargo(months=12))))

    assert (len(ends.frame), ends.nothing) == (0, "Every future ends with its cutoff.")
    assert (len(whole.frame), whole.nothing) == (0, "No cutoff is over before the plan ends.")


def test_why_nothing_is_supplied_in_a_cutoff() -> None:
    """Nobody needs anything; or no cutoff can begin in the only year; or there is none."""
    needless, short, none = (
        supply_in_cutoffs(Report(plan_of(settings, **sheets))).nothing
        for settings, sheets in (
            ({}, {"demand": {"material": "Dy", "sector": "civil", "demand": 0}, **embargo()}),
            ({"horizon": 1}, embargo()),
            ({}, {}),
        )
    )

    assert needless == "Nothing is needed or supplied in any cutoff."
    assert short == "No cutoff of the case can begin within the plan."
    assert none == "The case has no cutoffs."
