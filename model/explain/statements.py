"""What a planner's workbook states, as levers of the loosened program: the list of all their kinds."""

from __future__ import annotations

from inputs.case import Case
from model.explain import limits, offers, promises, rules, works
from model.explain.loosened import Loosened, Loosening


def loosen(case: Case, *, facts: bool = False) -> Loosened:
    """The program of a case with a lever for each of its statements; with `facts`, for the market's offers and for plants too."""
    of = Loosening(case, merged=not facts)
    levers = [*promises.add(of), *limits.add(of), *rules.add(of), *offers.add(of)]
    if facts:
        levers += [*offers.add_facts(of), *works.add_facts(of)]
    return of.finished(levers)
