"""Names that refer to another sheet, and those of countries: each must be known there."""

from __future__ import annotations

from collections.abc import Sequence

from inputs.case import Case, countries
from inputs.countries import ALIASES, COUNTRIES
from inputs.errors import Finding, Level, did_you_mean, nearest
from inputs.reader import Reader
from inputs.schema import BY_NAME, EVERY, SETTINGS, SHEETS, UNIONS, Column, Kind, Sheet


def check_members(reader: Reader, case: Case) -> None:
    """Every name that refers to another sheet must be known there."""
    names = {s.name: list(case[s.name][s.key[0]]) for s in SHEETS if s.name != SETTINGS and s.columns[0].kind is Kind.NAME}
    used = countries(case.frames, case.home)
    names["countries"] = list(dict.fromkeys([*used, *COUNTRIES]))
    names["kinds"] = [kind for kind in dict.fromkeys(case["plants"]["kind"]) if kind]
    names |= {union: list(dict.fromkeys(name for part in parts for name in names[part])) for union, parts in UNIONS.items()}
    listed = {s.name for s in SHEETS if s.optional or (s.name in reader.places and s.key and s.key[0] in reader.places[s.name])}
    checked = {*listed, "countries"} - {"modes"} | ({"kinds"} if "plants.kind" not in reader.dirty else set())
    checked |= {union for union, parts in UNIONS.items() if {*parts} <= checked}
    for sheet in SHEETS:
        for column in sheet:
            if column.kind is Kind.MEMBER and column.members in checked and sheet.name != SETTINGS:
                check_column(reader, case, sheet, column, names[column.members])
    check_modes(reader, case)
    check_spelling(reader, case)


def check_modes(reader: Reader, case: Case) -> None:
    """A recipe's mode must be one of its plant; not asked while the modes themselves are in doubt."""
    if reader.dirty & {"modes.plant", "modes.mode"}:
        return
    plants = set(case["plants"]["plant"])
    modes: dict[str, list[str]] = {}
    for plant, mode in zip(case["modes"]["plant"], case["modes"]["mode"], strict=True):
        modes.setdefault(plant, []).append(mode)
    recipes = case["recipes"]
    for row, plant, mode in zip(recipes.index, recipes["plant"], recipes["mode"], strict=True):
        if plant in plants and mode and mode not in modes.get(plant, []):
            reader.report(
                "recipes",
                f"mode '{mode}' of plant '{plant}' is not known in sheet modes{did_you_mean(mode, modes.get(plant, [])) or '.'}",
                row,
                "mode",
            )


def check_column(reader: Reader, case: Case, sheet: Sheet, column: Column, known: Sequence[str]) -> None:
    """Every name in a column is known where it must be."""
    frame = case[sheet.name]
    members = {*known, "", EVERY} if column.every else {*known, ""}
    where = f" in sheet {column.members}" if column.members in BY_NAME else ""
    for row, name in zip(frame.index, frame[column.name], strict=True):
        if name not in members:
            reader.report(
                sheet.name, f"{column.name} '{name}' is not known{where}{did_you_mean(name, known) or '.'}", row, column.name, code="name"
            )


def check_spelling(reader: Reader, case: Case) -> None:
    """A country under another name, or nearly a known one, is a slip; one of the planner's own is worth a look."""
    own = {case.home}
    for sheet in ("supply", "plants"):
        frame = case[sheet]
        for row, country in zip(frame.index, frame["country"], strict=True):
            if not country or country in COUNTRIES:
                continue
            if match := ALIASES.get(country) or nearest(country, COUNTRIES, 0.8):
                reader.report(sheet, f"country '{country}' is not known; did you mean '{match}'?", row, "country", code="name")
            elif country not in own:
                own.add(country)
                text = f"country '{country}' is on no list of countries; if it is one, check its spelling here and in losses."
                reader.findings.append(Finding(sheet, text, row, "country", Level.WARNING, code="name"))
    if case.home in ALIASES:
        reader.report(SETTINGS, f"country '{case.home}' is not known; did you mean '{ALIASES[case.home]}'?", column="home", code="name")
