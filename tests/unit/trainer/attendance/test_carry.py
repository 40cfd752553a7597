"""A class taken along in a file: worked on away from the office, and brought back whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from db.tables import Mark, MarkState, Person
from tests.factories.registers import Register, day
from trainer.attendance.carry import carry_classes
from trainer.attendance.closing import SessionClosed, close_sessions
from trainer.attendance.corrections import (
    approve_correction,
    list_corrections,
    propose_correction,
)
from trainer.attendance.freezing import freeze_until
from trainer.attendance.guests import add_guest
from trainer.attendance.incoming import merge_marks
from trainer.attendance.record import Wish, record_mark
from trainer.attendance.sheet import open_sheet
from trainer.desk import Desk
from trainer.errors import Refused, UsageError


def test_a_class_goes_and_comes_back_with_its_guests(
    desk: Desk, register: Register, meeting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Marked in the office before, away and in the office meanwhile: all three count, once each."""
    register.people("P9")
    register.training("C2", ["P9"])
    register.meeting("C2", day(1))
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P1", status="present")
        work.commit()
    path = tmp_path / "bag" / "office.db"
    assert carry_classes(desk, path, ["C1"]) == 3
    away = Desk(f"sqlite:///{path}", "head teacher", desk.clock)
    monkeypatch.setenv("TRAINER_DEVICE", "field laptop")
    with away.writing() as work:
        guest = add_guest(work, name="路过的老乡").code
        work.session.flush()
        record_mark(work, session=meeting, person=guest, status="present")
        record_mark(work, session=meeting, person="P2", status="late", minutes=9)
        work.commit()
    with away.reading() as session:
        assert session.get(Person, "P9") is None
        assert len(open_sheet(session, away.office(), meeting).lines) == 4
    monkeypatch.setenv("TRAINER_DEVICE", "office")
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P3", status="absent")
        work.commit()
    first = merge_marks(desk, str(path.parent))
    again = merge_marks(desk, str(path))
    assert (first.new, first.known, again.new, again.conflicts) == (2, 1, 0, 0)
    with desk.reading() as session:
        assert len(session.exec(select(Mark)).all()) == 4
        found = {s.person: s.status for s in session.exec(select(MarkState))}
    assert found == {"P1": "present", "P2": "late", "P3": "absent", guest: "present"}


def test_closed_sessions_go_along_and_corrections_come_back(
    desk: Desk, register: Register, meeting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The laptop refuses a mark too; of two proposals one comes new and one decided, once each."""
    early = register.meeting("C1", day(2))
    with desk.writing() as work:
        close_sessions(work, [meeting])
        freeze_until(work, day(3), today=day(1, 3))
        known = propose_correction(work, Wish(early, "P2", "late"), reason="迟到").id
        work.commit()
    path = tmp_path / "bag" / "office.db"
    carry_classes(desk, path, ["C1"])
    away = Desk(f"sqlite:///{path}", "head teacher", desk.clock)
    monkeypatch.setenv("TRAINER_DEVICE", "field laptop")
    with away.writing() as work, pytest.raises(SessionClosed):
        record_mark(work, session=meeting, person="P1", status="present")
    with away.writing() as work:
        new = propose_correction(work, Wish(meeting, "P1", "present"), reason="补记").id
        approve_correction(work, known)
        work.commit()
    first, again = merge_marks(desk, str(path)), merge_marks(desk, str(path))
    assert (first.new, first.corrections, again.new, again.corrections) == (1, 2, 0, 0)
    with desk.reading() as session:
        states = {one.correction.id: one.correction.state for one in list_corrections(session)}
        assert states == {known: "approved", new: "proposed"}
        assert session.get_one(MarkState, (early, "P2")).status == "late"
    with desk.writing() as work:
        approve_correction(work, new)
        work.commit()
    assert merge_marks(desk, str(path)).corrections == 0
    with desk.reading() as session:
        assert session.get_one(MarkState, (meeting, "P1")).status == "present"


def test_carry_refuses_what_would_lose_something(
    desk: Desk, register: Register, tmp_path: Path
) -> None:
    """A file that is there is not overwritten; unknown classes are named."""
    path = tmp_path / "bag.db"
    with pytest.raises(Refused, match="no class C9"):
        carry_classes(desk, path, ["C9"])
    assert not path.exists()
    carry_classes(desk, path, ["C1"])
    with pytest.raises(Refused, match="is there already"):
        carry_classes(desk, path, ["C1"])


def test_a_folder_with_both_kinds_of_records_is_not_guessed_at(
    desk: Desk, register: Register, tmp_path: Path
) -> None:
    """Either may be the newer: neither is taken."""
    carry_classes(desk, tmp_path / "bag.db", ["C1"])
    (tmp_path / "marks.csv").write_text("session,person,status\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"both marks\.csv and"):
        merge_marks(desk, str(tmp_path))


def test_a_guest_needs_a_name_and_a_known_unit(desk: Desk, register: Register) -> None:
    """Refused in words."""
    with desk.writing() as work:
        with pytest.raises(UsageError, match="needs a name"):
            add_guest(work, name=" ")
        with pytest.raises(Refused, match="no unit U9"):
            add_guest(work, name="客人", unit="U9")
