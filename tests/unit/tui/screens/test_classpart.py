"""What the sides of a class have in common: languages, help, the way back, a class that is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tui.app import TrainerApp
from tui.keymap import known_ids
from tui.screens.classlife import ClassScreen
from tui.screens.classpart import ClassPart

SIDES = {
    "g": ("Groups", "编组", "groups.move"),
    "b": ("Branch and committee", "支部与班委", "posts.appoint"),
    "d": ("Duty", "值班", "duty.give"),
    "r": ("Rooms", "住宿", "beds.place"),
    "o": ("Permits to leave", "外出审批", "exits.ask"),
    "e": ("Completion", "结业情况", "outcomes.decide"),
}


def on_top(app: TrainerApp) -> str:
    """Return which screen is on top; the type checker would remember an earlier one."""
    return type(app.screen).__name__


@pytest.mark.parametrize("side", SIDES)
async def test_each_side_speaks_both_languages_and_has_help(
    side: str, at_home: TrainerApp, go: Any, keys: Any, shown: Callable[[TrainerApp], str]
) -> None:
    """Ctrl+L changes what is open, F1 tells its keys by name, all of which a user may replace."""
    english, chinese, name = SIDES[side]
    async with at_home.run_test(size=(80, 24)) as pilot:
        await go(pilot, side)
        assert english in shown(at_home)
        await keys(pilot, "ctrl+l")
        assert chinese in shown(at_home)
        assert "班次C1" in shown(at_home)
        await keys(pilot, "f1")
        assert on_top(at_home) == "HelpScreen"
        await keys(pilot, "escape", "ctrl+t")
        ids = {active.binding.id for active in at_home.screen.active_bindings.values()}
        assert name in ids
        own = {one for one in ids if one and one.split(".")[0] == name.split(".")[0]}
        assert own <= known_ids()
        await keys(pilot, "escape")
        assert on_top(at_home) == "ClassScreen"


async def test_from_one_side_to_another_room_and_class(
    at_home: TrainerApp, go: Any, keys: Any, settle: Any
) -> None:
    """F2 leaves a side open, F5 comes back to it, then to the class; opening a class closes it."""
    async with at_home.run_test(size=(80, 24)) as pilot:
        await go(pilot, "g", "f2")
        assert on_top(at_home) == "TodayScreen"
        await keys(pilot, "f5")
        assert on_top(at_home) == "GroupsScreen"
        at_home.open_class("C2")
        await settle(pilot)
        assert isinstance(at_home.screen, ClassScreen)
        assert at_home.screen.code == "C2"
        await keys(pilot, "g", "f5")
        assert on_top(at_home) == "ClassScreen"


async def test_a_class_without_members_has_empty_sides(
    at_home: TrainerApp, go: Any, keys: Any, settle: Any
) -> None:
    """Keys that need somebody do nothing there, and nothing crashes."""
    async with at_home.run_test(size=(80, 24)) as pilot:
        await go(pilot, "g", "escape")
        at_home.open_class("C2")
        await settle(pilot)
        for side, pressed in {
            "g": "mlkhu", "b": "xp", "d": "gxau", "r": "bu", "o": "yxbtzu",
        }.items():  # fmt: skip
            await keys(pilot, side)
            for key in pressed:
                await keys(pilot, key)
                if not isinstance(at_home.screen, ClassPart):
                    await keys(pilot, "escape")
            assert isinstance(at_home.screen, ClassPart)
            await keys(pilot, "escape")
        assert on_top(at_home) == "ClassScreen"
