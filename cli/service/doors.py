"""The door of `outputs` behind each kind of run. In the process of a run alone: importing a door loads the solver."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.service.options import Kind
from cli.service.resources import RunStatus
from cli.service.run_files import CASE, MENDED, PAGE, PLAN, SHOWN

Say = Callable[..., None]
"""Called with stage, done, total and seconds_left."""


@dataclass(frozen=True)
class Answer:
    """What came of a run: its status in words, and what the command would print as JSON."""

    status: RunStatus
    message: str
    summary: Mapping[str, object]


def plan(options: Mapping[str, Any], say: Say, _others: Sequence[Path]) -> Answer:
    """plan.xlsx, and page.html where plotly is installed."""
    from model.solver.program import Solver
    from outputs.plan_file import plan_file

    keys = ("time_limit", "threads", "quick", "any_optimum")
    outcome = plan_file(
        Path(CASE),
        Path(PLAN),
        html=Path(PAGE),
        solver=Solver(options["solver"]),
        progress=say,
        force=True,
        **{key: options[key] for key in keys},
    )
    faults = f" Not proved: {'; '.join(outcome.faults)}." if outcome.faults else ""
    said = f"{outcome.message}: {outcome.cost}, {outcome.checked}.{faults}" if outcome.out else outcome.message
    return Answer(status_of(outcome), said, outcome.summary())


def status_of(outcome: Any) -> RunStatus:
    """What became of a plan."""
    from model.solver.program import Status

    if outcome.out:
        return RunStatus.FAILED if outcome.faults else RunStatus.SOLVED
    return RunStatus.INFEASIBLE if outcome.plan.status in (Status.INFEASIBLE, Status.UNBOUNDED) else RunStatus.FAILED


def counted(say: Say) -> Callable[[Any], None]:
    """Progress of what is done in points, a SweepProgress."""
    return lambda p: say("solve", p.done, p.total, None if math.isnan(p.seconds_left) else p.seconds_left)


def sweep(options: Mapping[str, Any], say: Say, _others: Sequence[Path]) -> Answer:
    """sweep.xlsx, points.csv and sweep.sqlite, from which a lost sweep goes on."""
    from model.sweep.design import DesignKind
    from outputs.html.studies import sweep_html
    from outputs.sweep_file import SweepRequest, sweep_file

    kind = DesignKind(options["kind"].replace("-", " ")) if options["kind"] else None
    request = SweepRequest(
        tuple(options["vary"]),
        kind,
        **{key: options[key] for key in ("points", "seed", "workers", "scheduler", "time_limit", "plan_of")},
        store=Path("sweep.sqlite"),
        out=Path("sweep.xlsx"),
        table=Path("points.csv"),
        force=True,
    )
    outcome = sweep_file(Path(CASE), request, counted(say))
    show(sweep_html(outcome.sweep))
    counts = ", ".join(f"{count} {status}" for status, count in outcome.result.counts.items())
    said = [f"{len(outcome.result.design)} points: {counts}", *outcome.cautions, *filter(None, [outcome.refused])]
    return Answer(RunStatus.FAILED if outcome.result.failed else RunStatus.SOLVED, "\n".join(said), outcome.summary())


def explain(options: Mapping[str, Any], say: Say, _others: Sequence[Path]) -> Answer:
    """explained.xlsx, and mended.xlsx where a change of cells gives a plan."""
    from model.solver.program import Status
    from outputs.explain_file import ExplainRequest, explain_file

    copy = Path(MENDED) if options["mend"] and not options["changes"] else None
    request = ExplainRequest(Path("explained.xlsx"), copy, tuple(options["changes"]), tuple(options["keep"]), options["time_limit"], True)
    outcome = explain_file(Path(CASE), request, say)
    known = outcome.explained or outcome.planned.plan.status is Status.OPTIMAL
    said = "\n".join(filter(None, [outcome.text(), outcome.refusal]))
    return Answer(RunStatus.SOLVED if known else status_of(outcome.planned), said, outcome.summary())


def frontier(options: Mapping[str, Any], say: Say, _others: Sequence[Path]) -> Answer:
    """frontier.xlsx."""
    from outputs.frontier_file import frontier_file
    from outputs.html.studies import frontier_html

    outcome = frontier_file(Path(CASE), options["along"], Path("frontier.xlsx"), solves=options["points"], force=True, progress=say)
    show(frontier_html(outcome.report))
    return Answer(RunStatus.SOLVED, f"{outcome.report.name}: {outcome.report.sentence()}", outcome.summary())


def compare(options: Mapping[str, Any], say: Say, others: Sequence[Path]) -> Answer:
    """comparison.xlsx."""
    from outputs.compare_file import compare_file
    from outputs.html.studies import comparison_html

    files = others if options["plans_alone"] else [Path(CASE), *others]
    outcome = compare_file(files, Path("comparison.xlsx"), called=options["names"], regret=options["regret"], force=True, progress=say)
    show(comparison_html(outcome))
    return Answer(RunStatus.SOLVED, outcome.text(), outcome.summary())


def worth(_options: Mapping[str, Any], say: Say, _others: Sequence[Path]) -> Answer:
    """worth.xlsx."""
    from outputs.html.studies import worth_html
    from outputs.worth_file import worth_file

    outcome = worth_file(Path(CASE), Path("worth.xlsx"), force=True, progress=say)
    show(worth_html(outcome.found))
    return Answer(RunStatus.SOLVED, outcome.text(), outcome.summary())


def show(text: str) -> None:
    """Write what the page of the run shows, within the page."""
    Path(SHOWN).write_text(text, encoding="utf-8")


def alternatives(options: Mapping[str, Any], say: Say, _others: Sequence[Path]) -> Answer:
    """alternatives.xlsx."""
    from outputs.alternatives_file import alternatives_file
    from outputs.html.studies import alternatives_html

    outcome = alternatives_file(Path(CASE), options["within"], Path("alternatives.xlsx"), force=True, progress=say)
    show(alternatives_html(outcome.found))
    return Answer(RunStatus.SOLVED, outcome.text(), outcome.summary())


def stress(options: Mapping[str, Any], say: Say, others: Sequence[Path]) -> Answer:
    """stress.xlsx and stress.sqlite, from which a lost stress test goes on; plan.xlsx where the case is planned first."""
    from outputs.html.studies import stress_html
    from outputs.plan_file import plan_file
    from outputs.stress_file import StressRequest, stress_file

    made = Path(PLAN)
    if not others and not made.exists():
        outcome = plan_file(Path(CASE), made, quick=True, progress=say)
        if not outcome.out:
            return Answer(status_of(outcome), outcome.message, outcome.summary())
    keys = ("seed", "listed", "workers", "scheduler")
    request = StressRequest(
        options["futures"], store=Path("stress.sqlite"), out=Path("stress.xlsx"), force=True, **{key: options[key] for key in keys}
    )
    found = stress_file(others[0] if others else made, request, counted(say))
    show(stress_html(found.report))
    return Answer(RunStatus.FAILED if found.stress.failed else RunStatus.SOLVED, "\n".join(found.report.lines()), found.summary())


DOORS: Mapping[Kind, Callable[[Mapping[str, Any], Say, Sequence[Path]], Answer]] = {
    Kind.PLAN: plan,
    Kind.SWEEP: sweep,
    Kind.EXPLAIN: explain,
    Kind.FRONTIER: frontier,
    Kind.COMPARE: compare,
    Kind.ALTERNATIVES: alternatives,
    Kind.WORTH: worth,
    Kind.STRESS: stress,
}
"""What each kind of run calls, in its folder."""
