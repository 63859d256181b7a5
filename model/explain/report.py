"""The explanation of a case without a plan: found by solving, and shown only when verified by solving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inputs.case import Case
from model.explain.conflict import among_facts, conflicts, is_one_rule
from model.explain.elastic import Elastic
from model.explain.findings import Alone, Change, Conflict, Statement
from model.explain.loosened import Unsolved
from model.explain.statements import loosen
from model.plan import Plan, Progress

__all__ = ["Alone", "Change", "Conflict", "Explanation", "Statement", "explain"]


@dataclass(frozen=True)
class Explanation:
    """Why a case has no plan.

    `conflicts` share no statement with each other, `repair` is the least change (weighted by statement) after which a plan exists, `alone` says for
    each statement of the conflicts how far it alone would have to go. `shortfall` is the best plan with what is missing priced: it does not meet
    the case. `unexplained` says why nothing was found, "" where something was.
    """

    conflicts: tuple[Conflict, ...]
    repair: tuple[Change, ...]
    alone: tuple[Alone, ...]
    shortfall: Plan | None
    unexplained: str


def explain(case: Case, *, keep: Sequence[str] = (), time_limit: float | None = None, progress: Progress | None = None) -> Explanation:
    """Why a case has no plan, and the least that gives it one.

    `keep` are addresses of cells that a repair leaves as they are; `time_limit` is in seconds of HiGHS for each solve; `progress` is called with
    the name of each stage. Raises ChangeError for an address that leads nowhere.
    """
    say = progress or (lambda _: None)
    try:
        say("build")
        elastic = Elastic(loosen(case), time_limit=time_limit)
        say("contradictions")
        found = [conflict(case, elastic, levers, time_limit) for levers in conflicts(elastic)]
    except Unsolved as stopped:
        return Explanation((), (), (), None, f"the solver stopped before it was found what contradicts what: {stopped}")
    unexplained = "" if found else "every statement holds to within the solver's tolerance; there is a plan, or none by a hair"
    return Explanation(tuple(found), (), (), None, unexplained)


def conflict(case: Case, elastic: Elastic, levers: Sequence[int], time_limit: float | None) -> Conflict:
    """A conflict in words; where one rule alone cannot hold, with the facts that stand against it."""
    if is_one_rule(elastic, levers):
        facts = Elastic(loosen(case, facts=True), time_limit=time_limit)
        return Conflict(statements(facts, among_facts(elastic, levers, facts)), "")
    return Conflict(statements(elastic, levers), "")


def statements(elastic: Elastic, levers: Sequence[int]) -> tuple[Statement, ...]:
    """The statements of some levers, one for each cell."""
    texts: dict[str, list[str]] = {}
    for lever in levers:
        statement = elastic.levers[lever].statement
        texts.setdefault(statement.address, []).append(statement.text)
    return tuple(Statement(address, "; ".join(said)) for address, said in texts.items())
