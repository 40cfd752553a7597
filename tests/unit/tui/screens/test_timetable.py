"""Timetable: whose week, which week, and what is known of a session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

from textual.pilot import Pilot

from tests.factories.small_office import uid
from tui.app import TrainerApp
from tui.screens.details import DetailsScreen
from tui.screens.roll import RollScreen
from tui.screens.timetable import TimetableScreen
from tui.widgets.week import WeekGrid

Settle = Callable[[Pilot[Any]], Awaitable[None]]
Shown = Callable[[TrainerApp], str]


async def week(pilot: Pilot[Any], settle: Settle) -> TimetableScreen:
    """Open the timetable."""
    await settle(pilot)
    await pilot.press("f3")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, TimetableScreen)
    return screen


async def test_the_week_of_todays_class_comes_first(
    app: TrainerApp, settle: Settle, shown: Shown
) -> None:
    """The class that has a session today is shown, the cursor on that session."""
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await week(pilot, settle)
        text = shown(app)
        assert "春季中青年干部培训班" in text
        assert "党的二十大精神解读" in text
        assert "现场教学[实践]" in text
        block = screen.query_one(WeekGrid).block
        assert block is not None
        assert block.sessions[0].uid == uid("S1")


async def test_arrows_go_from_session_to_session(app: TrainerApp, settle: Settle) -> None:
    """Down the day, then to the next day that has one."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await week(pilot, settle)
        grid = screen.query_one(WeekGrid)
        seen = []
        for key in ("down", "right", "left", "up"):
            await pilot.press(key)
            assert grid.block is not None
            seen.append(grid.block.sessions[0].uid)
        assert seen == [uid("S2"), uid("S4"), uid("S1"), uid("S1")]


async def test_a_teacher_is_found_by_initials(
    app: TrainerApp, settle: Settle, shown: Shown
) -> None:
    """Initials klw are 孔令文; the week shows what the teacher holds, class by class."""
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await week(pilot, settle)
        await pilot.press("slash")
        await settle(pilot)
        await pilot.press(*"klw", "enter")
        await settle(pilot)
        assert screen.kind == "teacher"
        assert screen.view is not None
        assert {one.uid for one in screen.view.sessions} == {uid("S1"), uid("S3"), uid("S4")}
        assert "基层党务夜校" in shown(app)


async def test_weeks_go_on_back_and_to_those_with_sessions(
    app: TrainerApp, settle: Settle, shown: Shown
) -> None:
    """] is a week on, [ a week back; n finds the make-up Sunday in April and names it."""
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await week(pilot, settle)
        await pilot.press("right_square_bracket")
        await settle(pilot)
        assert screen.view is not None
        assert screen.view.days[0].date == dt.date(2023, 3, 6)
        assert "next Sun 23 Apr: n" in shown(app)
        await pilot.press("n")
        await settle(pilot)
        assert screen.view.days[6].date == dt.date(2023, 4, 23)
        assert "make-up day" in shown(app)
        await pilot.press("left_square_bracket")
        await settle(pilot)
        assert screen.view.days[0].date == dt.date(2023, 4, 10)


async def test_holidays_are_named(app: TrainerApp, settle: Settle, shown: Shown) -> None:
    """The first of May is named under its date."""
    async with app.run_test(size=(120, 40)) as pilot:
        await week(pilot, settle)
        await pilot.press("g", *"5-1", "enter")
        await settle(pilot)
        assert "Labour Day" in shown(app)
        await pilot.press("ctrl+l")
        await settle(pilot)
        assert "劳动节" in shown(app)


async def test_details_and_roll_call(app: TrainerApp, settle: Settle, shown: Shown) -> None:
    """Enter shows all that is known of a session; k from there calls its roll."""
    async with app.run_test(size=(80, 24)) as pilot:
        await week(pilot, settle)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, DetailsScreen)
        assert "孔令文" in shown(app)
        await pilot.press("k")
        await settle(pilot)
        assert isinstance(app.screen, RollScreen)
        assert app.screen.page is not None
        assert app.screen.page.session.uid == uid("S1")
