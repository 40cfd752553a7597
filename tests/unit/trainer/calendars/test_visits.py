"""The stops of a field day and the ways between them, in everybody's calendars and for good."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlmodel import select

from db.tables import Course, Enrolment, ExtraEvent, Person, Travel
from tests.factories.plans import day
from tests.factories.published import Bulletin
from trainer.calendars.choice import COMMON, Choice
from trainer.calendars.select import Asked, choose
from trainer.calendars.visits import ROUND, Leg, round_of
from trainer.calendars.wording import Kind
from trainer.desk import Desk
from trainer.timetable.moving import cancel_sessions
from trainer.timetable.runsheet import run_sheet


@pytest.fixture
def bulletin(desk: Desk) -> Bulletin:
    """An office with a morning round from room V1 to A and B and back, at each kind of database."""
    found = Bulletin(desk)
    plan = found.plan
    plan.venue("A", kind="field_site", name="大雁合作社", unit="U1", lat=35.30, lon=117.02)
    plan.venue("B", kind="field_site", name="新村中心", lat=35.20, lon=117.10)
    minutes = {("V1", "A"): 5, ("V1", "B"): 15, ("A", "B"): 10}
    plan.add(*(Travel(from_venue=a, to_venue=b, minutes=n) for (a, b), n in minutes.items()))
    plan.course("K3", form="field", title="走访", periods=4, stops=("A", "B"), stop_minutes=30)
    return found


@pytest.fixture
def walk(bulletin: Bulletin) -> str:
    """Return the session of the round, on 13 March from eight o'clock."""
    return bulletin.plan.session(
        "C1", "K3", day(13), "AM1", periods=4, venue="V1", teacher="T1", stops=("A", "B")
    )


def extras(bulletin: Bulletin, walk: str, *args: Any, **options: Any) -> dict[str, Any]:
    """Return the round's stops and ways in a calendar by their kind."""
    options = {"travel": True, **options}
    events = bulletin.events(*args, **options)
    with bulletin.desk.reading() as session:
        rows = session.exec(select(ExtraEvent).where(ExtraEvent.session == walk)).all()
    return {row.kind: events[row.uid] for row in rows if row.uid in events}


def clock(bulletin: Bulletin, event: Any) -> tuple[str, str]:
    """Return the clock times of an event at the office."""
    times = (event[name].dt.astimezone(bulletin.plan.office.zone) for name in ("DTSTART", "DTEND"))
    first, last = (f"{time:%H:%M}" for time in times)
    return first, last


def state(event: Any) -> tuple[int, str]:
    """Return what of an event changes with its revisions."""
    return event["SEQUENCE"], str(event["STATUS"])


def test_stops_and_ways_are_events_as_the_run_sheet_has_them(bulletin: Bulletin, walk: str) -> None:
    """One truth: each line of the sheet but those at home is an event with the same times."""
    bulletin.publish()
    found = extras(bulletin, walk)
    assert found.keys() == {"stop:A", "stop:B", "way:A", "way:B", "way:V1"}
    rows = run_sheet(bulletin.desk, "C1", day(13)).rows
    afield = [row for row in rows if row["what"] not in {"setting out", "back"}]
    told = {(row["from"], row["to"]) for row in afield}
    assert {clock(bulletin, event) for event in found.values()} == told
    assert {kind: str(event["TRANSP"]) for kind, event in found.items()} == {
        "stop:A": "OPAQUE",
        "stop:B": "OPAQUE",
        "way:A": "TRANSPARENT",
        "way:B": "TRANSPARENT",
        "way:V1": "TRANSPARENT",
    }
    assert str(found["stop:A"]["SUMMARY"]) == "走访：大雁合作社"
    assert str(found["way:B"]["SUMMARY"]) == "前往新村中心途中"
    assert str(found["stop:A"]["LOCATION"]).startswith("大雁合作社")
    assert found["stop:A"]["GEO"].to_ical() == "35.3;117.02"
    assert {uuid.UUID(str(event["UID"])).version for event in found.values()} == {4}


def test_the_same_facts_are_the_same_bytes(bulletin: Bulletin, walk: str) -> None:
    """A draft too: what was shown of it first keeps its UIDs when it is published."""
    first = bulletin.file(travel=True)
    assert bulletin.file(travel=True) == first
    drafted = {kind: str(event["UID"]) for kind, event in extras(bulletin, walk).items()}
    bulletin.publish()
    assert {kind: str(e["UID"]) for kind, e in extras(bulletin, walk).items()} == drafted
    published = bulletin.file(travel=True)
    assert bulletin.publish(day(2)).made is False
    assert bulletin.file(travel=True) == published


def test_another_order_keeps_identity_and_raises_sequence(bulletin: Bulletin, walk: str) -> None:
    bulletin.publish()
    before = extras(bulletin, walk)
    bulletin.change(walk, stops=("B", "A"))
    assert bulletin.publish(day(2)).made
    after = extras(bulletin, walk)
    assert {kind: str(e["UID"]) for kind, e in after.items()} == {
        kind: str(e["UID"]) for kind, e in before.items()
    }
    assert {kind: e["SEQUENCE"] for kind, e in after.items()} == dict.fromkeys(before, 1)
    assert clock(bulletin, after["stop:B"]) < clock(bulletin, after["stop:A"])


def test_a_stop_that_goes_away_is_cancelled(bulletin: Bulletin, walk: str) -> None:
    bulletin.publish()
    with bulletin.desk.writing() as work:
        course = work.session.get_one(Course, "K3")
        course.stops = ("A",)
        work.commit()
    bulletin.publish(day(2))
    found = {kind: state(event) for kind, event in extras(bulletin, walk).items()}
    assert found["stop:B"] == found["way:B"] == (1, "CANCELLED")
    assert found["stop:A"] == (0, "CONFIRMED")
    ((_, event),) = extras(bulletin, walk, Kind.VENUE, "B").items()
    assert state(event) == (1, "CANCELLED")
    cancel_sessions(bulletin.desk, [walk])
    bulletin.publish(day(3))
    assert {status for _, status in map(state, extras(bulletin, walk).values())} == {"CANCELLED"}


def test_each_reader_sees_what_concerns_him(bulletin: Bulletin, walk: str) -> None:
    """Stops always, ways where they are asked for; a venue its own stop and no trainee's name."""
    bulletin.publish()
    stops = {"stop:A", "stop:B"}
    for kind, code in ((Kind.CLASS, "C1"), (Kind.TEACHER, "T1"), (Kind.PERSON, "P1")):
        assert len(extras(bulletin, walk, kind, code)) == 5
        assert extras(bulletin, walk, kind, code, travel=False).keys() == stops
    private = extras(bulletin, walk, Kind.PERSON, "P1")["stop:A"]
    assert str(private["CLASS"]) == "PRIVATE"
    assert extras(bulletin, walk, Kind.VENUE, "A").keys() == {"stop:A"}
    assert extras(bulletin, walk, Kind.VENUE, "V1") == {}
    with bulletin.desk.reading() as session:
        names = [person.name for person in session.exec(select(Person))]
        assert session.exec(select(Enrolment)).first()
    text = bulletin.file(Kind.VENUE, "A").decode()
    assert names
    assert not [name for name in names if name in text]
    assert str(extras(bulletin, walk, Kind.VENUE, "A")["stop:A"]["SUMMARY"]) == "走访（class C1）"


def test_every_venue_that_is_visited_has_a_calendar(bulletin: Bulletin, walk: str) -> None:
    assert walk
    choices = choose(bulletin.desk, Asked({}, COMMON)).choices
    assert {Choice(Kind.VENUE, code) for code in ("A", "B")} <= set(choices)


def test_changes_tell_a_new_teacher_of_the_stops(bulletin: Bulletin, walk: str) -> None:
    """He who had the round is told that all of it is cancelled, he who has it now that it is on."""
    bulletin.publish()
    bulletin.change(walk, teacher="T2")
    bulletin.publish(day(2))
    for teacher, status in (("T1", "CANCELLED"), ("T2", "CONFIRMED")):
        found = extras(bulletin, walk, Kind.TEACHER, teacher, since=1)
        assert {str(event["STATUS"]) for event in found.values()} == {status}
        assert len(found) == 5


def test_the_way_back_is_from_the_last_stop(bulletin: Bulletin) -> None:
    """A round that begins at its own venue ends elsewhere: the bus home starts there."""
    uid = bulletin.plan.session(
        "C1", "K3", day(13), "AM1", periods=4, venue="A", teacher="T1", stops=("A", "B")
    )
    bulletin.publish()
    found = extras(bulletin, uid)
    assert found.keys() == {"to", "stop:A", "way:B", "stop:B", "back"}
    first, last = (found["back"][name].dt for name in ("DTSTART", "DTEND"))
    assert (last - first).total_seconds() == 15 * 60


@pytest.mark.parametrize("text", ["", "x", "{}", "[1]", '[["stop:A"]]', '[["to",1,2,"p","",""]]'])
def test_what_is_no_round_is_none(text: str) -> None:
    assert round_of({ROUND: text}) == ()


def test_a_round_is_read_as_it_is_told() -> None:
    assert round_of({ROUND: '[["way:A",0,5,"p","",""]]'}) == (Leg("way:A", 0, 5, "p"),)
