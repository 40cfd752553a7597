"""Permits to leave in the app: asked for, approved, overdue, back; refused and cancelled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.unit.tui.screens.conftest import EVENING
from trainer.classlife.exits import list_exits
from trainer.desk import Desk
from trainer.phrases import set_language
from tui.app import TrainerApp


def states(desk: Desk) -> list[tuple[str, str]]:
    """Return who has asked, and what became of it."""
    with desk.reading() as session:
        return [(one.person, one.state) for one in list_exits(session, "C1")]


async def test_from_asking_to_coming_back_late(
    home: Desk, go: Any, keys: Any, shown: Callable[[TrainerApp], str]
) -> None:
    """Out from 18:00 to 19:30 in Chinese; at 20:00 half an hour overdue; back at 19:45."""
    set_language("zh")
    now = [EVENING]
    desk = replace(home, clock=replace(home.clock, source=lambda: now[0]))
    app = TrainerApp(lambda: desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await go(pilot, "o", "n", "=p2", "enter", "=18:00-19:30 市医院 看[b]病", "enter")
        assert "待审批 1 人" in shown(app)
        assert "市医院 看[b]病" in shown(app).replace("　", " ").replace("  ", " ")
        await keys(pilot, "y")
        assert "外出中" in shown(app)
        now[0] = EVENING + dt.timedelta(hours=2)
        await keys(pilot, "escape")
        assert "逾期" in shown(app)
        await keys(pilot, "o")
        assert "逾期 30 分钟" in shown(app)
        assert "应归未归：学员P2" in shown(app)
        await keys(pilot, "t", "=1945", "enter")
        assert "迟归 15 分钟" in shown(app)
    with home.reading() as session:
        one = list_exits(session, "C1")[0]
    assert (one.destination, one.reason, one.approver) == ("市医院", "看[b]病", "teacher")
    assert one.back_at == dt.datetime(2023, 3, 7, 11, 45, tzinfo=dt.UTC)


async def test_refused_cancelled_and_what_cannot_be(
    at_home: TrainerApp, home: Desk, go: Any, keys: Any, shown: Callable[[TrainerApp], str]
) -> None:
    """A refusal and a cancelling need a reason; nobody is back who never left; twice is refused."""
    async with at_home.run_test(size=(100, 30)) as pilot:
        await go(pilot, "o", "n", "enter", "=2000-2100", "enter")
        await keys(pilot, "b")
        assert states(home) == [("P1", "requested")]
        await keys(pilot, "n", "enter", "=2030-2200 超市", "enter")
        assert states(home) == [("P1", "requested")]
        await keys(pilot, "x", "escape")
        assert states(home) == [("P1", "requested")]
        await keys(pilot, "x", "=夜间不外出", "enter")
        await keys(pilot, "n", "down", "enter", "=2000-0308 0700 回家", "enter", "home")
        assert "03-08 07:00" in shown(at_home)
        await keys(pilot, "z", "=不去了", "enter")
    assert sorted(states(home)) == [("P1", "refused"), ("P2", "cancelled")]
