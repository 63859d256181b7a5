"""Rules on recipes: what they use can be had, and they do not make something of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import numpy as np

from inputs.case import Case
from inputs.checks.registry import needs, rows, warning
from inputs.errors import Finding

FROM_THE_GROUND = ("mine", "mining", "recycl", "recover", "collect", "own ore", "brine", "leach")
"""Words in the kind of a plant, or in the name of a mode, whose feed need not be a material of the case: ground, sea or waste."""

SPLITS, COMPOUNDS = 1.01, 4.0
"""How much more than its feeds a mode may make: of several products, which it parts, or of one, which has other ingredients too."""


@needs(
    "modes.plant", "modes.mode", "modes.variable_cost", "plants.plant", "plants.kind", "recipes.plant", "recipes.mode", "recipes.quantity"
)
def modes_have_feeds(case: Case) -> Iterator[Finding]:
    """A mode that makes something uses something, unless it takes it from the ground or from waste, at a cost."""
    recipes = case["recipes"]
    made = set(zip(recipes["plant"][recipes["quantity"] > 0], recipes["mode"][recipes["quantity"] > 0], strict=True))
    fed = set(zip(recipes["plant"][recipes["quantity"] < 0], recipes["mode"][recipes["quantity"] < 0], strict=True))
    kinds = dict(zip(case["plants"]["plant"], case["plants"]["kind"], strict=True))
    for row, mode in rows(case["modes"]):
        key, kind = (mode["plant"], mode["mode"]), str(kinds.get(mode["plant"], ""))
        if key not in made or key in fed:
            continue
        free = mode["variable_cost"] <= 0
        if free or not any(word in f"{kind} {mode['mode']}".lower() for word in FROM_THE_GROUND):
            cost = "and costs nothing to run" if free else f"though its plant is of kind '{kind}'"
            text = f"mode '{mode['mode']}' of plant '{mode['plant']}' uses no material in recipes, {cost}; add its feed with a quantity below 0, or its price to variable_cost."
            yield warning("modes", text, row, "mode")


@needs("recipes.plant", "recipes.mode", "recipes.quantity")
def modes_keep_mass(case: Case) -> Iterator[Finding]:
    """What a mode makes weighs no more than what it uses."""
    for (plant, mode), group in case["recipes"].groupby(["plant", "mode"], sort=False):
        products, used = group["quantity"][group["quantity"] > 0], -group["quantity"].clip(upper=0).sum()
        if used > 0 and products.sum() > used * (SPLITS if len(products) > 1 else COMPOUNDS):
            text = f"mode '{mode}' of plant '{plant}' makes {products.sum():g} t of {used:g} t of feed. Is a quantity a percentage, or a feed missing?"
            yield warning("recipes", text, int(products.index[int(products.to_numpy().argmax())]), "quantity")


@needs("recipes.plant", "recipes.mode", "recipes.material", "recipes.quantity", stops=True)
def plants_do_not_multiply(case: Case) -> Iterator[Finding]:
    """No modes that feed each other make more of every material than they use: max sum of A x with A x >= 0, sum of x <= 1."""
    recipes = case["recipes"]
    made_of: dict[str, set[str]] = {}
    used: dict[tuple[str, str], set[str]] = {}
    listed = list(zip(recipes["plant"], recipes["mode"], recipes["material"], recipes["quantity"], strict=True))
    for plant, mode, material, quantity in listed:
        if quantity < 0:
            used.setdefault((plant, mode), set()).add(material)
    for plant, mode, material, quantity in listed:
        if quantity > 0:
            made_of.setdefault(material, set()).update(used.get((plant, mode), ()))
    try:
        TopologicalSorter(made_of).prepare()
    except CycleError:
        table = recipes.pivot_table(index="material", columns=["plant", "mode"], values="quantity", aggfunc="sum", fill_value=0.0)
        table = table.loc[:, (table < 0).any()]
        from scipy.optimize import linprog

        limits = np.append(np.zeros(len(table)), 1.0)
        net = table.to_numpy(dtype=float)
        answer = linprog(-net.sum(axis=0), A_ub=np.vstack([-net, np.ones(net.shape[1])]), b_ub=limits)
        if answer.status == 0 and -answer.fun > 1e-6:
            plants = [f"'{key[0]}' ({key[1]})" for key, run in zip(table.columns, answer.x, strict=True) if run > 1e-9]
            gained = str(table.index[int((net @ answer.x).argmax())])
            row = int(recipes.index[(recipes["material"] == gained) & (recipes["quantity"] > 0)][0])
            text = (
                f"{', '.join(plants)} feed each other and so make '{gained}' of nothing, without end; one of their quantities is too large."
            )
            yield Finding("recipes", text, row, "quantity")


@needs(
    *("recipes.material", "recipes.quantity", "supply.material", "supply.capacity"),
    *("materials.material", "materials.opening_stock"),
)
def feeds_can_be_had(case: Case) -> Iterator[Finding]:
    """Somebody offers or makes, or the stockpile holds, what a recipe uses."""
    recipes, supply, materials = case["recipes"], case["supply"], case["materials"]
    had = {
        *supply["material"][supply["capacity"] > 0],
        *recipes["material"][recipes["quantity"] > 0],
        *materials["material"][materials["opening_stock"] > 0],
    }
    for row, values in rows(recipes[recipes["quantity"] < 0]):
        if values["material"] not in had:
            text = f"nobody offers or makes '{values['material']}', so this mode can never run; add an offer of it in supply, or the plant that makes it."
            yield warning("recipes", text, row, "material")
