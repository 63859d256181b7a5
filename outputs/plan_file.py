"""From a case file to a plan file: what the command line and a service both call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from inputs.errors import CaseError, FileError, Finding
from inputs.extras import missing, module_of
from inputs.files import check_target, refuse_to_replace
from inputs.schema import PLAN_SHEETS
from inputs.workbook import Reading, examine
from model.certificate.check import Report as Certificate
from model.certify import certify
from model.plan import Clock, Plan, Progress, Solved, solve_case
from model.solver.program import Solver, Status
from model.studies.study import Studies, study
from outputs.excel.workbook import RunInfo, write_plan
from outputs.tables.certificate import proof, verdict
from outputs.tables.cost_words import cost_name
from outputs.tables.explanation import Explained
from outputs.tables.rounding import amount

MESSAGES = {
    Status.OPTIMAL: "optimal",
    Status.INFEASIBLE: (
        "no plan exists: the rules of this case cannot all hold together. Look first at the warnings, "
        "at coverage, cover_months and ready_by, at whether supply has offers whose buyer is the stockpile, at release_lag, at limits "
        "(stock_limit, purchase_limit, release_limit, surplus_limit, storage_limit, budget) and at floors, share_caps and min_cover."
    ),
    Status.UNBOUNDED: (
        "no plan exists: something in this case earns money without end. Look first at resale_share and surplus_cost, "
        "and at offers, plants or savings that earn more than they cost and have no limit."
    ),
    Status.STOPPED: (
        "no plan yet: the solver was stopped before it had proved one, and what it had by then is none. "
        "Give it more time with --time-limit, or leave that out"
    ),
    Status.UNSOLVED: (
        "no plan: the solver met numerical trouble, and has no answer that passes the check. Look for numbers of very different sizes, "
        "which the warnings name, or try --solver ipm"
    ),
}


@dataclass(frozen=True)
class Outcome:
    """What came of planning a file; `out` is the plan workbook, None where no plan exists.

    `certificate` is what the check of the plan found, `explained` why there is none. `missing` says what is not installed that the page needs; there is then none.
    """

    plan: Plan
    out: Path | None
    html: Path | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[Finding, ...] = ()
    missing: str = ""
    certificate: Certificate | None = None
    explained: Explained | None = None

    @property
    def checked(self) -> str:
        """What the check of the plan found, in a few words."""
        return verdict(self.certificate) if self.certificate else "not checked"

    @property
    def faults(self) -> list[str]:
        """What the check of the plan found against it."""
        return self.certificate.faults() if self.certificate else []

    @property
    def message(self) -> str:
        """The status in plain words, or why there is no plan."""
        if self.explained and self.explained.found:
            return self.explained.text()
        text = MESSAGES[self.plan.status]
        said = f"{text} ({self.plan.message})." if self.plan.message else text
        return f"{said} Why was looked for, and not found: {self.explained.explanation.unexplained}." if self.explained else said

    @property
    def explanation(self) -> dict[str, object] | None:
        """Why there is no plan, as JSON has it; None where there is one, or nothing was found."""
        return self.explained.summary() if self.explained and self.explained.found else None

    @property
    def cost(self) -> str:
        """What the plan costs in all, by its name, as the sheets of the plan show it."""
        return f"{cost_name(self.plan.case.number('risk_weight'))} {amount((self.plan.objective or 0.0) / 1000)} million USD"

    def summary(self) -> dict[str, object]:
        """What `stockpile plan --json` prints: objective in thousand USD, seconds by stage."""
        plan = self.plan
        return {
            "status": str(plan.status),
            "objective": plan.objective,
            "columns": plan.columns,
            "rows": plan.rows,
            "out": str(self.out) if self.out else None,
            "html": str(self.html) if self.html else None,
            "missing": self.missing or None,
            "second_rule": str(plan.decided) if self.out else None,
            "checked": proof(self.certificate) if self.certificate else None,
            "explanation": self.explanation,
            "seconds": {stage: round(seconds, 4) for stage, seconds in self.seconds.items()},
        }


def beside(source: Path, what: str) -> Path:
    """Where what is made of a case goes if nothing else is said: beside it, NAME-what.xlsx."""
    source = source.resolve() if not source.name or source.name == ".." else source
    return source.with_name(f"{source.name if source.is_dir() else source.stem}-{what}.xlsx")


def plan_file(
    source: Path,
    out: Path | None = None,
    *,
    html: Path | None = None,
    time_limit: float | None = None,
    solver: Solver = Solver.CHOOSE,
    threads: int = 1,
    quick: bool = False,
    any_optimum: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Read a case (workbook or CSV folder), plan it, and write the plan workbook (and the page `html`, if one is named).

    With `quick` the plan is not studied by solving again, and the sheets that say what it is worth are left out. A file that is no finished plan is replaced only with `force`. Nothing is written unless the plan is optimal. Where plotly is not installed there is no page, and the outcome says so. `time_limit` is in seconds of the solver; `any_optimum` leaves out the second rule;
    `progress` is called with each stage's name. Raises CaseError, FileError, and MissingExtra where the solver is HiPO and it is not installed.
    """
    clock = Clock(progress)
    if solver is Solver.HIPO:
        module_of("large")
    target = out or beside(source, "plan")
    check_targets(source, target, html, force=force)
    with clock.stage("read"):
        reading = examine(source)
        if reading.case is None:
            raise CaseError(str(source), reading.errors)
        warnings = tuple(reading.warnings)
    solve = partial(
        solve_case, reading.case, time_limit=time_limit, solver=solver, threads=threads, progress=progress, any_optimum=any_optimum
    )
    solved = solve()
    plan = solved.plan
    clock.seconds.update(plan.seconds)
    if plan.status is not Status.OPTIMAL:
        solved = Solved(plan)  # lets the model and its solver go: an explanation builds its own
        explained = explained_by(plan, reading, time_limit=time_limit, progress=progress)
        return Outcome(plan, None, None, clock.seconds, warnings, explained=explained)
    with clock.stage("check"):
        solved, certificate = checked(solved, solve)
    plan = solved.plan
    with nullcontext() if quick else clock.stage("study"):
        studies = None if quick else study(solved)
    info = RunInfo(source=source, sha256=reading.sha256, time_limit=time_limit, solver=solver, threads=threads)
    with clock.stage("write"):
        written = write_plan(plan, target, info, certificate, studies)
    needed = missing("html") if html else ""
    page = write_page(plan, html, info, studies, clock) if html and not needed else None
    return Outcome(plan, written, page, clock.seconds, warnings, needed, certificate)


def write_page(plan: Plan, html: Path, info: RunInfo, studies: Studies | None, clock: Clock) -> Path:
    """Write the page of a plan, and return where it is; plotly is loaded only now."""
    from outputs.html.page import write_html

    with clock.stage("html"):
        return write_html(plan, html, info, studies)


def explained_by(
    plan: Plan, reading: Reading, *, keep: Sequence[str] = (), time_limit: float | None = None, progress: Progress | None = None
) -> Explained | None:
    """Why there is no plan, where that is because of what the case says. Raises ChangeError where `keep` has an address that leads nowhere."""
    if plan.status not in (Status.INFEASIBLE, Status.UNBOUNDED):
        return None
    if progress:
        progress("explain")
    if plan.status is Status.UNBOUNDED:
        return Explained.of_free_money(reading, time_limit=time_limit)
    return Explained.of(reading, keep=keep, time_limit=time_limit, progress=progress)


def check_targets(source: Path, target: Path, html: Path | None, *, force: bool) -> None:
    """Raise FileError where a plan or its page cannot be written, or would replace what is not its like."""
    check_workbook(source, target, "a plan workbook")
    if not force:
        refuse_to_replace(target, PLAN_SHEETS, "a finished plan")
    if html and html.suffix.lower() not in (".html", ".htm"):
        raise FileError(f"{html}: the name of a page ends in .html.")
    if html:
        check_target(html)


def check_workbook(source: Path, target: Path, what: str) -> None:
    """Raise FileError where a workbook cannot be written, or would replace its case."""
    if target.suffix.lower() != ".xlsx":
        raise FileError(f"{target}: the name of {what} ends in .xlsx.")
    if target.resolve() == source.resolve():
        raise FileError(f"{target}: this is the case itself, which is never written to; name another file.")
    check_target(target)


def checked(solved: Solved, solve: Callable[..., Solved]) -> tuple[Solved, Certificate]:
    """A plan with what its check found; where that is not enough, solved once more to tighter tolerances, if those can be proved."""
    certificate = certify(solved.plan)
    if certificate.passed:
        return solved, certificate
    again = solve(tight=True)
    if again.plan.status is not Status.OPTIMAL:
        return solved, certificate
    other = certify(again.plan)
    return (again, other) if other.passed else (solved, certificate)
