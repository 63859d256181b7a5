"""Stress tests: probabilities that can be worked out, the same table from one process or two and after any interruption, and plans that compare."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inputs.errors import FileError
from model.plan import Plan, make_plan
from model.stress.future import NEVER, Episode, Future
from model.stress.outcome import outcome as outcome_of
from model.stress.policy import StressError, policy_of
from model.stress.replay import Replayer
from model.stress.run import Stress, run_stress
from model.sweep.design import grid
from model.sweep.solve import SweepProgress, SweepStopped
from model.sweep.store import Store, StoreError
from tests.kit.small import case, embargo, every_sheet, plant
from tests.model.stress.test_draw import CERTAIN, likely, stressed
from tests.model.stress.test_replay import STOCKED, solved, stocked


def held(months: float, *rows: Any, chance: float = 0.3, lengths: Any = None) -> Plan:
    """A plan of four years that holds so many months of demand (1 t each) from the end of 2026 on; an embargo comes in 2027 or not at all."""
    sheets = STOCKED | {
        "materials": {"material": "Dy", "price": 100, "stock_limit": months, "resale_share": 1.01},
        **embargo(lengths or {3: 0.4, 6: 0.3, 9: 0.2, 12: 0.1}, chance=chance, first_year=2027, last_year=2027),
    }
    return solved(case({"horizon": 4, "aftermath": True}, stress=rows or CERTAIN, **sheets))


def stress(plan: Plan, folder: Path, runs: int = 60, name: str = "s", **options: Any) -> Stress:
    return run_stress(plan, folder / f"{name}.sqlite", runs=runs, **options)


def covered(found: Stress) -> list[bool]:
    return [outcome["full"]["civil"] for outcome in found.outcomes]


@pytest.mark.parametrize(("months", "beyond"), [(0, 1.0), (3, 0.6), (6, 0.3), (9, 0.1), (12, 0.0)])
def test_full_coverage_is_as_likely_as_a_cutoff_that_the_stock_outlasts(months: float, beyond: float, tmp_path: Path) -> None:
    """A cutoff comes with 0.3, whatever its month; stock of k months does not cover it where it lasts longer: 1 - 0.3 x P(length > k)."""
    found = stress(held(months), tmp_path, runs=600)

    assert found.failed == 0
    assert likely(sum(covered(found)), 600, 1 - 0.3 * beyond)


def test_geometric_lengths_and_the_tonnes_short(tmp_path: Path) -> None:
    """Quarter after quarter half of the cutoffs go on (8 quarters at most); 6 t cover two: full coverage with 1 - 0.3 / 4.

    Expected shortage: 3 t for each quarter beyond the second that is reached, 0.3 x 3 x (1/4 + 1/8 + ... + 1/128) = 0.3 x 3 x 63/128.
    """
    lengths = {3.0 * k: 0.5**k for k in range(1, 8)} | {24.0: 0.5**7}
    found = stress(held(6, lengths=lengths), tmp_path, runs=1500)
    tonnes = np.array([sum(row[2] for row in outcome["short"]) for outcome in found.outcomes])
    half = 3.29 * tonnes.std() / np.sqrt(len(tonnes))

    assert likely(sum(covered(found)), 1500, 1 - 0.3 / 4)
    assert tonnes.mean() - half <= 0.3 * 3 * 63 / 128 <= tonnes.mean() + half


def test_more_stock_never_loses_what_less_had_covered(tmp_path: Path) -> None:
    """With everything uncertain and the same seed: each future that is covered with 4 t is with 8 t, and none has more short."""
    rows = [{"what": "severity", "name": "*", "distribution": 1}]
    less, more = (stress(held(months, *rows), tmp_path, 200, name=str(months)) for months in (4, 8))

    assert [outcome["cutoffs"] for outcome in less.outcomes] == [outcome["cutoffs"] for outcome in more.outcomes]
    assert all(after or not before for before, after in zip(covered(less), covered(more), strict=True))
    assert sum(covered(less)) < sum(covered(more)) < 200


def test_the_listed_futures_give_the_plans_own_shortage(tmp_path: Path) -> None:
    """Drawn from the tree of a case with everything: expected shortage, lost output and cost lie in their 99.9 % intervals, and a future drawn twice is replayed once."""
    plan = solved(every_sheet().with_setting("risk_weight", 0.0))
    found = stress(plan, tmp_path, runs=4000, listed=True)
    cost, loss = (np.array([outcome[what] for outcome in found.outcomes]) for what in ("cost", "loss"))
    own_loss = plan.expected.loc[["cost_shortage", "cost_lost_output", "cost_saving"]].to_numpy().sum()

    for values, own in ((cost, plan.objective), (loss, own_loss)):
        half = 3.29 * values.std() / np.sqrt(len(values))
        assert values.mean() - half <= own <= values.mean() + half
    assert 1 < len(set(cost.tolist())) <= len(plan.tree.branches) * 2 + 1


def test_the_listed_futures_of_us_2026_give_its_shortage(tmp_path: Path) -> None:
    """Tonnes short of all demands together, 400 futures of the tree: within the 99.9 % interval of what the plan expects."""
    from inputs.shipped import shipped_grids
    from inputs.workbook import parse

    of = parse(shipped_grids("us-2026"), "us-2026").case
    assert of is not None
    plan = make_plan(of)
    found = stress(plan, tmp_path, runs=400, listed=True)
    tonnes = np.array([sum(row[2] for row in outcome["short"]) for outcome in found.outcomes])
    own = (plan.values["shortage"].reshape(-1, len(plan.tree)) * plan.tree.prob).sum()
    half = 3.29 * tonnes.std() / np.sqrt(len(tonnes))

    assert tonnes.mean() - half <= own <= tonnes.mean() + half


@pytest.mark.slow
def test_two_processes_give_the_same_table_as_one(tmp_path: Path) -> None:
    plan = solved(every_sheet())
    one, two = (stress(plan, tmp_path, runs=90, name=str(workers), workers=workers) for workers in (1, 2))

    assert one.results == two.results


def test_interrupted_it_continues_with_the_same_table(tmp_path: Path) -> None:
    plan = solved(every_sheet())

    def interrupt(progress: SweepProgress) -> None:
        if progress.done >= 30:
            raise KeyboardInterrupt

    with pytest.raises(SweepStopped, match="the same command continues"):
        stress(plan, tmp_path, runs=70, progress=interrupt)
    seen: list[int] = []
    continued = stress(plan, tmp_path, runs=70, progress=lambda progress: seen.append(progress.done))

    assert seen[0] == 30
    assert continued.results == stress(plan, tmp_path, runs=70, name="undisturbed").results


def test_more_runs_are_added_to_those_that_there_are(tmp_path: Path) -> None:
    plan = held(6)
    few = stress(plan, tmp_path, runs=25)
    many = stress(plan, tmp_path, runs=45)

    assert many.results[:25] == few.results
    assert len(stress(plan, tmp_path, runs=10).results) == 10


def test_what_a_store_is_not_for_is_refused(tmp_path: Path) -> None:
    """Another seed, other distributions, another plan of the same case; and the store of a sweep."""
    plan = held(6)
    stress(plan, tmp_path, runs=5)
    with pytest.raises(StoreError, match="seed: 1 -> 2"):
        stress(plan, tmp_path, runs=5, seed=2)
    with pytest.raises(StoreError, match=r"no longer drawn:\n  length of \*: 1\n"):
        stress(held(6, *CERTAIN[1:]), tmp_path, runs=5)
    with pytest.raises(StoreError, match="materials row 3"):
        stress(held(9), tmp_path, runs=5)
    with pytest.raises(StressError, match="from 1 to 1,000,000, not 0"):
        stress(plan, tmp_path, runs=0)
    from inputs.change import parse_variation

    Store.create_or_continue(tmp_path / "sweep.sqlite", plan.case, grid([parse_variation("materials[Dy].price=1,2", plan.case)])).close()
    with pytest.raises(FileError, match="has the results of a sweep, not of a stress test"):
        stress(plan, tmp_path, runs=5, name="sweep")


def test_a_case_without_cutoffs_is_always_covered(tmp_path: Path) -> None:
    plan = solved(stressed(cutoffs=[], durations=[], losses=[]))
    found = stress(plan, tmp_path, runs=20)

    assert covered(found) == [True] * 20
    assert all(not outcome["cutoffs"] for outcome in found.outcomes)


def test_a_plant_that_was_not_there_is_not_called_late() -> None:
    """Ordered in January 2027 (month 12), and ready in month 24. A cutoff of month 6 finds nothing ordered; one from month 15 to 21 it not on line even on time; one from month 15 to 27
    lacks it for three months because it is late, or refused. Without a cutoff it is late in peace."""
    plan = solved(
        stocked(
            pins=[{"item": "order", "name": "works", "year": 2027, "at_least": 12}],
            **plant(capacity_limit=12, capex=10_000, lead_time=12, residual_share=0),
        )
    )
    replayer = Replayer(plan.case, policy_of(plan), settle=True)

    def told(months: float, *episodes: Episode) -> tuple[dict[str, float | None], dict[str, str]]:
        future = Future(episodes, {"works": months})
        found = outcome_of(replayer, future, replayer.trace(replayer.periods([future]), 0))
        return found["late"], found["absent"]

    assert told(9, Episode("embargo", 6, 12)) == ({}, {"works": "ordered"})
    assert told(9, Episode("embargo", 15, 6)) == ({}, {"works": "on line"})
    assert told(9, Episode("embargo", 15, 12)) == ({"works": 9}, {})
    assert told(NEVER, Episode("embargo", 15, 12)) == ({"works": None}, {})
    assert told(NEVER, Episode("embargo", 6, 12)) == ({}, {"works": "ordered"})
    assert told(9) == ({"works": 9}, {})


def test_an_outcome_by_hand(tmp_path: Path) -> None:
    """The plan of 12 t for defense, promised 12 months of it; civil, 6 t/yr, is promised nothing. Of the futures drawn, those whose embargo begins in 2027 or later find
    everything in store: defense is never short of its promise, and what is short is told from the month in which it begins."""
    plan = solved(
        stocked(
            sectors=[
                {"sector": "civil", "shortage_multiple": 1.5},
                {"sector": "defense", "coverage": 1, "cover_months": 12, "shortage_multiple": 20},
            ],
            demand=[{"material": "Dy", "sector": "civil", "demand": 6}, {"material": "Dy", "sector": "defense", "demand": 12}],
            materials={"material": "Dy", "price": 100, "stock_limit": 12, "resale_share": 0.5},
            stress=[row for row in CERTAIN if row["what"] != "length"] + [{"what": "length", "name": "*", "distribution": 2}],
        )
    )
    found = stress(plan, tmp_path, runs=150)
    late = [o for o in found.outcomes if o["cutoffs"] and 12 <= o["cutoffs"][0][1] <= 18 and o["cutoffs"][0][2] >= 15]

    assert late
    for outcome in late:
        _, onset, months, _ = outcome["cutoffs"][0]
        lasts = min(months, 36 - onset)
        civil, defense = outcome["short"]
        assert (civil[0], defense[0]) == (0, 1)
        assert (civil[2], civil[4]) == (pytest.approx(lasts / 2), 0)
        assert (defense[2], defense[3], defense[4]) == (pytest.approx(lasts - 12), 0, 12)
        assert (outcome["full"], outcome["kept"]) == ({"civil": False, "defense": False}, {"civil": None, "defense": True})
