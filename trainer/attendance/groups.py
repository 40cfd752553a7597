"""Which groups the members of a class belong to: those of their units (alliances)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Enrolment, Person, UnitGroup
from db.work import table_of


def groups_of(session: Session, class_code: str, date: dt.date) -> Mapping[str, tuple[str, ...]]:
    """Return the names of each member's groups on a date; nobody without a group is named."""
    del date
    enrolment, person, group = (table_of(model) for model in (Enrolment, Person, UnitGroup))
    connection = session.connection()
    of_unit: dict[str, list[str]] = {}
    for name, members in connection.execute(select(group.c.name, group.c.members)):
        for unit in members or ():
            of_unit.setdefault(unit, []).append(name)
    if not of_unit:
        return {}
    query = (
        select(person.c.code, person.c.unit)
        .join(enrolment, enrolment.c.person == person.c.code)
        .where(enrolment.c.class_code == class_code)
        .distinct()
    )
    return {
        code: tuple(sorted(of_unit[unit]))
        for code, unit in connection.execute(query)
        if unit in of_unit
    }
