"""What varies in a case, as `address OP values`, and its columns with changes made; `inputs.apply` makes a case of them.

OP is `=` (set), `*=` (scale) or `+=` (shift): `materials[Dy].price*=0.5:2:7`,
`plants[Nodule *].lead_time+=-6:6:3`. Values are a list `1,2,3`, a range `low:high:steps`
(ends included) or a distribution: `uniform(low,high)`, `triangular(low,mode,high)`,
`normal(mean,sd)`, `lognormal(median,sigma of the logarithm)` or
`discrete(value:probability,...)`, in the unit that the planner's workbook has for the
column, which may be repeated after them: `materials[Dy].price=100,200 USD/lb`. Addresses
joined with ` & ` move together.

What is scaled or shifted is what counts: an empty `supply.price` stands for the
material's price, an empty `demand.coverage` for the sector's. Such a cell takes up what
is done to the other first, whichever change is named first, and a change that moves both
moves it once. Where probabilities in `durations` vary, those of the same cutoff that do
not are rescaled in proportion, so that they add to 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from inputs.address import ChangeError, Target, address_of, find_cells, marked
from inputs.arrays import Floats
from inputs.case import Case, Value
from inputs.cells import CellError, parse_number
from inputs.schema import BY_NAME, SETTINGS, Kind
from inputs.values import Distribution, Op, read_values, value_text

OP = re.compile(r"\*=|\+=|=")
DERIVED = {("demand", "shortage_cost"): "vary the sector's shortage_multiple or the material's price instead, or set it with ="}
"""Columns whose empty cells stand for a number that several others give, and what to do instead of scaling them."""


@dataclass(frozen=True)
class Change:
    """The cells of `targets` set to, scaled by or shifted by `value` (in the planner's unit; yes is 1, no is 0)."""

    targets: tuple[Target, ...]
    op: Op
    value: float

    @property
    def text(self) -> str:
        """Canonical; `parse_change` reads it back."""
        return f"{together(self.targets)}{self.op}{value_text(self.value, self.targets[0].spec)}{self.targets[0].unit_after(self.op)}"


@dataclass(frozen=True)
class Variation:
    """One number that varies, or several that move together, and over what.

    `text` is canonical; `parse_variation` reads it back. `values` are those of a list, a
    range or a discrete distribution, in order, and empty for a continuous one.
    `distribution` is what samples draw from: a list counts as equally likely values, a
    range as uniform from end to end.
    """

    text: str
    targets: tuple[Target, ...]
    op: Op
    values: tuple[float, ...]
    distribution: Distribution

    @property
    def heading(self) -> str:
        """The addresses and OP, for the head of a column of values."""
        return f"{together(self.targets)}{self.op}"

    def at(self, value: float) -> Change:
        """The change to one value."""
        return Change(self.targets, self.op, float(value))


def together(targets: tuple[Target, ...]) -> str:
    """The addresses as one text."""
    return " & ".join(target.text for target in targets)


def parse_change(text: str, case: Case) -> Change:
    """A change from its text, which is that of a variation with one value. Raises ChangeError."""
    variation = parse_variation(text, case)
    if len(variation.values) != 1:
        raise ChangeError(f"{variation.text}: a change has one value, such as {variation.heading}1.")
    return variation.at(variation.values[0])


def parse_variation(text: str, case: Case) -> Variation:
    """What varies, and over what, from `address OP values`.

    Every value of a list or range, the ends of a uniform or triangular distribution and
    the middle of the others are tried against the bounds of the schema; a sample of the others
    may still cross one, and any value a rule across sheets. Raises ChangeError where an address, a value or the change of a cell is wrong.
    """
    given = " ".join(text.split())
    marks = marked(given)
    match = OP.search("".join(c if mark == "o" else "\0" for c, mark in zip(given, marks, strict=True)))
    if not match:
        raise ChangeError(f"{given}: say how it varies: = sets, *= scales, += shifts, for example materials[Dy].price*=0.5:2:7.")
    op, end = Op(match[0]), match.start()
    cuts = [-1, *(i for i in range(end) if given[i] == "&" and marks[i] == "o"), end]
    targets = tuple(find_cells(given[a + 1 : b], case) for a, b in pairwise(cuts))
    check_together(targets, op)
    targets = tuple(movable(case, target, op) for target in targets)
    values = given[match.end() :].strip().removesuffix(f" {targets[0].unit}" if op is not Op.SCALE else "")
    try:
        listed, distribution, spread = read_values(values, [target.spec for target in targets], op)
    except CellError as wrong:
        raise ChangeError(f"{together(targets)}: {wrong}") from None
    for value in listed or (distribution.numbers[:1] if distribution.kind.endswith("normal") else distribution.numbers):
        drafted(case, [Change(targets, op, value)])
    return Variation(f"{together(targets)}{op}{spread}{targets[0].unit_after(op)}", targets, op, listed, distribution)


def check_together(targets: tuple[Target, ...], op: Op) -> None:
    """Addresses that move together are of different cells, and take the same kind of value."""
    where, flags = together(targets), {target.spec.kind is Kind.FLAG for target in targets}
    cells = [(target.sheet, target.column, row) for target in targets for row in target.rows]
    if len(set(cells)) < len(cells):
        raise ChangeError(f"{where}: a cell stands in two of the addresses that move together; name it once.")
    if flags == {True} and op is not Op.SET:
        raise ChangeError(f"{where}: {targets[0].column} is yes or no; set it with =yes,no.")
    units = list(dict.fromkeys(target.unit for target in targets))
    if len(flags) > 1 or (op is not Op.SCALE and len(units) > 1):
        raise ChangeError(f"{where}: these are in different units ({', '.join(units)}); scale them with *=, or vary them apart.")


def movable(case: Case, target: Target, op: Op) -> Target:
    """The target with the cells that scaling or shifting moves; raises where there are none, or where one was named that is not."""
    if op is Op.SET:
        return target
    verb, now = "scale" if op is Op.SCALE else "shift", Draft(case).effective(target, [])
    still = np.isnan(now) | np.isinf(now)
    advice = DERIVED.get((target.sheet, target.column))
    if still.all() or (still.any() and (advice or not target.wild)):
        first = int(np.argmax(still))
        where, empty = address_of(case, target.sheet, target.column, target.rows[first]), target.spec.empty
        if np.isinf(now[first]):
            raise ChangeError(f"{where}: there is {empty}, so there is nothing to {verb}; set it with =.")
        raise ChangeError(f"{where}: the cell is empty ({empty}), so there is nothing to {verb}; {advice or 'set it with ='}.")
    if op is Op.SCALE and not now[~still].any():
        raise ChangeError(f"{target.text}: it is 0, and stays 0 however it is scaled; set it with =, or shift it with +=.")
    return replace(target, rows=tuple(row for row, stays in zip(target.rows, still.tolist(), strict=True) if not stays))


def drafted(case: Case, changes: Iterable[Change]) -> Draft:
    """The columns of the case with the changes made, in order.

    Raises ChangeError where a number crosses a bound of the schema, the probabilities of
    a cutoff's lengths cannot add to 1, or two rows get the same key. Rules across rows and
    sheets are left to `inputs.apply`: of values that are tried one by one, some may need another to move with them.
    """
    draft = Draft(case)
    steps = [(change, target) for change in changes for target in change.targets]
    for change, target in sorted(steps, key=lambda step: step[1].source is not None):
        draft.move(change, target)
    draft.complete_probabilities()
    draft.check()
    return draft


class Draft:
    """The columns of a case that change, in the schema's units, while changes are made."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.columns: dict[tuple[str, str], Floats] = {}
        self.made: dict[tuple[str, str], list[tuple[Change, Target]]] = {}

    def read(self, sheet: str, column: str) -> Floats:
        """(rows,): a column as it is by now."""
        if (sheet, column) in self.columns:
            return self.columns[sheet, column]
        if sheet == SETTINGS:
            return np.array([self.case.settings[column]], dtype=float)
        return self.case[sheet][column].to_numpy(dtype=float)

    def effective(self, target: Target, others: Iterable[Target]) -> Floats:
        """(rows,): the target's cells by now, an empty one as what it stands for, unless that is among `others`, moved at once."""
        now = self.read(target.sheet, target.column)[list(target.rows)]
        empty = np.isnan(now)
        if target.source is None or not empty.any():
            return now
        sheet, key, share = target.source
        names = self.case[target.sheet][key].to_numpy()[list(target.rows)]
        place = {name: row for row, name in enumerate(self.case[sheet][key])}
        rows = np.array([place[name] for name in names])
        moving = [row for other in others if (other.sheet, other.column) == (sheet, target.column) for row in other.rows]
        stands_for = self.read(sheet, target.column)[rows]
        if share:
            stands_for = stands_for * self.read(target.sheet, share)[list(target.rows)]
        return np.where(empty & ~np.isin(rows, moving), stands_for, now)

    def move(self, change: Change, target: Target) -> None:
        """Set, scale or shift the rows of a target."""
        at, rows = (target.sheet, target.column), list(target.rows)
        now = self.effective(target, change.targets)
        if change.op is Op.SCALE:
            with np.errstate(over="ignore", invalid="ignore"):  # infinity is refused as out of bounds
                now = np.where(np.isinf(now), now, now * change.value)
        elif change.op is Op.SHIFT:
            now = now + change.value * target.factor
        else:
            now = np.full(len(rows), change.value * target.factor)
        self.columns.setdefault(at, self.read(*at).copy())[rows] = now
        self.made.setdefault(at, []).append((change, target))

    def complete_probabilities(self) -> None:
        """Rescale the lengths of a cutoff that no change touched, so that all add to 1."""
        at = ("durations", "probability")
        if at not in self.columns:
            return
        values, before = self.columns[at], self.case["durations"]["probability"].to_numpy()
        cutoffs = self.case["durations"]["cutoff"].to_numpy()
        touched = np.isin(np.arange(len(values)), [row for _, target in self.made[at] for row in target.rows])
        for cutoff in dict.fromkeys(cutoffs[touched].tolist()):
            mine = cutoffs == cutoff
            varied, rest = mine & touched, mine & ~touched
            total, others = float(values[varied].sum()), float(values[rest].sum())
            if abs(total - before[varied].sum()) < 1e-12:
                continue
            if total > 1 + 1e-9 or (others <= 0 and total < 1 - 1e-9):
                what = f"would add to {total:.6g}" + ("" if total > 1 else ", and no other length is left to take the rest")
                raise ChangeError(f"{self.reasons([at])}: the probabilities of cutoff '{cutoff}' {what}; they must add to 1.")
            if others > 0:
                values[rest] *= max(0.0, 1 - total) / others

    def check(self) -> None:
        """Every moved number is within the schema's bounds, and whole where it must be; keys stay different."""
        for (sheet, name), values in self.columns.items():
            column = BY_NAME[sheet].column(name)
            for bound in (column.low, column.high):
                values[np.isclose(values, bound, rtol=1e-12, atol=1e-12)] = bound
            given = ~(np.isinf(values) & (column.default == np.inf))
            wrong = (values < column.low) | (values > column.high) | (column.above & (values == column.low)) | np.isinf(values)
            if column.kind is not Kind.NUMBER:
                values[:] = np.round(values, 9)
                wrong |= np.isfinite(values) & (values != np.round(values))
            wrong &= given
            if wrong.any():
                self.refuse(sheet, name, int(np.argmax(wrong)))
            keys = BY_NAME[sheet].key
            if column.key and self.case[sheet][list(keys)].assign(**{name: values}).duplicated().any():
                raise ChangeError(f"{self.reasons([(sheet, name)])}: two rows of sheet {sheet} would have the same {', '.join(keys)}.")

    def refuse(self, sheet: str, name: str, row: int) -> None:
        """Raise the message of a number out of bounds, which is that of a workbook's cell."""
        target, value = self.made[sheet, name][0][1], float(self.columns[sheet, name][row])
        try:
            parse_number(target.spec, value / target.factor, target.factor)
        except CellError as wrong:
            where, why = address_of(self.case, sheet, name, row), self.reasons([(sheet, name)])
            raise ChangeError(f"{where}: {str(wrong).removesuffix('.')} (by {why}).") from None

    def reasons(self, columns: Iterable[tuple[str, str]]) -> str:
        """The changes that moved columns, as they were given."""
        return ", ".join(dict.fromkeys(change.text for at in columns for change, _ in self.made[at]))

    def result(self) -> Case:
        """The case with every changed column; frames that do not change are shared with it."""
        settings: dict[str, Value] = dict(self.case.settings)
        frames = dict(self.case.frames)
        for (sheet, name), values in self.columns.items():
            flag = BY_NAME[sheet].column(name).kind is Kind.FLAG
            if sheet == SETTINGS:
                settings[name] = bool(values[0]) if flag else float(values[0])
                continue
            if frames[sheet] is self.case.frames[sheet]:
                frames[sheet] = frames[sheet].copy(deep=False)
            frames[sheet][name] = values.astype(bool) if flag else values
        return replace(self.case, settings=MappingProxyType(settings), frames=MappingProxyType(frames))
