"""The command `stockpile`: its commands, and what becomes of the user's errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from cli.commands.alternatives import alternatives
from cli.commands.check import check
from cli.commands.compare import compare
from cli.commands.explain import explain
from cli.commands.frontier import frontier
from cli.commands.new import new
from cli.commands.plan import plan
from cli.commands.reproduce import reproduce
from cli.commands.serve import serve
from cli.commands.stress import stress
from cli.commands.sweep import sweep
from cli.commands.verify import verify
from cli.commands.worth import worth

COMMANDS: tuple[tuple[Callable[..., None], str], ...] = (
    (new, "stockpile new case.xlsx --case tutorial"),
    (check, "stockpile check case.xlsx --annotate case-checked.xlsx"),
    (plan, "stockpile plan case.xlsx --out plan.xlsx"),
    (explain, "stockpile explain case.xlsx --apply case-mended.xlsx"),
    (verify, "stockpile verify case-plan.xlsx"),
    (reproduce, "stockpile reproduce case-plan.xlsx --case case-again.xlsx"),
    (compare, "stockpile compare case-plan.xlsx other-plan.xlsx --regret"),
    (alternatives, "stockpile alternatives case.xlsx --within 2% --cases case-alternatives"),
    (worth, "stockpile worth case.xlsx"),
    (frontier, 'stockpile frontier case.xlsx --along "sectors[defense].coverage=0:1"'),
    (
        sweep,
        'stockpile sweep case.xlsx --vary "materials[Dy].price*=0.5:2:7" --vary "sectors[defense].coverage=0.8:1:5" --workers 2',
    ),
    (stress, "stockpile stress case-plan.xlsx --runs 5000 --seed 1 --workers 2"),
    (serve, "stockpile serve --port 8700 --data stockpile-data"),
)
"""Every command in the order of the help, with an example that its own help shows."""

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
- `stockpile explain case.xlsx` — why no plan exists, and the least that gives one
- `stockpile verify case-plan.xlsx` — whether a plan is what it says, and that none costs less
- `stockpile reproduce case-plan.xlsx` — the same plan, solved again from its own inputs
- `stockpile compare case-plan.xlsx other-plan.xlsx` — what differs between them, and what it is worth
- `stockpile frontier case.xlsx --along "sectors[defense].coverage=0:1"` — what each step of it costs
- `stockpile alternatives case.xlsx --within 2%` — what plans that cost hardly more must, may and never have
- `stockpile worth case.xlsx` — what knowledge and time are worth
- `stockpile sweep case.xlsx --vary "materials[Dy].price*=0.5:2:7"` — many what-ifs, as a workbook
- `stockpile stress case-plan.xlsx --runs 5000` — how sure coverage is, in futures that the plan was not made for
- `stockpile serve` — all of this for browsers and programs, extra `service`
""",
    epilog="Exit codes: 0 done, 2 bad input or usage (or something that an option needs is not installed), 3 no plan exists, 4 the time limit ended the solver without an answer, 5 some points of a sweep failed, 6 a plan does not pass its check, or does not come out again, 7 the solver met numerical trouble, 130 interrupted.",
)
for command, example in COMMANDS:
    app.command(epilog=f"Example: {example}")(command)


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
        end_at_once(error.exit_code)
        sys.exit(error.exit_code)
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer ends so, without a word
            typer.echo("interrupted before it was done", err=True)
            end_at_once(INTERRUPTED)
        raise


def end_at_once(code: int) -> None:
    """End the process where the solver runs on in a thread of its own: it cannot be stopped, and would fall with the interpreter."""
    running = sys.modules.get("model.solver.running")
    if running and running.still_running():
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)
