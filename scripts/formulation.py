"""The page of the formulation: sets, numbers, and for each family its law, variables, equations and amounts of money, printed from a built model."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pyomo.core as pyo

from model import declare, second_rule, tree
from model.data.compute import compute
from model.families import FAMILIES
from model.parameters import BY_NAME, INDEX_SETS, LETTERS, PARAMETERS, SETS
from scripts.markdown import PRINTED, anchor, block, code, page, table
from tests.kit.small import every_sheet

INTRODUCTION = """A linear program: it minimises the expected discounted cost of keeping every sector covered, over a tree of futures in which a
cutoff of supply may begin and nobody knows how long it lasts. Quantities are in tonnes, prices in USD/kg, amounts of money in
thousand USD (kUSD). Each family below is one file of `model/families/`, and each formula is the docstring of the rule that builds it."""

NOTATION = """Names are those of the code: `stock[i,n]` is the stock of material `i` at the end of node `n`. `a(n)` is the node before `n`,
`path(n)` the nodes from the first one to `n`, the *trunk* the nodes without a cutoff; all others lie in a *branch*. All variables are at
least 0 unless they are free. Where a term has no such index, it is 0."""

WORDS = {"ordered": "node in which something was ordered", "node": "node of the tree", "speed": "track of an order: normal or fast"}
"""What to call an index that a letter stands for, where its name is not enough."""

MONEY = {"terms": "Cost", "salvages": "What is left at the end", "outlays": "Public money"}
"""The lists on the model that name amounts of money, and what to call one of each."""


@dataclass(frozen=True)
class Family:
    """A module of `model.families` and the components that it added to a model, by kind."""

    module: ModuleType
    components: Mapping[type, Sequence[Any]]

    @property
    def law(self) -> tuple[str, str]:
        """The name of the family, and its law in words."""
        name, _, text = (inspect.getdoc(self.module) or "").partition(": ")
        return name, text[:1].upper() + text[1:]

    @property
    def abbreviations(self) -> Iterator[Callable[..., Any]]:
        """The functions that stand in formulas: what the module defines besides `add` and the rules of its equations and costs."""
        rules = {"add", *(component.local_name for of_kind in self.components.values() for component in of_kind)}
        for name, function in inspect.getmembers(self.module, inspect.isfunction):
            if function.__module__ == self.module.__name__ and name not in rules:
                yield function


def formulation() -> str:
    """The whole page, from a case that uses every sheet."""
    m = pyo.ConcreteModel()
    declare.start(m, compute(every_sheet()), mutable=True)
    families = [added(m, family) for family in FAMILIES]
    return page(
        "# The formulation",
        PRINTED,
        INTRODUCTION,
        "\n".join(f"- {anchor(name)}: {first_paragraph(text)}" for name, text in (family.law for family in families)),
        "## Notation",
        NOTATION,
        table(
            ["letter", "what it stands for"],
            [[code(letter), WORDS.get(index, index)] for index, letter in LETTERS.items() if letter != index],
        ),
        "## The tree",
        law_of(tree),
        *(section(m, family) for family in families),
        "## Where plans cost the same",
        law_of(second_rule),
        "## Sets",
        "What a case does not have leaves its sets empty, and what is over an empty set is not in the program.",
        table(["set", "indices", "what is in it"], [[code(s.name), ", ".join(s.indices), s.text] for s in INDEX_SETS]),
        "## Numbers",
        f"The numbers that stand in the formulas, as `{compute.__module__}` computes them from the workbook.",
        table(["number", "unit", "what it is"], [[code(p.name + letters(p.over)), p.unit, p.text] for p in PARAMETERS]),
    )


def added(m: pyo.ConcreteModel, module: Any) -> Family:
    """Let a family add its components to the model, and say which they are."""
    before = {id(component) for component in m.component_objects()}
    module.add(m)
    new = [component for component in m.component_objects() if id(component) not in before]
    kinds = (pyo.Var, pyo.Constraint, pyo.Expression, pyo.Objective)
    return Family(module, {kind: [component for component in new if component.ctype is kind] for kind in kinds})


def section(m: pyo.ConcreteModel, family: Family) -> str:
    """One family: its law, variables, equations, amounts of money and what these abbreviate."""
    name, law = family.law
    path = f"{family.module.__name__.replace('.', '/')}.py"
    variables = [[code(v.local_name + letters(set_of(v))), unit_of(v), bounds(v), v.doc] for v in family.components[pyo.Var]]
    equations = [f"**{code(c.local_name)}**, {for_each(set_of(c))}:\n\n{block(c.doc)}" for c in family.components[pyo.Constraint]]
    money = [f"*{kind_of(m, e)}: {label_of(m, family, e)}*\n\n{block(e.doc)}" for e in family.components[pyo.Expression]]
    objective = [f"**Minimise** the {o.local_name}:\n\n{block(o.doc)}" for o in family.components[pyo.Objective]]
    return page(
        f"## {name}",
        f"{law}\n\nIn [`{path}`](../{path}).",
        table(["variable", "unit", "bounds", "what it is"], variables) if variables else "",
        *equations,
        *money,
        *objective,
        *(where(function) for function in family.abbreviations),
    ).strip()


def set_of(component: Any) -> str:
    """The name of the set that a component is over, "" where it is none of the model's."""
    name = component.index_set().local_name
    return name if name in SETS else ""


def letters(over: str) -> str:
    """The letters of the indices of a set in brackets, "" of none."""
    return f"[{','.join(LETTERS[of] for of in SETS[over])}]" if over else ""


def for_each(over: str) -> str:
    """For which indices an equation holds."""
    return f"for each {code(letters(over)[1:-1])} in [{code(over)}](#sets)"


def unit_of(variable: Any) -> str:
    """The unit of a variable as the parameters write it."""
    m = variable.model()
    written = {str(m.component(p.name).get_units()): p.unit for p in PARAMETERS}
    return written[str(variable.get_units())]


def bounds(variable: Any) -> str:
    """What a variable is between, in the names of the parameters."""
    first = next(iter(variable.values()))
    low, high = bound(first.lower), bound(first.upper)
    if not low and not high:
        return "free"
    return f"{low} to {high}" if high else f"at least {low}"


def bound(value: Any) -> str:
    """A bound as a parameter with its letters, or as a number; "" of none."""
    if value is None:
        return ""
    if not hasattr(value, "parent_component"):
        return f"{pyo.value(value):g}"
    name = value.parent_component().local_name
    return code(name + letters(BY_NAME[name].over))


def kind_of(m: pyo.ConcreteModel, money: Any) -> str:
    """What an amount of money is: a cost, public money, what is left at the end."""
    return next(text for name, text in MONEY.items() if money.local_name in getattr(m, name, ()))


def label_of(m: pyo.ConcreteModel, family: Family, money: Any) -> str:
    """The name for people of an amount of money."""
    return str(getattr(getattr(family.module, money.local_name), "label", "") or m.terms[money.local_name])


def where(function: Callable[..., Any]) -> str:
    """What stands in formulas under a name: a formula of its own, or words (they end with a full stop)."""
    text = inspect.getdoc(function) or ""
    indices = [name for name in list(inspect.signature(function).parameters)[1:] if name in LETTERS.values()]
    name = code(function.__name__ + (f"[{','.join(indices)}]" if indices else ""))
    if text.endswith("."):
        return f"- {name}: {text[:1].lower()}{text[1:]}"
    return block(text) if text.startswith(function.__name__) else f"{name} is\n\n{block(text)}"


def law_of(module: ModuleType) -> str:
    """The law that stands over a module: of the tree, what its nodes are, and their probabilities."""
    name, _, text = (inspect.getdoc(module) or "").partition(": ")
    return f"{text[:1].upper()}{text[1:]}" if name else ""


def first_paragraph(text: str) -> str:
    """A law without what stands below it."""
    return text.split("\n\n")[0]
