"""The groups of a class in the app: proposed, moved, led; late joiners; what was before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.factories.classlife import FIRST, facts_of
from trainer.classlife.groups import groups_of, list_groups
from trainer.desk import Desk
from tui.app import TrainerApp
from tui.screens.classlife import ClassScreen

TUESDAY = dt.date(2023, 3, 7)


def groups(desk: Desk, on: dt.date = TUESDAY) -> dict[str, str]:
    """Return who is in which group on a day."""
    with desk.reading() as session:
        return groups_of(session, "C1", on)


async def test_proposed_moved_and_led(
    at_home: TrainerApp, home: Desk, go: Any, keys: Any, shown: Callable[[TrainerApp], str]
) -> None:
    """Two groups of four from today on; the first person goes to a new one and leads it."""
    async with at_home.run_test(size=(100, 30)) as pilot:
        await go(pilot, "g", "p", "=9")
        assert "a number from 1 to 8" in shown(at_home)
        await keys(pilot, "backspace", "=2")
        assert "2 groups of 4" in shown(at_home)
        await keys(pilot, "enter")
        assert "people: 8, groups: 2, without: 0" in shown(at_home)
        found = groups(home)
        assert sorted(found.values()) == ["第一组"] * 4 + ["第二组"] * 4
        assert groups(home, FIRST) == {}
        await keys(pilot, "home", "m", "enter", "h", "u")
        assert groups(home) == found
        await keys(pilot, "home", "m", "down", "enter", "l")
        assert "第三组" in shown(at_home)
        assert "group leader" in shown(at_home)
        await keys(pilot, "h")
        await keys(pilot, "escape")
        assert isinstance(at_home.screen, ClassScreen)
        assert "第三组 1" in shown(at_home)
    moved = [person for person, name in groups(home).items() if name == "第三组"]
    with home.reading() as session:
        third = list_groups(session, facts_of(home), TUESDAY)[2]
    assert [one.person for one in third.leaders] == moved
    assert found[moved[0]] == "第一组"


async def test_late_joiners_and_nobody_to_join(
    at_home: TrainerApp, home: Desk, go: Any, keys: Any, shown: Callable[[TrainerApp], str]
) -> None:
    """Without groups nobody can join any, which is said; who was taken out joins the smallest."""
    async with at_home.run_test(size=(80, 24), notifications=True) as pilot:
        await go(pilot, "g", "k")
        assert "anybody could join" in " ".join(shown(at_home).split())
        assert groups(home) == {}
        await keys(pilot, "l")
        await keys(pilot, "p", "=2 3", "enter", "end", "m", "end", "down", "down", "enter")
        assert list(groups(home).values()).count("第二组") == 3
        await keys(pilot, "k")
    assert sorted(groups(home).values()) == ["第一组"] * 4 + ["第二组"] * 4
