"""Recording appends events; nothing is overwritten, and what counts follows in the same work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from db.tables import Mark, MarkState
from tests.factories.registers import Register, day
from trainer.attendance.record import (
    keep_mark,
    mark_unmarked,
    record_many,
    record_mark,
    undo_mark,
)
from trainer.desk import Desk
from trainer.errors import Refused, UsageError


def mark(desk: Desk, session: str, person: str, status: str, **more: object) -> Mark:
    """Record one mark in a work of its own."""
    with desk.writing() as work:
        made = record_mark(work, session=session, person=person, status=status, **more)  # type: ignore[arg-type]
        work.commit()
    return made


def states(desk: Desk) -> dict[str, tuple[str, bool]]:
    """Return status and conflict of each person."""
    with desk.reading() as session:
        return {s.person: (s.status, s.conflict) for s in session.exec(select(MarkState))}


def log(desk: Desk) -> list[Mark]:
    """Return every event in the order of the device's count."""
    with desk.reading() as session:
        return list(session.exec(select(Mark).order_by(Mark.counter)))  # type: ignore[arg-type]


def test_record_mark_keeps_who_when_and_where(desk: Desk, register: Register, meeting: str) -> None:
    """An event carries its device, that device's count, the actor and the clock's instant."""
    made = mark(desk, meeting, "P1", "late", minutes=12)
    kept = log(desk)[0]
    assert (kept.id, kept.device, kept.counter, kept.by) == (made.id, "laptop", 1, "clerk")
    assert kept.at.astimezone(register.office.zone).date() == day(1, 3)
    assert (kept.status, kept.minutes, kept.replaces) == ("late", 12, None)


def test_record_mark_twice_corrects_and_keeps_both(desk: Desk, meeting: str) -> None:
    """The second event names the first; the count goes on."""
    first = mark(desk, meeting, "P1", "absent")
    mark(desk, meeting, "P1", "leave", note="补假条")
    assert [(e.status, e.counter, e.replaces) for e in log(desk)] == [
        ("absent", 1, None),
        ("leave", 2, first.id),
    ]
    assert states(desk) == {"P1": ("leave", False)}


def test_record_mark_of_what_stands_writes_nothing(desk: Desk, meeting: str) -> None:
    """Pressing the same key again is no event."""
    first = mark(desk, meeting, "P1", "present")
    assert mark(desk, meeting, "P1", "present").id == first.id
    assert len(log(desk)) == 1


def test_record_mark_over_a_conflict_ends_it(desk: Desk, meeting: str) -> None:
    """What a person decides replaces one side and retracts the other; all three stay."""
    with desk.writing() as work:
        for device, status in (("a", "present"), ("b", "absent")):
            record_many(
                work,
                [
                    {
                        "session": meeting,
                        "person": "P1",
                        "status": status,
                        "at": work.now,
                        "device": device,
                        "counter": 1,
                    }
                ],
            )
        work.commit()
    assert states(desk)["P1"][1]
    mark(desk, meeting, "P1", "late")
    assert states(desk) == {"P1": ("late", False)}
    assert len(log(desk)) == 4


def test_record_mark_at_a_cancelled_session_is_refused(desk: Desk, register: Register) -> None:
    """Nobody can have been at a session that was cancelled."""
    uid = register.meeting("C1", day(2), status="cancelled")
    with pytest.raises(Refused, match="C1 on 2023-02-02 is cancelled"):
        mark(desk, uid, "P1", "present")
    assert log(desk) == []


def test_record_mark_names_what_is_unknown(desk: Desk, meeting: str) -> None:
    """Unknown sessions, people and statuses are refused in words."""
    with pytest.raises(Refused, match="no session nowhere"):
        mark(desk, "nowhere", "P1", "present")
    with pytest.raises(Refused, match="no person P9"):
        mark(desk, meeting, "P9", "present")
    with pytest.raises(UsageError, match="no status “here”"):
        mark(desk, meeting, "P1", "here")
    with pytest.raises(UsageError, match="cannot be -1"):
        mark(desk, meeting, "P1", "late", minutes=-1)


def test_mark_unmarked_leaves_marks_alone(desk: Desk, meeting: str) -> None:
    """Only those of whom nothing is recorded are marked."""
    mark(desk, meeting, "P2", "absent")
    with desk.writing() as work:
        made = mark_unmarked(work, session=meeting, persons=["P1", "P2", "P3"])
        work.commit()
    assert [m.person for m in made] == ["P1", "P3"]
    assert states(desk)["P2"] == ("absent", False)


def test_undo_mark_goes_back_step_by_step(desk: Desk, meeting: str) -> None:
    """A correction gives way to what was before; a first mark to nothing; then nothing is left."""
    mark(desk, meeting, "P1", "present")
    mark(desk, meeting, "P1", "absent")
    with desk.writing() as work:
        back = undo_mark(work, session=meeting, person="P1")
        work.commit()
    assert back is not None
    assert states(desk) == {"P1": ("present", False)}
    mark(desk, meeting, "P2", "late")
    with desk.writing() as work:
        assert undo_mark(work, session=meeting, person="P2") is None
        work.commit()
    assert "P2" not in states(desk)
    with desk.writing() as work, pytest.raises(Refused, match="nothing is recorded of P2"):
        undo_mark(work, session=meeting, person="P2")


def test_several_writers_at_once_lose_nothing_and_count_on(desk: Desk, meeting: str) -> None:
    """Four people mark the same person ten times each: forty counts, each once, one state."""

    def write(number: int) -> None:
        for turn in range(10):
            mark(
                desk,
                meeting,
                "P1",
                ("present", "late", "absent")[(number + turn) % 3],
                minutes=turn,
            )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    events = log(desk)
    assert [event.counter for event in events] == list(range(1, len(events) + 1))
    last = events[-1]
    assert states(desk) == {"P1": (last.status, False)}
    assert [event.replaces for event in events[1:]] == [event.id for event in events[:-1]]


def test_keep_mark_resolves_in_favour_of_either_side(desk: Desk, meeting: str) -> None:
    """The side that is not kept is retracted by an event that says so."""
    rows = [
        {"id": "a", "status": "present", "device": "a", "counter": 1},
        {"id": "b", "status": "absent", "device": "b", "counter": 1},
    ]
    with desk.writing() as work:
        record_many(
            work, [row | {"session": meeting, "person": "P1", "at": work.now} for row in rows]
        )
        assert keep_mark(work, mark="a", note="签到表为准") == 1
        with pytest.raises(Refused, match="no mark with the id b"):
            keep_mark(work, mark="b")
        work.commit()
    assert states(desk) == {"P1": ("present", False)}
    # both sides, the void of one, and the other said again
    assert sorted(event.status for event in log(desk)) == ["absent", "present", "present", "void"]
