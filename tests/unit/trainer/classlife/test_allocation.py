"""Beds: never over capacity, never men and women together, as many people as the rooms allow."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.classlife.allocation import Free, Mode, Sleeper, allocate
from trainer.errors import UsageError

PEOPLE = st.lists(
    st.tuples(st.sampled_from(["m", "f", None]), st.sampled_from("ABCD")), max_size=16
).map(
    lambda rows: [
        Sleeper(f"P{number:02}", gender, unit)  # type: ignore[arg-type]
        for number, (gender, unit) in enumerate(rows)
    ]
)
ROOMS = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["m", "f", None])), max_size=6).map(
    lambda rows: [
        Free(f"R{number}", tuple(range(1, beds + 1)), gender)  # type: ignore[arg-type]
        for number, (beds, gender) in enumerate(rows)
    ]
)
MODE = st.sampled_from(["together", "apart"])


@given(PEOPLE, ROOMS, MODE, st.integers(0, 3))
def test_what_holds_of_every_allocation(
    people: list[Sleeper], rooms: list[Free], mode: Mode, seed: int
) -> None:
    found = allocate(people, rooms, mode=mode, seed=seed)
    gender = {one.person: one.gender for one in people}
    places = Counter((bed.room, bed.bed) for bed in found.beds.values())
    assert all(count == 1 for count in places.values())
    for room in rooms:
        inside = [person for person, bed in found.beds.items() if bed.room == room.room]
        assert len(inside) <= len(room.beds)
        assert len({gender[person] for person in inside} | {room.gender} - {None}) <= 1
        assert all(found.beds[person].bed in room.beds for person in inside)
    assert found.beds.keys() | found.left.keys() == gender.keys()
    assert not found.beds.keys() & found.left.keys()
    assert {person for person, why in found.left.items() if why == "gender"} == {
        person for person, known in gender.items() if known is None
    }
    assert found.beds == allocate(people[::-1], rooms[::-1], mode=mode, seed=seed).beds


@given(PEOPLE, ROOMS, MODE)
def test_nobody_more_could_have_a_bed(people: list[Sleeper], rooms: list[Free], mode: Mode) -> None:
    """Held against every way to give the rooms that anybody may have to men or to women."""
    need = Counter(one.gender for one in people)
    best = 0
    for given_to in product("mf", repeat=len(rooms)):
        beds: Counter[str] = Counter()
        for room, gender in zip(rooms, given_to, strict=True):
            beds[room.gender or gender] += len(room.beds)
        best = max(best, sum(min(need[gender], beds[gender]) for gender in ("m", "f")))
    assert len(allocate(people, rooms, mode=mode).beds) == best


def pairs(people: list[Sleeper], mode: Mode) -> int:
    rooms = [Free(f"R{number}", (1, 2)) for number in range(4)]
    beds = allocate(people, rooms, mode=mode).beds
    return sum(
        one.unit == two.unit and beds[one.person].room == beds[two.person].room
        for one, two in combinations(people, 2)
    )


def test_colleagues_are_together_or_apart() -> None:
    """Two of each of four units in four rooms of two: all four pairs together, or none."""
    people = [Sleeper(f"P{number}", "f", "ABCD"[number // 2]) for number in range(8)]
    assert pairs(people, "together") == 4
    assert pairs(people, "apart") == 0


def test_a_way_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match="together, apart"):
        allocate([], [], mode="beside")  # type: ignore[arg-type]
