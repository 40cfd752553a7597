"""Rooms in the app: given anew, by hand, against the rule with a reason, and a new room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from db.tables import Room
from trainer.classlife.rooms import lodgers
from trainer.desk import Desk
from tui.app import TrainerApp
from tui.screens.asking import LinePrompt
from tui.screens.beds import NewRoom, room_typed


def beds(desk: Desk) -> dict[str, str]:
    """Return who sleeps in which room."""
    with desk.reading() as session:
        return {one.person: one.room for one in lodgers(session, class_code="C1")}


async def test_given_anew_and_by_hand(
    at_home: TrainerApp, home: Desk, go: Any, keys: Any, shown: Callable[[TrainerApp], str]
) -> None:
    """Four men and four women have two rooms of four beds; a third room takes a man by hand.

    A woman in it needs a reason; Esc leaves her where she is.
    """
    async with at_home.run_test(size=(100, 30)) as pilot:
        await go(pilot, "r")
        assert "with a bed: 0, without: 8, beds free: 8" in shown(at_home)
        await keys(pilot, "p", "enter")
        assert "with a bed: 8, without: 0, beds free: 0" in shown(at_home)
        first = beds(home)
        assert len({first[person] for person in ("P1", "P2", "P4", "P7")}) == 1
        await keys(pilot, "n", "=R3 2 男", "enter", "home")
        listing = at_home.screen.query_one("#lines")
        people = [str(key.value) for key in listing.rows]  # type: ignore[attr-defined]
        place = people.index("P1")
        await keys(pilot, *["down"] * place, "enter", "=r3", "enter")
        assert beds(home) == {**first, "P1": "R3"}
        assert "by hand" in shown(at_home)
        people = [str(key.value) for key in listing.rows]  # type: ignore[attr-defined]
        await keys(pilot, "home", *["down"] * people.index("P3"), "enter", "=r3", "enter")
        assert isinstance(at_home.screen, LinePrompt)
        await keys(pilot, "escape")
        assert beds(home) == {**first, "P1": "R3"}
        await keys(pilot, "enter", "=r3", "enter", "=夫妻", "enter")
        assert beds(home)["P3"] == "R3"
    with home.reading() as session:
        assert session.get_one(Room, "R3").venue == "V1"
        assert next(one for one in lodgers(session) if one.person == "P3").reason == "夫妻"


async def test_a_bed_is_taken_back(at_home: TrainerApp, home: Desk, go: Any, keys: Any) -> None:
    """By hand into a room, and out of all."""
    async with at_home.run_test(size=(80, 24)) as pilot:
        await go(pilot, "r", "enter", "enter")
        assert list(beds(home)) == ["P1"]
        await keys(pilot, "u")
        assert beds(home) == {}
        await keys(pilot, "u", "home", "enter", "enter")
        assert list(beds(home)) == ["P1"]
        await keys(pilot, "end", "enter", "=no bed", "enter")
    assert beds(home) == {}


@pytest.mark.parametrize(
    ("text", "room"),
    [("201 2", NewRoom("201", 2, None)), ("201 3 女", NewRoom("201", 3, "女")), ("201", None),
     ("201 two", None), ("201 2 猫", None), ("", None)],
)  # fmt: skip
def test_a_room_as_it_is_typed(text: str, room: NewRoom | None) -> None:
    """Number, beds, and for whom; nothing else makes a room."""
    assert room_typed(text) == room
