"""The evening roll call: who is expected, what permits suggest, who is missing, disagreements."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from db.tables import Leave, NightCheck
from tests.factories.classlife import FIRST
from trainer.classlife.exits import approve_exit, ask_exit
from trainer.classlife.facts import ClassFacts
from trainer.classlife.nights import (
    Evening,
    check_the_rest,
    missing_people,
    open_evening,
    record_check,
)
from trainer.classlife.rooms import allocate_rooms, place_person
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.office import Office

OFFICE = Office()


def evening(desk: Desk, facts: ClassFacts, date: dt.date = FIRST) -> Evening:
    with desk.reading() as session:
        return open_evening(session, OFFICE, facts, date)


def check(desk: Desk, facts: ClassFacts, **found: str) -> int:
    with desk.writing() as work:
        count = record_check(work, facts, FIRST, found)
        work.commit()
    return count


def test_permits_and_leave_speak_for_those_who_are_unchecked(desk: Desk, facts: ClassFacts) -> None:
    """P1 is out till 23:00 with a permit, P2 on leave, P3 was out till 21:00: the rest is in."""
    with desk.writing() as work:
        for person, hour in (("P1", 23), ("P3", 21)):
            permit = ask_exit(
                work, facts, person,
                out_at=OFFICE.instant(FIRST, dt.time(18)),
                due_at=OFFICE.instant(FIRST, dt.time(hour)),
            )  # fmt: skip
            work.session.flush()
            approve_exit(work, permit.id)
        work.session.add(
            Leave(id="L", person="P2", date_from=FIRST, date_to=FIRST, status="approved")
        )
        work.commit()
    suggested = {line.person: line.suggested for line in evening(desk, facts).lines}
    assert (suggested["P1"], suggested["P2"], suggested["P3"]) == ("permit", "leave", None)
    check(desk, facts, P3="missing")
    with desk.writing() as work:
        assert check_the_rest(work, OFFICE, facts, FIRST) == 7
        work.commit()
    assert evening(desk, facts).counts() == {
        "expected": 8, "in_room": 5, "permit": 1, "leave": 1, "missing": 1, "unchecked": 0,
        "disagreed": 0,
    }  # fmt: skip
    with desk.reading() as session:
        assert [one.person for one in missing_people(session, OFFICE, facts, FIRST)] == ["P3"]


def test_a_correction_replaces_and_nothing_is_lost(desk: Desk, facts: ClassFacts) -> None:
    assert check(desk, facts, P1="missing") == 1
    assert check(desk, facts, P1="missing") == 0
    assert check(desk, facts, P1="in_room") == 1
    assert evening(desk, facts).counts()["missing"] == 0
    with desk.reading() as session:
        rows = session.exec(select(NightCheck)).all()
    assert sorted(row.status for row in rows) == ["in_room", "missing"]
    assert {row.device for row in rows} == {"laptop"}


def test_two_devices_may_disagree_until_somebody_checks_again(
    desk: Desk, facts: ClassFacts
) -> None:
    check(desk, facts, P1="missing")
    with desk.writing() as work:
        work.session.add(
            NightCheck(
                id="other",
                class_code="C1",
                date=FIRST,
                person="P1",
                status="in_room",
                at=work.now,
                device="other",
            )
        )
        work.commit()
    assert evening(desk, facts).counts()["disagreed"] == 1
    check(desk, facts, P1="in_room")
    counts = evening(desk, facts).counts()
    assert (counts["disagreed"], counts["in_room"]) == (0, 1)


def test_only_those_with_a_bed_are_expected(desk: Desk, facts: ClassFacts) -> None:
    with desk.writing() as work:
        allocate_rooms(work, facts, mode="together")
        place_person(work, facts, "P8", None, reason="走读")
        work.commit()
    found = evening(desk, facts)
    assert len(found.lines) == 7
    assert [(line.room, line.bed) for line in found.lines] == sorted(
        (line.room, line.bed) for line in found.lines
    )


def test_what_cannot_be_checked(desk: Desk, facts: ClassFacts) -> None:
    with desk.writing() as work:
        with pytest.raises(UsageError, match="in_room, permit, leave, missing"):
            record_check(work, facts, FIRST, {"P1": "asleep"})
        with pytest.raises(Refused, match="X is not a member"):
            record_check(work, facts, FIRST, {"X": "in_room"})
