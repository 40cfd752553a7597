"""Minutes between venues, and which venues count as accredited."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.tables import AccreditationItem, Person, Travel
from tests.factories.plans import Plan, day
from trainer.timetable.places import is_accredited, kilometres, travel_minutes

DEGREES = st.tuples(st.floats(-80, 80), st.floats(-179, 179))


def minutes(plan: Plan) -> dict[tuple[str, str], int]:
    facts = plan.facts()
    codes = list(facts.venues)
    matrix = travel_minutes(facts)
    return {
        (here, there): matrix[row][column]
        for row, here in enumerate(codes)
        for column, there in enumerate(codes)
        if here != there
    }


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    """The great circle, by a length that everybody knows."""
    assert kilometres(35, 117, 36, 117) == pytest.approx(111.2, abs=0.1)


@given(one=DEGREES, other=DEGREES)
def test_distance_is_the_same_both_ways_and_never_too_long(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    """Nothing is farther than half around the world."""
    there = kilometres(*one, *other)
    assert there == pytest.approx(kilometres(*other, *one), abs=1e-6)
    assert 0 <= there <= 20_016


def test_coordinates_give_minutes_by_detour_and_speed_rounded_up(sqlite_plan: Plan) -> None:
    """11.12 km, times 1.3, at 40 km/h are 21.7 minutes."""
    sqlite_plan.venue("A", lat=35.0, lon=117.0)
    sqlite_plan.venue("B", lat=35.1, lon=117.0)
    sqlite_plan.venue("C")
    found = minutes(sqlite_plan)
    assert (found["A", "B"], found["B", "A"]) == (22, 22)
    assert (found["A", "C"], found["C", "B"]) == (0, 0)


def test_a_row_counts_both_ways_unless_both_are_given(sqlite_plan: Plan) -> None:
    """And it overrides what the coordinates say."""
    for code, lat in (("A", 35.0), ("B", 35.1), ("C", 35.2)):
        sqlite_plan.venue(code, lat=lat, lon=117.0)
    sqlite_plan.add(
        Travel(from_venue="A", to_venue="B", minutes=5),
        Travel(from_venue="A", to_venue="C", minutes=7),
        Travel(from_venue="C", to_venue="A", minutes=9),
    )
    found = minutes(sqlite_plan)
    assert (found["A", "B"], found["B", "A"]) == (5, 5)
    assert (found["A", "C"], found["C", "A"]) == (7, 9)
    assert found["B", "C"] == 22


@pytest.mark.parametrize(
    ("until", "dated", "accredited"),
    [(None, 0, False), (None, 9, False), (None, 10, True), (dt.date(2023, 1, 1), 0, True)],
)
def test_ten_dated_haves_accredit_a_venue_without_end(
    sqlite_plan: Plan, until: dt.date | None, dated: int, *, accredited: bool
) -> None:
    """A date of its own needs no list; the list needs all ten."""
    sqlite_plan.venue("A", accredited_until=until)
    for number in range(10):
        date = dt.date(2022, 1, 1) if number < dated else None
        sqlite_plan.add(AccreditationItem(venue="A", item=f"item {number}", date=date))
    facts = sqlite_plan.facts()
    assert is_accredited(facts, facts.venues["A"]) == accredited


def test_a_hall_that_is_closed_closes_its_parts_and_a_part_the_hall(sqlite_plan: Plan) -> None:
    plan = sqlite_plan
    plan.venue("HALL", capacity=200)
    plan.venue("EAST", capacity=60, part_of="HALL")
    plan.venue("WEST", capacity=60, part_of="HALL")
    plan.course("K1", venues=("EAST",))
    plan.course("K2", venues=("HALL",))
    plan.training("C1", "K1")
    plan.training("C2", "K2")
    plan.session("C1", "K1", day(6), "AM1", venue="EAST")
    plan.session("C2", "K2", day(7), "AM1", venue="HALL")
    assert plan.broken() == set()
    plan.away("venue", "WEST", day(7))
    assert plan.broken() == {"H6"}
    plan.away("venue", "HALL", day(6))
    assert len([each for each in plan.findings() if each.rule == "H6"]) == 2


def test_a_hall_and_its_part_are_one_place(sqlite_plan: Plan) -> None:
    plan = sqlite_plan
    plan.venue("HALL", capacity=200)
    plan.venue("EAST", capacity=60, part_of="HALL")
    plan.course("K1", venues=("EAST",))
    plan.course("K2", venues=("HALL",))
    plan.training("C1", "K1")
    plan.training("C2", "K2")
    plan.session("C1", "K1", day(6), "AM1", venue="EAST")
    plan.session("C2", "K2", day(6), "AM1", venue="HALL")
    assert plan.broken() == {"H2"}


def test_two_rows_of_one_person_are_one_teacher(sqlite_plan: Plan) -> None:
    plan = sqlite_plan
    plan.add(Person(code="P1", name="王某"))
    plan.teacher("T1", person="P1")
    plan.teacher("T2", person="P1")
    plan.venue("V1")
    plan.venue("V2")
    plan.course("K1", teachers=("T1",))
    plan.course("K2", teachers=("T2",))
    plan.training("C1", "K1")
    plan.training("C2", "K2")
    plan.session("C1", "K1", day(6), "AM1", venue="V1", teacher="T1")
    plan.session("C2", "K2", day(6), "AM1", venue="V2", teacher="T2")
    assert plan.broken() == {"H1"}


def test_a_trainee_does_not_teach_elsewhere_at_the_same_time(sqlite_plan: Plan) -> None:
    plan = sqlite_plan
    plan.add(Person(code="P1", name="王某"))
    plan.teacher("T1", person="P1")
    plan.venue("V1")
    plan.venue("V2")
    plan.course("K1", teachers=("T1",))
    plan.course("K2")
    plan.training("C1", "K1")
    plan.training("C2", "K2")
    plan.enrol("C2", "P1")
    plan.session("C1", "K1", day(6), "AM1", venue="V1", teacher="T1")
    plan.session("C2", "K2", day(6), "AM1", venue="V2")
    assert plan.broken() == {"H1"}
