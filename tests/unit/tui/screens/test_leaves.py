"""Leave in the app: asked for from the roll and the class, approved by steps, overdue, back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

from sqlmodel import select
from textual.pilot import Pilot

from db.tables import Leave
from tests.factories.small_office import TODAY
from trainer.attendance.ladder import said
from trainer.desk import Desk
from trainer.phrases import set_language
from tui.app import TrainerApp
from tui.screens.leaves import LeavesScreen
from tui.screens.roll import RollScreen
from tui.screens.today import TodayScreen

Settle = Callable[[Pilot[Any]], Awaitable[None]]
Shown = Callable[[TrainerApp], str]


def leaves(desk: Desk, person: str) -> list[Leave]:
    """Return somebody's leave in the order of its beginning."""
    with desk.reading() as session:
        rows = session.exec(select(Leave).where(Leave.person == person)).all()
        return sorted(rows, key=lambda row: (row.date_from, row.period_from or "", row.id))


async def test_from_the_roll_for_this_session_and_granted(
    app: TrainerApp, small_office: Desk, settle: Settle, keys: Any, shown: Shown
) -> None:
    """Enter is this session; y typed ahead grants it; back in the roll it is suggested."""
    set_language("en")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "j")
        text = shown(app)
        assert "王晓明: leave from" in text
        assert "leave 0 -> 2 of 11 hours, limit 1.5" in text
        assert "to be approved by the head teacher" in text
        await pilot.press("enter", "y", "escape")
        await settle(pilot)
        await settle(pilot)
        assert isinstance(app.screen, RollScreen)
        assert app.screen.book.entries["P01"].line.suggested == "leave"
    (row,) = leaves(small_office, "P01")
    assert (row.status, row.approved_by, row.class_code) == ("approved", "clerk", "C1")
    assert (row.period_from, row.period_to, row.kind) == ("AM1", "AM2", "personal")


async def test_steps_and_paper_from_the_class(
    app: TrainerApp, small_office: Desk, settle: Settle, keys: Any, shown: Shown
) -> None:
    """A day needs two people: the second step by the same one asks why, and keeps it."""
    set_language("zh")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.open_class("C1")
        await settle(pilot)
        await keys(pilot, "j", "n", "=wxm", "enter", "=0303 bj 住院[b]", "enter")
        assert isinstance(app.screen, LeavesScreen)
        assert "0/2 待班主任" in shown(app)
        await keys(pilot, "y")
        assert "1/2 待教务部门" in shown(app)
        await keys(pilot, "y", "=nobody else is in", "enter")
        assert "缺证明 已准假" in shown(app)
        await keys(pilot, "p", "enter")
        assert "缺证明 已准假" not in shown(app)
    paper = said("hospital_note")
    (row,) = leaves(small_office, "P01")
    assert (row.kind, row.status, row.reason, row.paper) == (
        "sick", "approved", "住院[b]", paper,
    )  # fmt: skip


async def test_from_today_to_whoever_is_overdue(
    earlier: Callable[[dt.date], TrainerApp],
    small_office: Desk,
    settle: Settle,
    keys: Any,
    shown: Shown,
) -> None:
    """Leave of 1 March is overdue on the 3rd: Enter leads to it, t reports the 2nd."""
    set_language("zh")
    app = earlier(TODAY + dt.timedelta(days=2))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "tab")
        assert "逾期未销假" in shown(app)
        await keys(pilot, "enter")
        assert "逾期 2 天" in shown(app)
        await keys(pilot, "t", "=3-2", "enter")
        assert "3月2日 周四 销假" in shown(app)
        await keys(pilot, "escape")
        assert isinstance(app.screen, TodayScreen)
        assert "逾期未销假" not in shown(app)
    (row,) = leaves(small_office, "P06")
    assert (row.status, row.returned_at) == ("returned", dt.date(2023, 3, 2))
