"""Futures drawn outside those that a case lists: when cutoffs begin, how long they last, how hard they are, and what else comes.

A cutoff may begin in any month of the plan. Of a cutoff of kind c it does in a month with 1 - (1 - annual_probability)^(1/12), by the years and the
rows of `hazards`; of several that could, one does. After it has ended another may, from the month after the next on, with `repeat` times that
chance. It lasts a length that `durations` lists times `length`, in whole crisis periods, one at least.

Every number that is drawn comes from the seed, the number of the future and the name of what is drawn (by BLAKE2b, evenly from 0 to 1), and
from nothing else. Two plans with the same seed so meet the same futures, whatever each holds and orders: common random numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from inputs.arrays import Floats
from inputs.case import Case
from inputs.stress import Uncertainty
from inputs.values import Distribution
from model.growth import Calendar, lengths_of, onsets
from model.stress.future import NEVER, Episode, Future
from model.stress.listed import drawn_listed, listed_futures
from model.sweep.design import SMALLEST, quantile
from model.tree import Tree

GAP = 1.0
"""Months of peace between two cutoffs, at least."""


@dataclass(frozen=True)
class Dice:
    """Even shares from 0 to 1 by name, for the future of a number."""

    seed: int
    number: int

    def share(self, *names: object) -> float:
        """A share of 53 bits."""
        text = "\n".join(map(str, (self.seed, self.number, *names)))
        return (int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 11) * 2.0**-53

    def value(self, distribution: Distribution, *names: object) -> float:
        """A number from a distribution; below 0 it counts as 0."""
        return self.values({"": distribution}, *names)[""]

    def values(self, distributions: Mapping[str, Distribution], *names: object) -> dict[str, float]:
        """A number for each name from its distribution; those of one distribution are drawn together, which is faster."""
        groups: dict[Distribution, list[str]] = {}
        for name, distribution in distributions.items():
            groups.setdefault(distribution, []).append(name)
        found: dict[str, float] = {}
        for distribution, members in groups.items():
            if len(distribution.numbers) == 1:
                found |= dict.fromkeys(members, distribution.numbers[0])
                continue
            shares = np.array([self.share(*names, *([name] if name else [])) for name in members])
            found |= dict(zip(members, np.maximum(quantile(distribution, shares, SMALLEST), 0.0).tolist(), strict=True))
        return found


class Draws:
    """The futures of a case by number, from what is uncertain; with `listed`, only those of its tree."""

    def __init__(self, case: Case, uncertain: Uncertainty, seed: int, tree: Tree) -> None:
        self.case, self.uncertain, self.seed = case, uncertain, seed
        self.listed = listed_futures(case, tree) if uncertain.listed else []
        self.times = Calendar.of(case)
        self.cutoffs = case["cutoffs"]["cutoff"].tolist()
        monthly = replace(self.times, period=1.0)
        self.begins: Floats = onsets(case, monthly, round(self.times.horizon))[0]
        repeats = np.array([uncertain.of("repeat", name).numbers[0] for name in self.cutoffs]).reshape(-1, 1)
        self.begins_again: Floats = 1 - (1 - self.begins) ** repeats
        names = {"late": self.orderable, "price": case["materials"]["material"].tolist(), "demand": case["sectors"]["sector"].tolist()}
        self.by_name = {what: {name: uncertain.of(what, name) for name in of} for what, of in names.items()}
        self.refused = {name: uncertain.of("refused", name).numbers[0] for name in self.orderable}
        self.lengths = {name: lengths_of(case, name) for name in self.cutoffs}

    @property
    def orderable(self) -> list[str]:
        """The plants that can be ordered."""
        plants = self.case["plants"]
        found: list[str] = plants["plant"][plants["capacity_limit"] > 0].tolist()
        return found

    @property
    def repeats(self) -> bool:
        """Whether a second cutoff may come, for which stock that is left is kept."""
        return not self.uncertain.listed and self.times.aftermath and bool(self.begins_again.any())

    def future(self, number: int) -> Future:
        """The future of a number, from 0."""
        dice = Dice(self.seed, number)
        if self.uncertain.listed:
            return drawn_listed(self.listed, dice.share("listed"))
        late, price, demand = (dice.values(of, what) for what, of in self.by_name.items())
        late |= {name: NEVER for name, chance in self.refused.items() if dice.share("refused", name) < chance}
        return Future(tuple(self.episodes(dice)), {name: months for name, months in late.items() if months}, price, demand)

    def episodes(self, dice: Dice) -> list[Episode]:
        """The cutoffs of a future."""
        found: list[Episode] = []
        month, chances = 0, self.begins
        while month < chances.shape[1]:
            place = len(found)
            start = self.onset(dice.share("onset", place), chances, month)
            if start is None:
                break
            kind = int(np.searchsorted(np.cumsum(chances[:, start]), dice.share("kind", place) * chances[:, start].sum(), side="right"))
            episode = self.episode(dice, place, self.cutoffs[min(kind, len(self.cutoffs) - 1)], start)
            found.append(episode)
            if not self.times.aftermath:
                break
            month, chances = int(np.ceil(episode.start + episode.months + GAP)), self.begins_again
        return found

    def onset(self, share: float, chances: Floats, month: int) -> int | None:
        """The month in which a cutoff begins, from a month on; None where none does until the horizon."""
        ends = 1 - np.cumprod(np.maximum(0.0, 1 - chances[:, month:].sum(axis=0)))
        after = int(np.searchsorted(ends, share, side="right"))
        return month + after if after < len(ends) else None

    def episode(self, dice: Dice, place: int, cutoff: str, start: int) -> Episode:
        """A cutoff of a kind that begins in a month: its length and severity."""
        lengths = self.lengths[cutoff]
        ends = np.cumsum([share for _, share, _ in lengths])
        listed = lengths[min(int(np.searchsorted(ends, dice.share("listed length", place) * ends[-1], side="right")), len(lengths) - 1)][0]
        factor = dice.value(self.uncertain.of("length", cutoff), "length", place, cutoff)
        severity = dice.value(self.uncertain.of("severity", cutoff), "severity", place, cutoff)
        return Episode(cutoff, float(start), max(1, round(listed * factor)) * self.times.crisis, severity)
