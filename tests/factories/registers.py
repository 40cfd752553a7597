"""A small office with classes, sessions and members, for tests of attendance and its reports."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from db.tables import (
    Course,
    Enrolment,
    Person,
    TrainingClass,
    TrainingSession,
    Unit,
    Venue,
)
from db.work import UnitOfWork
from trainer.desk import Desk
from trainer.office import Office, read_office


def day(number: int, month: int = 2) -> dt.date:
    """Return a date of 2023."""
    return dt.date(2023, month, number)


class Register:
    """Adds rows to a database, a few words for each; ``desk`` is where."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        with desk.reading() as session:
            self.office: Office = read_office(session)

    def people(self, *codes: str, unit: str = "U1", tier: str | None = None) -> None:
        """Add people of a unit (made where it is new), named 学员 and their code."""
        with self.desk.writing() as work:
            if work.session.get(Unit, unit) is None:
                work.session.add(Unit(code=unit, name=f"单位{unit}"))
            for code in codes:
                work.session.add(Person(code=code, name=f"学员{code}", unit=unit, tier=tier))
            work.commit()

    def training(
        self, code: str, members: Iterable[str] = (), *, series: str | None = None
    ) -> None:
        """Add a running class with open-ended confirmed members and a course of its own."""
        with self.desk.writing() as work:
            work.session.add(
                TrainingClass(code=code, title=f"班次{code}", series=series, stage="running")
            )
            work.session.add(Course(code=f"K-{code}", title=f"课程{code}", strand="theory"))
            for person in members:
                work.session.add(Enrolment(class_code=code, person=person))
            work.commit()

    def enrol(
        self,
        code: str,
        person: str,
        first: dt.date | None = None,
        last: dt.date | None = None,
        *,
        status: str = "confirmed",
        stint: int = 1,
    ) -> None:
        """Add one dated membership."""
        with self.desk.writing() as work:
            work.session.add(
                Enrolment(
                    class_code=code,
                    person=person,
                    from_date=first,
                    to_date=last,
                    status=status,
                    stint=stint,
                )
            )
            work.commit()

    def meeting(
        self,
        code: str,
        date: dt.date,
        *,
        period: str = "AM1",
        periods: int = 4,
        status: str = "planned",
        joint: str | None = None,
        venue: str | None = None,
    ) -> str:
        """Add a session of a class and return its uid."""
        start, end = self.office.instants(date, period, periods)
        uid = str(uuid.uuid4())
        with self.desk.writing() as work:
            if venue and work.session.get(Venue, venue) is None:
                work.session.add(Venue(code=venue, name=f"地点{venue}", kind="classroom"))
            work.session.add(
                TrainingSession(
                    uid=uid,
                    class_code=code,
                    course=f"K-{code}",
                    seq=self._next(work, code),
                    date=date,
                    period=period,
                    periods=periods,
                    start=start,
                    end=end,
                    status=status,
                    joint=joint,
                    venue=venue,
                )
            )
            work.commit()
        return uid

    def _next(self, work: UnitOfWork, code: str) -> int:
        from sqlmodel import func, select

        query = select(func.count()).where(TrainingSession.class_code == code)
        return int(work.session.exec(query).one()) + 1
