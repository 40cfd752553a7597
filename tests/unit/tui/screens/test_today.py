"""Today: what is shown of a day, and how one gets to others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

from textual.pilot import Pilot

from tests.factories.small_office import uid
from trainer.attendance.record import record_mark
from trainer.desk import Desk
from trainer.phrases import set_language
from tui.app import TrainerApp
from tui.screens.roll import RollScreen
from tui.screens.timetable import TimetableScreen
from tui.screens.today import TodayScreen

Settle = Callable[[Pilot[Any]], Awaitable[None]]
Shown = Callable[[TrainerApp], str]


async def test_today_lists_the_sessions_of_the_clocks_date(
    app: TrainerApp, settle: Settle, shown: Shown
) -> None:
    """Time, class, course, venue, teacher and marked/expected stand in order of time."""
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        text = shown(app)
    lines = [line.split()[0] for line in text.splitlines() if line.strip()[:2].isdigit()]
    assert "08:30" in lines[0] or "08:30" in text
    assert text.index("08:30") < text.index("14:00") < text.index("19:00")
    for word in ("春季中青年干部培训班", "党的二十大精神解读", "党校第一教室", "孔令文", "0/6"):
        assert word in text


async def test_user_data_is_never_markup(app: TrainerApp, settle: Settle, shown: Shown) -> None:
    """A course called 现场教学[实践] keeps its brackets, in the list and in the roll."""
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "现场教学[实践]" in shown(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "李[/b]丽" in shown(app)
        assert "[a班]周强" in shown(app)


async def test_marks_are_counted_and_conflicts_shown(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """A person on whom two devices disagree is a conflict in the session's line."""
    for device, status in (("a", "present"), ("b", "absent")):
        with small_office.writing() as work:
            from trainer.attendance.record import record_many

            record_many(
                work,
                [{"session": uid("S1"), "person": "P01", "status": status, "at": work.now,
                  "device": device, "counter": 1}],
            )  # fmt: skip
            work.commit()
    with small_office.writing() as work:
        record_mark(work, session=uid("S1"), person="P02", status="present")
        work.commit()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "2/6" in shown(app)
        assert "1 conflict" in shown(app)


async def test_an_empty_day_names_the_next_training_day(
    app: TrainerApp, settle: Settle, shown: Shown
) -> None:
    """The day after has no session: the next is named, and n goes there."""
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("right")
        await settle(pilot)
        assert "No sessions on this day." in shown(app)
        assert "Fri 3 Mar 2023" in shown(app)
        await pilot.press("n")
        await settle(pilot)
        assert isinstance(app.screen, TodayScreen)
        assert app.screen.date == dt.date(2023, 3, 3)
        await pilot.press("t")
        await settle(pilot)
        assert app.screen.date == dt.date(2023, 3, 1)


async def test_o_goes_to_the_unfinished_roll_before(app: TrainerApp, settle: Settle) -> None:
    """24 February was never called: o opens that day."""
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("o")
        await settle(pilot)
        assert isinstance(app.screen, TodayScreen)
        assert app.screen.date == dt.date(2023, 2, 24)


async def test_a_date_is_typed_and_gone_to(app: TrainerApp, settle: Settle, shown: Shown) -> None:
    """G asks for a date; 4月23日 is a make-up workday, and said to be one."""
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("g", "4", "-", "2", "3", "enter")
        await settle(pilot)
        assert "Sun 23 Apr 2023" in shown(app)
        assert "make-up workday" in shown(app)


async def test_enter_calls_the_roll(app: TrainerApp, settle: Settle) -> None:
    """From a session one gets to its roll."""
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert isinstance(app.screen, RollScreen)
        assert app.screen.page is not None
        assert app.screen.page.session.uid == uid("S2")


async def test_the_room_of_rolls_opens_at_the_session_under_the_cursor(
    app: TrainerApp, settle: Settle
) -> None:
    """F4 needs no choosing at first; later it keeps the roll that was left."""
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("f4")
        await settle(pilot)
        roll = app.screen
        assert isinstance(roll, RollScreen)
        assert roll.page is not None
        assert roll.page.session.uid == uid("S1")
        await pilot.press("f2", "down", "f4")
        await settle(pilot)
        again = app.screen
        assert isinstance(again, RollScreen)
        assert again.page is not None
        assert again.page.session.uid == uid("S1")


async def test_w_shows_the_week_of_the_class(app: TrainerApp, settle: Settle) -> None:
    """The last session is the night school's: w shows its week."""
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("end", "w")
        await settle(pilot)
        assert isinstance(app.screen, TimetableScreen)
        assert app.screen.view is not None
        assert app.screen.view.code == "C2"


async def test_the_language_changes_while_the_app_runs(
    app: TrainerApp, settle: Settle, shown: Shown
) -> None:
    """Ctrl+L speaks Chinese, footer and heading included, and back again."""
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Roll call" in shown(app)
        await pilot.press("ctrl+l")
        await settle(pilot)
        text = shown(app)
        assert "2023年3月1日 周三" in text
        assert "点名" in text
        assert "Roll call" not in text
        await pilot.press("ctrl+l")
        await settle(pilot)
        assert "Wed 1 Mar 2023" in shown(app)
    set_language("en")
