"""Why a plan has no end: the offer, sale, mode or recipe loop that earns more the more of it there is, from a direction of the program that is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from inputs.address import address_of
from inputs.arrays import Floats
from inputs.case import Case
from model.build import build
from model.data.compute import Data, compute
from model.explain.findings import Statement
from model.explain.words import amount, percent, said
from model.solver.compile import compile_model
from model.solver.highs import Session
from model.solver.program import Program, Status

STILL = 1e-7
"""What moves less, of a direction whose columns add to 1, does not move."""


@dataclass(frozen=True)
class FreeMoney:
    """What earns without end: its statements, and in a sentence how much each tonne earns."""

    statements: tuple[Statement, ...]
    sentence: str


def explain_unbounded(case: Case, *, time_limit: float | None = None) -> FreeMoney | None:
    """What earns without end in a case whose plan is unbounded; None where nothing was found that passes the check."""
    data = compute(case)
    program = compile_model(build(data))
    direction = None if program is None else steepest(program, time_limit)
    if program is None or direction is None:
        return None
    moving = {j: float(direction[j]) for j in np.flatnonzero(np.abs(direction) > STILL).tolist()}
    said_of = {j: words(data, program.columns[j]) for j in moving}
    statements = tuple({statement.address: statement for statement in said_of.values() if statement}.values())
    return FreeMoney(statements, sentence(program, direction))


def steepest(program: Program, time_limit: float | None) -> Floats | None:
    """(columns,): the direction of least cost that can be gone without end, whose columns add to 1; None where none lowers the cost.

    Checked: no row and no column that has a bound moves against it.
    """
    free = np.isinf(program.low)
    n = len(program.cost)
    total = np.ones(n)
    total[free] = 0.0
    matrix = program.matrix
    rows = matrix.shape[0]
    along = Program(
        cost=program.cost,
        offset=0.0,
        low=np.where(free, -np.inf, 0.0),
        high=np.where(np.isfinite(program.high), 0.0, np.inf),
        row_low=np.append(np.where(np.isfinite(program.row_low), 0.0, -np.inf), -np.inf),
        row_high=np.append(np.where(np.isfinite(program.row_high), 0.0, np.inf), 1.0),
        starts=(program.starts + np.arange(n + 1)).astype(np.int32),
        indices=np.insert(program.indices, program.starts[1:], rows).astype(np.int32),
        entries=np.insert(program.entries, program.starts[1:], total),
    )
    answer = Session(along, time_limit=time_limit).solve()
    if answer.status is not Status.OPTIMAL:
        return None
    direction = answer.x
    moved = matrix @ direction
    holds = (
        np.all(moved[np.isfinite(program.row_low)] >= -STILL)
        and np.all(moved[np.isfinite(program.row_high)] <= STILL)
        and np.all(direction[np.isfinite(program.high)] <= STILL)
        and np.all(direction[~free] >= -STILL)
    )
    return direction if holds and float(program.cost @ direction) < -STILL else None


def row_of(case: Case, sheet: str, **names: str) -> int:
    """The place of a row by names in its columns."""
    frame = case[sheet]
    fits = np.ones(len(frame), dtype=bool)
    for column, name in names.items():
        fits &= (frame[column] == name).to_numpy()
    return int(np.argmax(fits))


def words(data: Data, variable: Any) -> Statement | None:
    """What a column that grows without end says of the workbook; None where it only follows from others."""
    make = SAYING.get(variable.parent_component().local_name)
    return make(data, variable.index()) if make else None


def offer(data: Data, index: Any) -> Statement:
    """An offer without limit."""
    o, n = index
    case, row = data.case, row_of(data.case, "supply", offer=o)
    column = "price" if np.isfinite(case["supply"]["price"].iloc[row]) else "price_share"
    material = case["supply"]["material"].iloc[row]
    return Statement(address_of(case, "supply", column, row), f"{o} sells {material} at {said(data.table('offer_price')[o, n])} USD/kg")


def surplus(data: Data, index: Any) -> Statement:
    """A sale, or disposal, of surplus without limit."""
    i, n = index
    case, row, price = data.case, row_of(data.case, "materials", material=i), data.table("surplus_price")[i, n]
    column = "surplus_share" if np.isnan(case["materials"]["surplus_cost"].iloc[row]) else "surplus_cost"
    what = f"surplus of {i} is sold at {said(-price)} USD/kg" if price <= 0 else f"surplus of {i} is disposed of for {said(price)} USD/kg"
    return Statement(address_of(case, "materials", column, row), what)


def mode(data: Data, index: Any) -> Statement:
    """A mode that no capacity holds back."""
    p, q, _n = index
    row = row_of(data.case, "modes", plant=p, mode=q)
    value = float(data.case["modes"]["variable_cost"].iloc[row])
    verb = (
        f"costs {amount(data.case, 'modes', 'variable_cost', value)}"
        if value >= 0
        else f"earns {amount(data.case, 'modes', 'variable_cost', -value)}"
    )
    column = "capacity_use" if data.case["modes"]["capacity_use"].iloc[row] == 0 else "variable_cost"
    return Statement(address_of(data.case, "modes", column, row), f"{p} in mode {q} {verb} to run")


def stock(data: Data, index: Any) -> Statement:
    """Stock that is worth something at the end."""
    i, _n = index
    row = row_of(data.case, "materials", material=i)
    share = float(data.case["materials"]["resale_share"].iloc[row])
    return Statement(
        address_of(data.case, "materials", "resale_share", row), f"stock of {i} left at the end is worth {percent(share)} of its price then"
    )


def option(data: Data, index: Any) -> Statement:
    """Thrift that earns."""
    row = row_of(data.case, "thrift", option=index[0])
    value = float(data.case["thrift"]["cost"].iloc[row])
    return Statement(address_of(data.case, "thrift", "cost", row), f"{index[0]} costs {amount(data.case, 'thrift', 'cost', value)}")


def order(data: Data, index: Any) -> Statement:
    """New capacity without limit."""
    row = row_of(data.case, "plants", plant=index[0])
    value = float(data.case["plants"]["capex"].iloc[row])
    return Statement(
        address_of(data.case, "plants", "capex", row), f"capacity of {index[0]} costs {amount(data.case, 'plants', 'capex', value)}"
    )


SAYING: Mapping[str, Callable[[Data, Any], Statement]] = {
    "supply": offer, "surplus": surplus, "run": mode, "stock": stock, "saving": option, "order": order,
}  # fmt: skip
"""What is said of each variable."""

DONE = {"supply": "bought", "run": "run", "surplus": "sold", "saving": "saved", "order": "ordered"}
"""By which tonnes the earnings are counted: the first of these that there are."""


def sentence(program: Program, direction: Floats) -> str:
    """How much each tonne of what grows without end earns: bought, or run where nothing is bought."""
    names = np.array([variable.parent_component().local_name for variable in program.columns])
    moved = {done: float(direction[names == name].sum()) for name, done in DONE.items()}
    done, tonnes = next(((done, tonnes) for done, tonnes in moved.items() if tonnes > STILL), ("moved", 1.0))
    earned = -float(program.cost @ direction) / tonnes
    return f"Each tonne {done} earns {said(earned)} thousand USD (expected and discounted), and nothing limits how many."
