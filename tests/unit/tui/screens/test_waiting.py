"""What waits on Today: taken on, closed with a note, opened; corrections that another decides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event
from textual.pilot import Pilot

from db.tables import Correction, Enrolment, Person
from tests.factories.small_office import TODAY, statuses, uid
from trainer.attendance.alerts import find_alerts
from trainer.attendance.closing import close_sessions
from trainer.attendance.corrections import propose_correction
from trainer.attendance.record import Wish, record_mark
from trainer.attendance.waiting import what_waits
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.phrases import set_language
from tui.app import TrainerApp
from tui.screens.classlife import ClassScreen
from tui.screens.roll import RollScreen
from tui.screens.today import TodayScreen

Settle = Callable[[Pilot[Any]], Awaitable[None]]
Shown = Callable[[TrainerApp], str]


async def press(pilot: Pilot[Any], settle: Settle, *keys: str) -> None:
    """Press keys, each once the one before is through."""
    await settle(pilot)
    await settle(pilot)
    for key in keys:
        await pilot.press(key)
        await settle(pilot)
        await settle(pilot)


def mark_all(desk: Desk, name: str, status: str) -> None:
    """Give everybody of the first class one status at a session."""
    with desk.writing() as work:
        for number in range(1, 7):
            record_mark(work, session=uid(name), person=f"P{number:02}", status=status)
        work.commit()


def propose(desk: Desk, *, by: str) -> str:
    """Close the session of 24 February and have somebody propose that P01 was there."""
    there = Desk(desk.url, by, Clock(fixed=TODAY))
    with there.writing() as work:
        close_sessions(work, [uid("S0")])
        row = propose_correction(
            work, Wish(uid("S0"), "P01", "present"), reason="[b]签到表[/b]上有名字"
        )
        id_ = row.id
        work.commit()
    return id_


def states(desk: Desk) -> list[tuple[str, str, str | None, str | None]]:
    """Return kind, state, owner and note of every alert."""
    return [(one.kind, one.state, one.owner, one.note) for one in find_alerts(desk)]


async def test_an_alert_stands_below_the_day_with_since_and_state(
    app: TrainerApp, settle: Settle, shown: Shown
) -> None:
    """The roll of 24 February was never called: one alert, its sentence, its counts."""
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, settle)
        text = shown(app)
    assert "1 alert open" in text
    line = next(line for line in text.splitlines() if line.startswith(" unmarked"))
    for word in ("春季中青年干部培训班", "23-02-24", "open"):
        assert word in line
    assert "finish the roll" in text


async def test_where_nothing_waits_it_is_said(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """No alert and no correction: words instead of an empty list; Tab says so too."""
    mark_all(small_office, "S0", "present")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await press(pilot, settle, "tab")
        assert "Nothing waits: no alert is open" in shown(app)
        assert "nothing waits to be seen to" in shown(app)
        await pilot.press("right")
        await settle(pilot)
        assert isinstance(app.screen, TodayScreen)


async def test_k_takes_an_alert_on_and_d_closes_it_with_a_note(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """Taken on it is the clerk's; done with a note it is gone from the list, the note kept."""
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, settle, "tab", "k")
        assert states(small_office) == [("unmarked", "taken", "clerk", None)]
        assert "1 taken on" in shown(app)
        await press(pilot, settle, "d", *"paper", "enter")
        assert states(small_office) == [("unmarked", "done", "clerk", "paper")]
        assert "Nothing waits" in shown(app)


async def test_tab_before_the_list_is_read_gets_there_all_the_same(
    app: TrainerApp, settle: Settle
) -> None:
    """Whoever is quicker than the database is not told that nothing waits."""
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        screen = app.screen
        assert isinstance(screen, TodayScreen)
        screen.inbox = None
        screen.action_to_waiting()
        await press(pilot, settle)
        assert screen.waiting.rows.has_focus
        assert not list(app._notifications)


async def test_no_note_closes_nothing(app: TrainerApp, small_office: Desk, settle: Settle) -> None:
    """Enter on an empty line does nothing, Esc leaves."""
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, settle, "tab", "d", "enter", "space", "enter", "escape")
        assert isinstance(app.screen, TodayScreen)
    assert states(small_office) == [("unmarked", "open", None, None)]


async def test_enter_opens_the_roll_of_the_session(app: TrainerApp, settle: Settle) -> None:
    """An unfinished roll: Enter calls it."""
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, settle, "tab", "enter")
        assert isinstance(app.screen, RollScreen)
        assert app.screen.page is not None
        assert app.screen.page.session.uid == uid("S0")


async def test_enter_opens_the_class_of_a_person(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """Whoever can no longer reach the share is about no session: the class's page opens."""
    mark_all(small_office, "S0", "present")
    with small_office.writing() as work:
        for name in ("S0", "S1", "S2"):
            record_mark(work, session=uid(name), person="P02", status="absent")
        work.commit()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, settle, "tab")
        assert "李[/b]丽" in shown(app)
        await press(pilot, settle, "enter")
        assert isinstance(app.screen, ClassScreen)
        assert app.screen.code == "C1"


async def test_y_approves_what_somebody_else_proposed(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """The proposal comes first, with who, what and why; approved it counts."""
    propose(small_office, by="colleague")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, settle, "tab")
        text = shown(app)
        assert "1 correction to decide" in text
        assert "[b]签到表[/b]上有名字" in "".join(text.split())
        assert "y Approve" in text
        assert "k Take on" not in text
        await press(pilot, settle, "y")
    assert statuses(small_office, "S0") == {"P01": "present"}


async def test_nobody_approves_a_correction_of_their_own(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """The clerk's own proposal is refused to the clerk in words, and stays proposed."""
    id_ = propose(small_office, by="clerk")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await press(pilot, settle, "tab")
        assert "yours" in shown(app)
        await press(pilot, settle, "y")
        told = [one.message for one in app._notifications]
        assert any("another person must approve it" in sentence for sentence in told)
    assert statuses(small_office, "S0") == {}
    with small_office.reading() as reading:
        row = reading.get(Correction, id_)
        assert row is not None
        assert row.state == "proposed"


@pytest.mark.parametrize(("by", "state"), [("colleague", "refused"), ("clerk", "withdrawn")])
async def test_x_refuses_with_a_reason(
    app: TrainerApp, small_office: Desk, settle: Settle, by: str, state: str
) -> None:
    """Refused with why; one's own is taken back by that."""
    id_ = propose(small_office, by=by)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, settle, "tab", "x", *"no", "enter")
    with small_office.reading() as reading:
        row = reading.get(Correction, id_)
        assert row is not None
        assert (row.state, row.decided_reason) == (state, "no")


async def test_the_list_speaks_chinese(app: TrainerApp, settle: Settle, shown: Shown) -> None:
    """After Ctrl+L counts, columns and sentence are Chinese."""
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, settle, "ctrl+l")
        text = shown(app)
    set_language("en")
    assert "1 项提醒待办" in text
    assert "责任人" in text


def test_the_number_of_queries_stays_the_same(small_office: Desk) -> None:
    """Thirty more people absent all the time are more alerts, and not one query more."""
    asked: list[str] = []

    def count(*args: Any) -> None:
        asked.append(args[2])

    def queries() -> tuple[int, int]:
        with small_office.reading() as reading:
            asked.clear()
            inbox = what_waits(reading, small_office)
        return len(asked), inbox.open

    with small_office.writing() as work:
        for name in ("S0", "S1"):
            record_mark(work, session=uid(name), person="P02", status="absent")
        work.commit()
    event.listen(Engine, "before_cursor_execute", count)
    try:
        before, few = queries()
        with small_office.writing() as work:
            for number in range(30):
                code = f"Q{number:02}"
                work.session.add(Person(code=code, name=f"学员{number}", unit="U2"))
                work.session.add(Enrolment(class_code="C1", person=code))
                work.session.flush()
                for name in ("S0", "S1"):
                    record_mark(work, session=uid(name), person=code, status="absent")
            work.commit()
        after, many = queries()
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert many > few + 25
    assert after == before
    # the transaction's beginning, the office, its classes, and one look at each table in which
    # something may wait
    assert before <= 19
