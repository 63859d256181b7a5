"""Why there is no plan, on seeded contradictions: the cells that are wrong are named."""

import pytest

from inputs.apply import apply
from inputs.change import parse_change
from inputs.workbook import parse
from model.explain.report import Explanation, explain
from model.plan import make_plan
from model.solver.program import Status
from tests.kit.cases import grids, sheets
from tests.kit.contradictions import CONTRADICTIONS, SOUND, Contradiction, without_works
from tests.kit.small import case, embargo, near, plant, series


@pytest.mark.parametrize("seed", CONTRADICTIONS, ids=lambda seed: seed.name)
def test_the_seeded_cells_are_in_one_conflict_and_the_repair_solves(seed: Contradiction) -> None:
    found = explain(seed.case)

    assert not found.unexplained
    mended = make_plan(apply(seed.case, [parse_change(f"{change.address}={change.after:.12g}", seed.case) for change in found.repair]))

    assert [conflict for conflict in found.conflicts if seed.cells <= {statement.address for statement in conflict.statements}]
    assert mended.status is Status.OPTIMAL


def test_a_case_with_a_plan_has_nothing_to_explain() -> None:
    found = explain(SOUND)

    assert not found.conflicts
    assert "there is a plan" in found.unexplained


def seed_of(name: str) -> Explanation:
    return explain(next(seed.case for seed in CONTRADICTIONS if seed.name == name))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("no stockpile offer", {"sectors[defense].coverage": 0.4, "demand[Dy,defense].demand": 4}),
        (
            "coverage before anything can be bought",
            {
                "sectors[defense].coverage": 0.4,
                "demand[Dy,defense].demand": 4,
                "settings.ready_by": 36,
                "supply[Dy purchase].first_year": 2026,
            },
        ),
        ("purchase limit", {"sectors[defense].coverage": 0.5, "demand[Dy,defense].demand": 5, "materials[Dy].purchase_limit": 6}),
        ("storage", {"sectors[defense].coverage": 0.9, "demand[Dy,defense].demand": 9, "settings.storage_limit": 6}),
        (
            "budget",
            {"sectors[defense].coverage": 0.7, "demand[Dy,defense].demand": 7, "settings.ready_by": 24, "budget[2026].amount": 0.6},
        ),
        ("release lag", {"sectors[defense].coverage": 0.4, "demand[Dy,defense].demand": 4, "settings.release_lag": 0}),
        ("release limit", {"sectors[defense].coverage": 0.7, "demand[Dy,defense].demand": 7, "materials[Dy].release_limit": 0.5}),
        ("pins against limits", {"materials[Dy].purchase_limit": 8, "pins[purchase,Dy,2026].at_least": 7}),
    ],
)
def test_each_statement_goes_as_far_alone_as_the_arithmetic_says(name: str, expected: dict[str, float]) -> None:
    """10 t are needed and 4 arrive, so 6 come from store. Chile alone covers 40 %, with 1 t bought by 2027 50 %, with 5 t kept 90 %, with 3 t released or paid for 70 %."""
    alone = {each.statement.address: each.change and each.change.after for each in seed_of(name).alone}

    assert alone == pytest.approx(expected)


def test_a_kept_cell_is_not_repaired() -> None:
    """5 t of storage for the 6 that are needed: coverage would fall to 90 %."""
    seed = next(seed for seed in CONTRADICTIONS if seed.name == "storage")
    found = explain(seed.case, keep=["settings.storage_limit", "demand[*].demand"])

    assert {change.address: change.after for change in found.repair} == pytest.approx({"sectors[defense].coverage": 0.9})


def test_a_repair_is_the_least_change_of_as_few_cells_as_can_be() -> None:
    """1 t of storage more, 1/5 of what there is."""
    assert [(change.address, change.before, change.after, change.unit) for change in seed_of("storage").repair] == [
        ("settings.storage_limit", 5, 6, "t")
    ]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "purchase limit",
            "In a cutoff 'embargo' that begins in January 2027, defense is promised 10 t of Dy in the first 12 months (100 % of its demand). "
            "4 t still arrive and 1 t come from store, where no more than 1 t can be by then: 5 t are missing, the first of them in January 2027.",
        ),
        (
            "release lag",
            "In a cutoff 'embargo' that begins in January 2027, defense is promised 10 t of Dy in the first 12 months (100 % of its demand). "
            "4 t still arrive and 0 t come from store: 6 t are missing, the first of them in January 2027.",
        ),
        (
            "share caps",
            "At least 90 % of the demand for Dy made or offered at home: with all else as it is it can be 45.45 % at most, 44.55 % less than is asked for.",
        ),
        (
            "pins against limits",
            "At least 8 t of Dy bought or taken into the stockpile in 2026 (pins): with all else as it is it can be 7 t at most, 1 t less than is asked for.",
        ),
    ],
)
def test_the_sentence_is_the_arithmetic_of_the_conflict(name: str, sentence: str) -> None:
    """The first embargo can begin a year after the plan, when 1 t has been bought; without a limit of purchases there is no most that can be in store.

    At home 10 t of Dy can be made, of 5 t of ore from Chile and as much from China, where 22 t are asked for.
    """
    assert seed_of(name).conflicts[0].sentence == sentence


def test_the_shortfall_is_the_best_plan_with_what_is_missing_priced() -> None:
    """5 t of storage for the 6 that are needed: 1 t is short in each of three embargoes. Costs are the plan's own: shortages at 10 times the price, not at 1000."""
    plan = seed_of("storage").shortfall
    assert plan is not None

    assert series(plan, "stock", material="Dy")[:3] == near([5, 5, 5])
    assert [value for value in series(plan, "shortage", sector="defense") if value > 1e-6] == near([1, 1, 1])
    assert plan.objective == near(float(plan.expected.to_numpy().sum()))
    assert "does not meet" in plan.message


def test_the_shortfall_of_a_pin_is_as_near_to_it_as_limits_let() -> None:
    """8 t are pinned, 7 t can be bought or taken from works."""
    plan = seed_of("pins against limits").shortfall
    assert plan is not None

    assert series(plan, "supply", offer="Dy purchase")[0] + series(plan, "offtake", material="Dy")[0] == near(7)


@pytest.mark.parametrize(("name", "cell"), [("reference-15", "settings.release_lag"), ("reference-28", "floors[M0,home].share")])
def test_infeasible_known_answers_are_explained(name: str, cell: str) -> None:
    """A floor out of reach is an error of the workbook, so it is set once the workbook is read."""
    tables = sheets(name)
    floors = tables.get("floors") or []
    reading = parse(grids({**tables, "floors": [{**row, "share": 0} for row in floors]}), name)
    assert reading.case is not None
    seeded = [f"floors[{row['material']},{row['origin']}].share={row['share']}" for row in floors]
    found = explain(apply(reading.case, [parse_change(change, reading.case) for change in seeded]))

    assert cell in {statement.address for conflict in found.conflicts for statement in conflict.statements}
    assert found.repair


def test_opening_stock_that_does_not_fit_is_explained() -> None:
    """8 t are there where 5 t may be; the best plan does without 3 t, and a cutoff then takes 1 t more than there is."""
    changes = [parse_change(text, SOUND) for text in ("materials[Dy].opening_stock=8", "materials[Dy].stock_limit=5")]
    found = explain(apply(without_works(), changes))

    assert {statement.address for statement in found.conflicts[0].statements} == {
        "materials[Dy].opening_stock",
        "materials[Dy].stock_limit",
    }
    assert {change.address: change.after for change in found.repair} == pytest.approx({"materials[Dy].stock_limit": 8})
    assert found.shortfall is not None
    assert series(found.shortfall, "stock", material="Dy")[:3] == near([5, 5, 5])


def test_a_row_that_is_missing_is_asked_for_with_its_size() -> None:
    """Nobody sells to the stockpile: 6 t are wanted by 2027, after one year of buying."""
    assert seed_of("no stockpile offer").conflicts[0].sentence.endswith("An offer of 6 t/yr of Dy to the stockpile in supply would do.")


def test_an_earlier_offer_has_no_more_than_its_capacity() -> None:
    """5 t/yr from 2028 on: even from 2026 on there are 5 t by 2027, of the 6 that are needed; with 6 t/yr they are there."""
    changes = ["supply[Dy purchase].first_year=2028", "supply[Dy purchase].capacity=5"]
    found = explain(apply(without_works(), [parse_change(change, without_works()) for change in changes]))
    alone = {each.statement.address: each.change for each in found.alone}

    assert "supply[Dy purchase].first_year" in alone
    assert alone["supply[Dy purchase].first_year"] is None


def test_a_lag_does_not_let_more_be_released_than_its_limit() -> None:
    """3 t are promised in 3 months in which nothing is released; without the lag there would be 1.5 t of 0.5 t/month."""
    offers = [
        {"offer": "import", "country": "China", "material": "Dy"},
        {"offer": "buy", "country": "China", "material": "Dy", "buyer": "stockpile"},
    ]
    found = explain(
        case(
            {"horizon": 3, "release_lag": 3},
            materials={"material": "Dy", "price": 100, "release_limit": 0.5},
            sectors={"sector": "civil", "shortage_multiple": 10, "coverage": 1, "cover_months": 3},
            supply=offers,
            **embargo(6),
        )
    )  # fmt: skip
    alone = {each.statement.address: each.change for each in found.alone}

    assert alone["settings.release_lag"] is None
    assert {change.address: change.after for change in found.repair} == near({"settings.release_lag": 0, "materials[Dy].release_limit": 1})


@pytest.mark.parametrize(("life", "ramp", "needed"), [(20, 0, 20), (20, 24, 26.7), (1, 24, 80)])
def test_capacity_for_a_floor_is_what_is_on_line_in_its_year(life: float, ramp: float, needed: float) -> None:
    """20 t/yr are asked for in 2028. Built in a year and run up in two, an order of 2026 is on line by three quarters (26.7 rounds 20 / 0.75 up); one of a year's life must be made in 2027, and has a quarter."""
    works = plant(capacity_limit=100, capex=1000, lead_time=12, ramp=ramp, life=life)
    buildable = case({"horizon": 3}, **works, capacity_floors={"kind": "refinery", "year": 2028, "capacity": 20})
    found = explain(apply(buildable, [parse_change("plants[works].capacity_limit=0", buildable)]))
    alone = {each.statement.address: each.change for each in found.alone}["plants[works].capacity_limit"]

    assert alone is not None
    assert alone.after == near(needed)


def test_capacity_that_cannot_be_in_time_is_no_change_alone() -> None:
    """Three years to build are over in 2029."""
    works = plant(capacity_limit=100, capex=1000, lead_time=12)
    buildable = case({"horizon": 3}, **works, capacity_floors={"kind": "refinery", "year": 2028, "capacity": 20})
    found = explain(
        apply(buildable, [parse_change(text, buildable) for text in ("plants[works].capacity_limit=0", "plants[works].lead_time=36")])
    )

    assert {each.statement.address: each.change for each in found.alone}["plants[works].capacity_limit"] is None
