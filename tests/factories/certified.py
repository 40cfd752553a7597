"""An office with a class that some of its trainees completed, for tests of certificates."""

from __future__ import annotations

import uuid
from typing import Any

from sqlmodel import select

from db.tables import Certificate, Completion, OfficeSettings, Person
from tests.factories.registers import Register, day
from trainer.attendance.record import record_mark
from trainer.desk import Desk
from trainer.office import Office, read_office
from trainer.outcomes.certificates.facts import Issued
from trainer.outcomes.certificates.issuing import Issuance, issue_certificates
from trainer.outcomes.decisions import read_decisions

PATTERN = "邹干训结字〔{year}〕第{serial:04}号"
#: The day after the class's end, on which certificates are given out.
LATER = day(10)


def certify(desk: Desk, *members: str, **policy: Any) -> Register:
    """Fill an office: C1 met on 1 and 2 February for four hours each, everybody was there.

    All members but the last completed it.
    """
    rules = {"number": PATTERN} | policy
    office = Office(name="示例县干部教育培训中心", policies={"certificate": rules})
    with desk.writing() as work:
        work.session.add(OfficeSettings(document=office.document()))
        work.commit()
    made = Register(desk)
    made.people(*members)
    made.training("C1", members)
    meetings = [made.meeting("C1", day(number)) for number in (1, 2)]
    with desk.writing() as work:
        for uid in meetings:
            for person in members:
                record_mark(work, session=uid, person=person, status="present", device="pc")
        work.commit()
    for person in members[:-1]:
        decide(desk, person)
    return made


def decide(desk: Desk, person: str, result: str | None = "completed", **facts: Any) -> str:
    """Record a decision on somebody's completion of C1, and return its id."""
    identity = str(uuid.uuid4())
    step = facts.pop("step", "decided" if result else "reopened")
    with desk.writing() as work:
        before = read_decisions(work.session, "C1").get("C1", {}).get(person)
        work.session.add(
            Completion(
                id=identity, class_code="C1", person=person, step=step, result=result,
                at=work.now, by="clerk",
                replaces=before.head.id if before else None, **facts,
            )
        )  # fmt: skip
        work.commit()
    return identity


def issue(desk: Desk, *people: str, class_code: str = "C1") -> Issuance:
    """Issue certificates of a class on the day after its end."""
    with desk.writing() as work:
        office = read_office(work.session)
        made = issue_certificates(work, office, class_code, people=people, day=LATER)
        work.commit()
    return made


def one_of(made: Issuance, person: str) -> Issued:
    """Return somebody's new certificate."""
    return next(one for one in made.issued if one.person == person)


def numbers(desk: Desk) -> list[str]:
    """Return every number that is in the register."""
    with desk.reading() as session:
        return sorted(session.exec(select(Certificate.number)))


def rename(desk: Desk, person: str, name: str) -> None:
    """Write somebody otherwise in the roster."""
    with desk.writing() as work:
        row = work.session.get(Person, person)
        assert row is not None
        row.name = name
        work.commit()
