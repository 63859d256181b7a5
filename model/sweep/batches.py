"""The unit of work of a sweep: a few points in a row, whose results depend on nothing but the case, the design and the versions.

Every batch starts from a place that the design gives, the solved base case (with the
structure of the batch's points) in a fresh HiGHS. It does not matter then which process
solves it, what that process did before, or how often the sweep was interrupted: the
results are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inputs.address import ChangeError
from inputs.apply import apply
from inputs.arrays import Floats
from inputs.case import Case
from inputs.change import Change
from model.data.compute import Data
from model.growth import TreeError
from model.process_state import freeze_heap
from model.resolve.parametric import Depending, ParametricProgram
from model.resolve.resolver import Resolver
from model.solver.highs import Session
from model.solver.program import Status
from model.sweep.design import Design
from model.sweep.documents import case_of, document_of
from model.sweep.order import order_of_points
from model.sweep.version import ProgramVersion
from model.sweep.work import Batch, Document, Result, failure

LONGEST, SHORTEST = 50, 5
"""Points of a batch: many enough to make up for its warm start, few enough that processes end together."""

SHARES = 6
"""A batch is this part of what is left, so that batches become shorter towards the end."""

FEW = 4
"""So many points of one structure, at least, are worth a warm start of their own."""

WARM_STARTS = 2
"""So many warm starts are kept for the next batch, the last used ones."""

TIMES = {"month", "yr", "year", "yes/no"}
"""Units of the columns that may change the structure of the program: times and switches."""

Values = tuple[float, ...]


@dataclass(frozen=True, eq=False)
class SweepWork:
    """All that a process needs to solve any batch of a sweep; it can be pickled."""

    case: Document
    design: Design
    time_limit: float | None
    version: ProgramVersion

    @classmethod
    def of(cls, case: Case, design: Design, time_limit: float | None, version: ProgramVersion) -> SweepWork:
        """The work of a sweep, its case as a document that processes can be sent."""
        return cls(document_of(case), design, time_limit, version)

    def solver(self, *, own_process: bool = False) -> BatchSolver:
        """What solves its batches."""
        return BatchSolver(self, own_process=own_process)


def batches_of(design: Design, keys: Sequence[str], done: Mapping[int, str]) -> list[Batch]:
    """The batches that still have points without a result; how points fall into batches depends on the design alone.

    Points of one structure come together, neighbours follow each other, and of points with
    the same changes (the same key) only the first is solved.
    """
    groups = groups_of(design, keys)
    found, place, total = [], 0, sum(len(numbers) for _, numbers in groups)
    for structure, numbers in groups:
        order, begin = [numbers[i] for i in order_of_points(design.points[numbers]).tolist()], 0
        while begin < len(order):
            part = order[begin : begin + min(LONGEST, max(SHORTEST, (total - place) // SHARES))]
            missing = [i for i, number in enumerate(part) if number not in done]
            if missing:
                found.append(Batch(place, tuple(part[: missing[-1] + 1]), frozenset(part[i] for i in missing), structure))
            begin, place = begin + len(part), place + len(part)
    return found


def groups_of(design: Design, keys: Sequence[str]) -> list[tuple[Values, list[int]]]:
    """The points with different keys by structure, the many first; those whose structure few have are together at the end."""
    first: dict[str, int] = {}
    for number, key in enumerate(keys):
        first.setdefault(key, number)
    structural = structural_places(design)
    groups: dict[tuple[float | None, ...], list[int]] = {}
    for number in sorted(first.values()):
        values = tuple(None if np.isnan(value) else value for value in design.points[number, structural].tolist())
        groups.setdefault(values, []).append(number)
    many = [
        (tuple(np.nan if value is None else value for value in values), numbers)
        for values, numbers in groups.items()
        if len(numbers) >= FEW
    ]
    rest = sorted(number for numbers in groups.values() if len(numbers) < FEW for number in numbers)
    return [*many, *([((), rest)] if rest else [])]


def structural_places(design: Design) -> list[int]:
    """Which of the variations may change the structure."""
    return [i for i, variation in enumerate(design.variations) if any(target.spec.unit in TIMES for target in variation.targets)]


@dataclass(frozen=True)
class WarmStart:
    """A solved case, from which batches begin. `numbers` are those of its program and `basis` is HiGHS's, None where there is no optimum."""

    data: Data | None
    parametric: ParametricProgram | None
    depending: Depending | None
    numbers: Floats | None
    basis: Any


class BatchSolver:
    """Solves batches of one sweep, in any order; `own_process` says that the process does nothing else."""

    def __init__(self, work: SweepWork, *, own_process: bool = False) -> None:
        self.work, self.own_process = work, own_process
        self.case = case_of(work.case)
        self.warm_starts: dict[str, WarmStart] = {}

    def solve(self, batch: Batch) -> Iterator[Result]:
        """The results of the pending points, as they come."""
        solver = self.begin(batch)
        for number in batch.numbers:
            try:
                point = solver.solve(apply(self.case, self.work.design.changes(number)))
            except (ChangeError, TreeError) as error:
                result = failure(number, str(error))
            except Exception as error:  # one bad point must not cost the others
                result = failure(number, f"{type(error).__name__}: {error}")
                solver = self.begin(batch)
            else:
                result = Result(number, str(point.status), dict(vars(point)))
                if point.status is not Status.OPTIMAL:  # it leaves no basis to go on from
                    solver = self.begin(batch)
            if number in batch.pending:
                yield result

    def begin(self, batch: Batch) -> Resolver:
        """A solver at the warm start of a batch; one that has solved nothing where there is none."""
        start = self.warm_start(batch)
        solver = Resolver(threads=1, time_limit=self.work.time_limit)
        if start.data is not None and start.parametric is not None:
            session = None
            if start.numbers is not None:
                session = Session(start.parametric.program(start.numbers), time_limit=self.work.time_limit, threads=1)
                session.use_devex()
                session.set_basis(start.basis)
            solver.begin_with(start.data, start.parametric, start.depending, start.numbers, session)
        return solver

    def warm_start(self, batch: Batch) -> WarmStart:
        """The base case with the structure of a batch, solved from scratch or kept from a batch before."""
        design = self.work.design
        varied = zip(structural_places(design), batch.structure, strict=False)
        changes = [design.variations[i].at(value) for i, value in varied if not np.isnan(value)]
        key = "\n".join(change.text for change in changes)
        start = self.warm_starts.pop(key, None)
        if start is None:
            start = warm_start_of(self.case, changes, self.work.time_limit)
            if self.own_process:
                freeze_heap()  # what is kept would be looked through again and again
        self.warm_starts[key] = start
        if len(self.warm_starts) > WARM_STARTS:
            del self.warm_starts[next(iter(self.warm_starts))]
        return start


def warm_start_of(case: Case, changes: Sequence[Change], time_limit: float | None) -> WarmStart:
    """A case with changes, solved from scratch; empty where that fails, for the points then say why."""
    solver = Resolver(threads=1, time_limit=time_limit)
    try:
        point = solver.solve(apply(case, changes))
    except Exception:
        return WarmStart(None, None, None, None, None)
    if point.status is not Status.OPTIMAL or solver.session is None or solver.numbered is None:
        return WarmStart(solver.data, solver.parametric, solver.depending, None, None)
    return WarmStart(solver.data, solver.parametric, solver.depending, solver.numbered[1], solver.session.basis)
