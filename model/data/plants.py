"""Plants: what a t/yr of capacity can run in a node, and what each mode uses and makes."""

from __future__ import annotations

import numpy as np

from inputs.schema import RECYCLING
from model.data.losses import available
from model.data.workspace import Workspace, grouped

PLAIN = ("opening_capacity", "capex", "fixed_cost", "public_share", "residual_share")


def numbers(s: Workspace) -> None:
    frame, modes, recipes = s.case["plants"], s.case["modes"], s.case["recipes"]
    s.put(
        **{c: frame[c].to_numpy() for c in PLAIN},
        capacity_max=frame["capacity_limit"].to_numpy(),
        usable=available(s, "plants", [s.text("plants", "kind"), s.text("plants", "plant")])
        * frame["utilisation"].to_numpy()[:, None]
        * s.tree.yrs,
        quantity=recipes["quantity"].to_numpy(),
        variable_cost=modes["variable_cost"].to_numpy(),
        capacity_use=modes["capacity_use"].to_numpy(),
    )
    s.structure["makes"] = np.sign(recipes["quantity"].to_numpy())


def sets(s: Workspace) -> None:
    frame, recipes = s.case["plants"], s.case["recipes"]
    names = frame["plant"].tolist()
    modes = list(zip(s.case["modes"]["plant"].tolist(), s.case["modes"]["mode"].tolist(), strict=True))
    indices = list(zip(recipes["plant"].tolist(), recipes["mode"].tolist(), recipes["material"].tolist(), strict=True))
    home = set(frame["plant"][frame["country"] == s.case.home])
    recycling = home & set(frame["plant"][frame["kind"] == RECYCLING])
    signs = s.structure["makes"].tolist()
    made = [(i, (p, q)) for (p, q, i), sign in zip(indices, signs, strict=True) if sign > 0]
    s.index_maps |= {
        "made": grouped(made),
        "used": grouped((i, (p, q)) for (p, q, i), sign in zip(indices, signs, strict=True) if sign < 0),
        "made_home": grouped((i, (p, q)) for i, (p, q) in made if p in home),
        "made_recycled": grouped((i, (p, q)) for i, (p, q) in made if p in recycling),
        "modes_of": grouped(modes),
    }
    s.sets |= {
        "PLANTS": names,
        "PLANT_NODES": [(p, n) for p in names for n in s.nodes],
        "MODES": modes,
        "RUNS": [(p, q, n) for p, q in modes for n in s.nodes],
        "RECIPES": indices,
        "CAPACITIES": [(p, n) for p in names if p in s.index_maps["modes_of"] for n in s.nodes],
        "OFFTAKES": [(i, n) for i in s.sets["CAN_HOLD"] if i in s.index_maps["made_home"] for n in s.sets["TRUNK"]],
    }
