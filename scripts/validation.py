"""The page of validation: published examples and one worked by hand as workbooks, planned, with the published and our value, and what that does not show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from inputs.template import write_case
from inputs.workbook import read_case
from model.certificate.check import Report
from model.plan import Plan, solve_case
from outputs.plan_file import checked
from scripts.house import HOUSE
from scripts.markdown import PRINTED, code, page, table
from tests.kit.cases import expected, grids, names, sheets

WORKBOOKS = HOUSE / "docs" / "validation"
GAPS = ("1e-12", "1e-9", "1e-6")
"""A proved gap is shown as the first of these that it is under, so that the page is the same on every machine."""

INTRODUCTION = """Each example was published, or can be worked out on paper, before this program was written. It is written as a workbook, planned by the
program as any case is, and checked by its certificate; what stands here is what came of it. To see it yourself:

```sh
stockpile plan docs/validation/lands.xlsx --out lands-plan.xlsx
stockpile verify lands-plan.xlsx
```

*Proved gap* is what `verify` proves: no plan of the workbook costs less than ours by more than this share of its cost. It says that the program
of the workbook is solved; that the value is the published one says that the program is the right one."""

LIMITS = (
    "**The world.** Four small examples and a program solved twice show that the program does what its "
    "[formulation](formulation.md) says. They do not show that the formulation describes a market, or that a cutoff will be like one of those in a workbook. "
    "No plan has been held against a cutoff that happened.",
    "**The data.** Nothing here is about the figures of the shipped case; `inputs/us_2026/README.md` says what they rest on and where they are weak.",
    "**Every rule.** The published examples have no aftermath, no discounting, no share caps, floors of output, thrift, pins, offtake or tail risk, and one node a future. "
    "Those rules rest on hand-worked tests (one file a family in `tests/model/families/`) and on the random cases, whose values come from an "
    "independent implementation of the same formulation: a wrong idea in it would be in both.",
    "**The size.** The examples have at most a few hundred quantities; the shipped case has 100,000. What holds at any size is the certificate, with which every plan is checked.",
    "**Whole plants and steps.** Everything is linear: half a plant can be ordered. Examples whose answers must be whole numbers cannot be written as a case.",
    "**The last digits.** Published values are rounded by their authors, and are compared to 1e-4 of the value; ours to those of the independent implementation to 1e-6.",
)


@dataclass(frozen=True)
class Fact:
    """A number that was published with an example, as it was published, and the same of our plan."""

    what: str
    published: str
    ours: Callable[[Plan], str]


@dataclass(frozen=True)
class Example:
    """A published example: where it is from, what it asks, and how a workbook says it."""

    name: str
    title: str
    source: str
    words: str
    written: str
    facts: tuple[Fact, ...]

    @property
    def published(self) -> float:
        """The published value, thousand USD."""
        value = expected(f"published-{self.name}")[1]
        assert value is not None
        return value

    @property
    def file(self) -> Path:
        """Its workbook."""
        return WORKBOOKS / f"{self.name}.xlsx"


def stock(plan: Plan, months: float) -> str:
    """What is held of everything at the end of a node of the trunk that ends so many months after the start."""
    frame, ends = plan.frame("stock"), plan.nodes.query("in_trunk and end == @months").index
    return number(frame[frame["node"].isin(ends)]["value"].sum())


def ordered(plan: Plan, plant: str) -> str:
    """The capacity that is ordered of a plant."""
    frame = plan.frame("order")
    return number(frame[frame["plant"] == plant]["value"].sum())


def price(plan: Plan, material: str) -> str:
    """What one more tonne of demand costs, thousand USD."""
    rows = plan.rows_of["market_balance"]
    return number(float(plan.duals["market_balance"][list(rows).index((material, 0))]))


EXAMPLES = (
    Example(
        "newsvendor",
        "The newsvendor",
        "The textbook newsvendor with four demands; whoever wants to can check it by hand, as below.",
        "A paper costs 5, sells at 12, and what is left is worth 2. Demand is 10, 20, 30 or 40 with probability 0.15, 0.35, 0.35 and 0.15. "
        "How many are bought? The chance that the last one is sold must be at least (5 - 2) / (12 - 2) = 0.3: 30 papers, of which "
        "0.15 x 10 + 0.35 x 20 + 0.5 x 30 = 23.5 are sold. Profit: 12 x 23.5 + 2 x 6.5 - 5 x 30 = 145.",
        "Each demand is a cutoff in the second year, with a surge that multiplies a demand of 1 t/yr. The plan counts what is not sold as short, at 12 each, instead of what is sold: "
        "12 x the mean demand of 25, less the profit of 145, is 155.",
        (Fact("bought, t", "30", partial(stock, months=12)),),
    ),
    Example(
        "disruption-stock",
        "Stock against disruptions of supply",
        "Snyder and Shen, *Fundamentals of Supply Chain Theory*, second edition, example 9.3.",
        "A shop sells 2,000 a period. Its supplier is up or down: up, it fails with probability 0.04 a period; down, it comes back with 0.25. What is in store at the end of a period costs 0.25 each, "
        "what is short 3 each. To how much is the stock filled up while the supplier is up? The supplier is up with 0.25 / 0.29 = 0.862, and has been down "
        "for n periods with 0.0345 x 0.75^(n-1); the stock covers the least number of periods for which the chance is 3 / 3.25 = 0.923: the present one and three of disruption, 4 x 2,000.",
        "Being down for n periods is a cutoff whose surge multiplies the demand by n + 1 (up to 80; beyond that the chance is under 1e-11). Leftovers are given away at a loss of 0.25 each.",
        (Fact("stock, t", "8000", partial(stock, months=12)),),
    ),
    Example(
        "lands",
        "Investment in power plants",
        "Louveaux and Smeers (1988), the test problem known as LandS; also Birge and Louveaux, *Introduction to Stochastic Programming*, section 1.3.",
        "Four kinds of power plant, which differ in what they cost to build (10, 7, 16, 6) and to run (4, 4.5, 3.2, 5.5), serve three blocks of the load curve, of 10, 6 and 1 units of time. "
        "The first block asks for 3, 5 or 7 with probability 0.3, 0.4 and 0.3, the others for 3 and 2. At least 12 are built, for at most 120.",
        "Each block is a material, each load of the first a cutoff that must be covered in full, each plant a plant with a mode for every block. The 120 is the budget, the 12 a floor on capacity.",
        tuple(Fact(f"built of plant {i + 1}", value, partial(ordered, plant=f"x{i}")) for i, value in enumerate(("8/3", "4", "10/3", "2"))),
    ),
    Example(
        "transport",
        "Canneries and markets",
        "Dantzig, *Linear Programming and Extensions* (1963), section 3.3; the first model of the GAMS library (trnsport).",
        "Canneries in Seattle (350 cases) and San Diego (600) supply New York (325), Chicago (300) and Topeka (275). Freight is 90 dollars a thousand cases and thousand miles. "
        "Which ships to whom, at least cost, and what does one more case cost in each market?",
        "Each market is a material, each cannery a plant with a mode for every market, whose variable cost is the freight. There is no cutoff and no stock.",
        tuple(
            Fact(f"one more case in {name}, thousand USD", value, partial(price, material=material))
            for name, material, value in (("New York", "new-york", "0.225"), ("Chicago", "chicago", "0.153"), ("Topeka", "topeka", "0.126"))
        ),
    ),
)


def validation() -> str:
    """The whole page."""
    return page(
        "# Validation",
        PRINTED,
        INTRODUCTION,
        table(
            ["example", "published, thousand USD", "ours", "proved gap", "inputs"],
            [summary_row(example) for example in EXAMPLES],
        ),
        *(section(example) for example in EXAMPLES),
        "## Random cases",
        random_cases(),
        "## By hand",
        "The [teaching case](../README.md#the-teaching-case-by-hand) is worked out on paper in the README, plant, stock and cost; "
        "so is a small case for each family of equations, in `tests/model/families/`.",
        "## What this does not show",
        "\n".join(f"- {limit}" for limit in LIMITS),
    )


def summary_row(example: Example) -> list[str]:
    """A row of the first table."""
    plan, certificate = planned(example.name)
    return [
        example.title,
        number(example.published),
        number(plan.objective or 0.0),
        gap(certificate),
        f"[{example.file.name}](validation/{example.file.name})",
    ]


def section(example: Example) -> str:
    """One example: its source and words, how the workbook says it, and the numbers."""
    plan, _ = planned(example.name)
    cost = ["expected cost, thousand USD", number(example.published), number(plan.objective or 0.0)]
    rows = [cost, *([fact.what, fact.published, fact.ours(plan)] for fact in example.facts)]
    return page(
        f"## {example.title}",
        example.source,
        example.words,
        f"*As a workbook.* {example.written}",
        table(["", "published", "ours"], rows),
    ).strip()


def random_cases() -> str:
    """How many random cases there are of each status."""
    counts = Counter(expected(name)[0] for name in names() if name.startswith("reference"))
    said = ", ".join(f"{count} {status}" for status, count in counts.most_common())
    return (
        f"{code('tests/known_answers/')} has {counts.total()} small random cases as well ({said}), which between them use every sheet and most columns. "
        "Their values come from an independent implementation of the formulation; `tests/test_known_answers.py` writes each as a workbook, "
        "plans it, and compares status and cost to 1e-6."
    )


@cache
def planned(name: str) -> tuple[Plan, Report]:
    """The plan of an example's workbook as `stockpile plan` makes it, and what its check found."""
    case = read_case(WORKBOOKS / f"{name}.xlsx")
    solved, certificate = checked(solve_case(case), partial(solve_case, case))
    return solved.plan, certificate


def gap(certificate: Report) -> str:
    """A proved gap, as the page shows it."""
    return next((f"under {most}" for most in GAPS if certificate.gap < float(most)), "not proved")


def number(value: float) -> str:
    """A number to four decimals, without the zeros at its end."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def write_workbooks() -> None:
    """The examples as workbooks, in the layout of `stockpile new`."""
    WORKBOOKS.mkdir(exist_ok=True)
    for example in EXAMPLES:
        write_case(example.file, grids(sheets(f"published-{example.name}")))
