"""The command `stockpile`: read, call, write, say one line. Heavy imports wait until a command needs them."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

DONE, BAD_INPUT, NO_PLAN, STOPPED = 0, 2, 3, 4


class CaseName(StrEnum):
    """The cases that `stockpile new` can start from."""

    US_2026 = "us-2026"
    TUTORIAL = "tutorial"
    BLANK = "blank"


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
""",
    epilog="Exit codes: 0 done, 2 bad input or usage, 3 no plan exists, 4 the solver stopped without an answer.",
)

CaseFile = Annotated[Path, typer.Argument(metavar="FILE", help="A case: an .xlsx workbook, or a folder with a CSV file for each sheet.")]


def version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as installed

        typer.echo(f"stockpile {installed('stockpile')}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[bool, typer.Option("--version", callback=version, is_eager=True, help="Show the version and stop.")] = False,
) -> None: ...


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
    if annotate:
        copy = write_annotated(file, annotate, reading.findings)
        typer.echo(f"the annotated copy is {copy}", err=as_json)
    if reading.case is None:
        raise typer.Exit(BAD_INPUT)
    if not as_json:
        typer.echo(f"{file}: ready to plan; run: stockpile plan {file}")


@app.command(epilog="Example: stockpile plan case.xlsx --out plan.xlsx")
def plan(
    file: CaseFile,
    out: Annotated[Path | None, typer.Option("--out", help="The plan workbook to write  [default: FILE-plan.xlsx beside the case]")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object: status, objective (thousand USD), columns, rows, out, seconds.")
    ] = False,
    time_limit: Annotated[float | None, typer.Option("--time-limit", min=0, help="Stop the solver after so many seconds.")] = None,
) -> None:
    """Find the cheapest plan of a case and write it as a finished workbook."""
    import json

    from cli.progress import showing_stages
    from model.session import Status
    from outputs.planning import plan_file

    with showing_stages() as progress:
        outcome = plan_file(file, out, time_limit=time_limit, progress=progress)
    if as_json:
        typer.echo(json.dumps(outcome.summary()))
    elif outcome.out:
        cost = f"{(outcome.plan.objective or 0) / 1000:,.0f} million USD"
        typer.echo(f"{outcome.message}: expected cost {cost}, {sum(outcome.seconds.values()):.1f} s; the plan is in {outcome.out}")
    else:
        typer.echo(f"{file}: {outcome.message}", err=True)
    if outcome.plan.status is not Status.OPTIMAL:
        raise typer.Exit(STOPPED if outcome.plan.status is Status.STOPPED else NO_PLAN)


def main() -> None:
    """Run the command; the user's errors become text and an exit code."""
    from inputs.errors import StockpileError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # names with accents on a Windows console
            stream.reconfigure(errors="replace")
    try:
        app()
    except StockpileError as error:
        typer.echo(str(error), err=True)
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        typer.echo("interrupted; nothing was written", err=True)
        sys.exit(130)
