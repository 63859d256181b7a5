"""What a sweep says, in sentences with its numbers."""

from __future__ import annotations

import numpy as np

from inputs.schema import SETTINGS
from inputs.sweeps import prices_left
from model.sweep.design import DesignKind
from outputs.sweep.curve import curves
from outputs.sweep.heat import Matrix, is_matrix
from outputs.sweep.report import CORE, MILLION, OPTIMAL, SAME, WHY, Sweep
from outputs.sweep.sensitivity import correlations
from outputs.sweep.tables import VARIED
from outputs.sweep.tornado import HIGH, LOW, Ends
from outputs.sweep.words import amount_words, change_words, listed, lower_first, money, percent, signed
from outputs.tables.table import Table

LITTLE = 0.01
"""Less than this share of the largest effect is little."""

NUMBER = r"-?\d[\d.,e+-]*"
SAID = 3
"""Reasons why points have no plan that a sentence names."""

FEW = (DesignKind.GRID, DesignKind.ONE_AT_A_TIME)
"""Kinds whose points are said in a few words."""

ADDED = 100
"""Characters of addresses that a sentence holds."""

CLEAR = 0.1
"""A rank correlation whose interval stays this far from 0 is one to speak of."""


def findings(sweep: Sweep, ends: Ends | None, sensitivity: Table | None) -> list[str]:
    """The most important first: what moves the cost, what the plans have in common, where there is none."""
    if not sweep.solved.any():
        return [*without_plan(sweep)]
    by_kind: list[str] = []
    costs = sweep.plans["objective"].to_numpy(dtype=float)
    if len(costs) > 1 and np.ptp(costs) <= SAME * np.abs(costs).max():
        return [
            f"The cost is {money(costs[0])[0]} M USD at every point that has a plan: nothing that varied moves it.",
            *core(sweep),
            *without_plan(sweep),
        ]
    if ends is not None:
        by_kind = of_ends(sweep, ends)
    elif is_matrix(sweep):
        by_kind = of_matrix(Matrix(sweep))
    elif sweep.kind is DesignKind.GRID and len(sweep.variations) == 1:
        by_kind = of_curve(sweep)
    elif sensitivity is not None:
        by_kind = of_effects(sweep, sensitivity)
    return [*by_kind, *not_comparable(sweep), *moved_alone(sweep), *spread(sweep), *core(sweep), *without_plan(sweep)]


ENDING = {
    "cutoffs": ("annual_probability", "first_year", "last_year"),
    "hazards": ("annual_probability",),
    "durations": ("months", "probability"),
    SETTINGS: ("period",),
}
"""What varies the span of time that the costs cover where futures end with their cutoff."""


def not_comparable(sweep: Sweep) -> list[str]:
    """Costs cover the whole horizon; without aftermath a future ends with its cutoff, so a likelier one means fewer years of ordinary costs."""
    what = {(target.sheet, target.column) for variation in sweep.variations for target in variation.targets}
    advice = "cover other spans of time: compare their stocks and plants, not their costs."
    if what & {(SETTINGS, "horizon"), (SETTINGS, "aftermath")}:
        return [f"Cases that differ in horizon or aftermath {advice}"]
    if not sweep.case.flag("aftermath") and any(column in ENDING.get(sheet, ()) for sheet, column in what):
        return [f"Without aftermath a future ends with its cutoff, so cases with other probabilities or lengths {advice}"]
    return []


def moved_alone(sweep: Sweep) -> list[str]:
    """Stock is valued, and surplus sold, at prices of their own; where these do not follow a material's, the plan gains by it."""
    found = []
    for name, variation in zip(sweep.names, sweep.variations, strict=True):
        left = prices_left(variation, sweep.case, sweep.variations)
        if left:
            found.append(
                f"{name} moves, and prices that belong to it stay: the plans buy at the one and own or sell at the other. {advice(left)}"
            )
    return found


def advice(left: list[str]) -> str:
    """How to move prices together, where that is short; else where it stands."""
    text = " & ".join(left)
    return f"Add & {text} to move them together." if len(text) <= ADDED else f"The sheet {VARIED} has what to add to move them together."


def of_ends(sweep: Sweep, ends: Ends) -> list[str]:
    """One at a time: what moves the cost and the stockpile most, and what matters little."""
    base = sweep.base
    if base is None:
        return ["The case as it is has not been solved yet, so nothing can be compared with it."]
    if base["status"] != OPTIMAL:
        return ["The case itself has no plan, so nothing can be compared with it."]
    order = [i for i in ends.order if np.isfinite(ends.swing[i])]
    if not order:
        return []
    text = []
    for i in order[:2]:
        sides = [(end, float(ends.difference("objective", end)[i])) for end in (LOW, HIGH) if ends.moves(i, end)]
        said_sides = " and ".join(f"{change_words(d)} at {ends.end_words(i, end)}" for end, d in sides)
        text.append(f"{'Cost moves most' if i == order[0] else 'then'} with {lower_first(sweep.names[i])}: {said_sides}")
    found = ["; ".join(text) + "."]
    stock = np.array([np.ptp([v for v in (ends.outcome("stockpile_value", LOW)[i], ends.outcome("stockpile_value", HIGH)[i], float(base["stockpile_value"])) if np.isfinite(v)]) for i in range(len(sweep.names))])  # fmt: skip
    most = int(np.argmax(stock))
    if stock[most] > 0:
        sides_moved = [end for end in (LOW, HIGH) if ends.moves(most, end)]
        *values, as_is = money(*(ends.outcome("stockpile_value", end)[most] for end in sides_moved), float(base["stockpile_value"]))
        worth = listed([f"{value} M USD at {ends.end_words(most, end)}" for value, end in zip(values, sides_moved, strict=True)])
        found.append(f"The stockpile moves most with {lower_first(sweep.names[most])}: worth {worth}, and {as_is} M USD in the case.")
    little = [sweep.names[i] for i in order if ends.swing[i] <= LITTLE * ends.swing[order[0]]]
    if little and len(little) < len(order):
        found.append(f"Matters little to the cost (less than 1 % of the widest swing): {listed([lower_first(n) for n in little], 4)}.")
    return found


def of_matrix(matrix: Matrix) -> list[str]:
    """Two numbers: which moves the cost more, and whether they strengthen each other."""
    costs, found = matrix.of("objective"), []
    moves = []
    for axis in (0, 1):
        span = [np.ptp(line[np.isfinite(line)]) for line in (costs.T if axis == 0 else costs) if np.isfinite(line).sum() > 1]
        moves.append(max(span, default=0.0))
    first, second = (0, 1) if moves[0] >= moves[1] else (1, 0)
    if max(moves) > 0:
        found.append(
            f"{matrix.name(first)} moves the cost more: by up to {amount_words(moves[first])} M USD over its values, "
            f"{lower_first(matrix.name(second))} by up to {amount_words(moves[second])} M USD."
        )
    corners = [costs[r, c] for r in (0, -1) for c in (0, -1)]
    together = corners[3] - corners[0]
    alone = (corners[2] - corners[0]) + (corners[1] - corners[0])
    if np.isfinite(corners).all() and abs(together - alone) > 0.02 * max(abs(together), abs(alone), 1e-9):
        found.append(
            f"They {'strengthen' if abs(together) > abs(alone) else 'weaken'} each other: from the lowest to the highest values both together change the cost by "
            f"{change_words(together * MILLION)}, one after the other by itself {change_words(alone * MILLION)}."
        )
    return found


def of_curve(sweep: Sweep) -> list[str]:
    """One number: what cost and stockpile do from its lowest to its highest value, and the largest step between."""
    found = curves(sweep, 0)
    if not found or len(found[0].rows) < 2:
        return []
    frame = sweep.frame.iloc[found[0].rows]
    x, y = frame["value.0"].to_numpy(dtype=float), frame["objective"].to_numpy(dtype=float)
    steps = np.diff(y)
    at = int(np.argmax(np.abs(steps)))
    ends = [sweep.said_value(0, float(v)) for v in (x[0], x[-1], x[at], x[at + 1])]
    text = [
        f"From {lower_first(sweep.names[0])} {ends[0]} to {ends[1]} the cost changes by {change_words(y[-1] - y[0])}; the largest step is {change_words(steps[at])}, from {ends[2]} to {ends[3]}."
    ]
    v = frame["stockpile_value"].to_numpy(dtype=float)
    first, last, most = money(v[0], v[-1], v.max())
    text.append(
        f"The stockpile is worth {first} M USD at {ends[0]} and {last} M USD at {ends[1]}"
        + (f", at most {most} M USD between." if most not in (first, last) else ".")
    )
    return text


def of_effects(sweep: Sweep, table: Table) -> list[str]:
    """What Morris screening, Sobol' indices or correlations say."""
    frame = table.frame
    if "mu_star" in frame and len(frame):
        top = frame.iloc[0]
        little = frame.loc[frame["mu_star"] <= LITTLE * top["mu_star"], "name"].tolist()
        mixed = frame.loc[(frame["sigma"] > frame["mu_star"]) & (frame["mu_star"] > LITTLE * top["mu_star"]), "name"].tolist()
        return [
            f"Cost moves most with {lower_first(top['name'])}: by {amount_words(top['mu_star'])} M USD on average from end to end ({amount_words(max(0.0, top['low']))} to {amount_words(top['high'])}).",
            *([f"Can be left alone: {listed([lower_first(n) for n in little], 5)}."] if little else []),
            *([f"Depends much on the other numbers, or is curved: {listed([lower_first(n) for n in mixed], 4)}."] if mixed else []),
        ]
    if "total value" in frame and len(frame):
        top = frame.iloc[0]
        return [
            f"{top['name']} makes {percent(top['first value'])} of the spread of the cost by itself, and {percent(top['total value'])} with its interactions."
        ]
    if sweep.kind in (DesignKind.MORRIS, DesignKind.SOBOL_INDICES) or "objective correlation" not in frame:
        return [table.nothing]
    return of_correlations(sweep, table)


def of_correlations(sweep: Sweep, table: Table) -> list[str]:
    """What cost, stockpile value and investment clearly follow, with rank correlations."""
    found = correlations(sweep) if "variation" not in table.frame else table.frame
    text = []
    for outcome, word in (("objective", "The cost"), ("stockpile_value", "The stockpile value"), ("investment", "Investment")):
        clear = found[np.minimum(found[f"{outcome} low"].abs(), found[f"{outcome} high"].abs()) > CLEAR]
        clear = clear[np.sign(clear[f"{outcome} low"]) == np.sign(clear[f"{outcome} high"])].sort_values(
            f"{outcome} correlation", key=lambda c: -c.abs()
        )
        ways = [f"{lower_first(sweep.names[int(r['variation'])])} ({signed(r[f'{outcome} correlation'])})" for _, r in clear.iterrows()]
        text.append(f"{word} follows {listed(ways)}." if ways else f"{word} follows none of what varies clearly.")
    return text


def spread(sweep: Sweep) -> list[str]:
    """Between which amounts the cost is: percentiles of a sample, the cheapest and the dearest point of a grid."""
    costs = sweep.plans["objective"].to_numpy(dtype=float)
    if sweep.sampled and len(costs) > 1:
        low, middle, high = money(*np.quantile(costs, [0.05, 0.5, 0.95]))
        return [f"In 90 % of the points the cost is between {low} and {high} M USD, in half of them below {middle} M USD."]
    if sweep.kind not in FEW or sweep.kind is DesignKind.ONE_AT_A_TIME or len(costs) < 2:
        return []
    least, most = costs.min() + SAME * abs(costs.min()), costs.max() - SAME * abs(costs.max())
    best, worst = sweep.plans.iloc[int(np.argmax(costs <= least))], sweep.plans.iloc[int(np.argmax(costs >= most))]
    low, high = money(best["objective"], worst["objective"])
    return [
        f"Cheapest is point {best['number']} with {low} M USD ({sweep.said_point(best)}); dearest point {worst['number']} with {high} M USD ({sweep.said_point(worst)})."
    ]


def core(sweep: Sweep) -> list[str]:
    """What is held and ordered in (nearly) all plans, and what only in some."""
    found = []
    for there, always, some in ((sweep.held, "Held", "held"), (sweep.ordered, "Ordered in peace", "ordered")):
        if not len(there) or not there.shape[1]:
            continue
        share = there[sweep.apart].mean().sort_values(ascending=False, kind="stable")
        inside = share.index[share >= CORE].tolist()
        between = share.index[(share > 0) & (share < CORE)].tolist()
        where = (
            f"in at least {percent(CORE)} of the points"
            if sweep.sampled or sweep.kind is DesignKind.MORRIS
            else f"in at least {percent(CORE)} of the plans"
        )
        names = [f"{n} ({percent(share[n])})" for n in between]
        found.append(
            f"{always} {where}: {listed(inside, 8) or 'nothing'}." + (f" Only sometimes {some}: {listed(names, 4)}." if names else "")
        )
    return found


def without_plan(sweep: Sweep) -> list[str]:
    """How many points have no plan, and why."""
    found = reasons(sweep)
    if not found:
        return []
    said_reasons = [f"{count} {status} ({message})" for status, message, count, _ in found]
    if len(found) > SAID:
        said_reasons[SAID:] = [f"{sum(count for _, _, count, _ in found[SAID:])} for other reasons"]
    count = int((~sweep.solved).sum())
    return [f"{count} of {len(sweep.frame):,} points {'has' if count == 1 else 'have'} no plan: {'; '.join(said_reasons)}."]


def reasons(sweep: Sweep) -> list[tuple[str, str, int, str]]:
    """(status, message, points, which) of the points without a plan, most frequent first; messages that differ in a number only are one."""
    without = sweep.frame[~sweep.solved]
    found = []
    alike = without["message"].str.replace(NUMBER, "#", regex=True)
    for (status, _), rows in without.groupby([without["status"], alike], sort=False):
        message = rows["message"].iloc[0].rstrip(".") or WHY.get(str(status), "no reason given")
        if rows["message"].nunique() > 1:
            message = f"for example: {message}"
        if sweep.kind in FEW:
            points = [f"point {row['number']} ({sweep.said_point(row)})" for _, row in rows.head(2).iterrows()]
        else:
            points = [str(number) for number in rows["number"].head(8)]
            points[0] = f"point{'s' if len(rows) > 1 else ''} {points[0]}"
        more = f" and {len(rows) - len(points)} more" if len(rows) > len(points) else ""
        found.append((str(status), str(message), len(rows), f"{', '.join(points)}{more}"))
    return sorted(found, key=lambda reason: -reason[2])
