"""How long each sector has each material in a cutoff: a map of the shortest times, and every onset by itself."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.studies.survival import Survival
from outputs.tables.programme import SHEET as PROGRAMME
from outputs.tables.programme import refusal
from outputs.tables.report import Report
from outputs.tables.rounding import shown
from outputs.tables.table import Column, Style, Table

SHEET, BY_ONSET = "Time to survive", "Survival by onset"
FULL = "full supply"
THROUGHOUT = "throughout"
UNPROMISED = "nothing promised"
NAMES = {"nothing": "nothing done", "today": "stock of today", "plan": "this plan"}

DEFINITION = (
    "Months from the beginning of a cutoff until the crisis period in which a sector is first short of a material (full supply), or has less of it than the coverage that it is promised, "
    "while the cutoff goes on for its longest, as far as the plan goes. Read off the solved plans, in which stock, plants, offers, thrift and substitutes work together: it is how long supply lasts as each uses what there is. "
)


def survival(report: Report) -> Table:
    """A row for each demand that fails anywhere, and for the promise made to it; columns by cutoff and future: the shortest time of its onsets."""
    study = studied(report)
    frame, columns = shortest(report, study) if study else (pd.DataFrame({"material": [], "sector": [], "what": []}), ())
    return Table(
        SHEET,
        "How long does each sector have each material in a cutoff?",
        f"{DEFINITION}The shortest of the onsets from ready_by on; sheet {BY_ONSET} has all. Nothing done{' and stock of today are' if study and study.with_today else ' is'} as in sheet {PROGRAMME}. "
        f"'{THROUGHOUT}': it never fails; '{UNPROMISED}': in no such cutoff from then on. What fails in no cutoff, and cutoffs in which nothing fails, with the programme or without, are not listed.",
        (Column("material"), Column("sector"), Column("what"), *columns),
        frame,
        frozen=3,
        nothing=refusal(report) if study is None else report.no_cutoff or "Nothing fails in any cutoff, with the programme or without.",
        heat=tuple(column.name for column in columns),
    )


def studied(report: Report) -> Survival | None:
    """What is known of survival, if anything."""
    return report.studies.survival if report.studies else None


def futures(study: Survival) -> list[str]:
    """The futures that differ: with nothing done, with the stock of today where there is one, with the plan."""
    return ["nothing", *(["today"] if study.with_today else []), "plan"]


def shortest(report: Report, study: Survival) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """The map: a row for each demand and measure that fails anywhere, a column of months for each cutoff in which anything does, and future."""
    tree, ready_by, of = report.plan.tree, report.plan.case.number("ready_by"), futures(study)
    late = np.array([tree.branches[b].start >= ready_by - 1e-9 for b in study.rows["branch"]], dtype=bool)
    cells: dict[tuple[str, str, str], dict[tuple[str, str], float]] = {}
    for row in (study.rows[late] if late.any() else study.rows).to_dict("records"):
        measures = {"full": FULL} | ({"promise": f"coverage of {shown(Style.SHARE, row['required'])}"} if row["required"] > 0 else {})
        for measure, words in measures.items():
            months = cells.setdefault((row["material"], row["sector"], words), {})
            for future in of:
                place = (report.branch_names[row["branch"]], future)
                months[place] = float(np.fmin(months.get(place, np.nan), row[f"{measure}_{future}"]))
    cells = {key: months for key, months in cells.items() if any(m == m for m in months.values())}
    failing = dict.fromkeys(kind for months in cells.values() for (kind, _), m in months.items() if m == m)
    kinds = [kind for kind in dict.fromkeys(report.branch_names) if kind in failing]
    names = {f"{kind} {future}": (kind, future) for kind in kinds for future in of}
    rows = [
        (*key, *(months.get(place, np.nan if key[-1] == FULL else UNPROMISED) for place in names.values())) for key, months in cells.items()
    ]
    heads = [Column(n, f"{kind}: {NAMES[future]}", "month", Style.EXACT, width=13, empty=THROUGHOUT) for n, (kind, future) in names.items()]
    return pd.DataFrame(rows, columns=["material", "sector", "what", *names]), tuple(heads)


def survival_by_onset(report: Report) -> Table:
    """A row for each cutoff, onset and demand in which anything fails."""
    study = studied(report)
    names = [(what, future) for what in ("full", "promise") for future in (futures(study) if study else ())]
    frame = pd.DataFrame(columns=["cutoff", "onset", "months", "material", "sector", "required", *(f"{w}_{f}" for w, f in names)])
    if study:
        columns = [f"{what}_{future}" for what, future in names]
        rows = study.rows[study.rows[columns].notna().any(axis=1)].reset_index(drop=True)
        frame = rows[["months", "material", "sector", "required", *columns]].astype({c: object for c in columns if c.startswith("promise")})
        frame.insert(0, "cutoff", [report.branch_names[b] for b in rows["branch"]])
        frame.insert(1, "onset", pd.Series([report.onsets[b] for b in rows["branch"]], dtype=object))
        unpromised = frame["required"] <= 0
        for column in columns:
            if column.startswith("promise"):
                frame.loc[unpromised, column] = UNPROMISED
        frame.loc[unpromised, "required"] = np.nan
    return Table(
        BY_ONSET,
        "How long does supply last in a cutoff that begins then?",
        f"{DEFINITION}'{THROUGHOUT}': it never fails. What fails neither with the programme nor without is not listed.",
        (
            Column("cutoff"),
            Column("onset", style=Style.YEAR),
            Column("months", "Goes on for", "month", Style.EXACT),
            Column("material"),
            Column("sector"),
            Column("required", "Coverage promised", "%", Style.SHARE, empty=UNPROMISED),
            *(
                Column(
                    f"{what}_{future}",
                    f"{'Full supply' if what == 'full' else 'Promise'}: {NAMES[future]}",
                    "month",
                    Style.EXACT,
                    empty=THROUGHOUT,
                )
                for what, future in names
            ),
        ),
        frame,
        frozen=2,
        nothing=refusal(report) if study is None else report.no_cutoff or "Nothing fails in any cutoff, with the programme or without.",
    )
