"""`stockpile plan`: the finished plan of a case."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exits import BAD_INPUT, NO_PLAN, NOT_PROVED, STOPPED, UNSOLVED
from cli.options import CaseFile

if TYPE_CHECKING:
    from outputs.plan_file import Outcome


class SolverName(StrEnum):
    """HiGHS's solvers."""

    CHOOSE = "choose"
    SIMPLEX = "simplex"
    IPM = "ipm"
    HIPO = "hipo"


def plan(
    file: CaseFile,
    out: Annotated[Path | None, typer.Option("--out", help="The plan workbook to write  [default: FILE-plan.xlsx beside the case]")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="PAGE", help="Also write the plan as one page for a browser.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is no plan.")] = False,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print one JSON object: status, objective (thousand USD), columns, rows, out, checked, explanation, seconds."
        ),
    ] = False,
    time_limit: Annotated[float | None, typer.Option("--time-limit", min=0, help="Stop the solver after so many seconds.")] = None,
    solver: Annotated[
        SolverName,
        typer.Option(
            "--solver",
            help="Which of HiGHS's solvers: hipo, with several threads, is for programs on which the simplex is slow (extra `large`).",
        ),
    ] = SolverName.CHOOSE,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Threads of the solver; the simplex uses one.")] = 1,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out what solving again says of the plan: what it is worth, and why.")
    ] = False,
    any_optimum: Annotated[
        bool, typer.Option("--any-optimum", help="Take whichever plan of least cost the solver finds first, and save time.")
    ] = False,
) -> None:
    """Find the cheapest plan of a case and write it as a finished workbook."""
    import json

    from cli.progress import showing_stages
    from model.solver.program import Solver
    from outputs.plan_file import plan_file

    with showing_stages() as progress:
        outcome = plan_file(
            file,
            out,
            html=html,
            time_limit=time_limit,
            solver=Solver[solver.name],
            threads=threads,
            quick=quick,
            any_optimum=any_optimum,
            force=force,
            progress=progress,
        )
    for warning in outcome.warnings:
        typer.echo(f"warning: {warning}", err=True)
    if as_json:
        typer.echo(json.dumps(outcome.summary()))
    elif outcome.out:
        typer.echo(
            f"{outcome.message}: {outcome.cost}, {outcome.checked}, {sum(outcome.seconds.values()):.1f} s; the plan is in {outcome.out}"
        )
        if outcome.html:
            typer.echo(f"the page is {outcome.html}")
    else:
        typer.echo(f"{file}: {outcome.message}", err=True)
        if outcome.explanation:
            typer.echo(
                f"for this as a workbook with the best that can be had, or a copy with the change made: stockpile explain {file} --apply COPY",
                err=True,
            )
    if not outcome.out:
        raise typer.Exit(code_of(outcome))
    for fault in outcome.faults:
        typer.echo(f"not proved: {fault}", err=True)
    if outcome.faults:
        raise typer.Exit(NOT_PROVED)
    if outcome.missing:
        typer.echo(f"{html} was not written: {outcome.missing}", err=True)
        raise typer.Exit(BAD_INPUT)


def code_of(outcome: Outcome) -> int:
    """The exit code of a plan that there is not."""
    from model.solver.program import Status

    return {Status.STOPPED: STOPPED, Status.UNSOLVED: UNSOLVED}.get(outcome.plan.status, NO_PLAN)
