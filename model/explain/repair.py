"""The least change of cells after which a plan exists, and how far one cell alone would have to go."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from inputs.address import ChangeError, address_of, find_cells
from inputs.apply import apply
from inputs.arrays import Floats
from inputs.case import Case
from inputs.change import parse_change
from inputs.schema import BY_NAME
from inputs.units import factor
from model.explain.caps import cap_needed
from model.explain.elastic import ENOUGH, UNIT, Elastic, Failing
from model.explain.findings import Change
from model.explain.loosened import Lever
from model.explain.statements import loosen
from model.explain.words import amount
from model.plan import make_plan
from model.solver.program import Status

TRIES = 4
"""Changes enter the program linearly only one by one; where several together fall short, the changed case is repaired again, so often at most."""

DIGITS = 3
"""Changed numbers are rounded outward to so many digits."""

SPARED = 2.0
"""What a repair with a cell less may cost, as a multiple of the cheapest."""

MOVED = 1e-7
"""Relative to its scale, a slack below is 0."""


def repair(case: Case, elastic: Elastic, keep: Sequence[str], time_limit: float | None) -> tuple[Change, ...]:
    """The changes of least weight after which the case, rebuilt and solved, has a plan; none where none was found.

    `keep` are addresses of cells that stay as they are. Raises Unsolved, and ChangeError for an address that leads nowhere.
    """
    kept = {address for text in keep for address in addresses(text, case)}
    after: dict[str, float] = {}
    changed = case
    for _ in range(TRIES):
        moves = least(elastic, kept)
        if not moves:
            break
        after |= moves
        try:
            changed = with_values(case, after)
        except ChangeError:  # what would give a plan is no sound case
            break
        if make_plan(changed, time_limit=time_limit).status in (Status.OPTIMAL, Status.UNBOUNDED):
            return tuple(change(case, address, value) for address, value in after.items())
        elastic = Elastic(loosen(changed), time_limit=time_limit)
    return ()


def least(elastic: Elastic, kept: Collection[str]) -> dict[str, float]:
    """The cells of a cheapest repair, and where they go; a cell is spared where that makes the whole no more than `SPARED` times as dear."""
    moves = dict(moved(elastic, elastic.solve(*prices(elastic, kept))))
    cheapest = minded(elastic, moves)
    for cell in list(moves):
        if len(moves) > 1 and cell in moves:
            fewer = dict(moved(elastic, elastic.solve(*prices(elastic, {*kept, cell}))))
            if 0 < len(fewer) < len(moves) and minded(elastic, fewer) <= SPARED * cheapest:
                kept, moves = {*kept, cell}, fewer
    return moves


def minded(elastic: Elastic, moves: Mapping[str, float]) -> float:
    """What some moves of cells are minded by, each once."""
    levers = {lever.cell: lever for lever in elastic.levers if lever.cell in moves}
    sizes = {cell: 1.0 if lever.levels else lever.scale for cell, lever in levers.items()}
    return sum(lever.weight * abs(moves[cell] - lever.before) / (abs(lever.per) * sizes[cell]) for cell, lever in levers.items())


def addresses(text: str, case: Case) -> list[str]:
    """Every cell that an address means, by an address of its own."""
    target = find_cells(text, case)
    return [address_of(case, target.sheet, target.column, row) for row in target.rows]


def prices(elastic: Elastic, kept: Collection[str]) -> tuple[Floats, Floats]:
    """Costs and upper bounds of the slacks: what each change is minded by; those of cells that are kept, or are none, stay 0."""
    cost, high = np.zeros(len(elastic.open)), elastic.open.copy()
    for lever in elastic.levers:
        if not lever.cell or lever.cell in kept:
            high[list(lever.slacks)] = 0.0
        price(cost, lever)
    return cost, high


def price(cost: Floats, lever: Lever) -> None:
    """The cost of a lever's slacks: of a number that does not enter linearly the more, the further it has to go."""
    each = lever.weight * UNIT / lever.scale
    if lever.priced is not None:
        cost[lever.priced] = each
    elif lever.levels:
        cost[list(lever.slacks)] = [each * abs(level - lever.before) / lever.per for level in lever.levels]
    else:
        cost[list(lever.slacks)] = each


def moved(elastic: Elastic, failing: Failing) -> Iterator[tuple[str, float]]:
    """The cells that an answer moves, and where to, rounded outward, in the schema's unit."""
    found: dict[str, float] = {}
    for lever in elastic.levers if len(failing.slack) else ():
        if lever.cell:
            value = needed(elastic, lever, failing)
            if value is not None:
                further = max if value > lever.before else min
                found[lever.cell] = further(value, found.get(lever.cell, value))
    yield from found.items()


def needed(elastic: Elastic, lever: Lever, failing: Failing) -> float | None:
    """The value of a lever's number with which an answer's slacks are not needed, None where they are 0."""
    used = [slack for slack in lever.slacks if failing.slack[slack] > MOVED * lever.scale]
    if not used:
        return None
    if lever.levels:
        return max((lever.levels[lever.slacks.index(slack)] for slack in used), key=lambda level: abs(level - lever.before))
    if lever.caps:
        return min(1.0, outward(elastic.loosened.case, lever.cell, cap_needed(elastic.loosened, lever, failing), up=True))
    slack = lever.slacks[0] if lever.priced is None else lever.priced
    value = lever.before + lever.per * max(float(failing.slack[slack]), float(failing.slack[lever.slacks[0]]))
    return max(0.0, outward(elastic.loosened.case, lever.cell, value, up=lever.per > 0))


def outward(case: Case, address: str, value: float, *, up: bool) -> float:
    """A number rounded away from what fails, in the planner's unit; one that is round but for the solver's tolerance stays."""
    unit = unit_factor(case, address)
    given = value / unit
    if abs(given) < 1e-9:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(abs(given))) - DIGITS + 1)
    nearest = round(given / step)
    whole = nearest if abs(nearest - given / step) < 1e-4 else math.ceil(given / step) if up else math.floor(given / step)
    return float(f"{whole * step:.12g}") * unit


def unit_factor(case: Case, address: str) -> float:
    """How many of the schema's unit one of the planner's is."""
    target = find_cells(address, case)
    return factor(case.unit(target.sheet, target.column), BY_NAME[target.sheet].column(target.column).unit)


def with_values(case: Case, values: dict[str, float]) -> Case:
    """The case with cells set to values of the schema's units."""
    return apply(case, [parse_change(f"{address}={value / unit_factor(case, address):.12g}", case) for address, value in values.items()])


def change(case: Case, address: str, after: float) -> Change:
    """A change of one cell to a value of the schema's unit, in the planner's."""
    target = find_cells(address, case)
    before = case.number(target.column) if target.sheet == "settings" else float(case[target.sheet][target.column].iloc[target.rows[0]])
    unit, times = case.unit(target.sheet, target.column), unit_factor(case, address)
    said = [amount(case, target.sheet, target.column, value) for value in (before, after)]
    return Change(
        address, before / times, after / times, unit, f"{'raise' if after > before else 'lower'} {address} from {said[0]} to {said[1]}"
    )


def alone(case: Case, elastic: Elastic, cell: str, given_up: Collection[int], time_limit: float | None) -> Change | None:
    """How far a cell alone would have to go, all else as it is but for what is given up; None where it alone cannot. Raises Unsolved."""
    mine = [number for number, lever in enumerate(elastic.levers) if lever.cell == cell]
    cost, high = only(elastic, mine, given_up)
    failing = elastic.solve(cost, high)
    if math.isinf(failing.amount):
        return None
    first = elastic.levers[mine[0]]
    if first.levels:
        return by_level(case, elastic, first, high)
    if first.searched:
        return by_search(case, first, time_limit)
    values = dict(moved(elastic, failing))
    if first.at_best:
        return by_asking_again(case, elastic, cell, given_up, values, time_limit)
    return change(case, cell, values[cell]) if cell in values else None


def by_asking_again(
    case: Case, elastic: Elastic, cell: str, given_up: Collection[int], values: Mapping[str, float], time_limit: float | None
) -> Change | None:
    """The value of a number with which the changed case asks no more of it; None where it alone cannot, or was not found in `TRIES`. Raises Unsolved."""
    spared = {(elastic.levers[number].statement.address, elastic.levers[number].cell) for number in given_up}
    for _ in range(TRIES):
        if cell not in values:
            return None
        value = values[cell]
        again = Elastic(loosen(with_values(case, {cell: value}), facts=True), time_limit=time_limit)
        mine = [number for number, lever in enumerate(again.levers) if lever.cell == cell]
        others = [number for number, lever in enumerate(again.levers) if (lever.statement.address, lever.cell) in spared]
        failing = again.solve(*only(again, mine, others))
        if math.isinf(failing.amount):
            return None
        values = dict(moved(again, failing))
        if cell not in values:
            return change(case, cell, value)
    return None


def row_enough(elastic: Elastic, number: int, given_up: Collection[int]) -> float | None:
    """How much a row that is missing would have to give, all else as it is but for what is given up; None where it alone cannot. Raises Unsolved."""
    cost, high = only(elastic, [number], given_up)
    failing = elastic.solve(cost, high)
    return None if math.isinf(failing.amount) else float(failing.slack[elastic.levers[number].slacks[0]])


def only(elastic: Elastic, mine: Collection[int], given_up: Collection[int]) -> tuple[Floats, Floats]:
    """Costs and upper bounds of the slacks where some levers alone give way, and all else holds but for what is given up."""
    cost, high = np.zeros(len(elastic.open)), elastic.open.copy()
    for number, lever in enumerate(elastic.levers):
        if number in mine:
            price(cost, lever)
        elif number not in given_up:
            high[list(lever.slacks)] = 0.0
    return cost, high


def by_level(case: Case, elastic: Elastic, lever: Lever, high: Floats) -> Change:
    """The nearest of a number's levels that is far enough."""
    low, enough = 0, len(lever.levels)
    while low + 1 < enough:
        middle = (low + enough) // 2
        some = high.copy()
        some[list(lever.slacks[middle:])] = 0.0
        low, enough = (low, middle) if elastic.solve(np.zeros(len(high)), some).amount <= ENOUGH else (middle, enough)
    return change(case, lever.cell, lever.levels[enough - 1])


def by_search(case: Case, lever: Lever, time_limit: float | None) -> Change | None:
    """The longest time, in whole months, with which the case has a plan."""
    fits, fails = -1, math.ceil(lever.before)
    while fits + 1 < fails:
        middle = (fits + fails) // 2
        works = make_plan(with_values(case, {lever.cell: float(middle)}), time_limit=time_limit).status is Status.OPTIMAL
        fits, fails = (middle, fails) if works else (fits, middle)
    return change(case, lever.cell, float(fits)) if fits >= 0 else None
