"""Why a case has no plan, in words and as tables: what contradicts what, the least change, and how far each statement alone would have to go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from inputs.address import ChangeError, find_cells
from inputs.case import Case
from inputs.schema import EXPLAINED_SHEETS, Kind
from inputs.values import value_text
from inputs.workbook import Reading
from model.explain.report import Change, Conflict, Explanation, Statement, explain
from model.explain.unbounded import explain_unbounded
from model.plan import Progress
from outputs.tables.coverage import TOLERANCE
from outputs.tables.table import Column, Style, Table

(WHY,), LEAST, ALONE, MISSING = EXPLAINED_SHEETS, "Least change", "Each alone", "What is missing"
MARK = "Does not meet the requirement"
"""What stands on every page of the best plan of a case that has none."""

ONE = "no plan exists: these cannot all hold together, though with any one of them left out the others can:"
SEVERAL = "no plan exists, for {} reasons. These cannot all hold together, though with any one of them left out the others can:"
ENDLESS = "no plan exists: together these earn money without end:"
NEXT = "Nor can these, which have nothing to do with those:"

CONTRADICTS = (
    "The statements of a conflict cannot all hold together; with any one of them left out the others can. "
    "Conflicts share no statement. Each was found by solving, and tried by solving. Bold: the arithmetic of the conflict."
)
FREE = (
    "Together these earn more the more there is of them, and nothing limits them. Limit one, or mend a price. "
    "They are the steepest direction of the plan that no rule stops, which was checked. Bold: what a tonne of it earns."
)


@dataclass(frozen=True)
class Explained:
    """The explanation of a case, and where its addresses stand in the planner's file (`place`, from an address).

    `endless`: it has no plan because something earns without end; that is then its only conflict.
    """

    explanation: Explanation
    case: Case
    place: Callable[[str], str]
    endless: bool = False

    @classmethod
    def of(
        cls, reading: Reading, *, keep: Sequence[str] = (), time_limit: float | None = None, progress: Progress | None = None
    ) -> Explained:
        """Why the case of a file has no plan, which is found by solving. Raises ChangeError where `keep` has an address that leads nowhere."""
        assert reading.case is not None
        return cls(explain(reading.case, keep=keep, time_limit=time_limit, progress=progress), reading.case, reading.place)

    @classmethod
    def of_free_money(cls, reading: Reading, *, time_limit: float | None = None) -> Explained:
        """What earns without end in the case of a file, which is found by solving."""
        assert reading.case is not None
        money = explain_unbounded(reading.case, time_limit=time_limit)
        found = (Conflict(money.statements, money.sentence),) if money else ()
        nothing = "" if money else "no direction of the plan was found that earns without end and passes the check"
        return cls(Explanation(found, (), (), None, nothing), reading.case, reading.place, endless=True)

    @property
    def found(self) -> bool:
        """Whether a conflict was found."""
        return bool(self.explanation.conflicts)

    def text(self) -> str:
        """What the command says of what was found, in lines."""
        found, count = self.explanation, len(self.explanation.conflicts)
        lines: list[str] = []
        for conflict in found.conflicts:
            lines.append(ENDLESS if self.endless else NEXT if lines else ONE if count == 1 else SEVERAL.format(count))
            lines += [f"  {self.said(statement)}" for statement in conflict.statements]
            lines += [f"  {conflict.sentence}"] if conflict.sentence else []
        if found.repair:
            lines += ["The least change after which there is a plan:", *(f"  {self.step(change)}" for change in found.repair)]
        elif not self.endless:
            lines.append("No change of the cells that may change gives a plan.")
        if found.alone:
            lines += [f"If only one of {'them' if count == 1 else 'the statements of each reason'} gave way:", *self.each_alone()]
        return "\n".join(lines)

    def summary(self) -> dict[str, object]:
        """What is printed as JSON: conflicts, repair and alone; `to` is null of a statement that alone cannot give a plan."""
        found = self.explanation
        return {
            "conflicts": [
                {"statements": [{"place": self.place(s.address), "text": s.text} for s in c.statements], "sentence": c.sentence}
                for c in found.conflicts
            ],
            "repair": [self.record(change) for change in found.repair],
            "alone": [
                {"place": self.place(a.statement.address), "text": a.statement.text, **(self.record(a.change) if a.change else NOWHERE)}
                for a in found.alone
            ],
        }

    def record(self, change: Change) -> dict[str, object]:
        """A change as JSON has it: a flag as true or false."""
        flag = self.is_flag(change.address)
        values = (bool(value) if flag else value for value in (change.before, change.after))
        return {"place": self.place(change.address), **dict(zip(("from", "to"), values, strict=True)), "unit": change.unit}

    def said(self, statement: Statement) -> str:
        """A statement with its cell."""
        where = f"({self.place(statement.address)})"
        return statement.text if statement.text.endswith(where) else f"{statement.text} {where}"

    def step(self, change: Change) -> str:
        """A change with its cell."""
        return f"{change.text} ({self.place(change.address)})"

    def each_alone(self) -> Iterator[str]:
        """How far each statement alone would have to go, and those that cannot go far enough together in a line."""
        yield from (f"  {self.step(a.change)}" for a in self.explanation.alone if a.change)
        stuck = [self.place(a.statement.address) for a in self.explanation.alone if not a.change]
        if stuck:
            yield f"  no change of one of these alone gives a plan: {', '.join(dict.fromkeys(stuck))}"

    def value(self, change: Change, value: float) -> str:
        """A value of a change as text."""
        if self.is_flag(change.address):
            return "yes" if value else "no"
        return value_text(float(f"{value:.12g}"), find_cells(change.address, self.case).spec)

    def is_flag(self, address: str) -> bool:
        """Whether an address is that of a yes or no."""
        try:
            return find_cells(address, self.case).spec.kind is Kind.FLAG
        except ChangeError:
            return False

    def tables(self) -> Iterator[Table]:
        """The sheets that explain."""
        yield self.why()
        if not self.endless:
            yield self.least()
            yield self.each()

    def why(self) -> Table:
        """Every conflict: its statements, then its arithmetic."""
        rows, strong = [], set()
        for number, conflict in enumerate(self.explanation.conflicts, 1):
            rows += [
                {"conflict": number, "place": self.place(s.address), "text": s.text, "address": s.address} for s in conflict.statements
            ]
            if conflict.sentence:
                strong.add(len(rows))
                rows.append({"conflict": number, "place": "", "text": conflict.sentence, "address": ""})
        return Table(
            WHY,
            "Why is there no plan?",
            FREE if self.endless else CONTRADICTS,
            (
                Column("conflict", style=Style.EXACT),
                Column("place", "Cell"),
                Column("text", "What it says", style=Style.PROSE, width=80),
                Column("address", "Address" if self.endless else "Address, for --keep"),
            ),
            pd.DataFrame(rows, columns=["conflict", "place", "text", "address"]),
            strong=frozenset(strong),
            nothing=f"Nothing was found: {self.explanation.unexplained}.",
        )

    def least(self) -> Table:
        """The changes after which there is a plan."""
        return Table(
            LEAST,
            "What is the least that gives a plan?",
            "With all of these changes made there is a plan. `stockpile explain FILE --apply COPY` makes them in a copy of the case; "
            "--keep ADDRESS leaves a cell as it is, and looks for the least change elsewhere.",
            self.change_columns(),
            self.frame([(change.text, change) for change in self.explanation.repair]),
            nothing="No change of cells was found that gives a plan.",
        )

    def each(self) -> Table:
        """How far each statement alone would have to go."""
        rows = [(a.change.text if a.change else a.statement.text, a.change or a.statement) for a in self.explanation.alone]
        return Table(
            ALONE,
            "How far would each have to go by itself?",
            "One row is enough for a plan where it can go far enough; the others stay as they are. Where nothing stands under To, no value of this cell alone gives a plan.",
            self.change_columns(),
            self.frame(rows),
            nothing="Nothing was found.",
        )

    @staticmethod
    def change_columns() -> tuple[Column, ...]:
        """Columns of a table of changes."""
        return (
            Column("place", "Cell"),
            Column("text", "What it says", style=Style.PROSE, width=70),
            Column("before", "From", style=Style.FACT),
            Column("after", "To", style=Style.FACT, empty="cannot alone"),
            Column("unit"),
            Column("address", "Address, for --keep"),
        )

    def frame(self, rows: list[tuple[str, Change | Statement]]) -> pd.DataFrame:
        """Rows of a table of changes; of a statement that cannot change only where it stands."""
        records = [
            {
                "place": self.place(row.address),
                "text": text,
                "before": self.shown(row, row.before) if isinstance(row, Change) else "",
                "after": self.shown(row, row.after) if isinstance(row, Change) else None,
                "unit": unit_of(row).strip() if isinstance(row, Change) else "",
                "address": row.address,
            }
            for text, row in rows
        ]
        return pd.DataFrame(records, columns=["place", "text", "before", "after", "unit", "address"]).astype(
            {"before": object, "after": object}
        )

    def shown(self, change: Change, value: float) -> object:
        """A value as a sheet has it: a number, or yes, no and no limit in words."""
        text = self.value(change, value)
        return value if text[:1].isdigit() or text.startswith("-") else text


NOWHERE = {"from": None, "to": None, "unit": ""}
"""What JSON says of a statement that alone cannot give a plan."""


def unit_of(change: Change) -> str:
    """The unit after a value, with a space before it; nothing of a share or a yes."""
    return f" {change.unit}" if change.unit not in ("", "-", "yes/no") else ""


def missing(coverage: Table) -> Table:
    """What the best plan leaves short of the coverage that is required: the rows of its table of coverage that are below it."""
    frame = coverage.frame
    below = (frame["promised"] == "yes") & (frame["reached"] < frame["required"] - TOLERANCE)
    return replace(
        coverage,
        sheet=MISSING,
        title="What does the best plan leave short of what is required?",
        text="Where the coverage that the best plan reaches is below what is required, cutoff by cutoff; what is missing was priced far above its worth, so that as little as can be is. "
        "The sheets after this one are of that plan, which does not meet the requirement.",
        frame=frame[below].reset_index(drop=True),
        nothing="Every promise of coverage is kept: what is missing is of floors, pins or days of cover.",
    )
