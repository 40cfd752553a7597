"""A residential class of eight for five days, with two rooms, for tests of life in a class."""

from __future__ import annotations

import datetime as dt

from db.tables import Enrolment, Person, TrainingClass, Unit, Venue
from trainer.classlife.facts import ClassFacts, read_class
from trainer.classlife.rooms import add_room
from trainer.desk import Desk
from trainer.office import read_office

#: code, unit, gender, party status: six full members, a probationary one and one who is none.
PEOPLE = (
    ("P1", "U1", "男", "正式党员"),
    ("P2", "U1", "男", "中共党员"),
    ("P3", "U1", "女", "正式党员"),
    ("P4", "U2", "男", "中共正式党员"),
    ("P5", "U2", "女", "正式党员"),
    ("P6", "U2", "女", "党员"),
    ("P7", "U3", "男", "预备党员"),
    ("P8", "U3", "女", "群众"),
)
FIRST, LAST = dt.date(2023, 3, 6), dt.date(2023, 3, 10)


def house(desk: Desk) -> ClassFacts:
    """Make the class C1, and C2 without members, both from Monday 6 to Friday 10 March 2023."""
    with desk.writing() as work:
        for code in ("U1", "U2", "U3"):
            work.session.add(Unit(code=code, name=f"单位{code}"))
        for code, unit, gender, status in PEOPLE:
            work.session.add(
                Person(code=code, name=f"学员{code}", unit=unit, gender=gender, party_status=status)
            )
        work.session.add(Venue(code="V1", name="学员公寓", kind="external"))
        for code in ("C1", "C2"):
            work.session.add(
                TrainingClass(
                    code=code, title=f"班次{code}", earliest=FIRST, latest=LAST, residential=True
                )
            )
        work.session.flush()
        for code, *_rest in PEOPLE:
            work.session.add(Enrolment(class_code="C1", person=code))
        for code in ("R1", "R2"):
            add_room(work, code, beds=4, name=f"公寓{code}", venue="V1")
        work.commit()
    return facts_of(desk)


def facts_of(desk: Desk, code: str = "C1") -> ClassFacts:
    """Return the facts of a class as they are now."""
    with desk.reading() as session:
        return read_class(session, read_office(session), code)
