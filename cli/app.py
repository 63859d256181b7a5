"""The command `stockpile`: read, call, write, say one line. Heavy imports wait until a command needs them."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from outputs.plan_file import Outcome

DONE, BAD_INPUT, NO_PLAN, STOPPED, SOME_FAILED, NOT_PROVED = 0, 2, 3, 4, 5, 6


class CaseName(StrEnum):
    """The cases that `stockpile new` can start from."""

    US_2026 = "us-2026"
    TUTORIAL = "tutorial"
    BLANK = "blank"


class SolverName(StrEnum):
    """HiGHS's solvers."""

    CHOOSE = "choose"
    SIMPLEX = "simplex"
    IPM = "ipm"
    HIPO = "hipo"


class KindName(StrEnum):
    """How the points of a sweep are chosen."""

    GRID = "grid"
    ONE_AT_A_TIME = "one-at-a-time"
    MONTE_CARLO = "monte-carlo"
    LATIN_HYPERCUBE = "latin-hypercube"
    SOBOL = "sobol"
    MORRIS = "morris"
    SOBOL_INDICES = "sobol-indices"


app = typer.Typer(
    name="stockpile",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Plan how many tonnes of each critical material to hold, and which plants to order and when.

Examples:

- `stockpile new case.xlsx --case us-2026` — a workbook to start from
- `stockpile check case.xlsx` — every mistake in it, with its cell
- `stockpile plan case.xlsx` — the finished plan, as a workbook
- `stockpile verify case-plan.xlsx` — whether a plan is what it says, and that none costs less
- `stockpile sweep case.xlsx --vary "materials[Dy].price*=0.5:2:7"` — many what-ifs, as a workbook
""",
    epilog="Exit codes: 0 done, 2 bad input or usage (or something that an option needs is not installed), 3 no plan exists, 4 the solver stopped without an answer, 5 some points of a sweep failed, 6 a plan does not pass its check.",
)

CaseFile = Annotated[Path, typer.Argument(metavar="FILE", help="A case: an .xlsx workbook, or a folder with a CSV file for each sheet.")]


def version(wanted: bool) -> None:
    """Say which version is installed, and stop, if `--version` was given."""
    if wanted:
        from inputs.extras import installed_version

        typer.echo(f"stockpile {installed_version()}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[bool, typer.Option("--version", callback=version, is_eager=True, help="Show the version and stop.")] = False,
) -> None:
    """Options that stand before a command."""


@app.command(epilog="Example: stockpile new case.xlsx --case tutorial")
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The .xlsx workbook to write.")],
    case: Annotated[CaseName, typer.Option("--case", help="What it starts from.")] = CaseName.BLANK,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write a workbook to fill in: empty, or a shipped case to change."""
    from inputs.shipped import new_workbook

    written = new_workbook(file, case.value, force=force)
    typer.echo(f"wrote {written}; fill it in, then run: stockpile check {written}")


@app.command(epilog="Example: stockpile check case.xlsx --annotate case-checked.xlsx")
def check(
    file: CaseFile,
    annotate: Annotated[
        Path | None, typer.Option("--annotate", metavar="COPY", help="Write a copy with the findings coloured and commented.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is no annotated copy.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: ready, errors, warnings, notes.")] = False,
    defaults: Annotated[bool, typer.Option("--defaults", help="Also list the columns whose empty cells stand for a default.")] = False,
) -> None:
    """Find every mistake in a case at once, each with its cell. The file is never written to."""
    import json

    from inputs.annotate import annotate as write_annotated
    from inputs.workbook import examine

    reading = examine(file)
    if as_json:
        typer.echo(json.dumps({"file": str(file), **reading.summary()}))
    else:
        typer.echo(reading.text(str(file), defaults=defaults))
    if annotate and reading.source:
        copy = write_annotated(reading.source, annotate, reading.findings, force=force)
        typer.echo(f"the annotated copy is {copy}", err=as_json)
    if reading.case is None:
        raise typer.Exit(BAD_INPUT)
    if not as_json:
        heed = "can be planned, but heed the warnings" if reading.warnings else "ready to plan"
        typer.echo(f"{file}: {heed}; run: stockpile plan {file}")


@app.command(epilog="Example: stockpile plan case.xlsx --out plan.xlsx")
def plan(
    file: CaseFile,
    out: Annotated[Path | None, typer.Option("--out", help="The plan workbook to write  [default: FILE-plan.xlsx beside the case]")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="PAGE", help="Also write the plan as one page for a browser.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is no plan.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object: status, objective (thousand USD), columns, rows, out, checked, seconds.")
    ] = False,
    time_limit: Annotated[float | None, typer.Option("--time-limit", min=0, help="Stop the solver after so many seconds.")] = None,
    solver: Annotated[
        SolverName, typer.Option("--solver", help="Which of HiGHS's solvers: hipo is for a million columns (extra `large`).")
    ] = SolverName.CHOOSE,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Threads of the solver; the simplex uses one.")] = 1,
) -> None:
    """Find the cheapest plan of a case and write it as a finished workbook."""
    import json

    from cli.progress import showing_stages
    from model.solver.program import Solver
    from outputs.plan_file import plan_file

    with showing_stages() as progress:
        outcome = plan_file(
            file, out, html=html, time_limit=time_limit, solver=Solver[solver.name], threads=threads, force=force, progress=progress
        )
    for warning in outcome.warnings:
        typer.echo(f"warning: {warning}", err=True)
    if as_json:
        typer.echo(json.dumps(outcome.summary()))
    elif outcome.out:
        typer.echo(
            f"{outcome.message}: expected cost {outcome.cost} million USD, {outcome.checked}, {sum(outcome.seconds.values()):.1f} s; the plan is in {outcome.out}"
        )
        if outcome.html:
            typer.echo(f"the page is {outcome.html}")
    else:
        typer.echo(f"{file}: {outcome.message}", err=True)
    if not outcome.out:
        raise typer.Exit(code_of(outcome))
    for fault in outcome.faults:
        typer.echo(f"not proved: {fault}", err=True)
    if outcome.faults:
        raise typer.Exit(NOT_PROVED)
    if outcome.missing:
        typer.echo(f"{html} was not written: {outcome.missing}", err=True)
        raise typer.Exit(BAD_INPUT)


@app.command(epilog="Example: stockpile verify case-plan.xlsx")
def verify(
    file: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan workbook, as `stockpile plan` wrote it.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object: verdict, objective, bound, gap, costs, worst, implied_bounds, faults.")
    ] = False,
) -> None:
    """Check a plan by its workbook alone: every rule, cost and claim computed anew, and a proof that no plan costs less."""
    import json

    from outputs.verify_file import verify_file

    verdict = verify_file(file)
    typer.echo(json.dumps(verdict.summary()) if as_json else verdict.text())
    if not verdict.passed:
        raise typer.Exit(NOT_PROVED)


def code_of(outcome: Outcome) -> int:
    """The exit code of a plan that there is not."""
    from model.solver.program import Status

    return STOPPED if outcome.plan.status is Status.STOPPED else NO_PLAN


@app.command(
    epilog='Example: stockpile sweep case.xlsx --vary "materials[Dy].price*=0.5:2:7" --vary "sectors[defense].coverage=0.8:1:5" --workers 2'
)
def sweep(
    file: CaseFile,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            "--vary",
            help="What varies: sheet[key].column, then =, *= or +=, then a list, low:high:steps or a distribution. Repeat it for more.  [default: the sheet sweeps of the case]",
        ),
    ] = None,
    kind: Annotated[
        KindName | None, typer.Option("--kind", help="How points are chosen.  [default: grid; one-at-a-time from the sheet]")
    ] = None,
    points: Annotated[
        int, typer.Option("--points", min=1, help="Points of a sample (trajectories of morris, base points of sobol-indices).")
    ] = 100,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of a sample: the same seed gives the same points.")] = 1,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes on this machine.")] = 1,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Address of a dask.distributed cluster, for example tcp://host:8786.")
    ] = None,
    store: Annotated[
        Path | None, typer.Option("--store", help="The SQLite file of the results  [default: FILE-sweep.sqlite beside the case]")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The workbook of the results  [default: FILE-sweep.xlsx beside the case]")
    ] = None,
    table: Annotated[Path | None, typer.Option("--table", help="Also write the points to this .csv or .parquet file.")] = None,
    plan_of: Annotated[int | None, typer.Option("--plan-of", min=0, help="Also write the whole plan of this point.")] = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", min=0, help="Stop the solver at a point after so many seconds.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are no results of a sweep.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Throw away the results that the store has.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: points, counts, and the files written.")] = False,
) -> None:
    """Solve a case again and again with other numbers. Interrupted, the same command continues."""
    import json

    from cli.progress import showing_points
    from model.sweep.design import DesignKind
    from outputs.sweep_file import SweepRequest, sweep_file

    request = SweepRequest(
        tuple(vary or ()), DesignKind[kind.name] if kind else None, points, seed, workers, scheduler, time_limit, restart, store, out, table, plan_of, force
    )  # fmt: skip
    with showing_points() as progress:
        outcome = sweep_file(file, request, progress)
    result = outcome.result
    for caution in outcome.cautions:
        typer.echo(f"warning: {caution}", err=True)
    if as_json:
        typer.echo(json.dumps(outcome.summary()))
    else:
        counts = ", ".join(f"{count} {status}" for status, count in result.counts.items())
        typer.echo(f"{len(result.design)} points: {counts}; the results are in {outcome.out}")
        for written in (outcome.table, outcome.point.out if outcome.point else None):
            if written:
                typer.echo(f"wrote {written}")
    if outcome.point and not outcome.point.out:
        typer.echo(f"point {plan_of}: {outcome.point.message}", err=True)
        raise typer.Exit(code_of(outcome.point))
    if result.failed:
        raise typer.Exit(SOME_FAILED)


def main() -> None:
    """Run the command; the user's errors become text and an exit code."""
    from inputs.errors import INTERRUPTED, StockpileError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # names with accents on a Windows console
            stream.reconfigure(errors="replace")
    try:
        app()
    except StockpileError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer ends so, without a word
            typer.echo("interrupted before it was done", err=True)
        raise
