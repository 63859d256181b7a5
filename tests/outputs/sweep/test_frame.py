"""The points as plain tables for analysts: read back, they say what they are and add up."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from inputs.errors import FileError
from inputs.extras import MissingExtra
from outputs.sweep.frame import write_frame
from outputs.sweep.report import Sweep
from tests.outputs.sweep.test_workbook import case, solved


def sampled() -> Sweep:
    design, frame = solved("latin hypercube")
    return Sweep(frame, design, case())


def test_csv_has_every_number_and_a_list_of_its_columns(tmp_path: Path) -> None:
    """Columns have addresses or plain words, with units; money is in M USD, a thousandth of what the sweep keeps, to the last digit."""
    sweep = sampled()
    path = write_frame(sweep, tmp_path / "points.csv")
    back, about = pd.read_csv(path), pd.read_csv(tmp_path / "points.columns.csv", keep_default_na=False).set_index("column")

    assert list(back.columns) == list(about.index)
    assert not [c for c in map(str, back) if "_" in c and c not in sweep.design.frame]
    assert list(back.columns[:3]) == ["Point", "materials[Dy].price*=", sweep.design.variations[1].heading]
    pd.testing.assert_series_equal(back["Cost (M USD)"], sweep.frame["objective"] / 1000, check_exact=True, check_names=False)
    pd.testing.assert_series_equal(back["Stock at target: Dy (t)"], sweep.frame["target.Dy"], check_exact=True, check_names=False)
    pd.testing.assert_series_equal(back["materials[Dy].price*="], pd.Series(sweep.values[:, 0]), check_exact=True, check_names=False)
    assert about.loc["Stock at target: Dy (t)", "unit"] == "t"
    assert str(about.loc["materials[Dy].price*=", "meaning"]).startswith("Price of Dy, times this; empty: as in the case.")
    assert (about["meaning"] != "").all()
    assert "thousand" not in (tmp_path / "points.columns.csv").read_text(encoding="utf-8")


def test_the_parts_of_the_cost_add_to_it_in_the_table(tmp_path: Path) -> None:
    back = pd.read_csv(write_frame(sampled(), tmp_path / "points.csv"))
    parts = [c for c in map(str, back) if c.startswith("Cost: ")]

    assert len(parts) > 5
    assert np.allclose(back[parts].sum(axis=1), back["Cost (M USD)"], rtol=1e-6)


def test_nothing_is_minus_nothing_in_the_table(tmp_path: Path) -> None:
    """A shift by -0.0 and a part of the cost of -0.0 read as 0."""
    sweep = sampled()
    frame = sweep.given.assign(**{"value.0": -0.0, next(c for c in map(str, sweep.given) if c.startswith("cost.")): -0.0})
    path = write_frame(Sweep(frame, sweep.design, sweep.case), tmp_path / "points.csv")
    back = pd.read_csv(path)

    assert "-0.0" not in path.read_text(encoding="utf-8").replace("\n", ",").split(",")
    assert not np.signbit(back["materials[Dy].price*="]).any()


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r'pip install "\.\[parquet\]"'):
        write_frame(sampled(), tmp_path / "points.parquet")

    assert not list(tmp_path.iterdir())


def test_parquet_has_every_number_with_units_and_meanings(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path, csv = write_frame(sampled(), tmp_path / "points.parquet"), write_frame(sampled(), tmp_path / "points.csv")
    schema = parquet.read_schema(path)

    pd.testing.assert_frame_equal(pd.read_parquet(path).replace("", np.nan), pd.read_csv(csv), check_dtype=False)
    assert schema.field("Stock at target: Dy (t)").metadata[b"unit"] == b"t"


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"a \.csv or a \.parquet file"):
        write_frame(sampled(), tmp_path / "points.txt")
