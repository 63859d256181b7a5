"""What is said of the horizon where no cutoff can begin in it."""

from tests.kit.small import embargo, read


def test_one_period_is_told_once() -> None:
    """A plan of one year: that the cutoff can never begin is said of it, not that the last one begins in month 0."""
    sectors = {"sector": "civil", "coverage": 0.5, "cover_months": 6, "shortage_multiple": 10}
    said = [finding.message for finding in read({"horizon": 1, "ready_by": 12}, sectors=sectors, **embargo()).findings]

    assert any("can never begin" in text for text in said)
    assert not any("coverage never has to hold" in text for text in said)
