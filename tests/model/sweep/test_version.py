"""A changed program: its sources are part of what a sweep is, so that no row of another equation comes in."""

import importlib.util
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from inputs.change import parse_variation
from model.sweep.dask import ClusterError
from model.sweep.design import grid
from model.sweep.run import run_sweep
from model.sweep.version import digest_of, program_version
from tests.kit.cluster import Cluster
from tests.kit.house import HOUSE
from tests.kit.kill_sweep import sound_case

CONTINUE = """
import sys
from pathlib import Path
from inputs.errors import StockpileError
from model.sweep.run import run_sweep
from model.sweep.store import Store

with Store.open(Path(sys.argv[1])) as store:
    case, design = store.sweep()
try:
    result = run_sweep(case, design, sys.argv[1], restart=len(sys.argv) > 2)
    print(result.frame["objective"].tolist())
except StockpileError as error:
    print(error)
"""

CHANGED_MEANWHILE = """
import multiprocessing, sys
from pathlib import Path
from inputs.errors import StockpileError
from model.sweep.run import run_sweep
from model.sweep.store import Store

def change(progress):
    equation = Path("model/families/stock.py")
    equation.write_text(equation.read_text() + "# changed")
    for child in multiprocessing.active_children():
        child.kill()

if __name__ == "__main__":
    with Store.open(Path(sys.argv[1])) as store:
        case, design = store.sweep()
    try:
        run_sweep(case, design, sys.argv[1], workers=2, restart=True, progress=change)
    except StockpileError as error:
        print(error)
"""


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with the sources of `inputs/` and `model/`, as another place has them installed."""
    for package in ("inputs", "model"):
        shutil.copytree(HOUSE / package, tmp_path / "house" / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "house"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The store of a sweep of 12 points, of which the last has no result yet."""
    path, case = tmp_path / "s.sqlite", sound_case()
    run_sweep(case, grid([parse_variation("settings.discount_rate=0.01:0.06:12", case)]), path)
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM results WHERE point = 11")
    connection.commit()
    connection.close()
    return path


def change_an_equation(house: Path) -> None:
    """Holding stock costs twice as much."""
    equation = house / "model" / "families" / "stock.py"
    before = equation.read_text(encoding="utf-8")
    assert "m.holding_rate[i] * m.yrs[n]" in before
    equation.write_text(before.replace("m.holding_rate[i] * m.yrs[n]", "2 * m.holding_rate[i] * m.yrs[n]"), encoding="utf-8")


def second_process(house: Path, script: str, *arguments: str | Path) -> str:
    """What a script prints in another process that has the sources of a folder."""
    file = house / "script.py"
    file.write_text(script, encoding="utf-8")
    command = [sys.executable, str(file), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(house)}
    return subprocess.run(command, cwd=house, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=120).stdout.strip()


def points_in(store: Path) -> list[int]:
    connection = sqlite3.connect(store)
    try:
        return [number for (number,) in connection.execute("SELECT point FROM results ORDER BY point")]
    finally:
        connection.close()


@pytest.mark.slow
def test_the_same_sources_in_another_place_continue_a_sweep(copied: Path, store: Path) -> None:
    printed = second_process(copied, CONTINUE, store)

    assert printed.startswith("[")
    assert points_in(store) == list(range(12))


@pytest.mark.slow
def test_a_changed_equation_is_refused_in_words(copied: Path, store: Path) -> None:
    """Versions, case and design are the same; only an equation is another, which gives other costs."""
    change_an_equation(copied)
    refused = second_process(copied, CONTINUE, store)
    left = points_in(store)
    restarted = second_process(copied, CONTINUE, store, "--restart")

    assert "holds the results of another sweep:\nthe program itself has changed since, in inputs/ or model/ (sources " in refused
    assert "or add --restart to throw its 11 results away." in refused
    assert left == list(range(11))
    assert restarted.startswith("[")


@pytest.mark.slow
def test_a_program_changed_while_it_runs_stops_its_new_processes(copied: Path, store: Path) -> None:
    """A process that replaces one that died reads the changed sources; the sweep stops instead of mixing them in."""
    printed = second_process(copied, CHANGED_MEANWHILE, store)

    assert printed.startswith("the program was changed while the sweep ran: this is stockpile")
    assert printed.endswith("Its results until then are kept.")


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="dask.distributed is not installed")
def test_a_worker_of_a_cluster_with_another_equation_is_refused(copied: Path, tmp_path: Path) -> None:
    change_an_equation(copied)
    case, cluster = sound_case(), Cluster(tmp_path, house=copied)
    try:
        with pytest.raises(ClusterError, match=rf"cannot solve \(VersionError: this is .* is run by {program_version()}\)"):
            run_sweep(case, grid([parse_variation("materials[Dy].price=200,300", case)]), tmp_path / "c.sqlite", scheduler=cluster.address)
    finally:
        cluster.stop()


def test_a_digest_is_of_names_and_bytes(tmp_path: Path) -> None:
    """Other files than .py do not count, and neither does where the package stands."""
    for place, files in {
        "a": {"x.py": "1", "y.py": "2"},
        "b": {"x.py": "1", "y.py": "2", "y.csv": "3"},
        "c": {"x.py": "12", "y.py": ""},
    }.items():
        for name, text in files.items():
            (tmp_path / place / "p").mkdir(parents=True, exist_ok=True)
            (tmp_path / place / "p" / name).write_text(text)
    digests = [digest_of(tmp_path / place / "p") for place in "abc"]
    (tmp_path / "a" / "p" / "y.py").rename(tmp_path / "a" / "p" / "z.py")

    assert digests[0] == digests[1]
    assert len({*digests, digest_of(tmp_path / "a" / "p")}) == 3
