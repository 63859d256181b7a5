"""A sweep: one case solved at every point of a design, on one process, several, or a cluster; interrupted, it continues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from inputs.apply import apply
from inputs.case import Case
from inputs.change import Variation
from model.plan import Plan, make_plan
from model.sweep.batches import SweepWork, batches_of
from model.sweep.design import Design
from model.sweep.solve import SweepError, SweepProgress, check_workers, is_failure, solve_all
from model.sweep.store import Store, keys_of
from model.sweep.version import ProgramVersion, program_version
from model.sweep.work import Result

MEASURED = ("seconds", "solver_seconds")
"""The columns of a sweep's table that are measured; all others are the same whenever and wherever it runs."""

GROUPS = {"cost": "costs", "target": "targets", "order": "orders", "coverage_price": "coverage_prices"}
"""Columns of a sweep's table by what they begin with, and the field of `model.resolve.resolver.Point` that they spread out."""


@dataclass(frozen=True, eq=False)
class SweepResult:
    """What a sweep gave by now.

    `frame` has a row for each point with a result, in the order of the points: `number`;
    `value.<i>`, the value of the i-th variation in its own terms (NaN: as in the case);
    `status` ("failed" or one of `model.solver.program.Status`); `objective`, `cost.<term>`,
    `stockpile_value` and `investment` in thousand USD; `target.<material>` in t;
    `order.<plant>` in t/yr; `coverage_price.<sector>` in thousand USD a percentage point;
    `message`; `how`; `iterations`; and the columns MEASURED, in seconds. Quantities are NaN
    unless the status is optimal. See `model.resolve.resolver.Point`.
    """

    case: Case
    design: Design
    fingerprint: str
    version: ProgramVersion
    created: str
    frame: pd.DataFrame

    @property
    def variations(self) -> tuple[Variation, ...]:
        """What varies."""
        return self.design.variations

    @property
    def counts(self) -> Mapping[str, int]:
        """Points by status."""
        return dict(Counter(self.frame["status"].tolist()))

    @property
    def left(self) -> int:
        """Points without a result yet."""
        return len(self.design) - len(self.frame)

    @property
    def failed(self) -> int:
        """Points that are neither optimal nor infeasible."""
        return sum(count for status, count in self.counts.items() if is_failure(status))


def run_sweep(
    case: Case,
    design: Design,
    store_path: Path | str,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    time_limit: float | None = None,
    progress: Callable[[SweepProgress], None] | None = None,
    restart: bool = False,
) -> SweepResult:
    """Solve every point of a design that the store does not have yet.

    `workers` processes share the points (1: this one), or those of the dask.distributed
    cluster at `scheduler` ("tcp://host:8786"). The results do not depend on which.
    `time_limit` is in seconds of HiGHS for each point; `restart` throws away what the store
    has. With more than one worker a script that calls this needs `if __name__ == "__main__":`.

    Raises StoreError where the store is another sweep's, FileError where it cannot be
    written, SweepError without workers, ClusterError where the cluster is out of reach, and
    SweepStopped after Ctrl-C. Points that are infeasible or fail are no exception.
    """
    check_workers(workers)
    path = Path(store_path)
    with Store.create_or_continue(path, case, design, time_limit=time_limit, restart=restart) as store:
        keys, done = keys_of(design, case.fingerprint), store.statuses()
        work = SweepWork.of(case, design, time_limit, program_version())
        solve_all(store, work, batches_of(design, keys, done), keys, done, workers=workers, scheduler=scheduler, progress=progress)
        return read(store)


def read_sweep(store_path: Path | str) -> SweepResult:
    """What a sweep gave by now; it may be running. Raises FileError where there is none."""
    with Store.open(Path(store_path)) as store:
        return read(store)


def read(store: Store) -> SweepResult:
    """Every result in a store."""
    case, design = store.sweep()
    frame = frame_of(design, list(store.results()))
    return SweepResult(case, design, store.about("fingerprint"), store.version(), store.about("created"), frame)


def frame_of(design: Design, results: Sequence[Result]) -> pd.DataFrame:
    """The table of a sweep; see SweepResult."""
    fields = [result.fields for result in results]
    numbers = np.array([result.number for result in results], dtype=np.int64)
    columns: dict[str, Any] = {"number": numbers}
    columns |= {f"value.{i}": design.points[numbers, i] for i in range(len(design.variations))}
    columns["status"] = [result.status for result in results]
    columns["objective"] = floats([field.get("objective") for field in fields])
    for begin, group in GROUPS.items():
        groups = [field.get(group, {}) for field in fields]
        names = dict.fromkeys(name for members in groups for name in members)
        columns |= {f"{begin}.{name}": floats([members.get(name) for members in groups]) for name in names}
    columns |= {name: floats([field.get(name) for field in fields]) for name in ("stockpile_value", "investment")}
    columns |= {name: [field.get(name, "") for field in fields] for name in ("message", "how")}
    columns["iterations"] = [int(field.get("iterations", 0)) for field in fields]
    columns |= {name: floats([field.get(name, 0.0) for field in fields]) for name in MEASURED}
    return pd.DataFrame(columns)


def floats(values: list[float | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Numbers, NaN where there is none."""
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def plan_of(case: Case, design: Design, number: int, *, time_limit: float | None = None) -> Plan:
    """The full plan of one point. Raises SweepError where there is no such point, ChangeError where its changes cannot be made."""
    if not 0 <= number < len(design):
        raise SweepError(f"there is no point {number}; this sweep has the points 0 to {len(design) - 1:,}.")
    return make_plan(apply(case, design.changes(number)), time_limit=time_limit)
