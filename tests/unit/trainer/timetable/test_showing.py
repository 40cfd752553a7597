"""What is free: halls and their parts, and the places that a field day visits."""

from __future__ import annotations

import pytest

from tests.factories.plans import Plan, day
from trainer.timetable.showing import free_venues


@pytest.fixture
def hall(plan: Plan) -> Plan:
    """Plan a hall H of two halves, of which H1 has a corner H11, and a room by itself."""
    plan.venue("H", parallel=2)
    plan.venue("H1", part_of="H", parallel=2)
    plan.venue("H2", part_of="H")
    plan.venue("H11", part_of="H1")
    plan.venue("R")
    plan.course("K1")
    plan.training("C1")
    return plan


def free(plan: Plan, date: int = 6) -> set[str]:
    """Return the codes of what is free in the first period of a day."""
    return {venue.code for venue in free_venues(plan.facts(), day(date), "AM1")}


@pytest.mark.parametrize(
    ("used", "left"),
    [
        ("H", {"H", "R"}),
        ("H1", {"H1", "H2", "R"}),
        ("H2", {"H1", "H11", "R"}),
        ("H11", {"H2", "R"}),
        ("R", {"H", "H1", "H2", "H11"}),
    ],
)
def test_a_hall_and_its_parts_are_not_used_at_once(hall: Plan, used: str, left: set[str]) -> None:
    """What has room for another meeting beside its own is still no room beside its parts."""
    hall.session("C1", "K1", day(6), "AM1", venue=used)
    assert free(hall) == left
    assert free(hall, 7) == {"H", "H1", "H2", "H11", "R"}


def test_what_closes_a_hall_closes_its_parts(hall: Plan) -> None:
    hall.away("venue", "H1", day(6))
    assert free(hall) == {"H2", "R"}


def test_a_place_is_not_free_while_it_is_visited(hall: Plan) -> None:
    hall.course("K2", periods=2, stops=("R",), stop_minutes=20)
    hall.session("C1", "K2", day(6), "AM1", periods=2, venue="H2")
    assert free(hall) == {"H1", "H11"}
