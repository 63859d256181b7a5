"""Rules on what can hardly be meant, on cases small enough to see why."""

from inputs.errors import Level
from inputs.workbook import Reading
from tests.kit.small import embargo, read


def said(reading: Reading, sheet: str, level: Level) -> list[str]:
    """The findings of a level on a sheet, as they read."""
    return [str(finding) for finding in reading.findings if (finding.sheet, finding.level) == (sheet, level)]


def plants_in_a_ring(back: float) -> Reading:
    """One plant makes a tonne of Nd of a tonne of Dy, another `back` tonnes of Dy of a tonne of Nd."""
    return read(
        materials=[{"material": m, "price": 100} for m in ("Dy", "Nd")],
        supply=[{"offer": f"{m} import", "country": "China", "material": m} for m in ("Dy", "Nd")],
        plants=[{"plant": p, "kind": "refinery", "country": "Japan", "opening_capacity": 1} for p in ("one", "other")],
        modes=[{"plant": p, "mode": "run"} for p in ("one", "other")],
        recipes=[
            {"plant": "one", "mode": "run", "material": "Dy", "quantity": -1},
            {"plant": "one", "mode": "run", "material": "Nd", "quantity": 1},
            {"plant": "other", "mode": "run", "material": "Nd", "quantity": -1},
            {"plant": "other", "mode": "run", "material": "Dy", "quantity": back},
        ],
    )


def test_plants_that_feed_each_other_do_not_multiply() -> None:
    """A tonne of Dy comes back as 1.5 t: half a tonne of nothing each time around; as 0.9 t nothing is gained."""
    multiplied = said(plants_in_a_ring(1.5), "recipes", Level.ERROR)

    assert len(multiplied) == 1
    assert "feed each other and so make" in multiplied[0]
    assert multiplied[0].startswith(("recipes!D4: ", "recipes!D6: "))
    assert said(plants_in_a_ring(0.9), "recipes", Level.ERROR) == []


def test_a_price_a_thousand_times_the_median_is_asked_about() -> None:
    """Prices of 100, 100, 100 and 100,000 have the median 100; 90,000 is less than a thousand times as much."""

    def prices(dear: float) -> list[str]:
        materials = [{"material": m, "price": 100} for m in ("Dy", "Nd", "Tb")] + [{"material": "Lu", "price": dear}]
        return said(read(materials=materials), "materials", Level.WARNING)

    asked = [text for text in prices(100_000) if "times the median" in text]

    assert [text.split(":")[0] for text in asked] == ["materials!B6"]
    assert [text for text in prices(90_000) if "times the median" in text] == []


def test_a_cutoff_whose_rows_take_nothing_is_asked_about() -> None:
    """Its row of losses takes a share of 0; with a share of 1 it takes something."""
    nothing, everything = (said(read(**embargo(lost=share)), "cutoffs", Level.WARNING) for share in (0, 1))

    assert [text for text in nothing if "takes nothing: its rows lose no supply" in text] != []
    assert [text for text in everything if "takes nothing" in text] == []


def test_a_word_too_long_to_be_read_is_cut_short() -> None:
    """40,000 letters for a number, and for a name that is not known."""
    reading = read(
        supply={"offer": "import", "country": "China", "material": "a" * 40_000, "capacity": "b" * 40_000},
    )

    assert len(reading.errors) == 2
    assert all(len(finding.message) < 300 and "..." in finding.message for finding in reading.errors)
