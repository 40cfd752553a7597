"""Locking on the timetable: one session, or all of its class, day, teacher or venue."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.factories.plans import MONDAY, Plan, day
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.phrases import set_language
from tui.app import TrainerApp
from tui.screens.carry import CarryScreen

Settle = Callable[[Pilot[Any]], Awaitable[None]]
Shown = Callable[[TrainerApp], str]


@pytest.fixture
def week(sqlite_url: str) -> Plan:
    """Two classes on Monday, today, and the first of them on Tuesday, too."""
    plan = Plan(Desk(sqlite_url, "clerk", Clock(fixed=MONDAY)))
    plan.venue("V1")
    plan.venue("V2")
    plan.teacher("T1")
    plan.teacher("T2")
    plan.course("K1", teachers=("T1", "T2"))
    plan.course("K2", teachers=("T1", "T2"))
    plan.training("C1", "K1", "K2", latest=day(17))
    plan.training("C2", "K1", latest=day(17))
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1", teacher="T1")
    plan.session("C1", "K2", day(7), "AM1", venue="V2", teacher="T2")
    plan.session("C2", "K1", MONDAY, "AM2", venue="V1", teacher="T2")
    return plan


def locked(plan: Plan) -> list[str]:
    """Return class and course of what is locked."""
    return [f"{row.class_code}/{row.course}" for row in plan.sessions() if row.locked]


async def press(pilot: Pilot[Any], settle: Settle, *keys: str) -> None:
    """Press keys, each once what came before is done."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def chosen(pilot: Pilot[Any], settle: Settle, *typed: str) -> None:
    """Open the week, ask what to lock and choose the line that what is typed leaves."""
    await settle(pilot)
    await press(pilot, settle, "f3", "l", *typed, "enter")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["C1/K1"]),
        ("class", ["C1/K1", "C1/K2"]),
        ("day", ["C1/K1", "C2/K1"]),
        ("teacher", ["C1/K1"]),
        ("venue", ["C1/K1", "C2/K1"]),
    ],
)
async def test_what_belongs_together_is_locked_and_taken_back(
    typed: str, found: list[str], week: Plan, settle: Settle
) -> None:
    """The session under the cursor decides which class, day, teacher and venue."""
    app = TrainerApp(lambda: week.desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await chosen(pilot, settle, *typed)
        assert locked(week) == found
        await press(pilot, settle, "u")
        assert locked(week) == []
        await press(pilot, settle, "r")
        assert locked(week) == found


async def test_a_locked_session_is_shown_and_not_picked_up_until_it_is_unlocked(
    week: Plan, settle: Settle, shown: Shown
) -> None:
    """Its bar has a sign, the foot says so; picking it up is refused with the key that unlocks."""
    app = TrainerApp(lambda: week.desk)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await chosen(pilot, settle)
        assert "# course K1" in shown(app)
        assert "08:30-09:15 # locked" in shown(app)
        await press(pilot, settle, "m")
        assert not isinstance(app.screen, CarryScreen)
        assert "unlock it first with l in its week" in notified(app)[-1]
        await press(pilot, settle, "l", "enter")
        assert locked(week) == []
        assert "#" not in shown(app)
        assert notified(app)[-1] == "1 session unlocked; u takes it back"
        await press(pilot, settle, "m")
        assert isinstance(app.screen, CarryScreen)


def notified(app: TrainerApp) -> list[str]:
    """Return what was told at the edge of the screen, in order."""
    return [str(each.message) for each in app._notifications]


async def test_unlocking_a_day_leaves_other_days_locked(week: Plan, settle: Settle) -> None:
    """The class is locked, then its Monday unlocked; what is so already is said to be."""
    app = TrainerApp(lambda: week.desk)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await chosen(pilot, settle, *"class")
        await press(pilot, settle, "l", *"unlock", "space", *"day", "enter")
        assert locked(week) == ["C1/K2"]
        await press(pilot, settle, "l", *"unlock", "space", *"day", "enter")
        assert notified(app)[-1] == "all of them were so already"


async def test_leaving_the_question_locks_nothing(week: Plan, settle: Settle, shown: Shown) -> None:
    """It is asked in Chinese, too, with the names of what would be locked."""
    set_language("zh")
    app = TrainerApp(lambda: week.desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, settle, "f3", "l")
        text = shown(app)
        assert "锁定该教师的课次" in text
        assert "teacher T1" in text
        await press(pilot, settle, "escape")
        assert locked(week) == []
