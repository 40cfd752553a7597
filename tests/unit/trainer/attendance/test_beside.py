"""Leave asked for away from the office comes back, and guests travel in folders too."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlmodel import select

from db.tables import Leave, MarkState, Person
from tests.factories.registers import Register, day
from trainer.attendance.carry import carry_classes
from trainer.attendance.guests import add_guest
from trainer.attendance.incoming import merge_marks
from trainer.attendance.leave import (
    Stretch,
    approve_leave,
    ask_leave,
    cancel_leave,
    return_from_leave,
)
from trainer.attendance.outgoing import export_marks
from trainer.attendance.record import record_mark
from trainer.desk import Desk


def ask(desk: Desk, register: Register, person: str = "P1") -> str:
    """Ask for a day's leave and return its id."""
    with desk.writing() as work:
        row = ask_leave(work, register.office, person=person, stretch=Stretch(day(1), day(1)),
                        class_code="C1")  # fmt: skip
        work.commit()
        return row.id


def leaves(desk: Desk) -> dict[str, str | None]:
    """Return the state of each request."""
    with desk.reading() as session:
        return {row.id: row.status for row in session.exec(select(Leave))}


def test_leave_asked_on_a_laptop_is_merged_back(
    desk: Desk, register: Register, meeting: str, tmp_path: Path
) -> None:
    """New requests are added; what went further there counts here; twice changes nothing."""
    known = ask(desk, register)
    carry_classes(desk, tmp_path / "away.db", ["C1"])
    laptop = dataclasses.replace(desk, url=f"sqlite:///{tmp_path / 'away.db'}")
    asked = ask(laptop, register, "P2")
    with laptop.writing() as work:
        approve_leave(work, known)
        return_from_leave(work, known, day(2))
        work.commit()
    merged = merge_marks(desk, str(tmp_path / "away.db"))
    assert (merged.leaves, merged.new) == (2, 0)
    assert leaves(desk) == {known: "returned", asked: "requested"}
    assert merge_marks(desk, str(tmp_path / "away.db")).leaves == 0


def test_what_went_further_here_stays(
    desk: Desk, register: Register, meeting: str, tmp_path: Path
) -> None:
    """Cancelled here, approved there: cancelled."""
    known = ask(desk, register)
    carry_classes(desk, tmp_path / "away.db", ["C1"])
    laptop = dataclasses.replace(desk, url=f"sqlite:///{tmp_path / 'away.db'}")
    with laptop.writing() as work:
        approve_leave(work, known)
        work.commit()
    with desk.writing() as work:
        cancel_leave(work, known)
        work.commit()
    assert merge_marks(desk, str(tmp_path / "away.db")).leaves == 0
    assert leaves(desk) == {known: "cancelled"}


def test_guests_and_leave_travel_in_a_folder(
    desk: Desk, register: Register, meeting: str, tmp_path: Path
) -> None:
    """A folder from a laptop brings its guest with the marks, and leave; nothing else of people."""
    carry_classes(desk, tmp_path / "away.db", ["C1"])
    laptop = dataclasses.replace(desk, url=f"sqlite:///{tmp_path / 'away.db'}")
    with laptop.writing() as work:
        guest = add_guest(work, name="=旁听").code
        work.session.flush()
        record_mark(work, session=meeting, person=guest, status="present")
        work.commit()
    asked = ask(laptop, register)
    export_marks(laptop, tmp_path / "log")
    assert sorted(path.name for path in (tmp_path / "log").iterdir()) == [
        "leaves.csv", "marks.csv", "people.csv",
    ]  # fmt: skip
    merged = merge_marks(desk, str(tmp_path / "log"))
    assert (merged.problems, merged.new, merged.leaves) == ((), 1, 1)
    with desk.reading() as session:
        assert session.get_one(Person, guest).name == "=旁听"
        assert session.get(MarkState, (meeting, guest)) is not None
    assert leaves(desk) == {asked: "requested"}
    again = merge_marks(desk, str(tmp_path / "log"))
    assert (again.new, again.leaves, again.batch) == (0, 0, None)


def test_leave_to_the_minute_travels_both_ways(
    desk: Desk, register: Register, meeting: str, tmp_path: Path
) -> None:
    """With a database and in a folder; a database of an older version knows no times and comes."""
    known = ask(desk, register)
    carry_classes(desk, tmp_path / "away.db", ["C1"])
    carry_classes(desk, tmp_path / "old.db", ["C1"])
    laptop = dataclasses.replace(desk, url=f"sqlite:///{tmp_path / 'away.db'}")
    stretch = Stretch(day(1), day(1), None, None, None, dt.time(9, 10))
    with laptop.writing() as work:
        asked = ask_leave(work, register.office, person="P2", stretch=stretch, class_code="C1")
        work.session.flush()
        id_ = asked.id
        work.commit()
    export_marks(laptop, tmp_path / "folder")
    assert ",,09:10\n" in (tmp_path / "folder" / "leaves.csv").read_text(encoding="utf-8")
    assert merge_marks(desk, str(tmp_path / "away.db")).leaves == 1
    with desk.reading() as session:
        assert session.get_one(Leave, id_).time_to == dt.time(9, 10)
    with closing(sqlite3.connect(tmp_path / "old.db")) as old, old:
        for name in ("time_from", "time_to"):
            old.execute(f"ALTER TABLE leave_request DROP COLUMN {name}")
        old.execute("UPDATE leave_request SET status = 'approved'")
    assert merge_marks(desk, str(tmp_path / "old.db")).leaves == 1
    assert leaves(desk)[known] == "approved"
