"""The unit of work of a sweep: a few points in a row, whose results depend on nothing but the case, the design and the versions.

Every chunk starts from the same place, the solved base case in a fresh HiGHS. It does not
matter then which process solves it, what that process did before, or how often the sweep
was interrupted: the results are the same to the last bit.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inputs.case import Case
from inputs.change import apply
from model.data import Data
from model.formulas import Formulas
from model.points import Point, PointSolver
from model.sampling import Design, order_of_points
from model.session import Program, Session, Status
from model.snapshot import Document, case_of, document_of
from model.store import FAILED, Result

LONGEST, SHORTEST = 25, 5
"""Points of a chunk: many enough to make up for its start, few enough that processes end together."""

SHARES = 8
"""A chunk is this part of what is left, so that chunks become shorter towards the end."""


@dataclass(frozen=True)
class Chunk:
    """Points that are solved one after the other; `wanted` are those without a result, `numbers` all up to the last of them."""

    place: int
    numbers: tuple[int, ...]
    wanted: frozenset[int]


@dataclass(frozen=True)
class Work:
    """All that a process needs to solve any chunk of a sweep; it can be pickled."""

    case: Document
    design: Design
    time_limit: float | None
    version: str

    @classmethod
    def of(cls, case: Case, design: Design, time_limit: float | None, version: str) -> Work:
        return cls(document_of(case), design, time_limit, version)


def chunks_of(design: Design, keys: Sequence[str], done: Mapping[int, str]) -> list[Chunk]:
    """The chunks that still have points without a result; how points fall into chunks depends on the design alone.

    Neighbours follow each other, and of points with the same changes (the same key) only the first is solved.
    """
    first: dict[str, int] = {}
    for number, key in enumerate(keys):
        first.setdefault(key, number)
    once = sorted(first.values())
    order = [once[place] for place in order_of_points(design.points[once]).tolist()]
    found, begin = [], 0
    while begin < len(order):
        length = min(LONGEST, max(SHORTEST, (len(order) - begin) // SHARES))
        numbers = order[begin : begin + length]
        missing = [place for place, number in enumerate(numbers) if number not in done]
        if missing:
            found.append(Chunk(begin, tuple(numbers[: missing[-1] + 1]), frozenset(numbers[place] for place in missing)))
        begin += length
    return found


@dataclass(frozen=True)
class Start:
    """The base case solved: what every chunk begins with. `basis` is HiGHS's, None where there is no optimum."""

    data: Data | None
    formulas: Formulas | None
    spans: Mapping[str, slice]
    program: Program | None
    basis: Any


class ChunkSolver:
    """Solves chunks of one sweep, in any order."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.case = case_of(work.case)
        self.start: Start | None = None

    def solve(self, chunk: Chunk) -> Iterator[Result]:
        """The results of the points wanted, as they come."""
        solver = self.at_start()
        for number in chunk.numbers:
            result = self.result(solver, number)
            if result is None:
                solver, result = self.at_start(), self.failed
            if number in chunk.wanted:
                yield result
