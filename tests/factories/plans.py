"""A small office's plan in a database, made a row at a time, for tests of the timetable."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlmodel import SQLModel, select

from db.tables import (
    Course,
    Enrolment,
    OfficeSettings,
    Person,
    SyllabusItem,
    Teacher,
    TrainingClass,
    TrainingSession,
    Unavailability,
    Unit,
    Venue,
)
from trainer.desk import Desk
from trainer.office import Office, office_from
from trainer.timetable.checking import StoredFinding, check_timetable
from trainer.timetable.facts import Facts, read_facts

#: Monday of a week without holidays.
MONDAY = dt.date(2023, 3, 6)


def day(number: int) -> dt.date:
    """Return a day of March 2023."""
    return dt.date(2023, 3, number)


class Plan:
    """Adds rows to the database of a desk, with sensible values for what a test does not name."""

    def __init__(self, desk: Desk, document: dict[str, Any] | None = None) -> None:
        self.desk = desk
        self.office: Office = office_from(document or {})
        self._lines: dict[str, int] = {}
        if document:
            self.add(OfficeSettings(id=1, document=self.office.document()))

    def add(self, *rows: SQLModel) -> None:
        """Store rows in one unit of work."""
        with self.desk.writing() as work:
            work.session.add_all(rows)
            work.commit()

    def units(self, *codes: str, **parents: str) -> None:
        """Add units, and units below others (``child="PARENT"``)."""
        self.add(*(Unit(code=code, name=code) for code in codes))
        self.add(*(Unit(code=code, name=code, parent=up) for code, up in parents.items()))

    def venue(self, code: str = "V1", **values: Any) -> None:
        """Add a classroom without limits unless told otherwise."""
        self.add(Venue(**{"code": code, "name": f"room {code}", "kind": "classroom", **values}))

    def teacher(self, code: str = "T1", **values: Any) -> None:
        """Add a teacher."""
        self.add(Teacher(**{"code": code, "name": f"teacher {code}", **values}))

    def course(self, code: str = "K1", **values: Any) -> None:
        """Add a course of one period."""
        self.add(Course(**{"code": code, "title": f"course {code}", **values}))

    def training(self, code: str = "C1", *syllabus: str | dict[str, Any], **values: Any) -> None:
        """Add an approved class for the week of 6 March 2023, with a line for each course."""
        window = {"earliest": MONDAY, "latest": MONDAY + dt.timedelta(days=4)}
        row = {"code": code, "title": f"class {code}", "stage": "approved", **window, **values}
        self.add(TrainingClass(**row))
        for item in syllabus:
            self.line(code, item)

    def line(self, class_code: str, item: str | dict[str, Any]) -> None:
        """Add a line to a class's syllabus: a course, or more about it."""
        self._lines[class_code] = number = self._lines.get(class_code, 0) + 1
        values = {"course": item} if isinstance(item, str) else item
        self.add(SyllabusItem(class_code=class_code, line=number, **values))

    def enrol(self, class_code: str, *people: str, **values: Any) -> None:
        """Confirm people in a class, adding those who are not there yet."""
        with self.desk.writing() as work:
            for code in people:
                if work.session.get(Person, code) is None:
                    work.session.add(Person(code=code, name=f"person {code}"))
                work.session.add(Enrolment(class_code=class_code, person=code, **values))
            work.commit()

    def away(
        self, kind: str, code: str, first: dt.date, last: dt.date | None = None, **values: Any
    ) -> None:
        """Make somebody or something unavailable."""
        row = {"kind": kind, "code": code, "date_from": first, "date_to": last or first}
        self.add(Unavailability(**{**row, **values}))

    def session(
        self, class_code: str, course: str, date: dt.date, period: str, **values: Any
    ) -> str:
        """Store a session as if somebody had imported it; return its uid."""
        periods = values.pop("periods", 1)
        start, end = self.office.instants(date, period, periods)
        row = {
            "uid": str(uuid.uuid4()),
            "class_code": class_code,
            "course": course,
            "seq": 1,
            "date": date,
            "period": period,
            "periods": periods,
            "start": start,
            "end": end,
            **values,
        }
        self.add(TrainingSession(**row))
        return str(row["uid"])

    def facts(self) -> Facts:
        """Read the facts as they are now."""
        with self.desk.reading() as session:
            return read_facts(session)

    def findings(self) -> tuple[StoredFinding, ...]:
        """Check the stored timetable."""
        with self.desk.reading() as session:
            return check_timetable(session, self.desk.clock.today())

    def broken(self) -> set[str]:
        """Return the hard rules that the stored timetable breaks."""
        return {each.rule for each in self.findings() if each.hard}

    def sessions(self) -> list[TrainingSession]:
        """Return the stored sessions by class, course and number."""
        with self.desk.reading() as session:
            rows = session.exec(select(TrainingSession)).all()
        return sorted(rows, key=lambda row: (row.class_code, row.course, row.seq))

    def the_session(self) -> TrainingSession:
        """Return the only stored session."""
        (row,) = self.sessions()
        return row
