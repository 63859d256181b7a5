"""The file of results: what it refuses and in which words, and that it loses and doubles nothing."""

import json
import math
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from inputs.apply import apply
from inputs.case import Case
from inputs.change import parse_change, parse_variation
from inputs.errors import FileError
from inputs.workbook import parse
from model.sweep import store as module
from model.sweep.design import Design, grid, latin_hypercube, one_at_a_time, sobol_indices
from model.sweep.documents import MOST_DIFFERENCES, case_differences, case_of, design_of, document_of
from model.sweep.store import Store, StoreError, keys_of, uri_of
from model.sweep.version import program_version
from model.sweep.work import Result
from tests.kit.cases import grids, load_case, names
from tests.kit.faults import SOUND
from tests.kit.house import HOUSE
from tests.kit.kill_sweep import sound_case
from tests.kit.small import every_sheet


@pytest.fixture(scope="module")
def case() -> Case:
    return sound_case()


@pytest.fixture
def design(case: Case) -> Design:
    return grid([parse_variation("materials[Dy].price=200:400:5", case)])


def result(number: int, status: str = "optimal", *, worker_died: bool = False, **fields: object) -> Result:
    return Result(number, status, fields, worker_died)


def put(store: Store, *results: Result) -> None:
    for one in results:
        store.add(f"key {one.number}", one)


@pytest.mark.parametrize("name", [*names()[:6], "every sheet", "sound"])
def test_a_case_comes_back_from_its_document(name: str) -> None:
    """Through JSON, as the file has it: the same fingerprint, types and rows."""
    case = {"every sheet": every_sheet, "sound": sound_case}.get(name, lambda: load_case(name))()
    back = case_of(json.loads(json.dumps(document_of(case))))

    assert back.fingerprint == case.fingerprint
    for sheet, frame in case.frames.items():
        assert back[sheet].equals(frame[back[sheet].columns])
        assert back[sheet].dtypes.equals(frame.dtypes)
        assert back[sheet].index.equals(frame.index)
    assert (back.name, dict(back.units), dict(back.settings)) == (case.name, dict(case.units), dict(case.settings))


def test_a_design_comes_back_from_its_document(case: Case) -> None:
    """Every kind of value: lists, switches, no limit, distributions, left alone (NaN)."""
    texts = ["materials[Dy].stock_limit=90,no limit", "settings.length_known=yes,no", "sectors[*].shortage_multiple*=lognormal(1,0.3)"]
    variations = [parse_variation(text, case) for text in texts]
    for design in (one_at_a_time(variations[:2]), latin_hypercube(variations, 9, seed=4), sobol_indices(variations, 8, seed=2)):
        back = design_of(json.loads(json.dumps(design.document)), case)

        assert [v.text for v in back.variations] == [v.text for v in design.variations]
        assert keys_of(back, "") == keys_of(design, "")
        assert back.document == design.document


def test_results_come_back_in_the_order_of_the_points(case: Case, design: Design, tmp_path: Path) -> None:
    with Store.create_or_continue(tmp_path / "s.sqlite", case, design) as store:
        put(store, result(3, objective=1 / 3, costs={"a": math.inf}), result(0, "infeasible", message="no"))
    with Store.open(tmp_path / "s.sqlite") as store:
        found = list(store.results())

    assert found == [result(0, "infeasible", message="no"), result(3, objective=1 / 3, costs={"a": math.inf})]


def test_a_point_keeps_its_first_result(case: Case, design: Design, tmp_path: Path) -> None:
    with Store.create_or_continue(tmp_path / "s.sqlite", case, design) as store:
        put(store, result(1, objective=1.0), result(1, objective=2.0))
        store.commit()
        put(store, result(1, objective=3.0))
        store.commit()

        assert list(store.results()) == [result(1, objective=1.0)]


def test_a_point_whose_worker_died_is_tried_again(case: Case, design: Design, tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with Store.create_or_continue(path, case, design) as store:
        put(store, result(0, "failed"), result(1, "failed", worker_died=True), result(2))
    with Store.create_or_continue(path, case, design) as store:
        assert store.statuses() == {0: "failed", 2: "optimal"}


def test_what_stopped_is_tried_again_with_more_time(case: Case, design: Design, tmp_path: Path) -> None:
    """More than any limit before: 8 s are no more than the 10 s that it had, though 5 s came between."""
    path = tmp_path / "s.sqlite"
    with Store.create_or_continue(path, case, design, time_limit=10) as store:
        put(store, result(0, "stopped"), result(1))
    kept = []
    for limit in (10, 5, 8, 20, None):
        with Store.create_or_continue(path, case, design, time_limit=limit) as store:
            kept.append(0 in store.statuses())
            put(store, result(0, "stopped"))

    assert kept == [True, True, True, False, False]


@pytest.mark.slow
def test_two_processes_can_write_to_one_file(case: Case, design: Design, tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with Store.create_or_continue(path, case, design) as one, Store.create_or_continue(path, case, design) as other:
        for store, numbers in ((one, (0, 1)), (other, (1, 2))):
            put(store, *(result(number, objective=float(number)) for number in numbers))
            store.commit()

        assert list(one.results()) == [result(number, objective=float(number)) for number in (0, 1, 2)]


WRITER = """
import sys, time
from pathlib import Path
from inputs.change import parse_variation
from model.sweep.design import grid
from model.sweep.store import Store
from model.sweep.work import Result
from tests.kit.kill_sweep import sound_case
case = sound_case()
store = Store.create_or_continue(Path(sys.argv[1]), case, grid([parse_variation("materials[Dy].price=200:400:5000", case)]))
for number in range(5000):
    store.add("key", Result(number, "optimal", {"objective": number / 7}))
    print(number, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [0, 49, 50, 133, 1000])
def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path, after: int) -> None:
    """Of what it added, at most the last COMMIT_POINTS are missing, and each that is there is whole."""
    path = tmp_path / "s.sqlite"
    command = [sys.executable, "-c", WRITER, str(path)]
    environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= after:
                break
        process.kill() if sys.platform == "win32" else os.kill(process.pid, signal.SIGKILL)
    with Store.open(path) as store:
        found = list(store.results())

    assert [one.number for one in found] == list(range(len(found)))
    assert len(found) >= after - module.COMMIT_POINTS
    assert all(one.fields["objective"] == one.number / 7 for one in found)


def refusal(path: Path, case: Case, design: Design) -> str:
    with pytest.raises(StoreError) as refused:
        Store.create_or_continue(path, case, design)
    return str(refused.value)


def test_a_changed_case_is_refused_with_its_cells(case: Case, design: Design, tmp_path: Path) -> None:
    with Store.create_or_continue(tmp_path / "s.sqlite", case, design) as store:
        put(store, result(0), result(1))
    texts = [
        "materials[Dy].stock_limit=no limit",
        "settings.length_known=yes",
        "demand[Nd,civil].coverage=0.25",
        "supply[ore].last_year=2030",
    ]
    told = refusal(tmp_path / "s.sqlite", apply(case, [parse_change(text, case) for text in texts]), design)

    assert told.splitlines()[:2] == [
        f"{tmp_path / 's.sqlite'} holds the results of another sweep:",
        "the case has changed since (then -> now):",
    ]
    assert sorted(told.splitlines()[2:-1]) == [
        "  demand row 5 (Nd, civil), coverage: 0.2 -> 0.25",
        "  materials row 3 (Dy), stock_limit: 90 -> no limit t",
        "  settings, length_known: no -> yes",
        "  supply row 9 (ore), last_year: 2035 -> 2030",
    ]
    assert told.splitlines()[-1].endswith("or add --restart to throw its 2 results away.")


def test_rows_that_come_go_and_move_are_told(case: Case) -> None:
    """The rows below an inserted one are found by their keys, not by their places."""
    more = {sheet: list(rows) if isinstance(rows, list) else rows for sheet, rows in SOUND.items() if sheet != "sweeps"}
    more["supply"] = [more["supply"][0], {"offer": "Nd Peru", "country": "Peru", "material": "Nd"}, *more["supply"][2:]]
    more["budget"] = list(reversed(more["budget"]))
    other = parse(grids(more), "other").case
    assert other is not None

    assert case_differences(document_of(case), document_of(other)) == [
        "supply row 4 (Nd China): is no longer there",
        "supply row 4 (Nd Peru): is new",
        "budget: the rows stand in another order",
    ]


def test_many_differences_are_counted(case: Case) -> None:
    """7 tariffs, 4 demands, 2 capex, 3 prices and 4 quantities, and 3 lengths gone and come, for they are keys: 26."""
    other = apply(case, [parse_change(text, case) for text in ("supply[*].tariff+=0.01", "demand[*].demand*=1.1", "plants[*].capex+=1")])
    other = apply(
        other, [parse_change(text, case) for text in ("materials[*].price*=1.1", "recipes[*].quantity*=0.9", "durations[*].months+=3")]
    )
    told = case_differences(document_of(case), document_of(other))

    assert len(told) == MOST_DIFFERENCES + 1
    assert told[-1] == "and 6 more"


def test_differences_are_in_the_planners_unit() -> None:
    tables = grids({sheet: rows for sheet, rows in SOUND.items() if sheet != "sweeps"})
    row, units = 2, tables["materials"][1]
    units[1] = "USD/t"
    before = parse(tables, "before").case
    tables["materials"][row][1] = 330
    after = parse(tables, "after").case
    assert before is not None
    assert after is not None

    assert case_differences(document_of(before), document_of(after)) == ["materials row 3 (Dy), price: 300 -> 330 USD/t"]


def test_another_design_is_refused_in_words(case: Case, design: Design, tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    Store.create_or_continue(path, case, design).close()
    other = parse_variation("materials[Dy].price=200:400:6", case)
    random = latin_hypercube([other], 30, seed=1)

    assert "no longer varied:\n  materials[Dy].price=200:400:5\nnewly varied:\n  materials[Dy].price=200:400:6" in refusal(
        path, case, grid([other])
    )
    Store.create_or_continue(path, case, random, restart=True).close()
    told = refusal(path, case, latin_hypercube([other], 40, seed=2))
    assert "number of points: 30 -> 40\nseed: 1 -> 2" in told
    assert "or add --restart to throw its 0 results away" in told


def test_another_version_is_refused(case: Case, design: Design, tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    Store.create_or_continue(path, case, design).close()
    connection = sqlite3.connect(path)
    connection.execute("""UPDATE about SET value = '"stockpile 0.0.1, HiGHS 1.2.3"' WHERE name = 'packages'""")
    connection.commit()
    connection.close()

    assert f"it was written by stockpile 0.0.1, HiGHS 1.2.3, and this is {program_version().packages}." in refusal(path, case, design)


@pytest.mark.parametrize("restart", [False, True])
def test_a_file_that_is_no_sweeps_is_left_alone(case: Case, design: Design, tmp_path: Path, restart: bool) -> None:
    """Not even --restart replaces it."""
    (tmp_path / "text.sqlite").write_text("a planner's notes\n" * 100)
    other = sqlite3.connect(tmp_path / "other.sqlite")
    other.execute("CREATE TABLE precious (x)")
    other.close()
    for name in ("text", "other"):
        before = (tmp_path / f"{name}.sqlite").read_bytes()
        with pytest.raises(FileError, match="this file is no sweep's"):
            Store.create_or_continue(tmp_path / f"{name}.sqlite", case, design, restart=restart)
        assert (tmp_path / f"{name}.sqlite").read_bytes() == before


def test_places_where_nothing_can_be_written_are_named(case: Case, design: Design, tmp_path: Path) -> None:
    for path, words in ((tmp_path / "none" / "s.sqlite", "no such folder"), (tmp_path, "this is a folder")):
        with pytest.raises(FileError, match=words):
            Store.create_or_continue(path, case, design)
    (tmp_path / "empty.sqlite").touch()
    with pytest.raises(FileError, match="has not begun"):
        Store.open(tmp_path / "empty.sqlite")


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PurePosixPath("/data/s.sqlite"), "file:///data/s.sqlite?mode=rw"),
        (PurePosixPath("/a b/50%?#1.sqlite"), "file:///a%20b/50%25%3F%231.sqlite?mode=rw"),
        (PureWindowsPath(r"C:\Users\Eva Maria\s.sqlite"), "file:///C:/Users/Eva%20Maria/s.sqlite?mode=rw"),
        (PureWindowsPath(r"\\server\share\s 1#2%.sqlite"), "file:////server/share/s%201%232%25.sqlite?mode=rw"),
    ],
)
def test_a_path_is_named_as_sqlite_documents_it(path: PurePath, uri: str) -> None:
    """https://www.sqlite.org/uri.html: no authority, so that a share has four slashes; `?`, `#` and `%` of a name are escaped."""
    assert uri_of(path, "rw") == uri


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no ? in names")
def test_a_store_may_have_any_name(case: Case, design: Design, tmp_path: Path) -> None:
    path = tmp_path / "a b?mode=ro#50%.sqlite"
    Store.create_or_continue(path, case, design).close()

    assert list(tmp_path.iterdir()) == [path]


def test_keys_are_alike_where_the_changes_are(case: Case) -> None:
    one = grid([parse_variation("materials[Dy].price=200,300", case)])
    other = grid([parse_variation("materials[Dy].price=100,200.0", case)])

    assert keys_of(one, "a")[0] == keys_of(other, "a")[1]
    assert keys_of(one, "a")[0] != keys_of(one, "b")[0]
    assert len({*keys_of(one, "a"), *keys_of(other, "a")}) == 3
