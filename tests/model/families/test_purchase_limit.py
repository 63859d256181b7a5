"""Purchase limit: what the stockpile buys and takes of a material in a year is limited."""

from model.build import build
from tests.kit.small import Row, by_node, case, embargo, near, plan_of, plant

SUPPLY: list[Row] = [
    {"offer": "import", "country": "China", "material": "Dy"},
    {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile", "price": 150},
]


def test_the_limit_is_yearly() -> None:
    """
    4 t/yr are 2 t in the half year before an embargo of 6 months (begun with 1 - 0.64^0.5 = 0.2), of the 6 t that it lacks:
    600 + 2 * 150 + 0.8 * 600 + 0.2 * 4000 = 2180.
    """
    materials = {"material": "Dy", "price": 100, "purchase_limit": 4}
    plan = plan_of({"horizon": 1, "period": 6}, materials=materials, supply=SUPPLY, **embargo(months=6, chance=0.36))

    assert by_node(plan, "supply", offer="purchase") == near({0: 2, 1: 0})
    assert plan.objective == near(2180)


def test_the_limit_is_for_offtake_too() -> None:
    """
    Works of 2 t/yr at 50; what they make is taken for 100 (what China replaces it for), more is bought at 150. Of the 5 t that the
    embargo (0.2) lacks, 2 t are taken and, up to 4 t, 2 t bought: 100 + 1200 + 300, 0.8 * (100 + 1000), 0.2 * (50 + 1000): 2690.
    """
    materials = {"material": "Dy", "price": 100, "purchase_limit": 4}
    plan = plan_of(materials=materials, supply=SUPPLY, **plant(variable_cost=50_000, opening_capacity=2), **embargo(months=6, chance=0.2))

    assert by_node(plan, "offtake", material="Dy") == near({0: 2, 1: 0})
    assert by_node(plan, "supply", offer="purchase") == near({0: 2, 1: 0})
    assert plan.objective == near(2690)


def test_the_market_is_not_limited() -> None:
    """12 t bought by the market where the stockpile may buy 0 t: 1200."""
    plan = plan_of({"horizon": 1}, materials={"material": "Dy", "price": 100, "purchase_limit": 0}, supply=SUPPLY)

    assert plan.objective == near(1200)


def test_limits_are_for_the_material() -> None:
    """Of two materials with offers to the stockpile, only Dy has a limit: rows for it in the two years of peace alone."""
    m = build(
        case(
            materials=[{"material": "Dy", "price": 100, "purchase_limit": 4}, {"material": "Tb", "price": 300}],
            supply=[*SUPPLY, {"offer": "Tb", "country": "Chile", "material": "Tb", "buyer": "stockpile"}],
            **embargo(),
        )
    )

    assert list(m.purchase_limit) == [("Dy", 0), ("Dy", 1)]
