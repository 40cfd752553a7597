"""A year of roll calls: the same for a seed, whatever the uids, and nobody missing throughout."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter

from db.tables import TrainingSession
from trainer.attendance.state import Event, current
from trainer.demo.roll_call import Called, Expected, account_of, call_the_roll, events_of

START = dt.datetime(2023, 3, 6, 0, 30, tzinfo=dt.UTC)


def sessions(count: int) -> list[TrainingSession]:
    return [
        TrainingSession(
            uid=str(uuid.uuid4()),
            class_code="C1",
            course="K1",
            seq=number + 1,
            date=(START + dt.timedelta(days=number)).date(),
            period="AM1",
            periods=2,
            start=START + dt.timedelta(days=number),
            end=START + dt.timedelta(days=number, minutes=100),
        )
        for number in range(count)
    ]


def year(people: int = 400, meetings: int = 10, away: str | None = None) -> list[Called]:
    expected = [
        Expected(row, f"P{person}", away if person == 0 else None)
        for row in sessions(meetings)
        for person in range(people)
    ]
    return call_the_roll(expected, 1)


def test_most_are_present_and_everything_else_happens() -> None:
    """About nine in ten are present; each other status occurs."""
    counts = Counter(each.status for each in year())
    assert counts["present"] / 4000 > 0.9
    assert {"late", "early", "duty", "absent"} <= set(counts)


def test_chance_does_not_hang_on_uids() -> None:
    """Two timetables with other uids get the same statuses and the same mark ids."""
    one, other = year(), year()
    assert [c.status for c in one] == [c.status for c in other]
    first, second = events_of(one, 1), events_of(other, 1)
    assert [e["id"] for e in first] == [e["id"] for e in second]
    assert [e["session"] for e in first] != [e["session"] for e in second]


def test_whoever_is_not_on_leave_throughout_comes_at_least_once() -> None:
    """With one meeting each, nobody but the one on leave stays away."""
    called = year(people=3000, meetings=1, away="leave")
    there = {c.expected.person for c in called if c.status in ("present", "late", "early")}
    assert there == {f"P{number}" for number in range(1, 3000)}


def test_the_events_amount_to_what_was_called() -> None:
    """Corrections end with the right status, and only disagreements are conflicts."""
    called = year()
    events = events_of(called, 1)
    names = ("id", "status", "at", "device", "counter", "replaces", "minutes")
    log: dict[tuple[str, str], list[Event]] = {}
    for row in events:
        event = Event(**{name: row[name] for name in names})
        log.setdefault((row["session"], row["person"]), []).append(event)
    for each in called:
        state = current(log.get((each.expected.session.uid, each.expected.person), ()))
        if each.status == "unmarked":
            assert state is None
            continue
        assert state is not None
        assert state.conflict == (each.way == "disagreed")
        assert state.conflict or state.event.status == each.status
    account = account_of(called, events)
    assert account.events == len(events)
    assert account.corrected > 0


def test_each_device_counts_its_own_events_in_order() -> None:
    """Counters run from 1 without a gap, in the order of time."""
    devices: dict[str, list[int]] = {}
    for row in events_of(year(), 1):
        devices.setdefault(row["device"], []).append(row["counter"])
    assert len(devices) == 2
    for counters in devices.values():
        assert counters == list(range(1, len(counters) + 1))
