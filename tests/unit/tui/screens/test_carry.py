"""Carrying a session: picked up, carried with its effect in words, put down, refused, undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.factories.plans import MONDAY, Plan, day
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.phrases import set_language
from trainer.timetable.moving import Target, move_session, set_locked
from tui.app import TrainerApp
from tui.screens.carry import CarryScreen
from tui.screens.chooser import Chooser
from tui.screens.timetable import TimetableScreen

Settle = Callable[[Pilot[Any]], Awaitable[None]]
Shown = Callable[[TrainerApp], str]


@pytest.fixture
def week(sqlite_url: str) -> Plan:
    """A class with two sessions on Monday, today, in one of two rooms."""
    plan = Plan(Desk(sqlite_url, "clerk", Clock(fixed=MONDAY)))
    plan.venue("V1")
    plan.venue("V2")
    plan.teacher("T1")
    plan.teacher("T2")
    plan.course("K1", teachers=("T1", "T2"))
    plan.course("K2", teachers=("T1",))
    plan.training("C1", "K1", "K2", latest=day(17))
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1", teacher="T1")
    plan.session("C1", "K2", MONDAY, "AM2", venue="V1", teacher="T1")
    return plan


async def picked_up(pilot: Pilot[Any], settle: Settle) -> CarryScreen:
    """Open the timetable and pick up its first session."""
    await settle(pilot)
    await pilot.press("f3")
    await settle(pilot)
    await pilot.press("up", "m")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, CarryScreen)
    return screen


def where(plan: Plan) -> list[tuple[int, str, str | None, str | None]]:
    """Return the day, period, venue and teacher of each session."""
    return [(row.date.day, row.period, row.venue, row.teacher) for row in plan.sessions()]


HOME = [(6, "AM1", "V1", "T1"), (6, "AM2", "V1", "T1")]


async def test_arrows_carry_and_the_foot_tells_what_would_break(
    week: Plan, settle: Settle, shown: Shown
) -> None:
    """A period later both sessions would be at once: told with sign and words, nothing stored."""
    app = TrainerApp(lambda: week.desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await picked_up(pilot, settle)
        assert "+ no hard rule would break" in shown(app)
        assert "> course K1" in shown(app)
        await pilot.press("down")
        await settle(pilot)
        text = shown(app)
        assert "! 3 hard rules would break" in text
        assert "! H1: " in text
        assert "! H3: class C1 has two meetings at once" in " ".join(text.split())
        assert "! course" in text
        await pilot.press("right")
        await settle(pilot)
        assert "+ no hard rule would break" in shown(app)
        assert "changes +" in shown(app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, TimetableScreen)
    assert where(week) == HOME


async def test_enter_puts_down_and_u_and_r_take_back_and_repeat(
    week: Plan, settle: Settle, shown: Shown
) -> None:
    """Carried over a weekend to another room and teacher; the week shown is the one it lies in."""
    app = TrainerApp(lambda: week.desk)
    there = [(13, "AM3", "V2", "T2"), HOME[1]]
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await picked_up(pilot, settle)
        await pilot.press("right", "right", "right", "right", "right", "down", "down", "v", "h")
        await settle(pilot)
        assert "Mon 13 Mar" in shown(app)
        assert "room V2 (2/2)" in shown(app)
        assert "teacher T2 (2/2)" in shown(app)
        await pilot.press("enter")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, TimetableScreen)
        assert where(week) == there
        assert screen.view is not None
        assert screen.view.days[0].date == day(13)
        await pilot.press("u")
        await settle(pilot)
        assert where(week) == HOME
        assert "undone: moving a session" in " ".join(shown(app).split())
        await pilot.press("r")
        await settle(pilot)
        assert where(week) == there
        await pilot.press("r")
        await settle(pilot)
        assert "nothing to do again" in " ".join(shown(app).split())


async def test_putting_down_where_a_rule_breaks_is_refused_in_words(
    week: Plan, settle: Settle, shown: Shown
) -> None:
    """It stays in the hand, to be carried elsewhere."""
    app = TrainerApp(lambda: week.desk)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await picked_up(pilot, settle)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert "the timetable would break the rule H1" in " ".join(shown(app).split())
        assert isinstance(app.screen, CarryScreen)
        assert where(week) == HOME
        await pilot.press("down", "enter")
        await settle(pilot)
        assert where(week)[0] == (6, "AM3", "V1", "T1")


async def test_somebody_elses_move_meanwhile_wins_and_is_shown(
    week: Plan, settle: Settle, shown: Shown
) -> None:
    """What they did stays, and the sentence says what happened."""
    app = TrainerApp(lambda: week.desk)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await picked_up(pilot, settle)
        move_session(week.desk, "C1/K1/1", Target(MONDAY, "PM1"))
        await pilot.press("right", "enter")
        await settle(pilot)
        assert "somebody else changed this session" in " ".join(shown(app).split())
        assert isinstance(app.screen, TimetableScreen)
    assert where(week)[0] == (6, "PM1", "V1", "T1")


async def test_a_locked_session_stays_and_says_why(
    week: Plan, settle: Settle, shown: Shown
) -> None:
    """In Chinese as well."""
    set_language("zh")
    set_locked(week.desk, ["C1/K1/1"], locked=True)
    app = TrainerApp(lambda: week.desk)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("f3")
        await settle(pilot)
        await pilot.press("up", "space")
        await settle(pilot)
        assert isinstance(app.screen, TimetableScreen)
        assert "已锁定" in shown(app)


async def test_the_ten_best_places_are_chosen_from(
    week: Plan, settle: Settle, shown: Shown
) -> None:
    """S from the timetable opens the list; the place chosen is put down with Enter."""
    app = TrainerApp(lambda: week.desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("f3")
        await settle(pilot)
        await pilot.press("up", "s")
        await settle(pilot)
        await settle(pilot)
        assert isinstance(app.screen, Chooser)
        assert "10 found" in shown(app)
        assert "soft cost +" in shown(app)
        await pilot.press("down", "enter")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, CarryScreen)
        place = screen.carried.placement
        assert not screen.carried.is_home
        assert "+ no hard rule would break" in shown(app)
        await pilot.press("enter")
        await settle(pilot)
    row = week.sessions()[0]
    assert row.date == place.day
    assert row.period == week.office.periods[place.period].code


async def test_language_and_help_work_with_a_session_in_the_hand(
    week: Plan, settle: Settle, shown: Shown
) -> None:
    """Ctrl+L speaks Chinese at once; F1 tells the keys; Esc from help keeps it in the hand."""
    app = TrainerApp(lambda: week.desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await picked_up(pilot, settle)
        await pilot.press("down", "ctrl+l")
        await settle(pilot)
        assert "将违反 3 条硬性规则" in shown(app)
        await pilot.press("f1")
        await settle(pilot)
        assert "正在移动一次课" in shown(app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, CarryScreen)


async def test_another_week_asked_for_elsewhere_leaves_the_session_where_it_was(
    week: Plan, settle: Settle
) -> None:
    """Whoever goes to Today and opens a week there sees that week, not the hand."""
    app = TrainerApp(lambda: week.desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await picked_up(pilot, settle)
        await pilot.press("right", "f2")
        await settle(pilot)
        app.open_week("venue", "V1", MONDAY)
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, TimetableScreen)
        assert screen.kind == "venue"
    assert where(week) == HOME
