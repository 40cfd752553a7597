"""Leave asked for in the doorway, by keys in a real terminal: a few of them, and it is granted."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlmodel import select

from db.tables import Leave
from trainer.desk import Desk

Opener = Callable[[str, tuple[int, int]], Any]


def squeezed(text: str) -> str:
    """Return a screen without blanks: pyte keeps an empty cell after each wide character."""
    return re.sub(r"\s+", "", text)


def test_leave_for_this_afternoon_in_a_few_keys(open_terminal: Opener, small_office: Desk) -> None:
    """From the roll: j, pm, Enter asks, y grants, Esc is back; the cap is told while typing."""
    terminal = open_terminal("zh", (80, 24))
    terminal.wait(lambda text: "党校第一教室" in squeezed(text), "today's sessions")
    terminal.press("\r")
    terminal.wait(lambda text: "王晓明" in squeezed(text), "the roll")
    terminal.press("j", "p", "m")
    terminal.wait(lambda text: "上限1.5" in squeezed(text), "the cap")
    terminal.press("\r")
    terminal.wait(lambda text: "0/1待班主任" in squeezed(text), "the request")
    terminal.press("y")
    terminal.wait(lambda text: "请假中" in squeezed(text), "that it is granted")
    terminal.press("\x1b")
    terminal.wait(lambda text: "第2次课" in squeezed(text), "the roll again")
    assert terminal.leave() == 0
    with small_office.reading() as session:
        (row,) = session.exec(select(Leave).where(Leave.person == "P01")).all()
    assert (row.status, row.period_from, row.period_to) == ("approved", "PM1", "PM4")
