"""Closed sessions: one person proposes, another one decides, and everything stays in the log."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from sqlmodel import Session, select

from db.tables import ChangedLater, Correction, Mark, MarkState, OfficeSettings
from tests.factories.registers import Register, day
from trainer.attendance.changed import changed_since
from trainer.attendance.closing import (
    SessionClosed,
    close_sessions,
    reopen_sessions,
    sessions_to_close,
    shut_sessions,
)
from trainer.attendance.corrections import (
    approve_correction,
    correct_mark,
    corrections_of,
    list_corrections,
    mark_or_propose,
    refuse_correction,
)
from trainer.attendance.freezing import freeze_until, lift_freeze
from trainer.attendance.record import (
    Wish,
    keep_mark,
    record_many,
    record_mark,
    retract_marks,
    undo_mark,
)
from trainer.desk import Desk
from trainer.errors import NotAllowed, Refused, UsageError


def other(desk: Desk, name: str = "second") -> Desk:
    """Return the same desk with another person at it."""
    return dataclasses.replace(desk, actor=name)


def close(desk: Desk, *uids: str) -> int:
    """Close sessions in a work of their own."""
    with desk.writing() as work:
        count = close_sessions(work, uids)
        work.commit()
    return count


def status(desk: Desk, session: str, person: str = "P1") -> str | None:
    """Return what counts of a person."""
    with desk.reading() as read:
        row = read.get(MarkState, (session, person))
        return row.status if row else None


def propose(desk: Desk, session: str, wanted: str, **more: Any) -> Correction:
    """Propose a status of P1 and return the proposal."""
    with desk.writing() as work:
        made = correct_mark(work, Wish(session, "P1", wanted, **more), reason="签到表为准")
        work.commit()
    assert isinstance(made, Correction)
    return made


@pytest.fixture
def closed(desk: Desk, meeting: str) -> str:
    """A closed session at which P1 is absent."""
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P1", status="absent")
        work.commit()
    close(desk, meeting)
    return meeting


def test_nothing_is_closed_where_nobody_closed_anything(desk: Desk, meeting: str) -> None:
    """Marks are accepted whatever the date; the office has neither closings nor a policy."""
    with desk.writing() as work:
        assert shut_sessions(work.connection, work.now) == {}
        made = mark_or_propose(work, Wish(meeting, "P1", "present"), reason="补记")
        assert isinstance(made, Mark)


def test_every_way_of_marking_a_closed_session_is_refused_in_words(desk: Desk, closed: str) -> None:
    """Marking, taking back, emptying and resolving all lead to a correction."""
    with desk.writing() as work:
        mark = work.session.get(MarkState, (closed, "P1"))
        assert mark is not None
        for act in (
            lambda: record_mark(work, session=closed, person="P1", status="present"),
            lambda: undo_mark(work, session=closed, person="P1"),
            lambda: retract_marks(work, session=closed, persons=["P1"]),
            lambda: keep_mark(work, mark=mark.mark),
        ):
            with pytest.raises(SessionClosed, match="trainer attendance correct"):
                act()
    assert status(desk, closed) == "absent"


def test_a_correction_counts_only_once_a_second_person_approved_it(desk: Desk, closed: str) -> None:
    """The proposer may not decide; the approval is one more event that carries the reason."""
    row = propose(desk, closed, "late", minutes=7)
    assert status(desk, closed) == "absent"
    with desk.writing() as work, pytest.raises(NotAllowed, match="another person"):
        approve_correction(work, row.id)
    with other(desk).writing() as work:
        done = approve_correction(work, row.id[:8], reason="核对无误")
        work.commit()
    assert (done.state, done.asked_by, done.decided_by) == ("approved", "clerk", "second")
    with desk.reading() as read:
        log = list(read.exec(select(Mark).order_by(Mark.counter)))  # type: ignore[arg-type]
        assert [(m.status, m.by, m.note) for m in log] == [
            ("absent", "clerk", None),
            ("late", "second", "签到表为准"),
        ]
        assert log[1].replaces == log[0].id
        assert done.mark == log[1].id
        assert [c.state for c in corrections_of(read, closed, "P1")] == ["approved"]


def test_the_same_name_in_other_letters_is_the_same_person(desk: Desk, closed: str) -> None:
    """``Clerk`` and ``clerk`` are one person, not two."""
    row = propose(desk, closed, "present")
    with other(desk, " Clerk").writing() as work, pytest.raises(NotAllowed):
        approve_correction(work, row.id)


def test_refused_and_withdrawn_corrections_stay_and_count_nowhere(desk: Desk, closed: str) -> None:
    """By somebody else it is refused, by the proposer withdrawn; decided is decided."""
    first, second = propose(desk, closed, "present"), propose(desk, closed, "leave")
    with desk.reading() as read:
        states = {c.id: c.state for c in corrections_of(read, closed, "P1")}
    assert states == {first.id: "withdrawn", second.id: "proposed"}
    with other(desk).writing() as work:
        assert refuse_correction(work, second.id, reason="没有假条").state == "refused"
        work.commit()
    third = propose(desk, closed, "duty")
    with desk.writing() as work:
        assert refuse_correction(work, third.id).state == "withdrawn"
        with pytest.raises(Refused, match="decided by second"):
            refuse_correction(work, second.id)
        work.commit()
    assert status(desk, closed) == "absent"
    with desk.reading() as read:
        assert [p.counts for p in list_corrections(read, class_code="C1")] == ["absent"] * 3
        assert list_corrections(read, state="proposed") == []


def test_a_correction_can_leave_somebody_unmarked(desk: Desk, closed: str) -> None:
    """Status void takes the mark back; the log keeps both."""
    row = propose(desk, closed, "void")
    with other(desk).writing() as work:
        assert approve_correction(work, row.id).mark is None
        work.commit()
    assert status(desk, closed) is None
    with desk.reading() as read:
        assert sorted(m.status for m in read.exec(select(Mark))) == ["absent", "void"]


def test_what_has_changed_meanwhile_is_not_approved(desk: Desk, closed: str) -> None:
    """Two proposals from one state: the second approval would overwrite unseen."""
    row = propose(desk, closed, "present")
    third = propose(other(desk, "third"), closed, "late")
    with other(desk).writing() as work:
        approve_correction(work, row.id)
        work.commit()
    with other(desk).writing() as work, pytest.raises(Refused, match="something else counts"):
        approve_correction(work, third.id)
    assert status(desk, closed) == "present"


def test_proposing_what_counts_already_is_refused(desk: Desk, closed: str) -> None:
    """No second person is troubled for nothing."""
    with desk.writing() as work, pytest.raises(Refused, match="already"):
        correct_mark(work, Wish(closed, "P1", "absent"), reason="复核")


def test_a_correction_needs_a_reason_everywhere(desk: Desk, closed: str) -> None:
    """A blank reason is none; a mark of a closed session without any is told what to do."""
    with desk.writing() as work:
        with pytest.raises(UsageError, match="needs a reason"):
            correct_mark(work, Wish(closed, "P1", "present"), reason=" ")
        with pytest.raises(SessionClosed):
            mark_or_propose(work, Wish(closed, "P1", "present"), reason=None)


def test_at_an_open_session_a_correction_is_recorded_at_once(desk: Desk, meeting: str) -> None:
    """The event carries the reason as its note."""
    with desk.writing() as work:
        made = correct_mark(work, Wish(meeting, "P1", "late", 5), reason="门禁记录")
        assert isinstance(made, Mark)
        assert (made.status, made.note) == ("late", "门禁记录")
        assert correct_mark(work, Wish(meeting, "P1", "void"), reason="误点") is None
        work.commit()
    assert status(desk, meeting) is None


def test_marks_from_elsewhere_are_taken_at_closed_sessions(desk: Desk, closed: str) -> None:
    """What arrives is a fact: it is kept, as the contract says, and nobody is asked."""
    with desk.writing() as work:
        record_many(
            work,
            [{"session": closed, "person": "P2", "status": "present", "at": work.now,
              "device": "b", "counter": 1}],
        )  # fmt: skip
        work.commit()
    assert status(desk, closed, "P2") == "present"


def test_closing_takes_what_was_held_and_opening_takes_a_second_person(
    desk: Desk, register: Register
) -> None:
    """A class's sessions to come stay open; whoever closed may not open."""
    held, to_come = register.meeting("C1", day(1)), register.meeting("C1", day(20, 5))
    cancelled = register.meeting("C1", day(2), status="cancelled")
    with desk.reading() as read:
        uids = sessions_to_close(read, register.office, class_code="C1")
        assert uids == [held, to_come]
        assert sessions_to_close(read, register.office, date=day(1)) == [held]
    assert close(desk, *uids) == 1
    assert close(desk, *uids) == 0
    with desk.writing() as work:
        assert list(shut_sessions(work.connection, work.now)) == [held]
        with pytest.raises(Refused, match="none of these sessions has begun"):
            close_sessions(work, [to_come, cancelled])
        with pytest.raises(NotAllowed, match="closed the session"):
            reopen_sessions(work, [held], reason="漏点一人")
    with other(desk).writing() as work:
        with pytest.raises(UsageError, match="reason"):
            reopen_sessions(work, [held], reason=None)
        assert reopen_sessions(work, [held], reason="漏点一人") == 1
        work.commit()
    with desk.writing() as work:
        record_mark(work, session=held, person="P1", status="present")


def test_the_policy_closes_days_after_and_a_person_may_open(
    desk: Desk, register: Register, meeting: str
) -> None:
    """The clock stands on 1 March: 27 days after 1 February it is closed, 28 days after not."""
    for days, shut in ((27, True), (28, False)):
        with desk.writing() as work:
            row = work.session.get(OfficeSettings, 1)
            document = {"policies": {"attendance": {"close_after_days": days}}}
            if row is None:
                work.session.add(OfficeSettings(id=1, document=document))
            else:
                row.document = document
            work.commit()
        with desk.writing() as work:
            assert (meeting in shut_sessions(work.connection, work.now)) is shut
            if shut:
                assert shut_sessions(work.connection, work.now)[meeting].why == "policy"
                assert reopen_sessions(work, [meeting], reason="补录") == 1
                assert shut_sessions(work.connection, work.now) == {}
                work.session.rollback()


def changed(read: Session) -> dict[tuple[str, str], Any]:
    """Return what has changed since it was frozen."""
    return changed_since(read)


def test_a_frozen_period_keeps_what_was_handed_in(desk: Desk, register: Register) -> None:
    """Corrections and arrivals in it are kept with what counted before; back is unchanged."""
    uid, later = register.meeting("C1", day(1)), register.meeting("C1", day(15))
    with desk.writing() as work:
        for session in (uid, later):
            record_mark(work, session=session, person="P1", status="absent")
        freeze_until(work, day(10), today=day(1, 3))
        work.commit()
    with desk.writing() as work:
        record_mark(work, session=later, person="P1", status="present")
        with pytest.raises(SessionClosed, match="frozen"):
            record_mark(work, session=uid, person="P1", status="present")
        work.commit()
    row = propose(desk, uid, "leave")
    with other(desk).writing() as work:
        approve_correction(work, row.id)
        event = {"session": uid, "person": "P2", "status": "present", "at": work.now}
        record_many(work, [event | {"id": "arrived"}])
        work.commit()
    with desk.reading() as read:
        assert changed(read) == {(uid, "P1"): ("absent", None), (uid, "P2"): None}
    back = propose(desk, uid, "absent")
    with other(desk).writing() as work:
        approve_correction(work, back.id)
        work.commit()
    with desk.reading() as read:
        assert changed(read) == {(uid, "P2"): None}
        assert len(list(read.exec(select(ChangedLater)))) == 2


def test_freezing_and_lifting(desk: Desk, register: Register, meeting: str) -> None:
    """Only what is over can be frozen, only another person lifts, and freezing anew starts anew."""
    with desk.writing() as work:
        with pytest.raises(UsageError, match="not over yet"):
            freeze_until(work, day(1, 3), today=day(1, 3))
        freeze_until(work, day(10), today=day(1, 3), reason="一季度上报")
        work.commit()
    with desk.writing() as work:
        with pytest.raises(Refused, match="already"):
            freeze_until(work, day(10), today=day(1, 3))
        with pytest.raises(NotAllowed):
            lift_freeze(work, day(10), reason="重报")
        with pytest.raises(Refused, match="nothing is frozen"):
            lift_freeze(work, day(11), reason="重报")
        record_many(work, [{"session": meeting, "person": "P1", "status": "late", "at": work.now}])
        work.commit()
    with other(desk).writing() as work:
        with pytest.raises(Refused, match="lift the freeze"):
            reopen_sessions(work, [meeting], reason="重报")
        lift_freeze(work, day(10), reason="重报")
        work.commit()
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P2", status="present")
        freeze_until(work, day(10), today=day(1, 3))
        work.commit()
    with desk.reading() as read:
        assert changed(read) == {}
