"""Which groups the members of a class belong to: that of the class, and their units' alliances."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Enrolment, Person, UnitGroup
from db.work import table_of


def groups_of(session: Session, class_code: str, date: dt.date) -> Mapping[str, tuple[str, ...]]:
    """Return the names of each member's groups on a date; nobody without a group is named.

    The group of the class (编组) on that date comes first, then the alliances of the unit.
    """
    # life in a class stands beside this room and reads from it
    from trainer.classlife.groups import groups_of as groups_of_class

    own = groups_of_class(session, class_code, date)
    of_units = _alliances(session, class_code)
    return {
        person: ((own[person],) if person in own else ()) + of_units.get(person, ())
        for person in sorted({*own, *of_units})
    }


def _alliances(session: Session, class_code: str) -> dict[str, tuple[str, ...]]:
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
