"""Which sessions each calendar holds, what its events say, and what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from db.tables import (
    Course,
    Enrolment,
    OfficeSettings,
    Person,
    Publication,
    PublishedSession,
    Teacher,
    TrainingClass,
    TrainingSession,
    Unit,
    Venue,
)
from trainer.calendars.choice import COMMON, Choice
from trainer.calendars.documents import Selection
from trainer.calendars.event import CalendarDocument, CalendarEvent
from trainer.calendars.facts import event_facts, read_directory
from trainer.calendars.lint import lint
from trainer.calendars.select import Asked, choose, select_calendars
from trainer.calendars.wording import Kind
from trainer.calendars.write import write_calendar
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused, UsageError

Ask = Callable[..., Selection]
HALL: dict[str, Any] = {"lat": 35.4, "lon": 116.97}
TODAY = dt.date(2023, 3, 1)
PUBLISHED = dt.datetime(2023, 2, 20, 8, 0, tzinfo=dt.UTC)


def instant(day: int, hour: int) -> dt.datetime:
    """Return an hour of a day in March 2023, by the clock of Shanghai, in UTC."""
    return dt.datetime(2023, 3, day, hour, tzinfo=dt.timezone(dt.timedelta(hours=8))).astimezone(
        dt.UTC
    )


def meeting(number: int, course: str, day: int, **changes: Any) -> TrainingSession:
    """Return a session of three hours from eight o'clock."""
    facts: dict[str, Any] = {
        "uid": f"6f1c2a9e-58b7-4d35-9f0a-{number:012d}",
        "class_code": "K1",
        "course": course,
        "seq": number,
        "date": dt.date(2023, 3, day),
        "period": "AM1",
        "periods": 4,
        "start": instant(day, 8),
        "end": instant(day, 11),
        "venue": "V1",
        "teacher": "T1",
    }
    return TrainingSession(**(facts | changes))


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """An office with a class of two people, two lessons at school and one at a field site."""
    with desk.writing() as work:
        work.session.add_all(
            [
                OfficeSettings(id=1, document={"name": "测试办公室", "travel": {"speed_kmh": 60}}),
                Unit(code="U1", name="市委党校"),
                Person(code="P1", name="学员甲"),
                Person(code="P2", name="学员乙"),
                Person(code="P3", name="班主任丙"),
                Venue(code="V1", name="第一教室", kind="classroom", unit="U1", **HALL),
                Venue(code="V2", name="峄山教学点", kind="field_site", lat=35.3, lon=117.02),
                Teacher(code="T1", name="教师丁"),
                Course(code="C1", title="理论, 第一课", strand="theory", form="lecture"),
                Course(code="C2", title="现场教学", strand="red", form="field"),
                TrainingClass(
                    code="K1",
                    title="春季主体班",
                    series="主体班次",
                    stage="approved",
                    head_teacher="P3",
                ),
                Enrolment(class_code="K1", person="P1"),
                Enrolment(class_code="K1", person="P2", from_date=dt.date(2023, 3, 7)),
                meeting(1, "C1", 6),
                meeting(2, "C1", 7),
                meeting(3, "C2", 8, venue="V2", teacher=None),
            ]
        )
        work.commit()
    return desk


@pytest.fixture
def ask(stocked: Desk) -> Ask:
    """Return a way to ask for calendars of the stocked office."""

    def ask_for(*, today: dt.date = TODAY, everything: bool = False, **options: Any) -> Selection:
        chosen = {kind: options.pop(kind.value, ()) for kind in Kind}
        at = replace(stocked, clock=Clock(fixed=today))
        return choose(at, Asked(chosen, COMMON if everything else (), **options))

    return ask_for


def only(selection: Selection) -> CalendarDocument:
    """Return the one calendar of a selection."""
    ((_choice, document),) = selection.documents()
    return document


def by_title(document: CalendarDocument) -> dict[str, CalendarEvent]:
    """Return a calendar's events by their titles."""
    return {event.title: event for event in document.events}


def publish(desk: Desk, **changes: Any) -> None:
    """Publish the second session as number 1 of the timetable."""
    with desk.writing() as work:
        row = work.session.get(TrainingSession, meeting(2, "C1", 7).uid)
        assert row is not None
        directory = read_directory(work.session, desk.office())
        names = (
            name for name in PublishedSession.model_fields if name in TrainingSession.model_fields
        )
        facts = {name: getattr(row, name) for name in names}
        facts |= {"first": 1, "revised_at": PUBLISHED, "status": "published"}
        facts["facts"] = event_facts(directory, [row])[row.uid]
        work.session.add(Publication(number=1, at=PUBLISHED, by="clerk"))
        work.session.add(PublishedSession(**(facts | changes)))
        work.commit()


def test_class_calendar_holds_its_sessions(ask: Ask) -> None:
    """Titles are the courses'; the place, its unit and the notes tell what a trainee needs."""
    document = only(ask(**{"class": ["K1"]}))
    assert document.name == "春季主体班课表"
    assert len(document.events) == 3
    event = document.events[0]
    assert (event.title, event.place, event.address) == ("理论, 第一课", "第一教室", "市委党校")
    assert event.geo == (35.4, 116.97)
    assert event.categories == ("主体班次", "理论教育")
    assert event.notes == (
        "班次：春季主体班",
        "授课教师：教师丁",
        "班主任：班主任丙",
        "请携带：笔记本、学习资料",
    )
    assert not event.private


def test_field_session_says_where_the_bus_leaves(ask: Ask) -> None:
    """From the class's usual room, the way and the buffer before the start."""
    event = by_title(only(ask(**{"class": ["K1"]})))["现场教学"]
    assert event.place == "峄山教学点"
    assert event.notes[-1] == "集合地点：第一教室；07:34 发车，车程约 16 分钟"


def test_travel_is_an_option_that_blocks_no_time(ask: Ask) -> None:
    """Out before the field session and back after it, with UIDs that stay."""
    document = only(ask(travel=True, **{"class": ["K1"]}))
    ways = [event for event in document.in_order() if event.transparent]
    assert [(event.title, event.start, event.end) for event in ways] == [
        (
            "前往峄山教学点途中",
            instant(8, 8) - dt.timedelta(minutes=26),
            instant(8, 8) - dt.timedelta(minutes=10),
        ),
        ("返回第一教室途中", instant(8, 11), instant(8, 11) + dt.timedelta(minutes=16)),
    ]
    again = only(ask(travel=True, **{"class": ["K1"]}))
    assert write_calendar(again) == write_calendar(document)
    assert lint(write_calendar(document)) == []
    assert len(document.events) == 5
    assert len(only(ask(travel=True, venue=["V2"])).events) == 1


def test_teacher_and_venue_calendars_name_the_class(ask: Ask) -> None:
    """A teacher of many classes sees which one it is."""
    for kind, code in (("teacher", "T1"), ("venue", "V1")):
        document = only(ask(**{kind: [code]}))
        assert [event.title for event in document.events] == ["理论, 第一课（春季主体班）"] * 2


def test_person_calendar_is_private_and_dated(ask: Ask) -> None:
    """Only the days of membership, marked private."""
    late = only(ask(person=["P2"]))
    assert [event.start for event in late.events] == [instant(7, 8), instant(8, 8)]
    assert all(event.private for event in late.events)
    assert len(only(ask(person=["P1"])).events) == 3


def test_no_trainee_is_named_in_any_calendar(ask: Ask) -> None:
    """Names of trainees that could leak stand in no class's, teacher's or venue's file."""
    for choice, document in ask(everything=True).documents():
        text = write_calendar(document).replace(b"\r\n ", b"").decode()
        named = [name for name in ("学员甲", "学员乙") if name in text]
        own = {"P1": ["学员甲"], "P2": ["学员乙"]}.get(choice.code, [])
        assert named == own
        assert "ATTENDEE" not in text
        assert lint(write_calendar(document)) == []


def test_everything_is_who_has_a_session(ask: Ask) -> None:
    """The head teacher, who is enrolled in nothing, has no calendar."""
    assert ask(everything=True).choices == (
        Choice(Kind.CLASS, "K1"),
        Choice(Kind.PERSON, "P1"),
        Choice(Kind.PERSON, "P2"),
        Choice(Kind.TEACHER, "T1"),
        Choice(Kind.VENUE, "V1"),
        Choice(Kind.VENUE, "V2"),
    )


def test_same_facts_give_the_same_bytes(ask: Ask) -> None:
    """Asking twice, and on another day, changes nothing."""
    first = write_calendar(only(ask(**{"class": ["K1"]})))
    assert write_calendar(only(ask(today=dt.date(2023, 9, 1), **{"class": ["K1"]}))) == first


def test_published_timetable_is_shown_unless_the_draft_is_asked_for(
    stocked: Desk, ask: Ask
) -> None:
    """What is published is one session as it was then; the draft has all three."""
    publish(stocked, sequence=4, venue="V2")
    (event,) = only(ask(**{"class": ["K1"]})).events
    assert (event.sequence, event.revised_at) == (4, PUBLISHED)
    assert event.place == "第一教室"
    draft = only(ask(draft=True, **{"class": ["K1"]}))
    assert [event.sequence for event in draft.events] == [0, 5, 0]


def test_draft_that_is_as_published_has_the_same_revision(stocked: Desk, ask: Ask) -> None:
    """Nothing that a client knows already looks newer."""
    publish(stocked)
    draft = only(ask(draft=True, **{"class": ["K1"]}))
    assert draft.events[1].revised_at == PUBLISHED
    assert draft.events[1].sequence == 0


def test_cancelled_session_is_kept_for_thirty_days(stocked: Desk, ask: Ask) -> None:
    """Then it is dropped, and the calendar of nothing else is refused."""
    publish(stocked, status="cancelled", sequence=1)
    last = dt.date(2023, 3, 22)
    (event,) = only(ask(today=last, **{"class": ["K1"]})).events
    assert event.cancelled
    assert event.sequence == 1
    with pytest.raises(Refused, match="no session to show"):
        ask(today=last + dt.timedelta(days=1), **{"class": ["K1"]})


def test_offices_own_words_and_days(stocked: Desk, ask: Ask) -> None:
    """The table [policies.calendars] says what to bring and how long to keep what is cancelled."""
    with stocked.writing() as work:
        row = work.session.get(OfficeSettings, 1)
        assert row is not None
        own = {"bring": {"lecture": "党章"}, "keep_cancelled_days": 1}
        row.document = {**row.document, "policies": {"calendars": own}}
        work.commit()
    assert only(ask(**{"class": ["K1"]})).events[0].notes[-1] == "请携带：党章"


def test_alarm_is_an_option(ask: Ask) -> None:
    """None unless it is asked for."""
    assert only(ask(**{"class": ["K1"]})).events[0].alarm_minutes is None
    assert only(ask(alarm_minutes=30, **{"class": ["K1"]})).events[0].alarm_minutes == 30


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_unknown_code_is_refused_in_words(ask: Ask, kind: str) -> None:
    """The sentence names the kind and the code."""
    code = "X:2023-03-08" if kind == "field-day" else "X"
    with pytest.raises(Refused, match=f"there is no {kind.replace('-', ' ')} “{code}”"):
        ask(**{kind: [code]})


def test_empty_selection_is_refused_in_words(ask: Ask) -> None:
    """Nobody gets a calendar of nothing."""
    with pytest.raises(Refused, match="person “P3” has no session"):
        ask(person=["P3"])
    with pytest.raises(UsageError, match="nothing is chosen"):
        ask()


def test_all_of_an_office_without_sessions_is_refused(desk: Desk) -> None:
    """The sentence says what to do first."""
    with desk.writing():
        pass
    with desk.reading() as session, pytest.raises(Refused, match="no session to show"):
        select_calendars(session, desk.office(), today=TODAY, chosen={}, everything=True)
