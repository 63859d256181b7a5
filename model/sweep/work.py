"""What a sweep and a stress test have in common: numbered points, solved in batches by any process, whose results one file keeps."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from model.sweep.version import ProgramVersion

Document = dict[str, Any]
"""What a store keeps, or another process is sent: lists, dictionaries, texts, numbers (JSON with NaN and Infinity) and flags."""

FAILED = "failed"
"""The status of a point that could not be tried, or went wrong; the others are those of `model.solver.program.Status`."""


@dataclass(frozen=True)
class Result:
    """What became of a point: its number, its status, and its fields in JSON's terms (in a sweep those of its `model.resolve.resolver.Point`).

    `worker_died`: the process that solved it did; it is tried again when the work is continued.
    """

    number: int
    status: str
    fields: Mapping[str, Any]
    worker_died: bool = False


@dataclass(frozen=True)
class Batch:
    """Points that are solved one after the other; `pending` are those without a result, `numbers` all up to the last of them.

    `structure` has the values of the variations of a sweep that may change the structure, which the
    points share; NaN in it, and (), stand for the base case.
    """

    place: int
    numbers: tuple[int, ...]
    pending: frozenset[int]
    structure: tuple[float, ...] = ()


class Points(Protocol):
    """All points of a sweep or a stress test, as their store knows them; `purpose` is what people call it."""

    purpose: ClassVar[str]

    @property
    def document(self) -> Document:
        """What they are, in JSON's terms."""
        ...

    def differences(self, before: Document) -> list[str]:
        """In which words they differ from those of a document, none if they do not."""
        ...


class Solves(Protocol):
    """Solves batches, in any order."""

    def solve(self, batch: Batch) -> Iterator[Result]:
        """The results of the pending points, as they come."""
        ...


class Work(Hashable, Protocol):
    """All that a process needs to solve any batch; it can be pickled, and is itself its key."""

    @property
    def version(self) -> ProgramVersion:
        """The program that it was begun with."""
        ...

    def solver(self, *, own_process: bool = False) -> Solves:
        """What solves it; `own_process` says that the process does nothing else."""
        ...


def failure(number: int, message: str, *, worker_died: bool = False) -> Result:
    """A point that could not be solved, and why."""
    return Result(number, FAILED, {"status": FAILED, "message": message}, worker_died)
