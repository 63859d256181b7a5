"""The explanation of a case without a plan: found by solving, and shown only when verified by solving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inputs.case import Case
from model.explain.findings import Alone, Change, Conflict, Statement
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

    `keep` are addresses of cells that a repair leaves as they are; `time_limit` is in seconds of HiGHS for each solve. Raises ChangeError for an
    address that leads nowhere.
    """
    return Explanation((), (), (), None, "what contradicts what has not been looked for")
