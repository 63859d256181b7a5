"""How much of a material can be in store at most, by hand."""

from typing import Any

import numpy as np
import pytest

from model.data.compute import compute
from model.studies.bounds import most_in_store
from tests.kit.small import Row, case, near, plant

OFFERS: list[dict[str, Any]] = [
    {"offer": "import", "country": "China", "material": "Dy"},
    {"offer": "reserve", "country": "Chile", "material": "Dy", "buyer": "stockpile", "capacity": 5, "first_year": 2027},
    {"offer": "spot", "country": "Chile", "material": "Dy", "buyer": "stockpile", "capacity": 1},
]


@pytest.mark.parametrize(
    ("settings", "limits", "first", "second"),
    [
        ({}, {}, 2.8, 8.52),  # 0.9 x 2 of opening stock + 1 of the spot offer; 0.9 x 2.8 + 1 + 5 of both
        ({}, {"purchase_limit": 4}, 2.8, 6.52),
        ({}, {"stock_limit": 2.5}, 2.5, 2.5),
        ({"storage_limit": 2.5}, {}, 2.5, 2.5),
    ],
)
def test_most_in_store_is_what_offers_and_limits_let_in(settings: Row, limits: Row, first: float, second: float) -> None:
    data = compute(
        case(settings, materials={"material": "Dy", "price": 100, "opening_stock": 2, "loss_rate": 0.1, **limits}, supply=OFFERS)
    )

    assert most_in_store(data)[0].tolist() == near([first, second])


def test_home_output_can_be_taken_without_a_bound_but_the_limits() -> None:
    made = plant(opening_capacity=3)
    free = compute(case(materials={"material": "Dy", "price": 100}, **made))
    limited = compute(case(materials={"material": "Dy", "price": 100, "purchase_limit": 4}, **made))

    assert most_in_store(free)[0, 1] == np.inf
    assert most_in_store(limited)[0, 1] == near(8)
