"""From a plan workbook to the same plan once more: solved again from the inputs that it repeats, and what differs if anything does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from inputs.errors import CaseError, FileError
from inputs.files import check_target, write_whole
from inputs.grid import Grid
from inputs.schema import SHEETS
from inputs.source import read_source
from inputs.template import write_case
from inputs.workbook import parse
from model.certificate.amounts import Amounts
from model.certify import certify
from model.plan import Plan, Progress, make_plan
from model.second_rule import SAME, Decided
from model.solver.program import Solver, Status
from outputs.tables.certificate import QUANTITIES
from outputs.tables.run import SHEET as RUN
from outputs.tables.run import SOLVER, THREADS, versions
from outputs.verify_file import Sheets, amounts_of, damaged, echoed_grid, read_sheets

AGREES = 1e-9
"""Relative: two solves of one case cost the same."""

Facts = Mapping[tuple[str, str], object]
"""The values of the sheet of the run by part and item."""


@dataclass(frozen=True)
class Reproduction:
    """What came of solving a plan again.

    `said` is the cost on the workbook and `found` that of the new solve (None: no plan), thousand USD; `differences` are in words, none: the
    same. `remarks` are differences that changed nothing, or need not. `case` is the workbook of the inputs, if one was asked for.
    """

    path: Path
    said: object
    found: float | None
    differences: tuple[str, ...]
    remarks: tuple[str, ...]
    case: Path | None = None

    @property
    def same(self) -> bool:
        """Whether the same plan came out."""
        return not self.differences

    def text(self) -> str:
        """The outcome in a few lines."""
        cost = f"cost {self.found / 1000:.9g} million USD" if self.found is not None else "no plan"
        lines = [
            f"{'same' if self.same else 'differs'}: {self.path}: {cost}",
            *self.differences,
            *(f"note: {remark}" for remark in self.remarks),
        ]
        return "\n".join([*lines, *([f"the case is {self.case}"] if self.case else [])])

    def summary(self) -> dict[str, object]:
        """What `stockpile reproduce --json` prints: costs in thousand USD."""
        return {
            "verdict": "same" if self.same else "differs",
            "file": str(self.path),
            "said": self.said,
            "found": self.found,
            "differences": list(self.differences),
            "remarks": list(self.remarks),
            "case": str(self.case) if self.case else None,
        }


def reproduce_file(path: Path, case: Path | None = None, *, force: bool = False, progress: Progress | None = None) -> Reproduction:
    """Solve the plan of a workbook again from the inputs that it repeats, with the options of its run.

    `case` is a workbook to write these inputs to, for `stockpile check` and `stockpile plan`. Raises FileError where there is no plan with a
    certificate, or `case` exists (unless `force`), CaseError where the inputs cannot be read, and MissingExtra where its solver is not installed.
    """
    if case:
        refuse(path, case, force=force)
    again = solve_again(path, progress)
    plan, said = again.plan, again.said
    written = write_whole(case, lambda target: write_case(target, again.grids)) if case else None
    differences = [*again.differences(), *other_quantities(plan, amounts_of(again.sheets, QUANTITIES, path))]
    remarks = tuple(other_versions(again.facts))
    if again.any_optimum and differences and not list(other_cost(plan, said)):
        remarks = (*remarks, "the plan was made with --any-optimum: plans that cost the same may differ")
    return Reproduction(path, said, plan.objective, tuple(differences), remarks, written)


@dataclass(frozen=True)
class Again:
    """A plan workbook, and its plan solved again from the inputs that it repeats, with the options of its run."""

    sheets: Sheets
    grids: Mapping[str, Grid]
    facts: Facts
    plan: Plan
    sha256: str

    @property
    def any_optimum(self) -> bool:
        """Whether the second rule was left out."""
        return self.facts.get(("solver", "second rule")) == str(Decided.LEFT_OUT)

    @property
    def said(self) -> object:
        """The cost that the workbook states, thousand USD."""
        return self.facts.get(("solver", "objective"))

    def differences(self) -> list[str]:
        """How inputs and cost differ from those of the workbook, in words."""
        return [*other_inputs(self.plan, self.facts), *other_cost(self.plan, self.said)]


def solve_again(path: Path, progress: Progress | None = None) -> Again:
    """Solve the plan of a workbook again. Raises FileError, CaseError and MissingExtra as `reproduce_file` does."""
    if progress:
        progress("read")
    sheets, _ = read_sheets(path)
    grids = echoed_grids(sheets, path)
    reading = parse(grids, path.name)
    if reading.case is None:
        raise CaseError(str(path), reading.errors)
    facts = facts_of(sheets)
    any_optimum = facts.get(("solver", "second rule")) == str(Decided.LEFT_OUT)
    solver, threads = solver_of(sheets, facts, path)
    plan = make_plan(reading.case, solver=solver, threads=threads, any_optimum=any_optimum, progress=progress)
    return Again(sheets, grids, facts, plan, read_source(path).sha256)


def solver_of(sheets: Sheets, facts: Facts, path: Path) -> tuple[Solver, int]:
    """The solver of a run and its threads; what the sheet does not say is as usual. Raises FileError where it says what there is not."""
    solver, threads = facts.get(("run", SOLVER), Solver.CHOOSE), facts.get(("run", THREADS), 1)
    if solver not in [*Solver]:
        raise damaged(path, cell_of(sheets, SOLVER), f"{solver!r} is no solver; there are {', '.join(Solver)}")
    if not isinstance(threads, int) or threads < 1:
        raise damaged(path, cell_of(sheets, THREADS), f"{threads!r} is no number of threads; it is a whole number from 1 on")
    return Solver(str(solver)), threads


def cell_of(sheets: Sheets, item: str) -> str:
    """Where the value of an item stands on the sheet of the run."""
    return next(f"{RUN}!C{number}" for number, row in enumerate(sheets[RUN], 1) if len(row) > 1 and row[1] == item)


def refuse(path: Path, case: Path, *, force: bool) -> None:
    """Raise FileError where the workbook of the inputs would replace something, or cannot be written."""
    if case.suffix.lower() != ".xlsx":
        raise FileError(f"{case}: the name of a workbook ends in .xlsx.")
    if case.resolve() == path.resolve():
        raise FileError(f"{case}: this is the plan itself, which is left as it is; name another file.")
    if case.exists() and not force:
        raise FileError(f"{case}: this file exists and is left as it is; name another, or add --force to replace it.")
    check_target(case)


def echoed_grids(sheets: Sheets, path: Path) -> dict[str, Grid]:
    """The sheets of the case that a plan repeats, as a planner would have written them. Raises FileError."""
    grids = {sheet.name: echoed_grid(sheets, sheet.name, tuple(sheet), path) for sheet in SHEETS}
    return {name: grid for name, grid in grids.items() if grid}


def facts_of(sheets: Sheets) -> Facts:
    """The sheet of the run."""
    return {(str(row[0]), str(row[1])): row[2] for row in sheets.get(RUN, ()) if len(row) > 2 and row[0] and row[1]}


def other_inputs(plan: Plan, facts: Facts) -> Iterator[str]:
    """That the inputs are not those of the plan."""
    said = next((value for (_, item), value in facts.items() if item.startswith("fingerprint of the case")), None)
    if said is not None and said != plan.case.fingerprint:
        yield "the inputs that the workbook repeats are not those that it was made with: their fingerprint is another"


def other_cost(plan: Plan, said: object) -> Iterator[str]:
    """That the cost is another, or that there is no plan."""
    if plan.status is not Status.OPTIMAL or plan.objective is None:
        yield f"solved again, this case has no plan: {plan.status}{f' ({plan.message})' if plan.message else ''}"
    elif not isinstance(said, int | float) or abs(said - plan.objective) > AGREES * max(1.0, abs(plan.objective)):
        yield f"the cost is {said} thousand USD on the sheet {RUN}, and {plan.objective:.15g} solved again"


def other_quantities(plan: Plan, said: Amounts) -> Iterator[str]:
    """The quantity that differs most, and how many do."""
    if plan.status is not Status.OPTIMAL:
        return
    a, b = said.by_name(), certify(plan).quantities.by_name()
    apart = {q: abs(a.get(q, 0.0) - b.get(q, 0.0)) / (1 + abs(b.get(q, 0.0))) for q in a.keys() | b.keys()}
    far = {q: distance for q, distance in apart.items() if distance > SAME}
    if far:
        worst = max(far, key=lambda q: (far[q], q))
        name, key, place = worst
        yield f"{len(far)} quantities are others, most of all {name}[{', '.join((*key, place))}]: {a.get(worst, 0.0):.9g}, and {b.get(worst, 0.0):.9g} solved again"


def other_versions(facts: Facts) -> Iterator[str]:
    """The packages whose version is not that of the plan's run."""
    for package, version in versions():
        said = facts.get(("versions", package))
        if said is not None and str(said) != version:
            yield f"the plan was made with {package} {said}, and this is {version}"
