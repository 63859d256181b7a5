"""Section 5 of the formulation page: every equation of the program of a case."""

from __future__ import annotations

import numpy as np

from inputs.schema import RECYCLING
from model.certificate.variables import Variables, year_text


class Constraints(Variables):
    """The program of one case with its rows."""

    def stockpile(self) -> None:
        """Balance of stock; limits of offtake, purchases and space."""
        nodes, draft, materials = self.nodes, self.draft, self.single(self.materials)
        root = nodes.parent < 0
        kept = (1 - self.column("materials", "loss_rate")) ** nodes.years
        opening = np.where(root, kept * self.column("materials", "opening_stock"), 0.0)
        balance = draft.equation("stock_balance", materials, nodes.trunk | nodes.branch, opening, opening)
        before = np.where(root, -1, self.stock.at[:, nodes.parent])
        draft.add(balance.at[:, :-1], before, -kept)
        less = -np.ones(len(materials))
        self.add_each(balance, self.stock, self.same(balance))
        self.add_each(balance, self.supply, self.bought(), -np.ones(len(self.bought())))
        self.add_each(balance, self.offtake, self.same(balance), less)
        self.add_each(balance, self.release, self.same(balance))

        at_home = self.made(self.home_plants)
        limit = draft.equation("offtake_limit", materials, self.offtake.here, -np.inf, 0.0)
        self.add_each(limit, self.offtake, self.same(limit))
        self.add_each(limit, self.run, [(m, run) for run, m, _ in at_home], np.array([-q for *_, q in at_home]))

        with np.errstate(invalid="ignore"):
            most = self.column("materials", "purchase_limit") * nodes.years
        limit = draft.equation("purchase_limit", materials, nodes.trunk & np.isfinite(most), -np.inf, most)
        self.add_each(limit, self.supply, self.bought())
        self.add_each(limit, self.offtake, self.same(limit))

        space = self.case.number("storage_limit")
        limit = draft.equation("storage", [()], (nodes.trunk | nodes.branch) & np.isfinite(space), -np.inf, space)
        self.add_each(limit, self.stock, [(0, m) for m in range(len(materials))])

    def market(self) -> None:
        """Balance of the market; lost output; what may be short and saved together."""
        nodes, draft, given, materials = self.nodes, self.draft, self.given, self.single(self.materials)
        needed = given.by_material(given.demand)
        balance = draft.equation("market_balance", materials, True, needed, needed)
        sold = [(m, o) for o, m in enumerate(self.offer_material) if not given.for_stockpile[o]]
        self.add_each(balance, self.supply, sold)
        self.add_each(balance, self.run, [(m, run) for run, m, _ in self.recipes], np.array([q for *_, q in self.recipes]))
        self.add_each(balance, self.release, self.same(balance))
        self.add_each(balance, self.offtake, self.same(balance), -np.ones(len(materials)))
        self.add_each(balance, self.surplus, self.same(balance), -np.ones(len(materials)))
        self.add_each(balance, self.shortage, [(m, user) for user, m in enumerate(self.user_material)])
        self.add_each(balance, self.saving, [(self.user_material[user], i) for i, (_, user) in enumerate(self.savings)])
        instead = [(given.material[o.substitute], i, -o.substitute_rate) for i, (o, _) in enumerate(self.savings) if o.substitute]
        self.add_each(balance, self.saving, [(m, i) for m, i, _ in instead], np.array([rate for *_, rate in instead]))

        sectors = {sector for sector, *_ in given.tiers}
        hit = [user for user, (_, sector) in enumerate(given.users) if sector in sectors]
        rows = draft.equation("output_loss", [given.users[user] for user in hit], True, -np.inf, 0.0)
        self.add_each(rows, self.shortage, list(enumerate(hit)))
        pairs = [
            (row, tier) for row, user in enumerate(hit) for tier, (sector, *_) in enumerate(given.tiers) if sector == given.users[user][1]
        ]
        self.add_each(rows, self.lost_output, pairs, -given.demand[[hit[row] for row, _ in pairs]])

        saved = [user in {u for _, u in self.savings} for user in range(len(given.users))]
        left = draft.equation("demand_left", given.users, nodes.branch & np.array(saved, dtype=bool)[:, None], -np.inf, given.demand)
        self.add_each(left, self.shortage, self.same(left))
        self.add_each(left, self.saving, [(user, i) for i, (_, user) in enumerate(self.savings)])

    def capacities(self) -> None:
        """Capacity of plants, and of orders along every path."""
        nodes, draft, given = self.nodes, self.draft, self.given
        place = {plant: i for i, plant in enumerate(self.plants)}
        usable = self.column("plants", "utilisation") * nodes.years * given.plants_left
        rows = draft.equation("capacity", self.single(self.plants), True, -np.inf, usable * self.column("plants", "opening_capacity"))
        self.add_each(
            rows, self.run, [(place[plant], run) for run, (plant, _) in enumerate(self.runs)], given.numbers("modes", "capacity_use")
        )
        for _, speed, node, orders, share in self.on_line:
            draft.add(rows.at[speed.plant, node], orders, -usable[speed.plant, node] * share)

        plants = sorted({s.plant for s in self.speeds})
        ordering = np.array([np.any([self.order.here[i, :-1] for i, s in enumerate(self.speeds) if s.plant == p], axis=0) for p in plants])
        ordering = ordering.astype(bool).reshape(len(plants), len(nodes))
        last = ordering & (ordering.astype(float) @ nodes.on_path == 1)
        limit = draft.equation(
            "capacity_limit", [(self.plants[p],) for p in plants], last, -np.inf, self.column("plants", "capacity_limit")[plants]
        )
        for row, p in enumerate(plants):
            for i, speed in enumerate(self.speeds):
                if speed.plant == p:
                    draft.add(limit.at[row, :-1, None], np.where(nodes.on_path, self.order.at[i, None, :-1], -1), 1.0)

    def policy(self) -> None:
        """Share caps, floors and capacity floors."""
        nodes, draft, given, case = self.nodes, self.draft, self.given, self.case
        market = [(o, m) for o, m in enumerate(self.offer_material) if not given.for_stockpile[o]]
        countries = given.names("supply", "country")
        everywhere = self.made(set(self.plants))

        caps = given.rows("share_caps")
        holds = np.array([nodes.trunk & ~(nodes.year < r.from_year) for r in caps]).reshape(len(caps), len(nodes))
        rows = draft.equation("share_caps", [(r.material, r.country) for r in caps], holds, -np.inf, 0.0)
        for i, r in enumerate(caps):
            material = given.material[r.material]
            offers = [o for o, m in market if m == material]
            self.add_each(rows, self.supply, [(i, o) for o in offers], np.array([(countries[o] == r.country) - r.cap for o in offers]))
            made = [(run, q) for run, m, q in everywhere if m == material]
            self.add_each(rows, self.run, [(i, run) for run, _ in made], np.array([-r.cap * q for _, q in made]))
            self.add_each(rows, self.surplus, [(i, material)], np.array([r.cap]))

        floors = given.rows("floors")
        holds = np.array([nodes.trunk & ~(nodes.year < r.from_year) for r in floors]).reshape(len(floors), len(nodes))
        needed = given.by_material(given.demand)
        least = np.array([r.share * needed[given.material[r.material]] for r in floors]).reshape(len(floors), len(nodes))
        rows = draft.equation("floors", [(r.material, r.origin) for r in floors], holds, least, np.inf)
        recycling = {p for p in self.home_plants if self.kinds[p] == RECYCLING}
        for i, r in enumerate(floors):
            material, home = given.material[r.material], r.origin == "home"
            made = [(run, q) for run, m, q in self.made(self.home_plants if home else recycling) if m == material]
            self.add_each(rows, self.run, [(i, run) for run, _ in made], np.array([q for _, q in made]))
            if home:
                self.add_each(rows, self.supply, [(i, o) for o, m in market if m == material and countries[o] == case.home])
                self.add_each(rows, self.surplus, [(i, material)], np.array([-1.0]))

        floors = given.rows("capacity_floors")
        holds = np.array([nodes.trunk & (nodes.year == r.year) for r in floors]).reshape(len(floors), len(nodes))
        opening = given.numbers("plants", "opening_capacity")
        stands = [sum(opening[p] for p, name in enumerate(self.plants) if self.counts(name, r.kind)) for r in floors]
        least = np.array([[r.capacity - there] for r, there in zip(floors, stands, strict=True)]).reshape(-1, 1)
        rows = draft.equation("capacity_floors", [(r.kind, year_text(r.year)) for r in floors], holds, least, np.inf)
        for _, speed, node, orders, share in self.on_line:
            for row, r in enumerate(floors):
                if self.counts(self.plants[speed.plant], r.kind):
                    draft.add(rows.at[row, node], orders, share)

    def pins(self) -> None:
        """What is decided beforehand."""
        nodes, draft = self.nodes, self.draft
        pins = self.given.rows("pins")
        keys = [(r.item, r.name, year_text(r.year)) for r in pins]
        least, most = (np.array([[getattr(r, side)] for r in pins], dtype=float).reshape(-1, 1) for side in ("at_least", "at_most"))
        rows = draft.equation(
            "pins", keys, self.once(keys), np.where(np.isnan(least), -np.inf, least), np.where(np.isnan(most), np.inf, most)
        )
        for i, r in enumerate(pins):
            inside = np.nonzero(nodes.trunk & (nodes.year == r.year))[0]
            row = rows.at[i, -1]
            if r.item == "stock":
                draft.add(row, self.stock.at[self.given.material[r.name], inside[-1:]], 1.0)
            elif r.item == "purchase":
                material = self.given.material[r.name]
                for m, offer in self.bought():
                    if m == material:
                        draft.add(row, self.supply.at[offer, inside], 1.0)
                draft.add(row, self.offtake.at[material, inside], 1.0)
            else:
                for k, speed in enumerate(self.speeds):
                    if self.plants[speed.plant] == r.name:
                        draft.add(row, self.order.at[k, inside], 1.0)
