"""Imports of marks as batches: listed with what they brought, undone, brought back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from sqlmodel import select

from db.tables import Mark, MarkBatch, MarkState
from tests.factories.registers import Register, day
from trainer.attendance.batches import list_batches, undo_batch
from trainer.attendance.closing import close_sessions
from trainer.attendance.incoming import import_marks, merge_marks
from trainer.attendance.record import record_mark
from trainer.dataset.load import import_dataset
from trainer.desk import Desk
from trainer.errors import Refused


def sheet(path: Path, uid: str, **statuses: str) -> Path:
    """Write a file of marks by a door device, with no ids of its own."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("session", "person", "status", "device", "counter"))
        for number, (person, status) in enumerate(statuses.items(), start=1):
            writer.writerow((uid, person, status, "door", number))
    return path


def states(desk: Desk) -> dict[str, tuple[str, bool]]:
    """Return status and conflict of each person."""
    with desk.reading() as session:
        return {s.person: (s.status, s.conflict) for s in session.exec(select(MarkState))}


def events(desk: Desk) -> set[str]:
    """Return the ids of the log."""
    with desk.reading() as session:
        return set(session.exec(select(Mark.id)))


def undo(desk: Desk, number: int) -> int:
    """Undo an import; return how many people and sessions it touched."""
    with desk.writing() as work:
        done = undo_batch(work, number, reason="文件有误")
        work.commit()
    return done.pairs


def batches(desk: Desk) -> list[MarkBatch]:
    """Return all batches, the oldest first."""
    with desk.reading() as session:
        return list_batches(session)[::-1]


def test_an_import_is_undone_and_brought_back(desk: Desk, meeting: str, tmp_path: Path) -> None:
    """State after undo == state before; the same file again brings it back; nothing is deleted."""
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P1", status="present")
        work.commit()
    before, log = states(desk), events(desk)
    path = sheet(tmp_path / "door.csv", meeting, P1="absent", P2="present")
    assert import_marks(desk, path).batch == 1
    after = states(desk)
    assert after == {"P1": ("present", True), "P2": ("present", False)}
    for number in (1, 3):
        assert undo(desk, number) == 2
        assert states(desk) == before
        again = import_marks(desk, path)
        assert (again.new, again.restored, again.batch) == (0, 2, number + 2)
        assert states(desk) == after
    assert import_marks(desk, path).batch is None
    assert events(desk) > log
    kept = batches(desk)
    assert [(b.number, b.kind, b.new, b.restored) for b in kept] == [
        (1, "import", 2, 0), (2, "undo", 2, 0), (3, "import", 0, 2), (4, "undo", 2, 0),
        (5, "import", 0, 2),
    ]  # fmt: skip
    assert kept[0].source == "door.csv"
    assert len(kept[0].digest or "") == 64
    assert (kept[0].undone_by, kept[0].undone_reason, kept[1].undoes) == ("clerk", "文件有误", 1)


def test_marks_of_a_dataset_are_an_import_too(desk: Desk, meeting: str, tmp_path: Path) -> None:
    """What `trainer import` brought is listed, undone, and brought back by importing it again."""
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P1", status="present", device="pc")
        work.commit()
    before = states(desk)
    (tmp_path / "set").mkdir()
    path = tmp_path / "set" / "marks.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("id", "session", "person", "status", "at", "device", "counter"))
        for person, status in (("P1", "absent"), ("P2", "late")):
            at = "2023-02-01T08:30:00+08:00"
            writer.writerow((f"m-{person}", meeting, person, status, at, "door", 1))
    assert import_dataset(desk, tmp_path / "set").written
    after = states(desk)
    assert after == {"P1": ("present", True), "P2": ("late", False)}
    assert undo(desk, 1) == 2
    assert states(desk) == before
    assert import_dataset(desk, tmp_path / "set").written
    assert states(desk) == after
    assert [(one.kind, one.source, one.new, one.restored) for one in batches(desk)] == [
        ("dataset", "set", 2, 0),
        ("undo", "set", 2, 0),
        ("dataset", "set", 0, 2),
    ]
    import_dataset(desk, tmp_path / "set")
    assert len(batches(desk)) == 3


def test_a_mark_made_later_stays(desk: Desk, meeting: str, tmp_path: Path) -> None:
    """P1 was corrected by hand after the import; only P2 goes back to unmarked."""
    import_marks(desk, sheet(tmp_path / "door.csv", meeting, P1="absent", P2="present"))
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P1", status="leave")
        work.commit()
    undo(desk, 1)
    assert states(desk) == {"P1": ("leave", False)}


def test_what_cannot_be_undone_is_refused_in_words(
    desk: Desk, meeting: str, tmp_path: Path
) -> None:
    """Unknown numbers, an undoing itself, twice, and sessions closed since."""
    path = sheet(tmp_path / "door.csv", meeting, P1="absent")
    import_marks(desk, path)
    undo(desk, 1)
    import_marks(desk, path)
    with desk.writing() as work:
        for number, said in ((9, "no import 9"), (2, "no import 2"), (1, "undone by clerk")):
            with pytest.raises(Refused, match=said):
                undo_batch(work, number)
        close_sessions(work, [meeting])
        work.commit()
    with desk.writing() as work, pytest.raises(Refused, match="closed or frozen after it"):
        undo_batch(work, 3)
    # what arrives at a closed session is taken, told, and may be undone
    arrival = import_marks(desk, sheet(tmp_path / "late.csv", meeting, P2="late"))
    assert [odd.kind for odd in arrival.odd] == ["closed"]
    assert undo(desk, arrival.batch or 0) == 1
    assert states(desk) == {"P1": ("absent", False)}


def test_undoing_travels_with_the_log(
    desk: Desk, register: Register, meeting: str, tmp_path: Path
) -> None:
    """Another office that merges the log afterwards comes to the same state."""
    from trainer.attendance.outgoing import export_marks

    other = register.meeting("C1", day(2))
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P1", status="present")
        work.commit()
    import_marks(desk, sheet(tmp_path / "a.csv", meeting, P1="absent", P2="absent"))
    import_marks(desk, sheet(tmp_path / "b.csv", other, P3="late"))
    undo(desk, 1)
    before = states(desk)
    assert before == {"P1": ("present", False), "P3": ("late", False)}
    export_marks(desk, tmp_path / "log")
    assert merge_marks(desk, str(tmp_path / "log")).new == 0
    with desk.writing() as work:
        from sqlalchemy import delete

        work.connection.execute(delete(MarkState))
        work.connection.execute(delete(Mark))
        work.connection.execute(delete(MarkBatch))
        work.commit()
    assert merge_marks(desk, str(tmp_path / "log")).batch == 1
    assert states(desk) == before
