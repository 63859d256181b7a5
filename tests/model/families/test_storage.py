"""Storage: all materials in store together fit into the space."""

from typing import Any

from model.build import build
from model.solver.program import Status
from tests.kit.small import at, case, embargo, near, plan_of, status_of


def two_materials(**columns: Any) -> dict[str, Any]:
    """Dy at 100 and Tb at 200, 12 t/yr each from China, a tonne short costing ten times as much."""
    return {
        "materials": [{"material": "Dy", "price": 100, **columns}, {"material": "Tb", "price": 200, **columns}],
        "demand": [{"material": m, "sector": "civil", "demand": 12} for m in ("Dy", "Tb")],
        "supply": [
            {"offer": f"{m} for {buyer}", "country": "China", "material": m, "buyer": buyer}
            for m in ("Dy", "Tb")
            for buyer in ("market", "stockpile")
        ],
    }


def test_the_space_goes_to_what_is_worth_more() -> None:
    """
    An embargo of 6 months (0.2) lacks 6 t of each; a tonne of Tb gains 0.2 * 2000 - 200 = 200, one of Dy 100. 8 t: 6 of Tb, 2 of Dy.
    3600 + 1200 + 200 + 0.8 * 3600 + 0.2 * 4 * 1000 = 8680.
    """
    plan = plan_of({"storage_limit": 8}, **two_materials(), **embargo(months=6, chance=0.2))

    assert [at(plan, "stock", material=m, node=0) for m in ("Dy", "Tb")] == near([2, 6])
    assert plan.objective == near(8680)


def test_it_holds_in_every_node_of_peace_and_cutoffs() -> None:
    m = build(case({"storage_limit": 8}, **two_materials(), **embargo()))

    assert list(m.storage) == list(m.NODES) == [0, 1, 2, 3]


def test_what_is_there_must_fit() -> None:
    """5 t of each at month 0: not into 9 t, but into 11 t."""
    assert status_of({"storage_limit": 9}, **two_materials(opening_stock=5)) is Status.INFEASIBLE
    assert status_of({"storage_limit": 11}, **two_materials(opening_stock=5)) is Status.OPTIMAL


def test_without_a_limit_there_is_no_row() -> None:
    assert build(case(**two_materials())).component("storage") is None
