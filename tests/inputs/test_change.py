"""Addresses of numbers in a case, and the case with changes made: what is meant, what moves, and what is refused in which words."""

from __future__ import annotations

import math
from functools import cache

import pytest

from inputs.address import ChangeError, address_of, find_cells, varying
from inputs.apply import apply
from inputs.case import Case
from inputs.change import Change, parse_change, parse_variation
from inputs.grid import Grid
from inputs.schema import SETTINGS, SHEETS, Kind
from inputs.sweeps import keys_of, prices_left
from inputs.values import Op
from inputs.workbook import parse
from tests.kit.faults import sound

COLUMNS = [(sheet.name, column) for sheet in SHEETS for column in varying(sheet)]


@cache
def case() -> Case:
    return case_of(sound())


def case_of(tables: dict[str, Grid]) -> Case:
    reading = parse(tables)
    assert reading.case is not None, reading.errors
    return reading.case


def changed(*texts: str, of: Case | None = None) -> Case:
    """The sound case with changes made, one after the other."""
    return apply(of or case(), [parse_change(text, of or case()) for text in texts])


def names(address: str, of: Case | None = None) -> list[str]:
    """The first key of each row that an address means."""
    target = find_cells(address, of or case())
    frame = (of or case())[target.sheet]
    return frame.iloc[list(target.rows), 0].tolist()


def refusal(text: str) -> str:
    with pytest.raises(ChangeError) as refused:
        parse_variation(text, case())
    return str(refused.value)


@pytest.mark.parametrize(
    ("address", "canonical", "rows"),
    [
        ("materials[Dy].price", "materials[Dy].price", (0,)),
        ("materials[Dy,Nd].price", "materials[Dy|Nd].price", (0, 1)),
        ("materials[ ore | Dy ].price", "materials[ore|Dy].price", (0, 2)),
        ("materials.price", "materials[*].price", (0, 1, 2)),
        ("materials[].price", "materials[*].price", (0, 1, 2)),
        ("demand[Dy].demand", "demand[Dy,*].demand", (0, 1, 3)),
        ("demand[*,civil].demand", "demand[*,civil].demand", (1, 2)),
        ("demand[Dy|Nd,civil].demand", "demand[Dy|Nd,civil].demand", (1, 2)),
        ("supply[Dy *].price", "supply[Dy *].price", (0, 3, 4)),
        ("supply[*tr*rs].price", "supply[*tr*rs].price", (3,)),
        ("durations[ban,12.0].probability", "durations[ban,12].probability", (1,)),
        ("durations[*,1*].probability", "durations[*,1*].probability", (1, 2)),
        ("budget[2027].amount", "budget[2027].amount", (1,)),
        ("losses[war,China,*,0].supply_lost", "losses[war,China,*,0].supply_lost", (2,)),
        ('losses[*,*,"*"].supply_lost', 'losses[*,*,"*",*].supply_lost', (2,)),
        ("losses[ban, China, 'Dy', 6].supply_lost", "losses[ban,China,Dy,6].supply_lost", (1,)),
        (" settings . discount_rate ", "settings.discount_rate", (0,)),
    ],
)
def test_an_address_means_the_rows_that_its_keys_fit(address: str, canonical: str, rows: tuple[int, ...]) -> None:
    """Places in the sheet's frame, from 0; the canonical address means the same."""
    target = find_cells(address, case())

    assert (target.text, target.rows) == (canonical, rows)
    assert find_cells(target.text, case()) == target


ODD = ["SEG+ (Ce/La) conc. & ore", "a.b=c", "x, y", "p|q", "it's", 'the "best"', "tail]", "[head", "a*b", "'t Hooft", "*=2"]


def test_names_with_any_characters_have_an_address() -> None:
    """Plants named with the signs of the grammar, or a row beside them that a pattern would also fit: each is found alone by its own address."""
    tables = sound()
    tables["plants"] += [[name, "mine", "Japan", 5, *[None] * (len(tables["plants"][0]) - 4)] for name in [*ODD, "aab"]]
    odd = case_of(tables)
    addresses = [address_of(odd, "plants", "capex", row) for row in range(len(odd["plants"]))]

    assert [names(address, odd) for address in addresses] == [[name] for name in odd["plants"]["plant"]]
    assert [parse_change(f"{address}+=3", odd).text for address in addresses] == [f"{address}+=3" for address in addresses]
    assert names("plants[SEG+ (Ce/La) conc. & ore].capex", odd) == ["SEG+ (Ce/La) conc. & ore"]
    assert names('plants[it\'s|"x, y" , a*b].capex', odd) == ["x, y", "it's", "a*b", "aab"]


@pytest.mark.parametrize(("sheet", "column"), COLUMNS)
def test_every_number_can_be_set_to_what_it_is(sheet: str, column: str) -> None:
    """For each cell that has a value, setting it to that by its own address leaves the case the same."""
    rows = range(1 if sheet == SETTINGS else len(case()[sheet]))
    values = [case().settings[column]] if sheet == SETTINGS else case()[sheet][column].tolist()
    known = [(row, float(value)) for row, value in zip(rows, values, strict=True) if not math.isnan(value)]
    changes = [Change((find_cells(address_of(case(), sheet, column, row), case()),), Op.SET, value) for row, value in known]

    assert [parse_change(change.text, case()) for change in changes] == changes
    assert apply(case(), changes).fingerprint == case().fingerprint


@pytest.mark.parametrize(
    ("text", "canonical", "values"),
    [
        ("materials[Dy].price *= 0.5:2:4", "materials[Dy].price*=0.5:2:4", (0.5, 1, 1.5, 2)),
        ("settings.discount_rate=0.1:0.3:3", "settings.discount_rate=0.1:0.3:3", (0.1, 0.2, 0.3)),
        ("plants[works].lead_time += 6:-6:3", "plants[works].lead_time+=6:-6:3", (6, 0, -6)),
        ("demand[Nd,*].demand = 10, 2e1,30.50", "demand[Nd,*].demand=10,20,30.5", (10, 20, 30.5)),
        ("cutoffs.protected=yes, No", "cutoffs[*].protected=yes,no", (1, 0)),
        ("supply[Dy China].capacity=50,no limit", "supply[Dy China].capacity=50,no limit", (50, math.inf)),
        ("settings.period=discrete(6:0.25, 12:0.75)", "settings.period=discrete(6:0.25,12:0.75)", (6, 12)),
        ("materials[Dy].price*=Uniform( 0.5, 2)", "materials[Dy].price*=uniform(0.5,2)", ()),
        ("materials[Dy].price = normal(300,20)", "materials[Dy].price=normal(300,20)", ()),
        (
            "materials[Dy].price&supply[Nd China].price*=triangular(1,1,2)",
            "materials[Dy].price & supply[Nd China].price*=triangular(1,1,2)",
            (),
        ),
    ],
)
def test_values_are_a_list_a_range_or_a_distribution(text: str, canonical: str, values: tuple[float, ...]) -> None:
    """The canonical text reads back as the same variation."""
    variation = parse_variation(text, case())

    assert (variation.text, variation.values) == (canonical, values)
    assert parse_variation(variation.text, case()) == variation


def test_samples_draw_from_lists_evenly_and_from_ranges_between_their_ends() -> None:
    listed = parse_variation("materials[Dy].price=100,200,300,400", case()).distribution
    ranged = parse_variation("materials[Dy].price=400:100:3", case()).distribution

    assert (listed.kind, listed.numbers, listed.probabilities) == ("discrete", (100, 200, 300, 400), (0.25, 0.25, 0.25, 0.25))
    assert (ranged.kind, ranged.numbers, ranged.probabilities) == ("uniform", (100, 400), ())


def test_set_scale_and_shift() -> None:
    """Dy costs 300: set to 250, times 2 is 600, less 50 is 250; Nd stays at 100."""
    assert changed("materials[Dy].price=250")["materials"]["price"].tolist() == [250, 100, 5]
    assert changed("materials[Dy].price*=2")["materials"]["price"].tolist() == [600, 100, 5]
    assert changed("materials[Dy].price+=-50")["materials"]["price"].tolist() == [250, 100, 5]
    assert changed("settings.length_known=yes").flag("length_known") is True
    assert changed("cutoffs[ban].protected=no")["cutoffs"]["protected"].tolist() == [False, False]
    assert changed("settings.ready_by+=-12").number("ready_by") == 12


def test_changes_of_one_cell_are_made_in_order() -> None:
    """(300 x 2) + 10 = 610, but (300 + 10) x 2 = 620; what a set finds does not matter."""
    assert changed("materials[Dy].price*=2", "materials[*].price+=10")["materials"]["price"].tolist() == [610, 110, 15]
    assert changed("materials[*].price+=10", "materials[Dy].price*=2")["materials"]["price"].tolist() == [620, 110, 15]
    assert changed("materials[*].price*=7", "materials[*].price=3", "materials[Dy].price+=1")["materials"]["price"].tolist() == [4, 3, 3]


def test_what_moves_together_moves_by_one_value() -> None:
    """Price of Nd and demand for it, both halved: 100 -> 50 USD/kg and 60 -> 30 t/yr."""
    both = changed("materials[Nd].price & demand[Nd,civil].demand *= 0.5")

    assert both["materials"]["price"].tolist() == [300, 50, 5]
    assert both["demand"]["demand"].tolist() == [4, 12, 30, 1]


def test_the_case_stays_as_it_was_and_frames_that_do_not_change_are_shared() -> None:
    before = case_of(sound())
    after = changed("materials[Dy].price*=2", "settings.horizon=5", of=before)

    assert before.fingerprint == case().fingerprint != after.fingerprint
    assert [sheet for sheet in before.frames if before[sheet] is not after[sheet]] == ["materials"]
    assert after["materials"].dtypes.equals(before["materials"].dtypes)
    assert apply(before, []).fingerprint == before.fingerprint


def test_an_empty_price_is_scaled_from_the_materials() -> None:
    """'Dy China' has no price of its own, so it is Dy's: 300 x 1.5 = 450, 300 + 20 = 320; 'Dy traders' asks 600: 900, 620."""
    scaled = changed("supply[Dy China|Dy traders].price*=1.5")["supply"]["price"].tolist()
    shifted = changed("supply[Dy China|Dy traders].price+=20")["supply"]["price"].tolist()

    assert (scaled[0], scaled[3]) == (450, 900)
    assert (shifted[0], shifted[3]) == (320, 620)
    assert math.isnan(scaled[1])


def test_an_empty_price_takes_up_what_is_done_to_the_materials_in_either_order() -> None:
    """Dy doubles to 600, and 'Dy China' is half as dear again: 300 x 2 x 1.5 = 900, whichever is said first."""
    material, offer = "materials[Dy].price*=2", "supply[Dy China].price*=1.5"

    assert changed(material, offer)["supply"]["price"].iloc[0] == changed(offer, material)["supply"]["price"].iloc[0] == 900
    assert changed(offer, material)["materials"]["price"].iloc[0] == 600


def test_an_empty_price_is_not_moved_twice_by_one_change() -> None:
    """Dy and all its offers doubled together: 'Dy China' is still Dy's price, 600; 'Dy traders' 600 x 2 = 1200."""
    both = changed("materials[Dy].price & supply[Dy *].price *= 2")

    assert math.isnan(both["supply"]["price"].iloc[0])
    assert both["supply"]["price"].iloc[3] == 1200
    assert both["materials"]["price"].iloc[0] == 600


def test_an_empty_coverage_is_scaled_from_the_sectors() -> None:
    """Defense promises 0.9 for 6 months: halved for Dy 0.45; Nd has its own 0.2 and 3 months, + 2 is 5."""
    assert changed("demand[*,*].coverage*=0.5")["demand"]["coverage"].tolist() == [0.45, 0, 0.1, 0]
    assert changed("demand[*,*].cover_months+=2")["demand"]["cover_months"].tolist() == [8, 2, 5, 2]


def test_patterns_leave_cells_without_a_number_as_they_are() -> None:
    """Only works has a fast track (12 months): doubled it takes 24. All offers but one have a limit."""
    fast = changed("plants[*].fast_lead_time*=2")["plants"]["fast_lead_time"].tolist()
    capacity = changed("supply.capacity+=1")["supply"]["capacity"].tolist()

    assert fast[0] == 24
    assert math.isnan(fast[1])
    assert capacity == [41, math.inf, 11, 3, 41, 41, 201]


def test_the_other_lengths_of_a_cutoff_share_what_is_left() -> None:
    """
    3, 12 and 24 months have 0.2, 0.6 and 0.2. With 0.2 for 12 months, 0.8 is left for the other two, half each. With 3 months at 0.3
    as well, 24 months take what both leave: 0.5, whichever is said first.
    """
    tables = sound()
    tables["durations"][2][2] = 0.2
    tables["durations"].append(["ban", 24, 0.2])
    three = case_of(tables)
    one, other = "durations[ban,12].probability=0.2", "durations[ban,3].probability=0.3"

    assert changed(one, of=three)["durations"]["probability"].tolist() == pytest.approx([0.4, 0.2, 1, 0.4], rel=1e-12)
    for order in ((one, other), (other, one)):
        assert changed(*order, of=three)["durations"]["probability"].tolist() == pytest.approx([0.3, 0.2, 1, 0.5], rel=1e-12)
    assert changed("durations[ban,12].probability*=0.5", of=three)["durations"]["probability"].tolist() == pytest.approx(
        [0.35, 0.3, 1, 0.35]
    )
    assert changed("durations[ban,12].probability=1", of=three)["durations"]["probability"].tolist() == [0, 1, 1, 0]
    assert changed("durations[ban,12].probability*=1", of=three).fingerprint == three.fingerprint


def test_values_are_in_the_planners_unit() -> None:
    """
    With prices in USD/lb and lengths in years: 1 USD/lb = 1 / 0.45359237 USD/kg, and 12 months are the key 1. A factor has no unit, and
    the text of a change says the unit, so that it cannot be taken for another.
    """
    tables = sound()
    tables["materials"][1][1], tables["durations"][1][1] = "USD/lb", "yr"
    for row in tables["durations"][2:]:
        row[1] /= 12
    own = case_of(tables)
    change = parse_change("materials[Dy].price=100", own)

    assert change.text == "materials[Dy].price=100 USD/lb"
    assert parse_change(change.text, own) == change
    assert apply(own, [change])["materials"]["price"].iloc[0] == pytest.approx(100 / 0.45359237, rel=1e-12)
    assert changed("materials[Dy].price+=-300", of=own)["materials"]["price"].iloc[0] == pytest.approx(0, abs=1e-9)
    assert parse_change("materials[Dy].price*=2", own).text == "materials[Dy].price*=2"
    assert find_cells("durations[ban,1].probability", own).rows == (1,)
    assert address_of(own, "durations", "probability", 0) == "durations[ban,0.25].probability"


def test_a_bound_crossed_by_several_changes_names_them() -> None:
    """0.9 x 1.1 = 0.99 is a share, 0.99 + 0.1 is not; either alone would be."""
    with pytest.raises(ChangeError) as refused:
        changed("sectors[defense].coverage*=1.1", "sectors[*].coverage+=0.1")

    assert str(refused.value) == (
        "sectors[defense].coverage: coverage must be from 0 to 1, not 1.09 (by sectors[defense].coverage*=1.1, sectors[*].coverage+=0.1)."
    )
    assert changed("sectors[*].coverage+=0.1", "sectors[defense].coverage*=0.5")["sectors"]["coverage"].tolist() == [0.5, 0.1, 0.1]


REFUSALS = [
    # where
    ("matrials[Dy].price*=2", "matrials[Dy].price: sheet 'matrials' is not known; did you mean 'materials[Dy].price'?"),
    ("matrials[Dy].prise*=2", "did you mean 'materials[Dy].price'?"),
    ("discount_rate=0.1", "sheet 'discount_rate' is not known; did you mean 'settings.discount_rate'?"),
    ("capex*=2", "did you mean 'plants[*].capex'?"),
    ("foo[x].bar=1", "sheet 'foo' is not known; the sheets are settings, materials,"),
    ("materials[Dy].prise=1", "column 'prise' is not known in sheet materials; did you mean 'materials[Dy].price'?"),
    ("materials[Dy].xyz=1", "column 'xyz' is not known in sheet materials; the columns that can vary are price, price_growth,"),
    ("surges[war]=1", "put a column after the sheet and its keys, for example surges[war].demand_multiple; the columns that can vary are"),
    ("supply[Dy China].country=Japan", "country holds names; only numbers can vary, and yes or no; the columns that can vary are capacity,"),
    ("supply[Dy China].buyer=market", "buyer holds one of a few words; only numbers can vary"),
    ("settings.home=Japan", "home holds names; only numbers can vary"),
    ("settings[x].period=3", "settings have no rows; write settings.period."),
    ("plants[wrks].capex*=2", "plant 'wrks' is not known in sheet plants; did you mean 'plants[works].capex'?"),
    ("demand[Nd|Dyy,civil].demand*=2", "material 'Dyy' is not known in sheet demand; did you mean 'demand[Nd|Dy,civil].demand'?"),
    ("materials[Dy|X*].price*=2", "no material fits 'X*' in sheet materials; it can be 'Dy', 'Nd', 'ore'."),
    ("demand[Nd,defense].demand*=2", "no row of sheet demand has these keys together; did you mean 'demand["),
    ("demand[Nd,civil,x].demand*=2", "sheet demand has 2 keys (material, sector), not 3;"),
    ("durations[ban,long].probability=0.5", "the key months is a number, not 'long'."),
    ("materials[Dy||Nd].price*=2", "a key is empty; give the material, or * for every one."),
    ("materials[Dy.price*=2", "a bracket [ is not closed"),
    ("materials['Dy].price*=2", "the quote before 'Dy].price*=2' has no end"),
    ("materials[Dy]price*=2", "is not an address; write it as sheet[key].column, for example materials[Dy].price."),
    # what is done
    ("materials[Dy].price", "say how it varies: = sets, *= scales, += shifts"),
    ("cutoffs[ban].protected*=2", "protected is yes or no; set it with =yes,no."),
    ("plants[loop].fast_lead_time*=2", "plants[loop].fast_lead_time: the cell is empty (no fast track), so there is nothing to scale; set it with =."),
    ("cutoffs[ban].first_year+=1", "the cell is empty (no bound), so there is nothing to shift"),
    ("demand.shortage_cost*=2", "empty (shortage_multiple x price, 0 in a sector of output_loss), so there is nothing to scale; vary the sector's shortage_multiple or the material's price"),
    ("supply[Nd China].capacity*=2", "supply[Nd China].capacity: there is no limit, so there is nothing to scale; set it with =."),
    ("materials[*].release_limit*=2", "materials[Dy].release_limit: there is no limit"),
    ("materials[Dy].loss_rate*=2", "it is 0, and stays 0 however it is scaled; set it with =, or shift it with +=."),
    ("materials[Dy].price & materials.price*=2", "a cell stands in two of the addresses that move together; name it once."),
    ("settings.horizon & settings.ready_by=3", "these are in different units (yr, month); scale them with *=, or vary them apart."),
    # values
    ("materials[Dy].price=", "the values are missing; give a list (1,2,3), a range (low:high:steps) or a distribution"),
    ("materials[Dy].price=dear", "materials[Dy].price: a value must be a number in USD/kg, not 'dear'."),
    ("materials[Dy].price*=2 USD", "a value must be a factor, not '2 USD'"),
    ("materials[Dy].price=1,000", "type numbers without thousands separators"),
    ("sectors[defense].coverage=90%", "0.25 for 25 %"),
    ("materials[Dy].price=1,2,1.0", "the value 1 stands twice."),
    ("cutoffs[ban].protected=maybe", "protected must be yes or no, not 'maybe'."),
    ("supply[Dy China].capacity=inf", "a value must be a number in t/yr, not 'inf'."),
    ("materials[Dy].price=no limit", "a value must be a number in USD/kg, not 'no limit'"),
    ("materials[Dy].price=1:2", "'1:2' is not a range of numbers; write low:high:steps, for example 0.5:2:7."),
    ("materials[Dy].price=1:2:1", "the steps of a range must be a whole number from 2 to 10000, not '1'."),
    ("materials[Dy].price=2:2:3", "the ends of the range '2:2:3' must be two different numbers."),
    ("materials[Dy].price=norml(1,2)", "the distribution 'norml' is not known; did you mean 'normal'?"),
    ("materials[Dy].price=normal(1)", "normal needs 2 numbers: normal(mean, sd)."),
    ("materials[Dy].price=normal(1,0)", "sd must be above 0 in normal(mean, sd), not normal(1, 0)."),
    ("materials[Dy].price=uniform(2,1)", "low must be below high"),
    ("materials[Dy].price=triangular(1,3,2)", "low, mode and high must rise"),
    ("materials[Dy].price=lognormal(0,1)", "median and sigma must be above 0"),
    ("materials[Dy].price=discrete(1,2)", "give each value its probability, as in discrete(1:0.25, 2:0.75), not '1'."),
    ("materials[Dy].price=discrete(1:0.5,2:0.6)", "the probabilities add to 1.1; they must add to 1."),
    ("settings.period=uniform(3,12)", "period must be a whole number of months; give a list, or discrete(value:probability, ...)."),
    ("settings.length_known=uniform(0,1)", "length_known must be yes or no; give a list, or discrete"),
    # bounds
    ("materials[Dy].price=-1,1", "materials[Dy].price: price must be at least 0, not -1 (by materials[Dy].price=-1)."),
    ("materials.price+=-10", "materials[ore].price: price must be at least 0, not -5 (by materials[*].price+=-10)."),
    ("sectors[defense].coverage*=0.5:1.5:3", "coverage must be from 0 to 1, not 1.35 (by sectors[defense].coverage*=1.5)."),
    ("sectors[defense].coverage=uniform(0.5,1.5)", "coverage must be from 0 to 1, not 1.5"),
    ("settings.crisis_period*=1.5", "crisis_period must be a whole number of months, not 4.5"),
    ("settings.start_year+=0.5", "start_year must be a calendar year, not 2026.5"),
    ("durations[ban,3].months=0", "durations[ban,3].months: months must be from 0.1 to 240, not 0"),
    ("materials[Dy].price*=1e308", "price must be a number in USD/kg, not 'inf'"),
    ("durations[ban,3].months=12", "durations[ban,3].months=12: two rows of sheet durations would have the same cutoff, months."),
    ("durations[ban,3].probability=1.5", "the probabilities of cutoff 'ban' would add to 1.5; they must add to 1."),
    ("durations[war].probability=0.5", "would add to 0.5, and no other length is left to take the rest; they must add to 1."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), REFUSALS, ids=[text for text, _ in REFUSALS])
def test_a_refusal_says_what_is_wrong(text: str, words: str) -> None:
    assert words in refusal(text)


def test_a_sheet_without_rows_has_nothing_to_vary() -> None:
    tables = sound()
    tables["budget"] = tables["budget"][:2]

    with pytest.raises(ChangeError, match="sheet budget has no rows, so there is nothing to vary"):
        find_cells("budget.amount", case_of(tables))


def test_a_change_has_one_value() -> None:
    with pytest.raises(ChangeError, match="a change has one value, such as materials"):
        parse_change("materials[Dy].price=1,2", case())


def test_every_column_of_numbers_or_flags_can_vary_and_no_other() -> None:
    kinds = {column.kind for sheet in SHEETS for column in sheet if column.name in varying(sheet)}
    others = {column.kind for sheet in SHEETS for column in sheet if column.name not in varying(sheet)}

    assert kinds == {Kind.NUMBER, Kind.WHOLE, Kind.YEAR, Kind.FLAG}
    assert others == {Kind.NAME, Kind.MEMBER, Kind.CHOICE}


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("materials[Dy].price*=0.5,2", ["supply[Dy reserve].price"]),
        ("materials[Nd].price=90,110", ["supply[Nd reserve].price"]),
        ("materials[*].price*=0.5,2", ["supply[Dy reserve|Nd reserve].price", "materials[Nd].surplus_cost"]),
        ("materials[ore].price*=0.5,2", []),
        ("materials[Dy|Nd].price & materials[Nd].surplus_cost & supply[Nd reserve].price*=0.5,2", ["supply[Dy reserve].price"]),
        ("materials[Dy].price & supply[Dy *].price*=0.5,2", []),
        ("materials[Dy].resale_share*=0.5,2", []),
    ],
)
def test_prices_that_stay_while_their_materials_moves_are_known(address: str, left: list[str]) -> None:
    """The stockpile's offers of Dy and Nd have prices of their own (330 and 130 USD/kg), and surplus Nd sells for 5; a second variation may move them."""
    alone, rest = parse_variation(address, case()), [parse_variation(f"{other}*=0.5,2", case()) for other in left]

    assert prices_left(alone, case()) == left
    assert prices_left(alone, case(), rest) == []


OFFERS = ["Dy China", "Dy stockpile 1", "Dy stockpile 2", "Nd stockpile 1", "Nd stockpile 2", "Nd stockpile 3", "Tb, old", "ore"]


@pytest.mark.parametrize(
    ("wanted", "idle", "keys"),
    [
        (OFFERS[1:3], [], "Dy stockpile 1|Dy stockpile 2"),
        (OFFERS[1:6], [], "* stockpile *"),
        (OFFERS[0:4], [], "Dy *|Nd stockpile 1"),
        (OFFERS[0:5], ["Nd stockpile 3"], "* stockpile *|Dy China"),
        (OFFERS[4:8], [], "Nd stockpile 2|Nd stockpile 3|'Tb, old'|ore"),
    ],
)
def test_many_rows_are_meant_by_few_patterns_and_no_other_row_is(wanted: list[str], idle: list[str], keys: str) -> None:
    """Up to three by name; more by patterns that mean none but these, and such as it makes no difference to."""
    assert keys_of(wanted, {*wanted, *idle}, OFFERS) == keys.replace("'", '"')
