"""The plan report: what the annual plan holds, and how much of it has been done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import Session

from db.tables import Enrolment, SyllabusItem, TrainingClass
from db.work import table_of
from trainer.desk import Desk
from trainer.errors import UsageError
from trainer.phrases import Phrase, mark, phrase, say
from trainer.reports.attendance import add_up, period_phrase
from trainer.reports.report import Column, Report
from trainer.reports.tally import RATE_DIGITS, Tally
from trainer.reports.terms import term

DIMENSIONS: Final[Mapping[str, Phrase]] = {
    "class": Phrase(mark("class")),
    "series": Phrase(mark("series")),
    "measure": Phrase(mark("measure")),
    "focus": Phrase(mark("focus")),
    "stage": Phrase(mark("stage")),
}
FIGURES: Final = (
    Column("classes", Phrase(mark("classes"))),
    Column("size", Phrase(mark("planned places"))),
    Column("enrolled", Phrase(mark("enrolled"))),
    Column("meetings", Phrase(mark("meetings in the syllabus"))),
    Column("scheduled", Phrase(mark("meetings on the timetable"))),
    Column("held", Phrase(mark("meetings held"))),
    Column("person_times", Phrase(mark("person-times"))),
    Column("done", Phrase(mark("carried out")), "rate"),
)
_NOT_PLANNED: Final = ("proposed", "cancelled")


@dataclass(slots=True)
class _Line:
    classes: int = 0
    size: int = 0
    enrolled: int = 0
    meetings: int = 0
    scheduled: int = 0
    held: int = 0
    person_times: int = 0

    def add(self, other: _Line) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def figures(self) -> dict[str, Any]:
        counts = {name: getattr(self, name) for name in self.__slots__}
        done = round(self.held / self.meetings, RATE_DIGITS) if self.meetings else None
        return counts | {"done": done}


def plan_report(
    desk: Desk,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    by: str = "class",
) -> Report:
    """Return plan against done, of the classes that are approved or further; raise UsageError.

    With a period, what is on the timetable, held and attended is that of the period; a meeting of
    several classes is one of each. ``meetings`` are those of the whole syllabus.
    """
    if by not in DIMENSIONS:
        raise UsageError(
            "there is no plan report by “{by}”; use one of: {known}",
            by=by,
            known=", ".join(DIMENSIONS),
        )
    tallies = add_up(desk, first=first, last=last, by="class").tallies
    rows: dict[str | None, _Line] = {}
    names: dict[str | None, str | None] = {}
    total = _Line()
    with desk.reading() as session:
        for row in _classes(session):
            key = row.code if by == "class" else getattr(row, by)
            names[key] = row.title if by == "class" else term(key, by)
            line = _line(row, tallies.get(row.code))
            rows.setdefault(key, _Line()).add(line)
            total.add(line)
    columns: tuple[Column, ...] = (Column(by, DIMENSIONS[by], "text"),)
    if by != "series":
        columns += (Column("name", phrase("title"), "text"),)
    return Report(
        "plan",
        phrase("Annual plan"),
        period_phrase(first, last),
        columns + FIGURES,
        tuple(
            {by: key, "key": key, "name": names[key], **rows[key].figures()}
            for key in sorted(rows, key=lambda key: (key is None, key or ""))
        ),
        {by: None, "key": None, "name": say("total"), **total.figures()},
    )


def _classes(session: Session) -> list[Any]:
    table, item, enrolment = (table_of(m) for m in (TrainingClass, SyllabusItem, Enrolment))
    meetings = (
        select(item.c.class_code, func.sum(item.c.count).label("meetings"))
        .group_by(item.c.class_code)
        .subquery()
    )
    enrolled = (
        select(enrolment.c.class_code, func.count(enrolment.c.person.distinct()).label("enrolled"))
        .where(enrolment.c.status == "confirmed")
        .group_by(enrolment.c.class_code)
        .subquery()
    )
    names = ("code", "title", "series", "measure", "focus", "stage", "size")
    query = (
        select(*(table.c[name] for name in names), meetings.c.meetings, enrolled.c.enrolled)
        .outerjoin(meetings, meetings.c.class_code == table.c.code)
        .outerjoin(enrolled, enrolled.c.class_code == table.c.code)
        .where(table.c.stage.not_in(_NOT_PLANNED))
    )
    return list(session.connection().execute(query))


def _line(row: Any, tally: Tally | None) -> _Line:
    return _Line(
        classes=1,
        size=row.size or 0,
        enrolled=row.enrolled or 0,
        meetings=int(row.meetings or 0),
        scheduled=len(tally.meetings) if tally else 0,
        held=len(tally.held) if tally else 0,
        person_times=len(tally.person_times) if tally else 0,
    )
