"""Journeys: where they go, how long they take, and that their identity is stored for good."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlmodel import select

from db.tables import ExtraEvent, Travel
from tests.factories.plans import day
from tests.factories.published import Bulletin
from trainer.desk import Desk
from trainer.timetable.moving import bring_back, cancel_sessions

Way = tuple[str, str]


@pytest.fixture
def bulletin(desk: Desk) -> Bulletin:
    """An office at a database of each kind that has published nothing yet."""
    return Bulletin(desk)


def ways(bulletin: Bulletin, **options: Any) -> dict[Way, Any]:
    """Return the journeys in the class's calendar by their session and direction."""
    with bulletin.desk.reading() as session:
        keys = {row.uid: (row.session, row.kind) for row in session.exec(select(ExtraEvent))}
    events = bulletin.events(travel=True, **options)
    return {keys[uid]: event for uid, event in events.items() if uid in keys}


def clock(bulletin: Bulletin, event: Any) -> tuple[str, str]:
    """Return the clock times of an event at the office."""
    times = (event[name].dt.astimezone(bulletin.plan.office.zone) for name in ("DTSTART", "DTEND"))
    first, last = (f"{time:%H:%M}" for time in times)
    return first, last


def test_a_day_goes_out_from_stop_to_stop_and_back(bulletin: Bulletin) -> None:
    """The bus is there ten minutes before a stop begins; given minutes count."""
    bulletin.plan.add(Travel(from_venue="F1", to_venue="F2", minutes=50))
    bulletin.publish()
    first, second = bulletin.stops
    found = ways(bulletin)
    assert {key: clock(bulletin, event) for key, event in found.items()} == {
        (first, "to"): ("09:46", "10:10"),
        (second, "to"): ("13:55", "14:45"),
        (second, "back"): ("15:40", "16:30"),
    }
    assert {str(event["TRANSP"]) for event in found.values()} == {"TRANSPARENT"}


def test_identity_is_random_stored_and_stays(bulletin: Bulletin) -> None:
    """The same UIDs after every publication, and none that follows from anything."""
    bulletin.publish()
    before = {key: str(event["UID"]) for key, event in ways(bulletin).items()}
    assert {uuid.UUID(uid).version for uid in before.values()} == {4}
    bulletin.change(bulletin.stops[0], period="AM4")
    bulletin.publish(day(2))
    assert {key: str(event["UID"]) for key, event in ways(bulletin).items()} == before


def test_only_the_journey_that_changed_is_revised(bulletin: Bulletin) -> None:
    """A later start moves the way out; the way between the stops and back stay as they were."""
    bulletin.publish()
    first, second = bulletin.stops
    bulletin.change(first, period="AM4")
    bulletin.publish(day(2))
    found = {key: event["SEQUENCE"] for key, event in ways(bulletin).items()}
    assert found == {(first, "to"): 1, (second, "to"): 0, (second, "back"): 0}


def test_journeys_of_a_cancelled_stop_are_cancelled_and_come_back(bulletin: Bulletin) -> None:
    """Without the second stop the bus returns from the first."""
    bulletin.publish()
    first, second = bulletin.stops
    cancel_sessions(bulletin.desk, [second])
    bulletin.publish(day(2))
    states = {
        key: (event["SEQUENCE"], str(event["STATUS"])) for key, event in ways(bulletin).items()
    }
    assert states == {
        (first, "to"): (0, "CONFIRMED"),
        (first, "back"): (0, "CONFIRMED"),
        (second, "to"): (1, "CANCELLED"),
        (second, "back"): (1, "CANCELLED"),
    }
    bring_back(bulletin.desk, [second])
    bulletin.publish(day(3))
    states = {
        key: (event["SEQUENCE"], str(event["STATUS"])) for key, event in ways(bulletin).items()
    }
    assert states == {
        (first, "to"): (0, "CONFIRMED"),
        (first, "back"): (1, "CANCELLED"),
        (second, "to"): (2, "CONFIRMED"),
        (second, "back"): (2, "CONFIRMED"),
    }


def test_a_draft_has_journeys_that_keep_their_identity_when_published(bulletin: Bulletin) -> None:
    """Showing a draft twice, then publishing it: the same UIDs."""
    first = bulletin.file(travel=True)
    assert bulletin.file(travel=True) == first
    drafted = {key: str(event["UID"]) for key, event in ways(bulletin).items()}
    assert len(drafted) == 3
    bulletin.publish()
    assert {key: str(event["UID"]) for key, event in ways(bulletin).items()} == drafted


def test_notes_and_ways_tell_the_same(bulletin: Bulletin) -> None:
    """The first stop is reached from the base, the second from the first, at the same times."""
    bulletin.plan.add(Travel(from_venue="F1", to_venue="F2", minutes=50))
    bulletin.publish()
    events = bulletin.events()
    last = [str(events[uid]["DESCRIPTION"]).splitlines()[-1] for uid in bulletin.stops]
    assert last == [
        "集合地点：room V1；09:46 发车，车程约 24 分钟",
        "13:55 从room F1发车，车程约 50 分钟",
    ]


def test_a_class_that_stays_at_a_site_is_told_of_no_bus(bulletin: Bulletin) -> None:
    """Two stops at one place: neither a way between them nor a note of one."""
    bulletin.change(bulletin.stops[1], venue="F1")
    bulletin.publish()
    first, second = bulletin.stops
    assert ways(bulletin).keys() == {(first, "to"), (second, "back")}
    assert "发车" not in str(bulletin.events()[second]["DESCRIPTION"])
