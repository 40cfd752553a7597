"""Roll call at a closed session: a reason is asked for, and a correction is proposed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.factories.small_office import statuses, uid
from trainer.attendance.closing import close_sessions
from trainer.attendance.corrections import (
    approve_correction,
    list_corrections,
    propose_correction,
)
from trainer.attendance.record import Wish, record_mark
from trainer.clock import Clock
from trainer.desk import Desk
from tui.app import TrainerApp
from tui.screens.asking import LinePrompt
from tui.screens.roll import RollScreen
from tui.screens.today import TodayScreen

Settle = Callable[[Pilot[Any]], Awaitable[None]]
Shown = Callable[[TrainerApp], str]


@pytest.fixture
def closed(small_office: Desk) -> Desk:
    """The small office; the roll of 24 February is closed, P01 was marked absent."""
    with small_office.writing() as work:
        record_mark(work, session=uid("S0"), person="P01", status="absent")
        close_sessions(work, [uid("S0")])
        work.commit()
    return small_office


async def call(pilot: Pilot[Any], settle: Settle, *keys: str) -> RollScreen:
    """Open the closed roll, go to its first person and press keys."""
    await settle(pilot)
    screen = pilot.app
    assert isinstance(screen, TrainerApp)
    screen.open_roll(uid("S0"))
    await settle(pilot)
    await press(pilot, settle, "home", *keys)
    roll = pilot.app.screen_stack[0]
    assert isinstance(roll, RollScreen)
    return roll


async def press(pilot: Pilot[Any], settle: Settle, *keys: str) -> None:
    """Press keys, each once the one before is through."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


def proposals(desk: Desk) -> list[tuple[str, str, int | None, str, str]]:
    """Return person, status, minutes, reason and state of every correction."""
    with desk.reading() as reading:
        rows = [one.correction for one in list_corrections(reading)]
    return sorted((row.person, row.status, row.minutes, row.reason, row.state) for row in rows)


async def test_a_mark_at_a_closed_roll_asks_for_a_reason(
    app: TrainerApp, closed: Desk, settle: Settle, shown: Shown
) -> None:
    """The dialog names person and status; with a reason it is proposed, and nothing is changed."""
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        screen = await call(pilot, settle, "l")
        assert isinstance(app.screen, LinePrompt)
        assert "Propose “late” for 王晓明?" in shown(app)
        await press(pilot, settle, *"paper", "enter")
        assert proposals(closed) == [("P01", "late", None, "paper", "proposed")]
        assert statuses(closed, "S0") == {"P01": "absent"}
        assert screen.book.entries["P01"].status == "absent"
        assert screen.unsaved == 0
        assert "1 correction proposed" in " ".join(one.message for one in app._notifications)
        await press(pilot, settle, "f2")
        await settle(pilot)
        assert isinstance(app.screen, TodayScreen)
        assert "1 correction to decide" in shown(app)
    colleague = Desk(closed.url, "colleague", Clock(fixed=closed.clock.today()))
    with colleague.writing() as work:
        approve_correction(work, list_corrections(work.session)[0].correction.id)
        work.commit()
    assert statuses(closed, "S0") == {"P01": "late"}


async def test_esc_proposes_nothing_and_the_line_is_as_it_was(
    app: TrainerApp, closed: Desk, settle: Settle, shown: Shown
) -> None:
    """Without a reason the mark is let go: nothing is unsaved, nothing is proposed."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await call(pilot, settle, "p", "escape")
        assert app.screen is screen
        assert screen.book.entries["P01"].status == "absent"
        assert "NOT stored" not in shown(app)
        assert screen.unsaved == 0
        await press(pilot, settle, "u")
    assert proposals(closed) == []
    assert statuses(closed, "S0") == {"P01": "absent"}


async def test_all_the_unmarked_are_proposed_with_one_reason(
    app: TrainerApp, closed: Desk, settle: Settle, shown: Shown
) -> None:
    """M p at a closed roll is five corrections, asked for once."""
    async with app.run_test(size=(80, 24)) as pilot:
        await call(pilot, settle, "m", "p")
        assert "Propose 5 corrections?" in shown(app)
        await press(pilot, settle, *"ok", "enter")
    assert [(who, status) for who, status, *_rest in proposals(closed)] == [
        (f"P{number:02}", "present") for number in range(2, 7)
    ]
    assert statuses(closed, "S0") == {"P01": "absent"}


async def test_what_counts_already_is_refused_in_words(
    app: TrainerApp, closed: Desk, settle: Settle
) -> None:
    """Two others have corrected it while the reason was typed: that is said, and shown."""
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        screen = await call(pilot, settle, "l")
        for name in ("first", "second"):
            there = Desk(closed.url, name, Clock(fixed=closed.clock.today()))
            with there.writing() as work:
                if name == "first":
                    wish = Wish(uid("S0"), "P01", "late")
                    propose_correction(work, wish, reason="seen")
                else:
                    approve_correction(work, list_corrections(work.session)[0].correction.id)
                work.commit()
        await press(pilot, settle, *"ok", "enter")
        told = [one.message for one in app._notifications]
        assert any("counts of P01 at this session already" in sentence for sentence in told)
        assert screen.book.entries["P01"].status == "late"
        assert screen.unsaved == 0
