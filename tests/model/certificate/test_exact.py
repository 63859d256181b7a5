"""Arithmetic that cannot err, against fractions."""

import math
from fractions import Fraction

import numpy as np
import pytest

from model.certificate.exact import products, sum_below, sums


def test_product_and_its_rest_add_to_the_product() -> None:
    """0.1 x 0.3 as fractions of the floats, which no float is; and ten thousand others of many sizes."""
    random = np.random.default_rng(1)
    a, b = (np.append(random.normal(size=10_000) * 10.0 ** random.integers(-12, 12, 10_000), v) for v in (0.1, 0.3))
    p, rest = products(a, b)

    assert all(
        Fraction(x) * Fraction(y) == Fraction(u) + Fraction(v) for x, y, u, v in zip(*(v.tolist() for v in (a, b, p, rest)), strict=True)
    )


def test_sums_enclose_the_exact_sum_and_know_zero() -> None:
    """1e16 + 1 - 1e16 - 1 = 0, which floats added in this order miss; 0.1 + 0.2 - 0.3 is 2**-55 + 2**-56 - ..., not 0."""
    of = np.array([0, 0, 0, 1, 1])
    below, above = sums(of, [np.array([1.0, -1e16, -1.0, 0.2, -0.3])], np.array([1e16, 0.1]))
    exact = Fraction(0.1) + Fraction(0.2) - Fraction(0.3)

    assert (below[0], above[0]) == (0, 0)
    assert Fraction(float(below[1])) < exact < Fraction(float(above[1]))


def test_sum_below_is_below() -> None:
    terms = np.array([0.1] * 10)

    assert Fraction(sum_below(terms)) <= 10 * Fraction(0.1)
    assert sum_below(terms) == pytest.approx(1, abs=1e-15)


def test_factors_beyond_exact_products_are_refused() -> None:
    with pytest.raises(OverflowError, match="too large"):
        products(np.array([1e200]), np.array([math.pi]))
