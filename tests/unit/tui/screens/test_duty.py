"""Duty in the app: shared out, given, swapped, and the duty log that only grows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.factories.classlife import facts_of
from trainer.classlife.duty import read_duty_log, read_turns
from trainer.desk import Desk
from tui.app import TrainerApp
from tui.screens.classlife import ClassScreen
from tui.screens.duty import DutyScreen

TUESDAY, WEDNESDAY, FRIDAY = (dt.date(2023, 3, day) for day in (7, 8, 10))


def turns(desk: Desk) -> dict[dt.date, str]:
    """Return who is on duty on which day."""
    with desk.reading() as session:
        return {turn.date: turn.who for turn in read_turns(session, facts_of(desk))}


async def test_shared_out_given_and_swapped(
    at_home: TrainerApp, home: Desk, go: Any, keys: Any, shown: Callable[[TrainerApp], str]
) -> None:
    """From today on one a day; today's turn is given, then changed with tomorrow's."""
    async with at_home.run_test(size=(100, 30)) as pilot:
        await go(pilot, "d", "x", "p", "=0")
        await keys(pilot, "enter", "backspace", "=1", "enter")
        first = turns(home)
        assert sorted(first) == [TUESDAY + dt.timedelta(days=number) for number in range(4)]
        # the cursor stands on today
        await keys(pilot, "enter", "down", "enter", "=请事假", "enter")
        given = turns(home)
        assert {day for day in first if first[day] != given[day]} == {TUESDAY}
        assert "请事假" in shown(at_home)
        await keys(pilot, "x", "enter", "=互换", "enter")
        assert turns(home)[WEDNESDAY] == given[TUESDAY]
        assert turns(home)[TUESDAY] == given[WEDNESDAY]
        await keys(pilot, "u")
        assert turns(home) == given
        await keys(pilot, "u", "u")
        assert turns(home) == first
        assert isinstance(at_home.screen, DutyScreen)


async def test_the_log_grows(
    at_home: TrainerApp, home: Desk, go: Any, keys: Any, shown: Callable[[TrainerApp], str]
) -> None:
    """Written for today and amended: both stay, and markup is no markup."""
    async with at_home.run_test(size=(80, 24)) as pilot:
        await go(pilot, "d", "a", "w", "=晚间查寝[b]正常", "enter")
        assert "teacher: 晚间查寝[b]正常" in shown(at_home)
        await keys(pilot, "a", "=一人晚归", "enter")
        assert "(amended below)" in shown(at_home)
        assert "一人晚归 (amendment)" in shown(at_home)
        # of a day with somebody on duty it is that person's entry
        await keys(pilot, "p", "=1", "enter", "end", "w", "=无事", "enter")
        on_duty = turns(home)[FRIDAY]
        assert f"学员{on_duty}: 无事" in shown(at_home)
        await keys(pilot, "f5")
        assert isinstance(at_home.screen, ClassScreen)
    with home.reading() as session:
        entries = read_duty_log(session, facts_of(home))
    # the clock stands still: entries of one day have no order here
    found = {entry.text: entry for entry in entries}
    assert {text: entry.date for text, entry in found.items()} == {
        "晚间查寝[b]正常": TUESDAY, "一人晚归": TUESDAY, "无事": FRIDAY,
    }  # fmt: skip
    assert found["一人晚归"].amends == found["晚间查寝[b]正常"].id


async def test_groups_on_duty_need_groups(
    at_home: TrainerApp, home: Desk, go: Any, keys: Any, shown: Callable[[TrainerApp], str]
) -> None:
    """Without groups it is refused in a sentence and nothing is changed."""
    async with at_home.run_test(size=(80, 24), notifications=True) as pilot:
        await go(pilot, "d")
        await keys(pilot, "p", "=g", "enter")
        assert "propose groups first" in shown(at_home)
    assert turns(home) == {}
