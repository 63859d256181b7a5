"""Sweeps: the same table from one process or two, after any interruption, and nothing lost."""

import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import weakref
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from inputs.address import ChangeError
from inputs.apply import apply
from inputs.case import Case
from inputs.change import parse_variation
from inputs.errors import FileError
from model.plan import make_plan
from model.solver.highs import Session
from model.solver.program import Answer, Status
from model.sweep.batches import LONGEST, BatchSolver, SweepWork, batches_of
from model.sweep.design import Design, grid, monte_carlo, one_at_a_time
from model.sweep.run import MEASURED, plan_of, read_sweep, run_sweep
from model.sweep.solve import SweepError, SweepProgress
from model.sweep.store import StoreError, keys_of
from model.sweep.version import program_version
from model.sweep.work import Batch
from tests.kit import small
from tests.kit.kill_sweep import all_gone, begun, lasting, session_of, sound_case, varied, wait_for

POINTS, LONG = 90, 240
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the processes of a session in /proc")


@pytest.fixture(scope="module")
def case() -> Case:
    return sound_case()


@pytest.fixture(scope="module")
def design(case: Case) -> Design:
    return varied(case, POINTS)


@pytest.fixture(scope="module")
def undisturbed(case: Case, design: Design, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The table of a sweep in one process."""
    return run_sweep(case, design, tmp_path_factory.mktemp("sweep") / "s.sqlite").frame


@pytest.fixture(scope="module")
def undisturbed_long(case: Case, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return run_sweep(case, varied(case, LONG), tmp_path_factory.mktemp("long") / "s.sqlite", workers=2).frame


def identical(frame: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Bit for bit, but for the measured columns."""
    pd.testing.assert_frame_equal(lasting(frame), lasting(other), check_exact=True)
    return True


def gridded(case: Case, *texts: str) -> Design:
    return grid([parse_variation(text, case) for text in texts])


def test_a_sweep_has_a_row_for_each_point_with_its_outcome(case: Case, design: Design, undisturbed: pd.DataFrame) -> None:
    """The design has points that fail (coverage above 1), infeasible ones (too much to recycle) and three structures."""
    assert undisturbed["number"].tolist() == list(range(POINTS))
    assert np.array_equal(undisturbed[[f"value.{i}" for i in range(4)]].to_numpy(), design.points)
    assert set(undisturbed["status"]) == {"optimal", "infeasible", "failed"}
    assert {"warm", ""} <= set(undisturbed["how"]) <= {"warm", "cold", ""}
    failed = undisturbed[undisturbed["status"] == "failed"]
    assert failed["message"].str.contains("coverage must be").all()
    assert np.array_equal(design.points[failed["number"], 1] > 1, np.full(len(failed), True))


@pytest.mark.parametrize("number", range(0, POINTS, 7))
def test_a_point_is_what_the_plan_of_its_case_says(case: Case, design: Design, undisturbed: pd.DataFrame, number: int) -> None:
    """The optimum of a plan built from nothing, and its parts; quantities may differ where several plans are optimal."""
    row = undisturbed.iloc[number]
    if row["status"] == "failed":
        return
    plan = plan_of(case, design, number)

    assert row["status"] == plan.status
    if plan.status is Status.OPTIMAL:
        assert row["objective"] == pytest.approx(plan.objective, rel=1e-8)
        parts = [column for column in map(str, undisturbed) if column.startswith("cost.")]
        assert row[parts].sum() == pytest.approx(row["objective"], rel=1e-8)


def test_a_point_that_check_would_refuse_fails_with_its_words(tmp_path: Path) -> None:
    """Half of an unlimited offer is no limit, 7 months do not fit into 24, and two cutoffs begin in one period with 0.7 + 0.4; nothing is solved of these."""
    of = small.case(**(small.embargo(chance=0.1) | {"cutoffs": [{"cutoff": c, "annual_probability": 0.1} for c in ("embargo", "war")],
        "durations": [{"cutoff": c, "months": 6, "probability": 1} for c in ("embargo", "war")]}))  # fmt: skip
    texts = ("losses[embargo,China,*,0].supply_lost=0.5,1", "settings.period=7,12", "cutoffs[embargo|war].annual_probability=0.3,0.7")
    design = one_at_a_time([parse_variation(text, of) for text in texts])
    frame = run_sweep(of, design, tmp_path / "s.sqlite").frame
    said = ["", "0.5 of no limit is still no limit", "", "whole number of periods of 7 months", "", "", "add to 1.4 in 2027"]

    assert frame["status"].tolist() == ["failed" if words else "optimal" for words in said]
    assert all(words in message for words, message in zip(said, frame["message"], strict=True))
    with pytest.raises(ChangeError, match="of no limit"):
        plan_of(of, design, 1)


@pytest.mark.slow
def test_two_processes_give_the_same_table_as_one(case: Case, design: Design, undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    assert identical(run_sweep(case, design, tmp_path / "s.sqlite", workers=2).frame, undisturbed)
    assert not multiprocessing.active_children()


@pytest.mark.slow
def test_a_sweep_that_is_done_is_read_not_solved(case: Case, design: Design, undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    run_sweep(case, design, tmp_path / "s.sqlite")
    seen: list[SweepProgress] = []
    again = run_sweep(case, design, tmp_path / "s.sqlite", progress=seen.append)
    read = read_sweep(tmp_path / "s.sqlite")

    assert [progress.done for progress in seen] == [POINTS]
    assert identical(again.frame, undisturbed)
    assert identical(read.frame, undisturbed)
    assert (read.fingerprint, read.left, read.failed) == (case.fingerprint, 0, (undisturbed["status"] == "failed").sum())
    assert [v.text for v in read.variations] == [v.text for v in design.variations]
    assert read.case.fingerprint == case.fingerprint
    assert plan_of(read.case, read.design, 3).objective == pytest.approx(undisturbed["objective"][3], rel=1e-8)


@pytest.mark.slow
def test_progress_counts_every_point(case: Case, design: Design, undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    seen: list[SweepProgress] = []
    run_sweep(case, design, tmp_path / "s.sqlite", progress=seen.append)
    counts = undisturbed["status"].value_counts()

    assert [progress.done for progress in seen] == list(range(POINTS + 1))
    assert {progress.total for progress in seen} == {POINTS}
    assert (seen[-1].infeasible, seen[-1].failed, seen[-1].seconds_left) == (counts["infeasible"], counts["failed"], 0)
    assert all(progress.rate > 0 for progress in seen[3:])


def test_a_sweep_in_this_process_leaves_the_callers_garbage_to_be_collected(case: Case, tmp_path: Path) -> None:
    """Nothing is hidden from the garbage collector of a process that others share."""

    class Knot:
        def __init__(self) -> None:
            self.itself = self

    knot = Knot()
    left = weakref.ref(knot)
    run_sweep(case, gridded(case, "materials[Dy].price=300,200"), tmp_path / "s.sqlite")
    del knot
    gc.collect()

    assert left() is None


def test_points_with_the_same_changes_are_solved_once(case: Case, tmp_path: Path) -> None:
    """Samples of a list of two values repeat them: of 40 points two are solved."""
    design = monte_carlo([parse_variation("materials[Dy].price=300,200", case)], 40, seed=3)
    frame = run_sweep(case, design, tmp_path / "s.sqlite").frame

    assert len(batches_of(design, keys_of(design, case.fingerprint), {})[0].numbers) == 2
    assert frame.groupby("value.0")["seconds"].nunique().tolist() == [1, 1]
    assert frame.groupby("value.0")["objective"].nunique().tolist() == [1, 1]


def test_a_value_left_alone_is_as_in_the_case(case: Case, tmp_path: Path) -> None:
    design = one_at_a_time(
        [parse_variation("materials[Dy].price=200,400", case), parse_variation("settings.discount_rate=0.01,0.06", case)]
    )
    frame = run_sweep(case, design, tmp_path / "s.sqlite").frame

    assert np.isnan(frame["value.0"][0])
    assert frame["objective"][0] == pytest.approx(make_plan(case).objective, rel=1e-9)


def test_batches_depend_on_the_design_alone(design: Design, case: Case) -> None:
    """Those that are left stand as before, without what is done at their ends."""
    keys = keys_of(design, case.fingerprint)
    whole = batches_of(design, keys, {})
    order = [number for batch in whole for number in batch.numbers]
    left = batches_of(design, keys, dict.fromkeys([*whole[0].numbers, *whole[1].numbers[:3], whole[2].numbers[-1]], "optimal"))

    assert sorted(order) == list(range(POINTS))
    assert max(len(batch.numbers) for batch in whole) <= LONGEST
    assert [batch.place for batch in left] == [batch.place for batch in whole[1:]]
    assert (left[0].numbers, left[0].pending) == (whole[1].numbers, frozenset(whole[1].numbers[3:]))
    assert left[1].numbers == whole[2].numbers[:-1]


def test_points_of_one_structure_come_together(case: Case, tmp_path: Path) -> None:
    """Ten discount rates for each of three lead times, of which one is the case's: each structure is taken apart once, at its start."""
    design = gridded(case, "settings.discount_rate=0:0.09:10", "plants[works].lead_time=24,12,18")
    batches = batches_of(design, keys_of(design, case.fingerprint), {})
    lengths: list[tuple[float, ...]] = [(24,), (12,), (18,)]
    frame = run_sweep(case, design, tmp_path / "s.sqlite").frame

    assert [batch.structure for batch in batches] == sorted((batch.structure for batch in batches), key=lengths.index)
    assert set(frame["how"]) == {"warm"}
    for number in (0, 4, 29):
        assert frame["objective"][number] == pytest.approx(plan_of(case, design, number).objective, rel=1e-8)


@pytest.mark.slow
def test_structures_that_few_points_have_are_rebuilt(case: Case, tmp_path: Path) -> None:
    design = gridded(case, "plants[works].lead_time=9:30:4", "settings.discount_rate=0.01,0.02")
    frame = run_sweep(case, design, tmp_path / "s.sqlite").frame

    assert "rebuilt" in set(frame["how"])
    for number in range(8):
        assert frame["objective"][number] == pytest.approx(plan_of(case, design, number).objective, rel=1e-8)


@pytest.mark.slow
def test_a_batch_gives_the_same_wherever_it_is_solved(case: Case, design: Design) -> None:
    """After other batches, after itself, and in another process (which gets it pickled)."""
    work = pickle.loads(pickle.dumps(SweepWork.of(case, design, None, program_version())))
    first, second = batches_of(design, keys_of(design, case.fingerprint), {})[:2]
    solver = BatchSolver(work)
    alone = [result.fields for result in BatchSolver(work).solve(second)]
    after = [[result.fields for result in solver.solve(batch)] for batch in (first, second, second)]
    times = dict.fromkeys(MEASURED, 0)

    for repeated in after[1:]:
        assert [{**fields, **times} for fields in repeated] == [{**fields, **times} for fields in alone]


def test_a_base_case_without_a_plan_is_no_hindrance(case: Case, tmp_path: Path) -> None:
    hopeless = apply(case, [parse_variation("floors[Nd,recycled].share=0.9", case).at(0.9)])
    design = gridded(hopeless, "floors[Nd,recycled].share=0.02,0.03,0.9")
    frame = run_sweep(hopeless, design, tmp_path / "s.sqlite").frame

    assert frame["status"].tolist() == ["optimal", "optimal", "infeasible"]
    assert frame["objective"][0] == pytest.approx(make_plan(case).objective, rel=1e-8)


def test_a_point_that_raises_costs_no_other(case: Case, design: Design, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect half-way through a point: it is recorded, and the next points start afresh."""
    batch = Batch(0, (0, 1, 2), frozenset((0, 1, 2)))
    sound = list(BatchSolver(SweepWork.of(case, design, None, program_version())).solve(batch))
    calls: list[int] = []

    def breaking(session: Session) -> Answer:
        calls.append(1)
        if len(calls) == 3:
            raise ArithmeticError("broken")
        return solve(session)

    solve = Session.solve
    monkeypatch.setattr(Session, "solve", breaking)
    found = list(BatchSolver(SweepWork.of(case, design, None, program_version())).solve(batch))

    assert found[1].status == "failed"
    assert found[1].fields["message"] == "ArithmeticError: broken"
    assert found[2].fields["objective"] == pytest.approx(sound[2].fields["objective"], rel=1e-9)


@pytest.mark.slow
def test_a_process_that_is_killed_is_replaced(case: Case, design: Design, undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    killed: list[int] = []

    def kill_once(progress: SweepProgress) -> None:
        if progress.done >= POINTS // 3 and not killed:
            victim = multiprocessing.active_children()[0]
            os.kill(victim.pid or 0, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
            killed.append(victim.pid or 0)

    result = run_sweep(case, design, tmp_path / "s.sqlite", workers=2, progress=kill_once)

    assert killed
    assert identical(result.frame, undisturbed)


@pytest.mark.slow
def test_points_whose_processes_keep_dying_fail_and_are_tried_again(
    case: Case, design: Design, undisturbed: pd.DataFrame, tmp_path: Path
) -> None:
    """Every process is killed as it begins; three deaths and a batch is given up. Run again, nothing is missing."""
    done = threading.Event()

    def kill_all() -> None:
        while not done.wait(0.05):
            for child in multiprocessing.active_children():
                child.kill()

    killer = threading.Thread(target=kill_all)
    killer.start()
    few = gridded(case, "materials[Dy].price=200:400:12")
    try:
        given_up = run_sweep(case, few, tmp_path / "s.sqlite", workers=2)
    finally:
        done.set()
        killer.join()
    again = run_sweep(case, few, tmp_path / "s.sqlite", workers=2)

    assert given_up.counts == {"failed": 12}
    assert given_up.failed == 12
    assert given_up.frame["message"].str.fullmatch(r"the process that solved it was killed \(.*\), 3 times\.").all()
    assert again.counts == {"optimal": 12}


@pytest.mark.slow
@on_linux
@pytest.mark.parametrize(("workers", "share"), [(1, 0.3), (2, 0.1), (2, 0.5), (2, 0.9)])
def test_killed_and_continued_the_table_is_the_same(
    case: Case, undisturbed_long: pd.DataFrame, tmp_path: Path, workers: int, share: float
) -> None:
    """kill -9 of the parent; its processes notice and end. `python -m tests.kit.kill_sweep --times 20` does it at random moments."""
    with begun(tmp_path / "s.sqlite", LONG, workers) as process:
        seen = wait_for(process, int(share * LONG))
        os.kill(process.pid, signal.SIGKILL)
    gone = all_gone(process.pid)
    kept = len(read_sweep(tmp_path / "s.sqlite").frame)
    continued = run_sweep(case, varied(case, LONG), tmp_path / "s.sqlite", workers=workers)

    assert seen >= share * LONG
    assert gone
    assert 0 <= kept < LONG
    assert identical(continued.frame, undisturbed_long)


@pytest.mark.slow
@on_linux
def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(case: Case, tmp_path: Path) -> None:
    """Ctrl-C reaches every process of the terminal."""
    process = begun(tmp_path / "s.sqlite", 2000, 2)
    wait_for(process, 100)
    os.killpg(process.pid, signal.SIGINT)
    last = (process.communicate()[0] or "").splitlines()[-1]
    result = read_sweep(tmp_path / "s.sqlite")

    assert f"stopped with {len(result.frame):,} of 2,000 points solved. They are kept in" in last
    assert "the same command continues from there" in last
    assert len(result.frame) >= 100
    assert result.left == 2000 - len(result.frame)
    assert not session_of(process.pid)


@pytest.mark.slow
def test_a_sweep_can_be_read_while_it_runs(case: Case, design: Design, tmp_path: Path) -> None:
    rows: list[int] = []

    def read(progress: SweepProgress) -> None:
        time.sleep(0.02)
        rows.append(len(read_sweep(tmp_path / "s.sqlite").frame))

    run_sweep(case, design, tmp_path / "s.sqlite", progress=read)

    assert rows == sorted(rows)
    assert 0 < rows[POINTS // 2] < POINTS


@pytest.mark.slow
def test_a_changed_case_is_refused_with_its_cells(case: Case, design: Design, tmp_path: Path) -> None:
    run_sweep(case, design, tmp_path / "s.sqlite")
    changed = apply(
        case,
        [parse_variation(text, case).at(value) for text, value in (("materials[Dy].price=1", 310), ("settings.discount_rate=0", 0.05))],
    )

    with pytest.raises(StoreError) as refused:
        run_sweep(changed, design, tmp_path / "s.sqlite")
    assert "settings, discount_rate: 0.03 -> 0.05 1/yr" in str(refused.value)
    assert "materials row 3 (Dy), price: 300 -> 310 USD/kg" in str(refused.value)
    restarted = run_sweep(changed, design, tmp_path / "s.sqlite", restart=True)
    assert restarted.fingerprint == changed.fingerprint
    assert restarted.left == 0


def test_what_cannot_be_is_said(case: Case, design: Design, tmp_path: Path) -> None:
    with pytest.raises(SweepError, match="at least 1, not 0"):
        run_sweep(case, design, tmp_path / "s.sqlite", workers=0)
    with pytest.raises(SweepError, match=f"points 0 to {POINTS - 1}"):
        plan_of(case, design, POINTS)
    with pytest.raises(FileError, match="run the sweep first"):
        read_sweep(tmp_path / "none.sqlite")
    with contextlib.suppress(FileNotFoundError):
        (tmp_path / "none.sqlite").unlink()
        pytest.fail("reading made a file")
