"""Who is expected: dated membership, both days counted; cancelled sessions and leavers."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from db.tables import Person, TrainingSession
from tests.factories.registers import Register, day
from trainer.attendance.expected import (
    Meeting,
    Membership,
    expected_pairs,
    expected_query,
    read_memberships,
)
from trainer.desk import Desk

DAYS = st.one_of(st.none(), st.dates(dt.date(2023, 2, 1), dt.date(2023, 2, 10)))


def test_expected_counts_both_days_of_a_stay() -> None:
    """From the 2nd to the 4th of February means the 2nd, 3rd and 4th: three of five meetings."""
    meetings = [Meeting(f"S{n}", "C1", day(n)) for n in range(1, 6)]
    stays = [Membership("C1", "P1", day(2), day(4))]
    assert expected_pairs(meetings, stays) == {("S2", "P1"), ("S3", "P1"), ("S4", "P1")}


@given(st.lists(st.tuples(DAYS, DAYS), max_size=4), st.dates(day(1), day(10)))
def test_expected_is_each_person_once(
    stays: list[tuple[dt.date | None, dt.date | None]], date: dt.date
) -> None:
    """However many stays overlap, a person is expected once, and only where one covers the day."""
    memberships = [Membership("C1", "P1", *stay) for stay in stays]
    found = expected_pairs([Meeting("S", "C1", date)], memberships)
    assert found == ({("S", "P1")} if any(m.covers(date) for m in memberships) else set())


def test_expected_query_agrees_with_the_pure_function(desk: Desk, register: Register) -> None:
    """Late joiner, leaver, two stays, reserve, left the roster, cancelled: SQL says the same."""
    register.people("P4", "P5", "P6", "P7")
    register.enrol("C1", "P4", day(3), None)
    register.enrol("C1", "P5", None, day(2))
    register.enrol("C1", "P6", day(1), day(2))
    register.enrol("C1", "P6", day(2), day(3), stint=2)
    register.enrol("C1", "P7", status="reserve")
    with desk.writing() as work:
        person = work.session.get(Person, "P3")
        assert person is not None
        person.left = day(2)
        work.commit()
    uids = [register.meeting("C1", day(n)) for n in range(1, 5)]
    uids.append(register.meeting("C1", day(2), period="PM1", status="cancelled"))
    with desk.reading() as session:
        rows = session.exec(select(TrainingSession)).all()
        meetings = [Meeting(s.uid, s.class_code, s.date, s.status == "cancelled") for s in rows]
        pure = expected_pairs(meetings, read_memberships(session, "C1"))
        found = [tuple(row) for row in session.connection().execute(expected_query())]
    by_day = {
        1: ["P1", "P2", "P3", "P5", "P6"],
        2: ["P1", "P2", "P3", "P5", "P6"],
        3: ["P1", "P2", "P4", "P6"],
        4: ["P1", "P2", "P4"],
    }
    assert pure == {(uids[n - 1], person) for n, people in by_day.items() for person in people}
    assert sorted(found) == sorted(pure)
