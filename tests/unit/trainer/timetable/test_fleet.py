"""Buses: as few people without a seat as can be, then as few buses, held against every way."""

# ruff: noqa: S311 - random days are repeatable on purpose

from __future__ import annotations

import datetime as dt
from itertools import product
from random import Random
from time import process_time

import pytest

from trainer.timetable.fleet import Load, assign_buses, buses_needed

NOON = dt.datetime(2023, 5, 8, 4, tzinfo=dt.UTC)


def load(people: int, start: int = 0, end: int = 60) -> Load:
    return Load(people, NOON + dt.timedelta(minutes=start), NOON + dt.timedelta(minutes=end))


def worth(
    loads: list[Load], seats: tuple[int, ...], buses: list[tuple[int, ...]]
) -> tuple[int, int, int]:
    held = [sum(seats[bus] for bus in those) for those in buses]
    pairs = list(zip(loads, held, strict=True))
    return (
        sum(max(0, each.people - seat) for each, seat in pairs),
        sum(map(len, buses)),
        sum(max(0, seat - each.people) for each, seat in pairs),
    )


def best_by_trying_all(loads: list[Load], seats: tuple[int, ...]) -> tuple[int, int, int]:
    sets = list(product((False, True), repeat=len(seats)))
    found = []
    for chosen in product(sets, repeat=len(loads)):
        apart = all(
            not (one and other)
            for a, mine in enumerate(chosen)
            for b, theirs in enumerate(chosen[:a])
            if loads[a].start < loads[b].end and loads[b].start < loads[a].end
            for one, other in zip(mine, theirs, strict=True)
        )
        if apart:
            buses = [tuple(n for n, used in enumerate(mine) if used) for mine in chosen]
            found.append(worth(loads, seats, buses))
    return min(found)


def test_each_class_gets_the_bus_that_suits() -> None:
    """40 and 30 people at the same hour: the bus of 49 takes the 40, that of 33 the 30."""
    carried = assign_buses([load(30), load(40)], (49, 33))
    assert [(each.buses, each.short) for each in carried] == [((1,), 0), ((0,), 0)]


def test_what_lacks_is_told() -> None:
    """100 people, 82 seats: 18 have none; an hour later the buses are free again."""
    carried = assign_buses([load(100), load(20, 60, 120)], (49, 33))
    assert [(each.buses, each.short) for each in carried] == [((0, 1), 18), ((1,), 0)]
    assert [buses_needed(people, (49, 33)) for people in (0, 33, 50, 83)] == [0, 1, 2, None]


def test_nobody_without_a_seat_costs_a_second_bus_less() -> None:
    """60 and 49 people with 49, 33 and 33 seats: the 60 take the two small ones."""
    carried = assign_buses([load(60), load(49)], (49, 33, 33))
    assert [(each.buses, each.short) for each in carried] == [((1, 2), 0), ((0,), 0)]


def test_a_bus_that_is_back_is_handed_on_whoever_is_more() -> None:
    """Never more than two loads at once: two buses do, though the largest loads are apart."""
    loads = [load(49, 0, 20), load(48, 40, 60), load(47, 10, 30), load(46, 20, 50)]
    carried = assign_buses(loads, (49, 49))
    assert [each.short for each in carried] == [0, 0, 0, 0]
    assert [each.buses for each in carried] == [(0,), (1,), (1,), (0,)]


def test_many_equal_buses_cost_nothing() -> None:
    """560 people at an hour in buses of 49 and 33 seats: 2, 3, 6 and 2 of them."""
    began = process_time()
    carried = assign_buses([load(60), load(140), load(280), load(80)], (49,) * 24 + (33,) * 12)
    assert [(len(each.buses), each.short) for each in carried] == [(2, 0), (3, 0), (6, 0), (2, 0)]
    assert process_time() - began < 2.0


def test_many_different_buses_end_as_well() -> None:
    """Of 24 buses, none like another, some that do are found within bounds."""
    began = process_time()
    carried = assign_buses([load(300), load(250), load(200)], tuple(range(20, 68, 2)))
    assert [each.short for each in carried] == [0, 0, 0]
    assert process_time() - began < 5.0


@pytest.mark.parametrize("seed", range(30))
def test_no_way_of_sharing_out_the_buses_is_better(seed: int) -> None:
    rng = Random(seed)
    seats = tuple(rng.choice((20, 33, 49)) for _ in range(rng.randint(1, 3)))
    loads = [
        load(rng.randint(5, 90), start := rng.choice((0, 30, 60)), start + rng.choice((30, 60)))
        for _ in range(rng.randint(1, 3))
    ]
    carried = assign_buses(loads, seats)
    buses = [each.buses for each in carried]
    assert worth(loads, seats, buses) == best_by_trying_all(loads, seats)
    for one, mine in enumerate(buses):
        for other, theirs in enumerate(buses[:one]):
            if loads[one].start < loads[other].end and loads[other].start < loads[one].end:
                assert set(mine).isdisjoint(theirs)
