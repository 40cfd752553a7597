"""Beds of a class: given, kept by hand, never twice on one night, whichever class."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from db.tables import Enrolment, Person
from tests.factories.classlife import FIRST, LAST, facts_of
from trainer.classlife.allocation import Mode
from trainer.classlife.facts import ClassFacts
from trainer.classlife.rooms import (
    Nights,
    add_room,
    allocate_rooms,
    lodgers,
    nights_of,
    overbooked,
    place_person,
)
from trainer.desk import Desk
from trainer.errors import Refused, UsageError


def give(desk: Desk, facts: ClassFacts, mode: Mode = "together") -> dict[str, str]:
    with desk.writing() as work:
        left = allocate_rooms(work, facts, mode=mode).left
        work.commit()
    with desk.reading() as session:
        beds = {one.person: one.room for one in lodgers(session, class_code=facts.code)}
    return beds | dict.fromkeys(left, "")


def test_men_and_women_have_rooms_of_their_own(desk: Desk, facts: ClassFacts) -> None:
    """Four men, four women, two rooms of four: everybody has a bed."""
    beds = give(desk, facts)
    assert Counter(beds.values()) == {"R1": 4, "R2": 4}
    assert len({beds[code] for code in ("P1", "P2", "P4", "P7")}) == 1
    assert give(desk, facts) == beds


def test_who_was_placed_by_hand_stays(desk: Desk, facts: ClassFacts) -> None:
    with desk.writing() as work:
        add_room(work, "R3", beds=1)
        place_person(work, facts, "P1", "R3", reason="打鼾")
        work.commit()
    beds = give(desk, facts, "apart")
    assert beds["P1"] == "R3"
    assert len([room for room in beds.values() if room]) == 8
    with desk.reading() as session:
        assert [one.reason for one in lodgers(session) if one.fixed] == ["打鼾"]


def test_other_classes_beds_are_taken(desk: Desk, facts: ClassFacts) -> None:
    """C2 has a man in R1 on Thursday night: R1 is for men then, with three beds for C1."""
    with desk.writing() as work:
        work.session.add(Person(code="P9", name="他班", gender="男"))
        work.session.add(Enrolment(class_code="C2", person="P9"))
        work.commit()
    other = facts_of(desk, "C2")
    with desk.writing() as work:
        place_person(work, other, "P9", "R1", bed=2, nights=Nights(dt.date(2023, 3, 9), LAST))
        work.commit()
    beds = give(desk, facts)
    assert Counter(beds.values()) == {"R1": 3, "R2": 4, "": 1}
    with desk.reading() as session:
        assert overbooked(session) == []
        assert all(one.bed != 2 for one in lodgers(session, class_code="C1") if one.room == "R1")


def test_a_bed_is_free_again_on_the_day_of_leaving(desk: Desk, facts: ClassFacts) -> None:
    give(desk, facts)
    with desk.writing() as work:
        work.session.add(Person(code="P9", name="后来", gender="男"))
        work.session.add(Enrolment(class_code="C2", person="P9"))
        work.commit()
    other = facts_of(desk, "C2")
    next_night = Nights(LAST, LAST + dt.timedelta(days=1))
    with desk.writing() as work:
        with pytest.raises(Refused, match="no such free bed"):
            place_person(work, other, "P9", "R1", nights=Nights(FIRST, LAST))
        place_person(work, other, "P9", "R1", nights=next_night)
        work.commit()


def test_by_hand_needs_a_room_a_bed_and_the_gender(desk: Desk, facts: ClassFacts) -> None:
    with desk.writing() as work:
        place_person(work, facts, "P1", "R1", bed=1)
        with pytest.raises(Refused, match="no room R9"):
            place_person(work, facts, "P2", "R9")
        with pytest.raises(Refused, match="free bed"):
            place_person(work, facts, "P2", "R1", bed=1)
        with pytest.raises(Refused, match="other gender"):
            place_person(work, facts, "P3", "R1")
        place_person(work, facts, "P3", "R1", override="夫妻")
        with pytest.raises(Refused, match="has no bed"):
            place_person(work, facts, "P2", None)
        place_person(work, facts, "P1", None)
        work.commit()
    with desk.reading() as session:
        assert [(one.person, one.reason) for one in lodgers(session)] == [("P3", "夫妻")]


def test_two_databases_may_give_one_bed_twice(desk: Desk, facts: ClassFacts) -> None:
    """What no database allows by itself can arrive by merging: it is listed."""
    from db.tables import BedPlace

    with desk.writing() as work:
        for person in ("P1", "P2"):
            work.session.add(
                BedPlace(
                    id=person,
                    class_code="C1",
                    person=person,
                    room="R1",
                    bed=1,
                    from_date=FIRST,
                    to_date=LAST,
                    at=work.now,
                )
            )
        work.commit()
    with desk.reading() as session:
        ((room, bed, night, people),) = overbooked(session)
    assert (room, bed, night) == ("R1", 1, FIRST)
    assert {one.person for one in people} == {"P1", "P2"}


def test_rooms_and_stays_that_make_no_sense(desk: Desk, facts: ClassFacts) -> None:
    give(desk, facts)
    with pytest.raises(UsageError, match="no night"):
        nights_of(facts, LAST, FIRST)
    with desk.writing() as work:
        with pytest.raises(Refused, match="has bed 4"):
            add_room(work, "R1", beds=3)
        with pytest.raises(UsageError, match="男, 女"):
            add_room(work, "R9", beds=1, gender="x")
        with pytest.raises(Refused, match="no venue"):
            add_room(work, "R9", beds=1, venue="none")
