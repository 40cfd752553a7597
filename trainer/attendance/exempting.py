"""Exemptions (EX-1): people of whom attendance is not required for a while, with the reason.

Old, frail, seriously ill or disabled members: training goes to them. They leave the denominator and
are shown apart; whoever comes all the same is recorded and credited like everybody.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Exemption, Person, TrainingClass
from db.work import table_of
from trainer.dataset.cells import printable
from trainer.errors import Refused, UsageError

if TYPE_CHECKING:
    from db.work import UnitOfWork

_EXEMPTION = table_of(Exemption)


def exempt_person(
    work: UnitOfWork,
    *,
    person: str,
    reason: str,
    first: dt.date | None = None,
    last: dt.date | None = None,
    class_code: str | None = None,
) -> Exemption:
    """Record an exemption, both days counted, None open; raise UsageError or Refused."""
    why = printable(reason)
    if not why:
        raise UsageError("an exemption needs a reason; give it with --reason")
    if first and last and last < first:
        raise UsageError(
            "the exemption would end on {last}, before it begins on {first}; give the dates the "
            "other way round",
            first=first,
            last=last,
        )
    if work.session.get(Person, person) is None:
        raise Refused(
            "there is no person {person} in the roster; check the code, or add the person first",
            person=person,
        )
    if class_code is not None and work.session.get(TrainingClass, class_code) is None:
        raise Refused(
            "there is no class {class_code}; “trainer export DIR” writes them all into classes.csv",
            class_code=class_code,
        )
    row = Exemption(person=person, class_code=class_code, from_date=first, to_date=last, reason=why)
    work.session.add(row)
    work.session.flush()
    return row


def end_exemption(work: UnitOfWork, line: int, *, last: dt.date) -> Exemption:
    """End an exemption on a day, that day counted; raise Refused where there is none."""
    row = work.session.get(Exemption, line)
    if row is None:
        raise Refused(
            "there is no exemption {line}; “trainer attendance exemptions” lists them", line=line
        )
    if row.from_date and last < row.from_date:
        raise UsageError(
            "the exemption would end on {last}, before it begins on {first}; give the dates the "
            "other way round",
            first=row.from_date,
            last=last,
        )
    row.to_date = last
    return row


def list_exemptions(session: Session, person: str | None = None) -> list[Exemption]:
    """Return every exemption, of one person or all."""
    query = select(Exemption).order_by(_EXEMPTION.c.person, _EXEMPTION.c.line)
    if person is not None:
        query = query.where(_EXEMPTION.c.person == person)
    return list(session.scalars(query))
