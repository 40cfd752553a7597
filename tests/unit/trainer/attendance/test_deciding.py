"""Deciding conflicts: both sides stay in the log, and decisions that differ are conflicts, too."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import select

from db.tables import Mark, MarkState
from trainer.attendance.incoming import merge_marks
from trainer.attendance.record import keep_mark, record_many, undo_mark
from trainer.desk import Desk

HEADER = "id,session,person,status,minutes,at,by,device,counter,replaces,note"
AT = "2023-02-01T08:40:00+08:00"


def write(path: Path, *rows: str) -> None:
    """Write a file of marks."""
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")


def states(desk: Desk) -> dict[str, tuple[str, bool]]:
    """Return what counts for each person."""
    with desk.reading() as session:
        return {s.person: (s.status, s.conflict) for s in session.exec(select(MarkState))}


def test_two_offices_that_decide_a_conflict_the_other_way_round_disagree(
    desk: Desk, meeting: str, tmp_path: Path
) -> None:
    """Here x is kept, there y; the decisions meet as a conflict, and nobody is unmarked."""
    both = tmp_path / "both"
    both.mkdir()
    write(
        both / "marks.csv",
        f"x,{meeting},P1,absent,,{AT},李,one,1,,",
        f"y,{meeting},P1,present,,{AT},王,two,1,,",
    )
    merge_marks(desk, str(both))
    with desk.reading() as session:
        before = {event.id for event in session.exec(select(Mark))}
    with desk.writing() as work:
        keep_mark(work, mark="y", device="there")
        work.session.flush()
        decided = [event.model_dump() for event in work.session.exec(select(Mark))]
    # that decision was made elsewhere: here it is not stored yet
    with desk.writing() as work:
        keep_mark(work, mark="x", device="here")
        work.commit()
    assert states(desk) == {"P1": ("absent", False)}
    with desk.writing() as work:
        record_many(work, [row for row in decided if row["id"] not in before])
        work.commit()
    (status, conflict), *_ = states(desk).values()
    assert (status in {"absent", "present"}, conflict) == (True, True)


def test_taking_back_a_decision_leaves_nobody_marked(desk: Desk, meeting: str) -> None:
    """What a decision said again is no mark of its own: undoing goes behind it."""
    rows = [
        {"id": "a", "status": "present", "device": "a", "counter": 1},
        {"id": "b", "status": "absent", "device": "b", "counter": 1},
    ]
    with desk.writing() as work:
        record_many(
            work, [row | {"session": meeting, "person": "P1", "at": work.now} for row in rows]
        )
        keep_mark(work, mark="b")
        assert undo_mark(work, session=meeting, person="P1") is None
        work.commit()
    assert states(desk) == {}
