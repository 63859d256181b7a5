"""The workbook: every sheet and column once, with unit, bounds, default, members and one sentence.

Template, validation, units, sweep addresses and reference pages are loops over `SHEETS`.
The names are those of the formulation; a fact about a column stands nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

EVERY = "*"
"""In a member column that allows it: every member."""

HEADER_ROW = 1
UNITS_ROW = 2
FIRST_ROW = 3
"""Sheet rows (from 1) of names, units and the first record; `settings` has no units row."""

SETTINGS = "settings"
SETTINGS_COLUMNS = ("name", "value", "unit", "description")
SETTINGS_FIRST_ROW = 2

FREE_COLUMNS = ("source", "confidence", "note")
"""Columns that any sheet may carry; they are kept and shown, never computed with."""

OWN_PREFIX = "_"
"""A sheet or column whose name begins so is the planner's own and is not read."""

PLAN_SHEETS = ("Summary", "Stockpile", "Run")
SWEEP_SHEETS = ("Summary", "What varied", "Run")
EXPLAINED_SHEETS = ("Why no plan",)
"""Sheets by which a finished plan, the results of a sweep and the explanation of a case without a plan are known; a case has none of them."""

NO_CASES = {
    "this is the explanation of a case without a plan": EXPLAINED_SHEETS,
    "this is a finished plan": PLAN_SHEETS,
    "these are the results of a sweep": SWEEP_SHEETS,
}
"""What a workbook that is made from a case is, and the sheets by which it is known."""

SWEEPS, STRESS = "sweeps", "stress"
UNREAD = (SWEEPS, STRESS)
"""The sheets that the model does not read: no part of the plan itself."""

SCHEMA_VERSION = 2
VERSION_PROPERTY = "stockpile schema version"
"""The edition of the formulation that a workbook is written for, and the property of the workbook in which it stands."""

NEW_IN_SECOND = (
    "the settings aftermath, aftermath_period and price_year",
    "the sheets hazards, output_loss and pins",
    "the columns surplus_share of materials, price_share of supply and recovery of cutoffs",
)
"""What the second edition has and the first had not."""


class Kind(StrEnum):
    """What a cell of a column holds."""

    NAME = "name"  # a new name, which other sheets refer to
    MEMBER = "member"  # a name that `Column.members` knows
    CHOICE = "choice"  # one of a few fixed words
    FLAG = "yes/no"
    NUMBER = "number"
    WHOLE = "whole number"
    YEAR = "year"


@dataclass(frozen=True)
class Column:
    """One column of a sheet (or one setting).

    `unit` is written in the workbook's units row ("" where the cells hold names).
    `default` fills an empty cell; None means that the cell is required. NaN means
    "none", and `empty` then says in words what an empty cell stands for.
    `low` and `high` are inclusive bounds unless `above` (then low is exclusive).
    `members` names the sheet, or the union of `UNIONS`, whose names the cells refer to
    ("countries" is every country that `supply` or `plants` has, with the home country).
    """

    name: str
    kind: Kind
    text: str
    unit: str = ""
    default: float | str | bool | None = None
    empty: str = ""
    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    members: str = ""
    choices: tuple[str, ...] = ()
    every: bool = False
    key: bool = False
    suggestions: str = ""
    """A list that the drop-down offers where other texts are right too."""

    @property
    def required(self) -> bool:
        return self.default is None

    @property
    def numeric(self) -> bool:
        return self.kind in (Kind.NUMBER, Kind.WHOLE, Kind.YEAR)

    @property
    def default_text(self) -> str:
        """The default in words, "" where the cell is required."""
        if self.default is None:
            return ""
        if self.empty:
            return self.empty
        if isinstance(self.default, bool):
            return "yes" if self.default else "no"
        return f"{self.default:g}" if isinstance(self.default, float | int) else self.default

    @property
    def bounds_text(self) -> str:
        """What a number may be, in words: "at least 0", "from 0 to 1", "" where anything goes."""
        low, high = math.isfinite(self.low), math.isfinite(self.high)
        if low and high:
            return f"{'above' if self.above else 'from'} {self.low:g} {'and at most' if self.above else 'to'} {self.high:g}"
        if low:
            return f"{'above' if self.above else 'at least'} {self.low:g}"
        return f"at most {self.high:g}" if high else ""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its columns (key columns first) and what it is for.

    `optional` sheets may be absent; only sheets with `rows_required` may not be empty.
    """

    name: str
    text: str
    columns: tuple[Column, ...]
    optional: bool = False
    rows_required: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.key)

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)


def name(column: str, text: str) -> Column:
    return Column(column, Kind.NAME, text, key=True)


def label(column: str, suggestions: str, text: str) -> Column:
    return Column(column, Kind.NAME, text, suggestions=suggestions)


def member(column: str, of: str, text: str, *, key: bool = False, every: bool = False, optional: str = "") -> Column:
    return Column(column, Kind.MEMBER, text, members=of, key=key, every=every, default="" if optional else None, empty=optional)


def choice(column: str, choices: tuple[str, ...], text: str, *, default: str | None = None, key: bool = False) -> Column:
    return Column(column, Kind.CHOICE, text, choices=choices, default=default, key=key)


def flag(column: str, default: bool, text: str) -> Column:
    return Column(column, Kind.FLAG, text, unit="yes/no", default=default)


def number(
    column: str,
    unit: str,
    text: str,
    default: float | None = None,
    *,
    low: float = 0.0,
    high: float = math.inf,
    empty: str = "",
    above: bool = False,
    key: bool = False,
) -> Column:
    return Column(column, Kind.NUMBER, text, unit=unit, default=default, low=low, high=high, empty=empty, above=above, key=key)


def limit(column: str, unit: str, text: str) -> Column:
    return number(column, unit, text, math.inf, empty="no limit")


def share(column: str, text: str, default: float | None = None, *, empty: str = "", key: bool = False) -> Column:
    return number(column, "-", text, default, high=1.0, empty=empty, key=key)


def whole(
    column: str, unit: str, text: str, default: float | None = None, *, low: float = 1.0, high: float = math.inf, empty: str = ""
) -> Column:
    return Column(column, Kind.WHOLE, text, unit=unit, default=default, low=low, high=high, empty=empty)


def year(column: str, text: str, *, required: bool = False, key: bool = False) -> Column:
    return Column(
        column, Kind.YEAR, text, unit="year", default=None if required else math.nan, empty="" if required else "no bound",
        low=1900, high=2200, key=key,
    )  # fmt: skip


NONE = math.nan

LONGEST = 240.0
"""Months that a cutoff or the building of a plant may take: longer ones grow a tree without end, or mean never."""

UNIONS = {
    "cut": ("materials", "plants", "kinds"),
    "pinned": ("materials", "plants"),
    "stressed": ("cutoffs", "materials", "sectors", "plants"),
}
"""Names that may be those of several sheets."""

DRAWN = ("length", "severity", "repeat", "price", "demand", "late", "refused")
"""What the sheet of stress says the distribution of."""

SETTING_COLUMNS = (
    year("start_year", "Calendar year whose January is month 0 of the plan.", required=True),
    number("horizon", "yr", "How long the plan runs; 12 x horizon must be a whole number of periods.", 10.0, above=True, high=60),
    whole("period", "month", "Length of a planning period in peace; a whole number of crisis periods.", 12.0, high=120),
    whole("crisis_period", "month", "Length of a period during a cutoff.", 3.0, high=60),
    number("discount_rate", "1/yr", "Real discount rate of all costs.", 0.03, low=-0.5, high=1),
    number("ready_by", "month", "From this month on the coverage promised to each sector must hold.", 12.0, high=720),
    member("home", "countries", "The home country, whose plants count as home production."),
    number("release_lag", "month", "Months into a cutoff before the stockpile can release.", 0.0),
    flag("length_known", False, "Whether the length of a cutoff is known when it begins (the hindsight bound)."),
    flag("count_tariffs", True, "Whether tariffs count as a cost."),
    flag("crisis_orders", True, "Whether plants can be ordered during a cutoff."),
    flag(
        "aftermath",
        True,
        "Whether a future goes on in peace after its cutoff, until the horizon; no = it ends with its cutoff, as in two-stage examples.",
    ),
    whole(
        "aftermath_period",
        "month",
        "Length of a period after a cutoff, once the planning period in which it ends is over.",
        math.inf,
        empty="one piece to the horizon",
    ),
    Column(
        "price_year",
        Kind.YEAR,
        "Year of the prices; a label on every amount of money.",
        unit="year",
        default=math.inf,
        empty="the year before start_year",
        low=1900,
        high=2200,
    ),
    limit("storage_limit", "t", "All materials in store together, at most."),
    flag("budget_carryover", True, "Whether budget not spent in a year can be spent later."),
    share("risk_weight", "Weight of the tail risk (CVaR) against expected cost; 0 = expected cost alone.", 0.0),
    number("tail", "-", "Share of the worst outcomes that the tail risk averages over.", 0.1, above=True, high=1),
)

SHEETS = (
    Sheet(
        SETTINGS,
        "One value each: when the plan starts, how long it runs, and the rules it follows.",
        SETTING_COLUMNS,
        rows_required=True,
    ),
    Sheet(
        "materials",
        "What can be held, bought, made and used: oxides, metals, magnets and feeds.",
        (
            name("material", "Name of the material at its own stage (oxide, metal, magnet, ore)."),
            number("price", "USD/kg", "Price in peace at month 0."),
            number("price_growth", "1/yr", "Yearly growth of the price.", 0.0, low=-0.9, high=10),
            number("holding_rate", "1/yr", "Yearly cost of holding, as a share of the value in store.", 0.0),
            number("loss_rate", "1/yr", "Share of the stock lost each year.", 0.0, high=1),
            number("rotation_rate", "1/yr", "Share of the stock exchanged with the market for fresh material each year in peace.", 0.0, high=1),
            number("rotation_cost", "USD/kg", "Cost of the exchange.", 0.0),
            number("opening_stock", "t", "In store at month 0.", 0.0),
            limit("stock_limit", "t", "In store at most; 0 = cannot be held."),
            limit("purchase_limit", "t/yr", "Bought or taken into the stockpile each year at most."),
            limit("release_limit", "t/month", "Released during a cutoff each month at most."),
            number("resale_share", "-", "Share of its price that stock left at the end is worth; negative = cost of disposal.", 0.0, low=-math.inf),
            number("surplus_cost", "USD/kg", "Cost of disposing of what is not needed; negative = it can be sold.", NONE, low=-math.inf, empty="-surplus_share x price"),
            number("surplus_share", "-", "Share of its price that a sale of what is not needed brings.", 0.0),
            limit("surplus_limit", "t/yr", "Disposed of or sold as surplus each year at most."),
            number("min_cover", "day", "Days of demand to hold in peace from ready_by on, whatever the cutoffs.", 0.0),
        ),
        rows_required=True,
    ),
    Sheet(
        "sectors",
        "Who uses the materials, and how well each must stay covered in a protected cutoff.",
        (
            name("sector", "Name of the sector, for example defense."),
            share("coverage", "Share of demand that must be met in every crisis period of a protected cutoff, for cover_months.", 0.0),
            number("cover_months", "month", "For how many months of a cutoff the coverage must hold.", 0.0),
            number("shortage_multiple", "-", "Cost of a shortage as a multiple of the material's price.", 1.0),
        ),
        rows_required=True,
    ),
    Sheet(
        "demand",
        "What each sector needs of each material.",
        (
            member("material", "materials", "The material.", key=True),
            member("sector", "sectors", "The sector that needs it.", key=True),
            number("demand", "t/yr", "Yearly demand at month 0."),
            number("growth", "1/yr", "Yearly growth of the demand.", 0.0, low=-0.9, high=10),
            share("coverage", "Share to be met in a protected cutoff, where it differs from the sector's.", NONE, empty="the sector's"),
            number("cover_months", "month", "Months the coverage must hold, where they differ from the sector's.", NONE, empty="the sector's"),
            number("shortage_cost", "USD/kg", "Cost of a shortage.", NONE, empty="shortage_multiple x price, 0 in a sector of output_loss"),
        ),
    ),
    Sheet(
        "supply",
        "Offers that the home market, or the stockpile itself, can buy from.",
        (
            name("offer", "Name of the offer, for example 'Dy China'."),
            label("country", "countries", "Country that it comes from; the home country for home offers."),
            member("material", "materials", "The material offered."),
            choice("buyer", ("market", "stockpile"), "Who can buy: the home market, or the stockpile in peace.", default="market"),
            limit("capacity", "t/yr", "Offered each year at most."),
            number("price", "USD/kg", "Price at month 0.", NONE, empty="price_share x the material's"),
            number("price_share", "-", "Price as a multiple of the material's, where price is empty.", 1.0),
            number("tariff", "-", "Tariff on top of the price.", 0.0),
            member("depends_on", "countries", "Country that the offer itself lives on (its feed, its tolling).", optional="none"),
            share("dependence", "Share of the offer lost when that country is cut off.", 0.0),
            year("first_year", "First year of the offer."),
            year("last_year", "Last year of the offer."),
            choice("available", ("always", "peace", "cutoff"), "When it can be drawn on.", default="always"),
            number("ramp", "month", "Months into a cutoff until an offer that starts with it is in full flow.", 0.0),
        ),
    ),
    Sheet(
        "plants",
        "Mines, separation, refining, magnet, recycling and nodule plants, standing or proposed.",
        (
            name("plant", "Name of the plant."),
            label("kind", "kinds", "Kind of plant, for example mine, separation, magnet, recycling."),
            label("country", "countries", "Country that it stands in."),
            number("opening_capacity", "t/yr", "Capacity at month 0, in activity.", 0.0),
            number("capacity_limit", "t/yr", "Capacity that can be added over the horizon.", 0.0),
            number("capex", "USD/(t/yr)", "Cost of new capacity.", 0.0),
            number("fixed_cost", "USD/(t/yr)/yr", "Yearly cost of new capacity, used or not.", 0.0),
            number("lead_time", "month", "From order to first output.", 0.0, high=LONGEST),
            number("fast_lead_time", "month", "From order to first output on the fast track.", NONE, high=LONGEST, empty="no fast track"),
            number("fast_premium", "-", "What the fast track costs on top, as a share of capex.", 0.0),
            number("ramp", "month", "From first output to full capacity.", 0.0),
            number("life", "yr", "Years that new capacity lasts.", 30.0, low=1, high=200),
            year("first_year", "First year in which capacity can be ordered."),
            member("depends_on", "countries", "Country that the plant itself lives on.", optional="none"),
            share("dependence", "Share of the plant's output lost when that country is cut off.", 0.0),
            share("utilisation", "Share of capacity that can be run.", 1.0),
            share("public_share", "Share of capex paid with public money (it counts against the budget).", 0.0),
            share("residual_share", "Share of the unused life of new capacity that is worth its capex at the end.", 1.0),
        ),
        optional=True,
    ),
    Sheet(
        "modes",
        "The ways a plant can run (its feeds), sharing its capacity.",
        (
            member("plant", "plants", "The plant.", key=True),
            name("mode", "Name of the way of running, for example its feed."),
            number("variable_cost", "USD/t", "Cost per tonne of activity, without the materials used.", 0.0, low=-math.inf),
            number("capacity_use", "-", "Capacity taken by a tonne of activity.", 1.0),
        ),
        optional=True,
    ),
    Sheet(
        "recipes",
        "What each mode uses and makes.",
        (
            member("plant", "plants", "The plant.", key=True),
            member("mode", "modes", "The mode of the plant.", key=True),
            member("material", "materials", "The material.", key=True),
            number("quantity", "t/t", "Tonnes per tonne of activity: made > 0, used < 0.", low=-math.inf),
        ),
        optional=True,
    ),
    Sheet(
        "cutoffs",
        "The kinds of interruption to be ready for.",
        (
            name("cutoff", "Name of the kind of cutoff, for example conflict."),
            number("annual_probability", "1/yr", "Probability that it begins in a year, given that none has begun before.", high=1),
            year("first_year", "First year in which it can begin."),
            year("last_year", "Last year in which it can begin."),
            number("price_multiple", "-", "Prices of offers from abroad during it, as a multiple of those in peace.", 1.0),
            flag("protected", True, "Whether the coverage of the sectors must hold in it."),
            number("recovery", "month", "Months after its end in which lost supply and crisis prices ease.", 0.0),
        ),
    ),
    Sheet(
        "hazards",
        "Years in which a cutoff is more or less likely to begin than in others.",
        (
            member("cutoff", "cutoffs", "The cutoff.", key=True),
            year("year", "Calendar year.", required=True, key=True),
            number("annual_probability", "1/yr", "Probability that it begins in that year, in place of the cutoff's.", high=1),
        ),
        optional=True,
    ),
    Sheet(
        "durations",
        "How long each cutoff may last; nobody knows when it begins.",
        (
            member("cutoff", "cutoffs", "The cutoff.", key=True),
            number("months", "month", "Length; it is rounded up to whole crisis periods.", low=0.1, high=LONGEST, key=True),
            share("probability", "Probability of this length; they add to 1 for each cutoff."),
        ),
    ),
    Sheet(
        "losses",
        "What each cutoff takes, from whom, and when.",
        (
            member("cutoff", "cutoffs", "The cutoff.", key=True),
            member("country", "countries", "The country whose supply is cut.", key=True),
            member("material", "cut", "The material, plant or kind of plant that is cut, or * for everything; the narrower row goes first.", key=True, every=True),
            number("from_month", "month", "Month of the cutoff from which the loss holds.", 0.0, key=True),
            number("to_month", "month", "Month of the cutoff until which it holds.", math.inf, empty="no end"),
            share("supply_lost", "Share of supply lost."),
        ),
    ),
    Sheet(
        "output_loss",
        "What hangs on a sector that needs its materials together: short of one of them it loses output.",
        (
            member("sector", "sectors", "The sector.", key=True),
            share("up_to", "Share of the sector's output up to which the row holds; the last row of a sector is 1.", key=True),
            number("value", "M USD/yr", "Worth of the sector's output for a year, for the part of it since the row before; values do not fall."),
        ),
        optional=True,
    ),
    Sheet(
        "surges",
        "What a cutoff adds to demand.",
        (
            member("cutoff", "cutoffs", "The cutoff.", key=True),
            member("sector", "sectors", "The sector.", key=True),
            number("demand_multiple", "-", "Demand during the cutoff as a multiple of that in peace."),
        ),
        optional=True,
    ),
    Sheet(
        "thrift",
        "What can be given up, or met by a substitute, during a cutoff.",
        (
            name("option", "Name of the option."),
            member("material", "materials", "The material saved."),
            member("sector", "sectors", "The sector that saves, or * for each sector with demand.", every=True),
            share("limit", "Share of the demand that can be saved."),
            number("ramp", "month", "Months into a cutoff until the full share can be saved.", 0.0),
            number("cost", "USD/kg", "Cost of saving, without the substitute.", 0.0, low=-math.inf),
            member("substitute", "materials", "Material used instead.", optional="none"),
            number("substitute_rate", "t/t", "Tonnes of the substitute for each tonne saved.", 1.0),
        ),
        optional=True,
    ),
    Sheet(
        "budget",
        "Public money for each year: purchases, offtake, holding and the public share of capex.",
        (
            year("year", "Calendar year.", required=True, key=True),
            number("amount", "M USD", "Money available; a year without a row has no limit."),
        ),
        optional=True,
    ),
    Sheet(
        "share_caps",
        "How much of a material may come from one country in peace.",
        (
            member("material", "materials", "The material.", key=True),
            member("country", "countries", "The country.", key=True),
            share("cap", "Share of what is bought on the market and made of the material, less its surplus, at most."),
            year("from_year", "First year in which the cap holds."),
        ),
        optional=True,
    ),
    Sheet(
        "floors",
        "How much of its demand must be made at home, or recycled at home, in peace.",
        (
            member("material", "materials", "The material.", key=True),
            choice("origin", ("home", "recycled"), "Home plants and home offers less surplus, or home plants of kind recycling.", key=True),
            number("share", "-", "Share of demand, at least."),
            year("from_year", "First year in which the floor holds."),
        ),
        optional=True,
    ),
    Sheet(
        "capacity_floors",
        "How much capacity of a kind must stand at home in a year.",
        (
            member("kind", "kinds", "Kind of plant.", key=True),
            year("year", "Calendar year.", required=True, key=True),
            number("capacity", "t/yr", "Opening and new capacity on line together, at least."),
        ),
        optional=True,
    ),
    Sheet(
        "pins",
        "Decisions that are already taken, or that are to be priced.",
        (
            choice("item", ("stock", "purchase", "order"), "Stock at the end of the year, what the stockpile takes in during it, or capacity ordered in it.", key=True),
            member("name", "pinned", "The material, or the plant of an order.", key=True),
            year("year", "Calendar year.", required=True, key=True),
            number("at_least", "t", "At least (an order: t/yr).", 0.0, empty="none"),
            number("at_most", "t", "At most (an order: t/yr).", math.inf, empty="none"),
        ),
        optional=True,
    ),
    Sheet(
        SWEEPS,
        "What `stockpile sweep` varies, unless the command says it; no part of the plan itself.",
        (
            Column("address", Kind.NAME, "What varies, for example materials[Dy].price or plants[*].capex.", key=True, suggestions="addresses"),
            choice("change", ("*=", "+=", "="), "Scaled by, shifted by or set to the values.", default="*="),
            number("low", "", "Low end, in the unit of what varies (a plain factor for *=).", NONE, low=-math.inf, empty="none"),
            number("base", "", "The value between them, or the most likely one.", NONE, low=-math.inf, empty="none"),
            number("high", "", "High end.", NONE, low=-math.inf, empty="none"),
            Column("distribution", Kind.NAME, "For samples, for example normal(1,0.2); empty = between low and high.", default="", empty="none"),
        ),
        optional=True,
    ),
    Sheet(
        STRESS,
        "How futures drawn by `stockpile stress` differ from those that the case lists; no part of the plan itself.",
        (
            choice("what", DRAWN, "What is drawn, once in a future for each name: multiples of what the case says, but late (months) and refused (a chance).", key=True),
            member("name", "stressed", "The cutoff, material, sector or plant, or * for each of them; the narrower row goes first.", key=True, every=True),
            Column("distribution", Kind.NAME, "What it is drawn from, for example lognormal(1,0.3), uniform(0,12) or one number; numbers below 0 count as 0."),
        ),
        optional=True,
    ),
)  # fmt: skip

RECYCLING = "recycling"
"""The kind of plant whose output counts for a floor of origin `recycled`."""

BY_NAME = {sheet.name: sheet for sheet in SHEETS}
