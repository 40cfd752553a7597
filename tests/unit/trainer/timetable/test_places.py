"""Minutes between venues, and which venues count as accredited."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.tables import AccreditationItem, Travel
from tests.factories.plans import Plan
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
