"""The life of an event over many publications: identity, sequence, revision, cancellation."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from db.tables import TrainingSession
from tests.factories.plans import day
from tests.factories.published import Bulletin
from trainer.calendars.wording import Kind
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.timetable.moving import bring_back, cancel_sessions


@pytest.fixture
def bulletin(sqlite_url: str) -> Bulletin:
    """An office that has published nothing yet."""
    return Bulletin(Desk(sqlite_url, "clerk"))


def state(event: Any) -> tuple[Any, ...]:
    """Return what a client decides by: sequence, status, transparency, and the title's prefix."""
    return (
        event["SEQUENCE"],
        str(event["STATUS"]),
        str(event["TRANSP"]),
        str(event["SUMMARY"]).startswith("【取消】"),
    )


CONFIRMED = ("CONFIRMED", "OPAQUE", False)
CANCELLED = ("CANCELLED", "TRANSPARENT", True)


def test_whole_life_of_a_session(bulletin: Bulletin) -> None:
    """Time, room, teacher, cancellation and return: one UID, and each publication one higher."""
    uid, other, _ = bulletin.lessons
    bulletin.publish(day(1))
    seen = [bulletin.events()]
    steps = (
        {"period": "AM2"},
        {"venue": "V2"},
        {"teacher": "T2"},
    )
    for number, values in enumerate(steps):
        bulletin.change(uid, **values)
        bulletin.publish(day(2 + number))
        seen.append(bulletin.events(alarm_minutes=15))
    cancel_sessions(bulletin.desk, [uid])
    bulletin.publish(day(5))
    seen.append(bulletin.events(alarm_minutes=15, today=day(5)))
    bring_back(bulletin.desk, [uid])
    bulletin.publish(day(6))
    seen.append(bulletin.events(alarm_minutes=15, today=day(6)))
    assert [state(events[uid]) for events in seen] == [
        (0, *CONFIRMED),
        (1, *CONFIRMED),
        (2, *CONFIRMED),
        (3, *CONFIRMED),
        (4, *CANCELLED),
        (5, *CONFIRMED),
    ]
    stamps = [events[uid]["DTSTAMP"].dt for events in seen]
    assert stamps == sorted(set(stamps))
    assert [events[uid]["LAST-MODIFIED"].dt for events in seen] == stamps
    assert [len(events[uid].walk("VALARM")) for events in seen] == [0, 1, 1, 1, 0, 1]
    assert {str(events[other]["DTSTAMP"].dt) for events in seen} == {str(stamps[0])}
    assert all(events.keys() == seen[0].keys() for events in seen)


def test_exporting_again_gives_the_same_bytes(bulletin: Bulletin) -> None:
    """On another day, after publishing without a change, and after a change was taken back."""
    bulletin.publish()
    first = bulletin.file(travel=True)
    assert bulletin.file(travel=True, today=day(9)) == first
    assert not bulletin.publish(day(9)).made
    bulletin.change(bulletin.lessons[0], venue="V2")
    assert bulletin.file(travel=True) == first
    bulletin.change(bulletin.lessons[0], venue="V1")
    assert not bulletin.publish(day(9)).made
    assert bulletin.file(travel=True) == first


def test_cancelled_session_is_dropped_after_thirty_days(bulletin: Bulletin) -> None:
    """Until then it stands where it would have been."""
    uid = bulletin.lessons[0]
    bulletin.publish()
    start = bulletin.events()[uid]["DTSTART"].dt
    cancel_sessions(bulletin.desk, [uid])
    bulletin.publish(day(2))
    last = day(2) + dt.timedelta(days=30)
    assert bulletin.events(today=last)[uid]["DTSTART"].dt == start
    assert uid not in bulletin.events(today=last + dt.timedelta(days=1))


def test_session_that_moves_to_another_teacher_leaves_the_first(bulletin: Bulletin) -> None:
    """A subscription drops it there and shows it here under the same UID."""
    bulletin.publish()
    bulletin.change(bulletin.lessons[0], teacher="T2")
    bulletin.publish(day(2))
    assert bulletin.lessons[0] not in bulletin.events(Kind.TEACHER, "T1")
    assert bulletin.events(Kind.TEACHER, "T2").keys() == {bulletin.lessons[0]}


def test_split_session_keeps_its_uid_and_gains_another(bulletin: Bulletin) -> None:
    """Two periods become one, and a new session takes the other."""
    uid = bulletin.lessons[0]
    bulletin.publish()
    start, end = bulletin.plan.office.instants(day(6), "AM1", 1)
    bulletin.change(uid, periods=1, start=start, end=end)
    second = bulletin.plan.session("C1", "K1", day(6), "AM3", seq=4, venue="V2", teacher="T2")
    bulletin.publish(day(2))
    events = bulletin.events()
    assert state(events[uid]) == (1, *CONFIRMED)
    assert state(events[second]) == (0, *CONFIRMED)
    assert events[uid]["DTEND"].dt == end


def test_merged_session_cancels_the_one_that_went(bulletin: Bulletin) -> None:
    """The one that stays is longer; the other is told as cancelled, although its row is gone."""
    stays, goes, _ = bulletin.lessons
    bulletin.publish()
    start, end = bulletin.plan.office.instants(day(6), "AM1", 4)
    bulletin.change(stays, periods=4, start=start, end=end)
    (row,) = [each for each in bulletin.plan.sessions() if each.uid == goes]
    with bulletin.desk.writing() as work:
        work.delete_many(TrainingSession, [row.model_dump()])
        work.commit()
    bulletin.publish(day(2))
    events = bulletin.events()
    assert state(events[stays]) == (1, *CONFIRMED)
    assert state(events[goes]) == (1, *CANCELLED)


def test_draft_comes_after_what_was_published(bulletin: Bulletin) -> None:
    """A draft that was sent round and then published is the same event with the same sequence."""
    uid = bulletin.lessons[0]
    bulletin.publish()
    bulletin.change(uid, venue="V2")
    draft = bulletin.events(draft=True)[uid]
    assert draft["SEQUENCE"] == 1
    bulletin.publish(day(2))
    assert bulletin.events()[uid]["SEQUENCE"] == 1


def test_calendar_of_a_field_day(bulletin: Bulletin) -> None:
    """The stops of one class on one day, with the ways out, between and back."""
    bulletin.publish()
    events = bulletin.events(Kind.FIELD_DAY, "C1:2023-03-10", travel=True)
    said = [
        str(event["SUMMARY"]) for event in sorted(events.values(), key=lambda e: e["DTSTART"].dt)
    ]
    assert said == [
        "前往room F1途中",
        "course K2",
        "前往room F2途中",
        "course K2",
        "返回room V1途中",
    ]
    with pytest.raises(Refused, match="no field day"):
        bulletin.file(Kind.FIELD_DAY, "C1:2023-03-06")


def test_calendar_of_a_unit(bulletin: Bulletin) -> None:
    """Its classes, and those above see them too; nobody is named."""
    bulletin.publish()
    for unit in ("U0", "U1"):
        data = bulletin.file(Kind.UNIT, unit)
        assert data.count(b"BEGIN:VEVENT") == 5
        assert b"person P" not in data


def test_short_calendar_has_no_notes(bulletin: Bulletin) -> None:
    """What, when and where."""
    bulletin.publish()
    assert "DESCRIPTION" in bulletin.events()[bulletin.lessons[0]]
    short = bulletin.events(short=True)[bulletin.lessons[0]]
    assert "DESCRIPTION" not in short
    assert str(short["LOCATION"]) == "room V1"
