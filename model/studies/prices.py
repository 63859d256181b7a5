"""Prices and ranges: what a little more and a little less of each limit and requirement costs or saves, how far that holds, and what stops it.

The prices of the plan's rows and bounds say what a unit more of each number adds to the cost: by these, those that matter most are chosen, by what a step of
each is worth. Of these each side is followed by itself, for at a corner with more limits than it needs the price of more is not that of less:
where the basis of the plan does not reach into a side, the program is solved a little inside it. Where something stops a basis and others can take
its place for nothing, the price goes on as it was, and the program is solved again a little beyond.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from model.plan import Solved
from model.solver.highs import Session
from model.solver.optimality import dot
from model.solver.program import Answer, Program, Status
from model.studies.limits import Limit, Places, limits, zeros
from model.studies.priced import NO_PLAN, OUT_OF_BOUNDS, Met, Priced, Prices, Side, is_nothing
from model.studies.steps import Step, steps
from model.studies.vertex import Stop, Vertex, rate, shifted

RULES, ALL, EACH = 14, 20, 2
"""So many limits of those who plan are followed, and with what the world gives so many in all, those a step of which is worth most; and of each kind of number those a unit of which is."""

MET = 10
"""So many limits without a price that a quantity is at are followed: what is exactly enough costs nothing by its price, but less of it may."""

LEAST = 1e-9
"""Of the cost of the plan: a step that is worth less is not looked at."""

INSIDE = 0.01
"""Of a step: so far inside a side, or beyond a stop, the program is solved."""

TRIES, PIECES = 4, 4
"""So many solves to find the price of a side, and so many stops that change no price are passed."""

SAME = 1e-5
"""Relative: a price is another."""


class Unclear(Exception):
    """The solver gave no answer to a program near the plan."""


class Leg(NamedTuple):
    """A straight piece of the cost: its slope, how far it goes, and by how much the slope rises there at least (None: no plan exists beyond)."""

    slope: float
    stop: Stop
    rise: float | None


def prices(solved: Solved) -> Prices:
    """The prices of a plan; none where its answer is not that of a basis. The session is left as it was. Raises SolverError."""
    session = solved.session
    assert session is not None
    program, basis = session.program, session.basis
    if session.far or not basis.valid:
        return Prices(unknown=True)
    session.set_basis(basis)
    answer = session.solve()
    if answer.status is not Status.OPTIMAL or answer.objective is None or answer.restarted:
        return Prices(unknown=True)
    least = LEAST * max(1.0, abs(answer.objective))
    found = limits(solved, program)
    every = [(f, abs(rate(f.shifts, answer))) for f in found]
    free = [f for f, price in every if price * f.step <= least]
    every = distinct([(f, price) for f, price in every if price * f.step > least])
    vertex, trial = Vertex(session, answer), Trial(session, program, basis, answer)
    met = [f for f in free if stands(vertex, f)]
    legs = [
        (f, [leg_of(vertex, f, sign) for sign in (1, -1)]) for f in [*choose(every), *met[:MET]]
    ]  # before any other basis takes its place
    priced = [p for f, both in legs if (p := trial.priced(f, both)) and (f not in met or p.stands(least))]
    priced += [p for step in steps(Places(solved, program)) if (p := trial.stepped(step)) and (p.moves > least or lacks(step, p))]
    session.change(program)
    session.set_basis(basis)
    keys = {p.limit.key for p in priced}
    others = [price * f.step for f, price in every if f.key not in keys]
    not_there = tuple(zeros(Places(solved, program), found))
    return Prices(tuple(sorted(priced, key=lambda p: -p.worth)), len(others), max(others, default=0.0), not_there, len(met[MET:]))


def distinct(every: list[tuple[Limit, float]]) -> list[tuple[Limit, float]]:
    """Limits with their prices; of a sector's coverage and that of the only material that has a price, the latter."""
    alone = {f.names[1] for f, price in every for g, other in every if of_sector(f, g) and price >= (1 - SAME) * other}
    return [e for e in every if e[0].sheet != "sectors" or e[0].names[0] not in alone]


def choose(every: list[tuple[Limit, float]]) -> list[Limit]:
    """The limits that are followed, of all with their prices."""
    left = sorted(every, key=lambda e: -e[1] * e[0].step)
    rules = [f for f, _ in left if not f.fact][:RULES]
    chosen = {f.key: f for f in [*rules, *[f for f, _ in left if f.fact][: ALL - len(rules)]]}
    count: dict[tuple[str, ...], int] = {}
    for f, _ in sorted(left, key=lambda e: -e[1]):
        count[f.kind] = count.get(f.kind, 0) + 1
        if count[f.kind] <= EACH:
            chosen.setdefault(f.key, f)
    return list(chosen.values())


def of_sector(demand: Limit, sector: Limit) -> bool:
    """Whether the coverage of a demand is of the sector whose coverage the other is."""
    return demand.sheet == "demand" and sector.sheet == "sectors" and demand.names[1] == sector.names[0]


def stands(vertex: Vertex, limit: Limit) -> bool:
    """Whether a limit without a price may stand exactly at what is needed: as it comes closer, another plan is the best at once, or there is none."""
    return any(
        limit.room(sign) > 0 and vertex.meets(limit.shifts, sign) and vertex.stop(limit.shifts, sign).reach < INSIDE * limit.step
        for sign in (1, -1)
    )


def lacks(step: Step, priced: Priced) -> bool:
    """Whether there is no plan with a step more or less."""
    return any(step.programs[sign] and side is None for sign, side in ((1, priced.more), (-1, priced.less)))


def leg_of(vertex: Vertex, limit: Limit, sign: int) -> Leg:
    """The piece of the cost that begins at a corner, while a number goes up or down."""
    stop = vertex.stop(limit.shifts, sign)
    rise = None if stop.crosses else vertex.rise(stop, limit.shifts, sign) if stop.place >= 0 else 0.0
    return Leg(sign * vertex.rate(limit.shifts), stop, rise)


@dataclass(frozen=True)
class Trial:
    """The program of a plan, from whose basis it is solved with other limits; `answer` is that of the plan."""

    session: Session
    program: Program
    basis: Any
    answer: Answer

    def priced(self, limit: Limit, legs: list[Leg]) -> Priced | None:
        """Both sides of a number; `legs` are the pieces that begin at the basis of the plan, up and down. None where the solver gives no answer."""
        try:
            return Priced(limit, *(self.settled(limit, self.side(limit, sign, leg)) for sign, leg in zip((1, -1), legs, strict=True)))
        except Unclear:
            return None

    def settled(self, limit: Limit, side: Side | None) -> Side | None:
        """A side with no price where a step comes to no more than rounding of the cost."""
        cost = self.answer.objective or 0.0
        if side is None or not is_nothing(side.price * limit.step, cost):
            return side
        return replace(side, price=0.0, step=0.0 if side.step is not None and is_nothing(side.step, cost) else side.step)

    def side(self, limit: Limit, sign: int, leg: Leg) -> Side | None:
        """More (1) or less (-1) of a number with what a step of it costs; None where there is none."""
        side = self.followed(limit, sign, leg)
        if side is None or limit.room(sign) < limit.step * (1 - SAME):
            return side
        if abs(side.until - limit.value) >= limit.step * (1 - SAME):
            return replace(side, step=side.price * limit.step)
        vertex = self.vertex(limit, sign * limit.step) if side.beyond != NO_PLAN else None
        if vertex is None:
            return side
        cost = dot(self.program.cost, vertex.answer.x - self.answer.x)
        if side.bent:
            return Side(cost / limit.step, limit.value + sign * limit.step, step=cost, bent=True)
        return replace(side, step=cost)

    def followed(self, limit: Limit, sign: int, leg: Leg) -> Side | None:
        """More (1) or less (-1) of a number; `leg` is the piece that begins at the basis of the plan. None where there is none."""
        room, inside, begin = limit.room(sign), INSIDE * limit.step, 0.0
        if room <= 0:
            return None
        if leg.stop.reach < min(inside, room):
            found = self.first(limit, sign, min(inside, room / 2)) if leg.rise is not None else None
            if found is None:
                return None
            begin, leg = found
            if leg.rise is None and leg.stop.place < 0:
                return Side(leg.slope, limit.value + sign * begin, bent=True)
        price, met, end = leg.slope, None, begin
        for _ in range(PIECES):
            end = end + leg.stop.reach
            if end >= room:
                return Side(price, limit.value + sign * room, None, OUT_OF_BOUNDS if room < float("inf") else "")
            met = self.met(leg.stop)
            if leg.rise is None:
                return Side(price, limit.value + sign * end, met, NO_PLAN)
            if leg.rise > SAME * abs(price):
                return Side(price, limit.value + sign * end, met)
            end += inside
            vertex = self.vertex(limit, sign * min(end, room))
            if vertex is None:
                return Side(price, limit.value + sign * (end - inside), met, NO_PLAN)
            leg = leg_of(vertex, limit, sign)
            if abs(leg.slope - price) > SAME * abs(price):
                return Side(price, limit.value + sign * (end - inside), met)
        return Side(price, limit.value + sign * end, met, at_least=True)

    def first(self, limit: Limit, sign: int, by: float) -> tuple[float, Leg] | None:
        """A corner near the plan whose piece begins at the plan, how far off it is, and the piece; None where no plan exists there.

        Where every piece that is found begins beyond the plan, the mean of what lies between, which leads no further.
        """
        chord = 0.0
        for _ in range(TRIES):
            vertex = self.vertex(limit, sign * by)
            if vertex is None:
                return None
            slope = sign * vertex.rate(limit.shifts)
            back = vertex.stop(limit.shifts, -sign).reach
            chord = dot(self.program.cost, vertex.answer.x - self.answer.x) / by
            if back >= by * (1 - SAME) or abs(chord - slope) <= SAME * abs(slope):
                return by, leg_of(vertex, limit, sign)
            last, by = by, (by - back) / 2
        return last, Leg(chord, Stop(0.0), None)

    def vertex(self, limit: Limit, by: float) -> Vertex | None:
        """The corner of the program with a number `by` more; None where no plan exists."""
        answer = self.solved(shifted(self.program, limit.shifts, by))
        return Vertex(self.session, answer) if answer else None

    def solved(self, program: Program) -> Answer | None:
        """The answer to a program, from the basis of the plan; None where there is no plan. Raises Unclear."""
        self.session.change(program)
        self.session.set_basis(self.basis)
        answer = self.session.solve()
        if answer.status not in (Status.OPTIMAL, Status.INFEASIBLE):
            raise Unclear
        return answer if answer.status is Status.OPTIMAL else None

    def stepped(self, of: Step) -> Priced | None:
        """A number of which a step more and a step less are solved; None where the solver gives no answer."""
        sides = {}
        for sign, program in of.programs.items():
            try:
                answer = self.answer if program is self.program else self.solved(program) if program else None
            except Unclear:
                return None
            cost = dot(self.program.cost, answer.x - self.answer.x) if answer else 0.0
            step = of.limit.step
            side = Side(cost / step, of.limit.value + sign * step, step=cost, bent=True) if answer else None
            sides[sign] = self.settled(of.limit, side)
        return Priced(of.limit, sides[1], sides[-1])

    def met(self, stop: Stop) -> Met | None:
        """What a stop is, by the names of the model."""
        if stop.place < 0:
            return None
        width = len(self.program.cost)
        of = self.program.columns[stop.place] if stop.place < width else self.program.rows[stop.place - width]
        return Met(of.parent_component().local_name, of.index(), stop.upper)
