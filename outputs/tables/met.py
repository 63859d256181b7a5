"""What a plan meets where a price ends, in words: a variable or an equation of the program at a limit."""

from __future__ import annotations

from typing import Any

from model.studies.priced import Met
from outputs.tables.report import Report

WORDS = {
    ("supply", True): "all that {0} has is bought {at}",
    ("supply", False): "nothing more is bought from {0} {at}",
    ("stock", True): "the stock limit of {0} is reached {at}",
    ("stock", False): "no more {0} is in store than must be {at}",
    ("offtake", False): "no more home output of {0} is taken into store {at}",
    ("release", True): "the release limit of {0} is reached {at}",
    ("release", False): "no {0} comes out of store {at}",
    ("surplus", True): "no more {0} can be left over {at}",
    ("surplus", False): "no {0} is left over {at}",
    ("shortage", True): "{0} for {1} is as short as it may be {at}",
    ("shortage", False): "no {0} for {1} is short {at}",
    ("lost_output", True): "a step of the lost output of {0} is all lost {at}",
    ("lost_output", False): "a step of the lost output of {0} is not lost {at}",
    ("saving", True): "'{0}' saves all that it can {at}",
    ("saving", False): "'{0}' saves nothing {at}",
    ("run", False): "{0} no longer runs on {1} {at}",
    ("order", False): "{0} is no longer ordered {at}",
    ("online", False): "nothing new of {0} is on line {at}",
    ("capacity", True): "{0} runs at all its capacity {at}",
    ("capacity_limit", True): "all that can be added to {0} is ordered",
    ("offtake_limit", True): "all home output of {0} is taken into store {at}",
    ("demand_left", True): "all demand of {1} for {0} is saved or short {at}",
    ("purchase_limit", True): "the purchase limit of {0} is reached {at}",
    ("storage", True): "the storage limit is reached {at}",
    ("budget", True): "the budget of {0} is spent",
    ("share_caps", True): "the share cap of {0} from {1} is reached {at}",
    ("floors", False): "the floor of {0} is reached {at}",
    ("capacity_floors", False): "the capacity floor of {0} is reached {at}",
    ("pins_at_least", False): "the pin of {1} in {2} is reached",
    ("pins_at_most", True): "the pin of {1} in {2} is reached",
    ("excess", False): "another future is among the worst",
    ("excess_cost", False): "another future is among the worst",
    ("excess_cost", True): "another future is among the worst",
    ("output_loss", True): "{1} is as short of {0} as its lost output lets it {at}",
}
"""By variable or equation, and whether it is at its upper limit; its indices but the node are numbered, `at` is the node."""


def met_words(report: Report, met: Met) -> str:
    """What is met, where and when."""
    index: tuple[Any, ...] = met.index if isinstance(met.index, tuple) else (met.index,)
    node = index[-1] if isinstance(index[-1], int) and met.name not in ("budget", "pins_at_least", "pins_at_most") else None
    at = node_words(report, node) if node is not None else ""
    words = WORDS.get((met.name, met.upper))
    if words is None:
        names = ", ".join(map(str, index[: None if node is None else -1]))
        of, side = f" of {names}" if names else "", "an upper" if met.upper else "a lower"
        return f"{met.name.replace('_', ' ')}{of} is at {side} limit {at}".rstrip()
    return words.format(*index, at=at).rstrip()


def node_words(report: Report, node: int) -> str:
    """When a node is: "in 2028", "in month 7 to 9 of an export ban from 2028", "after the export ban from 2028"."""
    tree = report.plan.tree
    if tree.in_trunk[node]:
        return f"in {report.years.labels[report.years.of[node]]}"
    branch = int(tree.branch[node])
    cutoff = f"{report.branch_names[branch]} from {report.onsets[branch]}"
    if tree.in_aftermath[node]:
        return f"after {cutoff}"
    into = tree.start[node] - tree.branches[branch].start
    return f"in months {into + 1:g} to {into + tree.length[node]:g} of {cutoff}"
