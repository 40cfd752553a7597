"""The unattended sign-in in a real terminal: sixty badges at a reader's pace, in and out again."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from typing import Any

from sqlmodel import select

from db.tables import MarkState, OfficeSettings, TrainingSession
from tests.factories.small_office import enrol_sixty, statuses, uid
from trainer.attendance.history import history_of
from trainer.desk import Desk
from trainer.office import Office

#: All sixty, each way; an idle machine takes a tenth of it.
SECONDS = 60.0
F6 = "\x1b[17~"
PEOPLE = [f"P{number:02}" for number in range(1, 7)] + [f"Q{number:02}" for number in range(54)]
Opener = Callable[[str, tuple[int, int]], Any]


def squeezed(text: str) -> str:
    """Return a screen without blanks: pyte keeps an empty cell after each wide character."""
    return re.sub(r"\s+", "", text)


def put_now(desk: Desk) -> None:
    """Let the first session be the only one of today, and have begun twenty minutes ago.

    Ten minutes late or early are allowed. The clock's date is fixed, its time of day is not.
    """
    rules = {"late_after_minutes": 10, "early_after_minutes": 10}
    office = Office(name="示例县干部教育培训中心", policies={"attendance": rules})
    now = desk.clock.now()
    with desk.writing() as work:
        work.session.merge(OfficeSettings(id=1, document=office.document()))
        for name in ("S2", "S3"):
            work.session.delete(work.session.get_one(TrainingSession, uid(name)))
        first = work.session.get_one(TrainingSession, uid("S1"))
        first.start, first.end = now - dt.timedelta(minutes=20), now + dt.timedelta(hours=2)
        work.commit()


def test_sixty_come_and_go_within_a_minute(open_terminal: Opener, small_office: Desk) -> None:
    """Sixty badges typed without a pause, and a wrong one among them; F6 twice, and all leave.

    Everybody is late by twenty minutes and goes two hours early, which is told and stored; nobody
    is lost, and showing a badge twice changes nothing.
    """
    enrol_sixty(small_office)
    put_now(small_office)
    terminal = open_terminal("zh", (80, 24))
    terminal.wait(lambda text: "党校第一教室" in squeezed(text), "today's session")
    terminal.press("\r")
    terminal.wait(lambda text: "未点60人" in squeezed(text), "the roll of sixty")
    terminal.press("i")
    terminal.wait(lambda text: "应到60人" in squeezed(text), "the sign-in")
    began = time.monotonic()
    terminal.child.send("".join(f"TRAINER:{person}\r" for person in PEOPLE[:30]))
    terminal.child.send("nobody\r")
    terminal.child.send("".join(f"{person}\r" for person in [*PEOPLE[30:], PEOPLE[0]]))
    terminal.wait(lambda text: "已到60人" in squeezed(text), "that all sixty are here")
    terminal.press(F6, F6)
    terminal.wait(lambda text: "一律记离课" in squeezed(text), "the way out")
    terminal.child.send("".join(f"{person}\r" for person in [*PEOPLE, "P07"]))
    terminal.wait(lambda text: "已签退60人" in squeezed(text), "that all sixty have left")
    terminal.wait(lambda text: "您的班次" in squeezed(text) or "没有您" in squeezed(text),
                  "what a stranger is told")  # fmt: skip
    taken = time.monotonic() - began
    terminal.press("\x1b")
    # two of them at once are another key to a terminal
    terminal.wait(lambda text: "再按一次" in squeezed(text), "the question")
    terminal.press("\x1b")
    terminal.wait(lambda text: "P07" not in text and "F4" in text, "the roll call")
    assert terminal.leave() == 0
    assert statuses(small_office, "S1") == dict.fromkeys(PEOPLE, "late")
    with small_office.reading() as session:
        rows = session.exec(select(MarkState).where(MarkState.session == uid("S1"))).all()
        # twenty late and two hours early, both cut to whole minutes
        assert all(137 <= (row.minutes or 0) <= 141 for row in rows)
        for person in PEOPLE:
            notes = [event.note for event in history_of(session, uid("S1"), person)]
            assert notes[0] is None
            assert len(notes) == 2
            assert re.fullmatch(r"\d\d:\d\d-\d\d:\d\d", notes[1] or "")
    assert taken < SECONDS
