"""Logs of door devices: first in and last out, read in any part, any order, any number of times."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from db.tables import DoorCard, MarkState, OfficeSettings
from tests.factories.registers import Register, day
from trainer.attendance.batches import undo_batch
from trainer.attendance.closing import close_sessions
from trainer.attendance.doorlog import columns_for, read_log, read_rows
from trainer.attendance.doors import DoorArrival, import_door_log
from trainer.attendance.presence import status_of
from trainer.attendance.record import record_mark
from trainer.attendance.rules import Rules
from trainer.attendance.stays import Meeting, Seen, stay_of, stays
from trainer.desk import Desk
from trainer.errors import FileProblem, Refused, UsageError
from trainer.office import Office, read_office

HEAD = "卡号,刷卡时间\n"
RULES = {"late_after_minutes": 10, "early_after_minutes": 10, "absent_after_minutes": 60}
START = dt.datetime(2023, 2, 1, 0, 30, tzinfo=dt.UTC)


def minutes(count: int) -> dt.datetime:
    """Return the instant so many minutes after the start."""
    return START + dt.timedelta(minutes=count)


def bring(
    desk: Desk, path: Path, text: str, *, encoding: str = "utf-8", dry_run: bool = False
) -> DoorArrival:
    """Import a log of these lines."""
    path.write_text(text, encoding=encoding)
    return import_door_log(desk, path, device="gate", given={}, dry_run=dry_run)


def marked(desk: Desk) -> dict[tuple[str, str], tuple[str, int | None, bool]]:
    """Return what counts now of every person and session."""
    with desk.reading() as session:
        return {
            (row.person, row.session): (row.status, row.minutes, row.conflict)
            for row in session.exec(select(MarkState))
        }


def undo(desk: Desk, number: int) -> None:
    """Undo an import."""
    with desk.writing() as work:
        undo_batch(work, number)
        work.commit()


@pytest.fixture
def strict(desk: Desk, meeting: str) -> str:
    """The session of the morning (08:30 to 12:00), with AT-2 in force and a card of P1."""
    with desk.writing() as work:
        office = Office(policies={"attendance": RULES})
        row = work.session.get(OfficeSettings, 1)
        if row is None:
            work.session.add(OfficeSettings(document=office.document()))
        else:
            row.document = office.document()
        work.session.add(DoorCard(card="0012345", person="P1"))
        work.commit()
    return meeting


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_first_in_and_last_out(desk: Desk, strict: str, tmp_path: Path, encoding: str) -> None:
    """P1 by card (its zeros lost) on time, P2 by name 19 minutes late, P3 leaves 30 early."""
    log = HEAD + (
        "12345,2023-02-01 08:20:11\n学员P2,2023/2/1 8:49\nP3,2023-02-01 08:25\n"
        "12345,2023-02-01 12:04\nP3,2023-02-01 11:30\n99999,2023-02-01 08:30\n"
    )
    tried = bring(desk, tmp_path / "log.csv", log, encoding=encoding, dry_run=True)
    assert marked(desk) == {}
    done = bring(desk, tmp_path / "log.csv", log, encoding=encoding)
    assert replace(done, batch=None) == tried
    assert [(one.name, one.status, one.times) for one in done.lines] == [
        ("学员P1", "present", "08:20-12:04"),
        ("学员P2", "late", "08:49-"),
        ("学员P3", "early", "08:25-11:30"),
    ]
    assert (done.events, done.marks, done.unknown) == (5, 3, {"99999": 1})
    state = {
        ("P1", strict): ("present", None, False),
        ("P2", strict): ("late", 19, False),
        ("P3", strict): ("early", 30, False),
    }
    assert marked(desk) == state
    again = bring(desk, tmp_path / "log.csv", log, encoding=encoding)
    assert (again.events, again.known, again.marks) == (0, 5, 0)
    assert marked(desk) == state


def test_two_halves_in_either_order_are_the_whole(desk: Desk, strict: str, tmp_path: Path) -> None:
    """The afternoon's export first, then an overlapping one: what counts follows from all."""
    early, late = "P1,2023-02-01 08:25\n", "P1,2023-02-01 12:03\n"
    bring(desk, tmp_path / "b.csv", HEAD + late)
    bring(desk, tmp_path / "a.csv", HEAD + early + late)
    assert marked(desk) == {("P1", strict): ("present", None, False)}


def test_a_mark_of_a_person_is_not_overwritten(desk: Desk, strict: str, tmp_path: Path) -> None:
    """The teacher said present, the door says late: a conflict is listed, both are kept."""
    with desk.writing() as work:
        record_mark(work, session=strict, person="P1", status="present")
        work.commit()
    bring(desk, tmp_path / "a.csv", HEAD + "P1,2023-02-01 09:00\n")
    assert marked(desk)["P1", strict][2] is True


def test_a_log_is_undone_and_brought_back(desk: Desk, strict: str, tmp_path: Path) -> None:
    """As if it had not come: what the device saw counts for nothing until it comes again."""
    with desk.writing() as work:
        record_mark(work, session=strict, person="P1", status="present")
        work.commit()
    before = marked(desk)
    text = HEAD + "P1,2023-02-01 09:00\nP2,2023-02-01 08:25\nP2,2023-02-01 12:04\n"
    done = bring(desk, tmp_path / "a.csv", text)
    after = marked(desk)
    assert (done.batch, len(after)) == (1, 2)
    undo(desk, 1)
    assert marked(desk) == before
    # the other half of P3's day: nothing of the undone log comes back with it
    bring(desk, tmp_path / "b.csv", HEAD + "P3,2023-02-01 08:20\n")
    assert marked(desk) == before | {("P3", strict): ("present", None, False)}
    again = bring(desk, tmp_path / "a.csv", text)
    assert (again.events, again.marks, again.restored) == (3, 0, 2)
    assert marked(desk) == after | {("P3", strict): ("present", None, False)}


def test_what_later_logs_built_upon_is_undone_last(desk: Desk, strict: str, tmp_path: Path) -> None:
    """P1's mark follows from two logs: the first is not taken away from under the second."""
    bring(desk, tmp_path / "a.csv", HEAD + "P1,2023-02-01 08:50\n")
    one = marked(desk)
    bring(desk, tmp_path / "b.csv", HEAD + "P1,2023-02-01 11:00\n")
    with pytest.raises(Refused, match="undo import 2 first, then import 1"):
        undo(desk, 1)
    undo(desk, 2)
    assert marked(desk) == one
    undo(desk, 1)
    assert marked(desk) == {}


def test_marks_at_a_closed_session_are_taken_and_listed(
    desk: Desk, strict: str, tmp_path: Path
) -> None:
    """A door's log is an import like others: what is closed by then is told."""
    with desk.writing() as work:
        close_sessions(work, [strict])
        work.commit()
    done = bring(desk, tmp_path / "a.csv", HEAD + "P1,2023-02-01 08:25\n")
    assert [(odd.kind, odd.person) for odd in done.odd] == [("closed", "P1")]
    assert marked(desk) == {("P1", strict): ("present", None, False)}


def test_only_sessions_at_which_somebody_is_expected(
    desk: Desk, register: Register, strict: str, tmp_path: Path
) -> None:
    """A stranger's class at the same time gets no mark; one far from the swipe neither."""
    register.people("G1")
    register.training("C2", ["G1"])
    other = register.meeting("C2", day(1))
    register.meeting("C1", day(1), period="PM1")
    bring(desk, tmp_path / "a.csv", HEAD + "P1,2023-02-01 08:25\nG1,2023-02-01 08:45\n")
    assert set(marked(desk)) == {("P1", strict), ("G1", other)}


def test_columns_are_said_once_and_remembered(desk: Desk, strict: str, tmp_path: Path) -> None:
    """An unknown title is asked for in words; afterwards the device's log needs no word."""
    path = tmp_path / "gate.csv"
    path.write_text("持卡人;何时;往哪\nP1;2023-02-01 08:25;进\n", encoding="utf-8")
    with pytest.raises(UsageError, match="which column is “who”; its columns are 持卡人, 何时"):
        import_door_log(desk, path, device="gate", given={})
    given = {"who": "持卡人", "time": "何时", "direction": "往哪"}
    assert import_door_log(desk, path, device="gate", given=given).marks == 1
    assert import_door_log(desk, path, device="gate", given={}).known == 1
    with desk.reading() as session:
        kept = read_office(session).policies["attendance"]
    assert kept["doors"]["gate"] == given
    assert kept["late_after_minutes"] == 10
    assert set(marked(desk)) == {("P1", strict)}


def test_a_workbook_keeps_numbers_as_numbers(desk: Desk, strict: str, tmp_path: Path) -> None:
    """A card's number in a numeric cell, day and time in two columns."""
    book = xlsxwriter.Workbook(tmp_path / "log.xlsx")
    sheet = book.add_worksheet()
    for place, row in enumerate([("卡号", "日期", "时间"), (12345, "2023-02-01", "08:20")]):
        sheet.write_row(place, 0, row)
    book.close()
    import_door_log(desk, tmp_path / "log.xlsx", device="gate", given={})
    assert set(marked(desk)) == {("P1", strict)}


def test_bad_lines_stop_the_whole_log(desk: Desk, strict: str, tmp_path: Path) -> None:
    """Each is named, and nothing is taken."""
    text = HEAD + "P1,2023-02-01 08:20\nP2,2023-13-01 08:20\n,2023-02-01 08:20\nP3,soon\n"
    arrival = bring(desk, tmp_path / "log.csv", text)
    assert [problem.text("en")[:7] for problem in arrival.problems] == [
        "line 3:", "line 4:", "line 5:",
    ]  # fmt: skip
    assert marked(desk) == {}


def test_what_is_no_log_is_refused(tmp_path: Path) -> None:
    """A missing file, one without lines, bytes, and a torn workbook: a sentence each."""
    with pytest.raises(FileProblem):
        read_rows(tmp_path / "none.csv")
    for content in (b"", HEAD.encode(), b"\x00\x01\xff" * 9, b"PK\x03\x04 torn"):
        (tmp_path / "bad").write_bytes(content)
        with pytest.raises(Refused):
            read_rows(tmp_path / "bad")
    with pytest.raises(UsageError, match="cannot be “colour”"):
        columns_for(Office(), ["卡号", "时间"], device="x", given={"colour": "卡号"})


def test_sessions_without_a_long_break_are_one_stay() -> None:
    """Ten minutes between two: one swipe in and one out speak for both; lunch parts the day."""
    spans = ((0, 100), (110, 210), (330, 420))
    meetings = [Meeting(str(n), minutes(a), minutes(b)) for n, (a, b) in enumerate(spans)]
    found = stays(meetings, dt.timedelta(minutes=30))
    assert [[one.uid for one in stay] for stay in found] == [["0", "1"], ["2"]]


def test_coming_and_going() -> None:
    """A second swipe at once is no departure; whoever came in again is still there."""
    five = dt.timedelta(minutes=5)
    twice = [Seen(minutes(0), None), Seen(minutes(2), None)]
    assert stay_of(twice, five) == (minutes(0), None)
    assert stay_of(twice, dt.timedelta(minutes=1)) == (minutes(0), minutes(2))
    back = [Seen(minutes(0), "in"), Seen(minutes(50), "out"), Seen(minutes(60), "in")]
    assert stay_of(back, five) == (minutes(0), None)
    assert stay_of([Seen(minutes(90), "out")], five) == (None, minutes(90))


@given(st.integers(-60, 300), st.integers(-60, 300))
def test_minutes_missed_are_within_the_session(first: int, last: int) -> None:
    """Whoever comes and goes when, the minutes missed are never more than there were."""
    rules = Rules(late_after_minutes=10, early_after_minutes=10)
    meeting = Meeting("S", minutes(0), minutes(100))
    status, missed = status_of(
        rules, meeting.start, meeting.end, minutes(first), minutes(max(first, last))
    )
    assert missed is None or 10 < missed <= 100
    assert (status == "absent") == (missed == 100)


def test_lines_are_read_in_the_offices_time() -> None:
    """Half past eight in Shanghai is half past midnight in UTC."""
    rows = [["卡号", "时间"], ["1", "2023-02-01 08:30"]]
    log = read_log(rows, {"who": "卡号", "time": "时间"}, Office().zone)
    assert log.swipes[0].at == START
