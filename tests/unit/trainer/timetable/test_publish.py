"""Publication: versions, what they change, whom they concern, and how sequence numbers rise."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from db.tables import Publication, PublishedSession, Teacher, TrainingClass, TrainingSession
from tests.factories.plans import MONDAY, Plan, day
from trainer.errors import Refused
from trainer.timetable.moving import bring_back, cancel_sessions
from trainer.timetable.publish import (
    Published,
    changes_between,
    publish,
    published_sessions,
)
from trainer.timetable.solving import solve_timetable

NEXT = MONDAY + dt.timedelta(days=1)


@pytest.fixture
def published(plan: Plan) -> Plan:
    """A class with two people and two sessions, published once."""
    plan.venue("V1")
    plan.venue("V2")
    plan.teacher("T1")
    plan.teacher("T2")
    plan.course("K1", teachers=("T1", "T2"))
    plan.training("C1", {"course": "K1", "count": 2})
    plan.enrol("C1", "P1")
    plan.enrol("C1", "P2", from_date=NEXT)
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1", teacher="T1")
    plan.session("C1", "K1", NEXT, "AM1", venue="V1", teacher="T1", seq=2)
    publish(plan.desk, "first")
    return plan


def change(plan: Plan, seq: int, **values: object) -> None:
    row = plan.sessions()[seq - 1]
    with plan.desk.writing() as work:
        work.update_many(TrainingSession, [(row.model_dump(), values)])
        work.commit()


def states(plan: Plan, number: int | None = None) -> list[tuple[int, int, str]]:
    """Return seq, sequence and status of what is published."""
    with plan.desk.reading() as session:
        rows = published_sessions(session, number)
    return [(row.seq, row.sequence, row.status) for row in rows]


def kinds(result: Published) -> list[tuple[int, tuple[str, ...]]]:
    return [(each.after.seq, each.kinds) for each in result.changes]


def test_nothing_to_publish_is_refused(plan: Plan) -> None:
    """An empty timetable has no version."""
    with pytest.raises(Refused, match="no session to publish"):
        publish(plan.desk)


def test_the_first_version_adds_everything(published: Plan) -> None:
    """Sequence numbers begin at 0, and sessions are published from then on."""
    assert states(published) == [(1, 0, "published"), (2, 0, "published")]
    assert {row.status for row in published.sessions()} == {"published"}
    with published.desk.reading() as session:
        (row,) = session.exec(select(Publication))
    assert (row.number, row.by, row.note) == (1, "clerk", "first")


def test_publishing_the_same_again_makes_no_version(published: Plan) -> None:
    """Without a change the version stays, and so does every revision."""
    with published.desk.reading() as session:
        before = [row.revised_at for row in published_sessions(session)]
    result = publish(published.desk)
    assert (result.number, result.made, result.changes) == (1, False, ())
    with published.desk.reading() as session:
        assert [row.revised_at for row in published_sessions(session)] == before


def test_a_new_venue_or_teacher_raises_the_sequence_of_that_session_alone(published: Plan) -> None:
    """What did not change keeps its state; what did gets the next number."""
    change(published, 1, venue="V2")
    change(published, 2, teacher="T2")
    result = publish(published.desk)
    assert kinds(result) == [(1, ("venue",)), (2, ("teacher",))]
    assert result.number == 2
    change(published, 1, teacher="T2")
    assert kinds(publish(published.desk)) == [(1, ("teacher",))]
    assert states(published) == [(1, 2, "published"), (2, 1, "published")]


def test_a_moved_session_says_from_where(published: Plan) -> None:
    """The sentence has both times; the old version is still known."""
    start, end = published.office.instants(MONDAY, "AM2", 1)
    change(published, 1, period="AM2", start=start, end=end)
    result = publish(published.desk)
    assert kinds(result) == [(1, ("moved",))]
    (sentence,) = result.changes[0].sentences(published.office)
    assert sentence.text("en") == (
        "moved: course K1 of class C1 from 2023-03-06, 08:30–09:15 to 2023-03-06, 09:25–10:10"
    )
    with published.desk.reading() as session:
        old, new = published_sessions(session, 1), published_sessions(session, 2)
    assert [row.period for row in old] == ["AM1", "AM1"]
    assert [row.period for row in new] == ["AM2", "AM1"]
    with published.desk.reading() as session:
        assert [c.kinds for c in changes_between(session, 1, 2)] == [("moved",)]
        assert [c.kinds for c in changes_between(session, 0, 1)] == [("added",), ("added",)]


def test_cancelled_and_back(published: Plan) -> None:
    """A cancelled session stays in the calendars as cancelled until it is back."""
    uid = published.sessions()[0].uid
    cancel_sessions(published.desk, [uid])
    assert kinds(publish(published.desk)) == [(1, ("cancelled",))]
    assert states(published)[0] == (1, 1, "cancelled")
    assert not publish(published.desk).made
    bring_back(published.desk, [uid])
    assert kinds(publish(published.desk)) == [(1, ("back",))]
    assert states(published)[0] == (1, 2, "published")


def test_a_cancelled_class_cancels_its_sessions(published: Plan) -> None:
    """The class's stage is enough; the sessions need not be touched one by one."""
    with published.desk.writing() as work:
        work.session.get_one(TrainingClass, "C1").stage = "cancelled"
        work.commit()
    assert kinds(publish(published.desk)) == [(1, ("cancelled",)), (2, ("cancelled",))]


def test_a_session_that_vanished_is_cancelled_and_returns_under_its_uid(published: Plan) -> None:
    """A meeting taken off the timetable and placed again is the same event to every client."""
    gone = published.sessions()[0]
    with published.desk.writing() as work:
        work.delete_many(TrainingSession, [gone.model_dump()])
        work.commit()
    assert kinds(publish(published.desk)) == [(1, ("cancelled",))]
    solve_timetable(published.desk)
    assert gone.uid in {row.uid for row in published.sessions()}
    assert kinds(publish(published.desk))[0] == (1, ("back",))


def test_a_held_session_is_no_change(published: Plan) -> None:
    """Attendance does not send anybody an update."""
    change(published, 1, status="held")
    assert not publish(published.desk).made


def test_a_changed_name_is_a_published_change(published: Plan) -> None:
    """What an event says besides is kept with the publication."""
    with published.desk.writing() as work:
        work.session.get_one(Teacher, "T1").name = "Dr. T1"
        work.commit()
    with published.desk.reading() as session:
        kept = {row.facts["teacher_name"] for row in published_sessions(session)}
    assert kept == {"teacher T1"}
    assert kinds(publish(published.desk)) == [(1, ("renamed",)), (2, ("renamed",))]
    assert states(published) == [(1, 1, "published"), (2, 1, "published")]


def test_whoever_is_concerned_gets_a_notice(published: Plan) -> None:
    """Members on the old or new day, the old teacher and the new one; nobody else."""
    change(published, 1, teacher="T2")
    result = publish(published.desk)
    assert [(n.kind, n.code) for n in result.notices] == [
        ("person", "P1"),
        ("teacher", "T1"),
        ("teacher", "T2"),
    ]
    assert [m.text("en") for m in result.notices[0].messages] == [
        "another teacher: course K1 of class C1 on 2023-03-06, 08:30–09:15: teacher T2"
    ]


def test_many_new_sessions_are_told_in_one_sentence(plan: Plan) -> None:
    """A notice is short."""
    plan.venue()
    plan.course()
    plan.training("C1", {"course": "K1", "count": 5})
    plan.enrol("C1", "P1")
    for number in range(5):
        plan.session("C1", "K1", day(6 + number), "AM1", venue="V1", seq=number + 1)
    (notice,) = publish(plan.desk).notices
    (message,) = notice.messages
    assert "5 new sessions from 2023-03-06 to 2023-03-10" in message.text("en")


def test_one_state_holds_at_each_version(published: Plan) -> None:
    """The states of a session follow each other without gap or overlap."""
    for number in range(3):
        change(published, 1, venue=("V2", "V1")[number % 2])
        publish(published.desk)
    with published.desk.reading() as session:
        rows = session.exec(select(PublishedSession).where(PublishedSession.seq == 1)).all()
    spans = sorted((row.first, row.last, row.sequence) for row in rows)
    assert spans == [(1, 1, 0), (2, 2, 1), (3, 3, 2), (4, None, 3)]
