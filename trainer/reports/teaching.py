"""The reports of teachers and of venues: how much each taught, and how much each was used.

A joint meeting of several classes is one meeting: it is taught once, paid once (FE-1), and takes
its room once. Cancelled sessions count nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from db.tables import Teacher, TrainingSession, Venue
from db.work import table_of
from trainer.attendance.credit import hours, session_quarters
from trainer.attendance.expected import CANCELLED
from trainer.desk import Desk
from trainer.office import QUARTERS, read_office
from trainer.phrases import Phrase, mark, phrase, say
from trainer.reports.attendance import check_period, period_phrase
from trainer.reports.report import Column, Report
from trainer.reports.terms import term

Whose = Literal["teacher", "venue"]
_MODELS: Final[dict[str, type[SQLModel]]] = {"teacher": Teacher, "venue": Venue}
COMMON: Final = (
    Column("classes", Phrase(mark("classes"))),
    Column("meetings", Phrase(mark("meetings"))),
    Column("days", Phrase(mark("days"))),
    Column("periods", Phrase(mark("periods"))),
    Column("hours", Phrase(mark("hours")), "hours"),
)
FEES: Final = (Column("fee", Phrase(mark("fees, yuan")), "money"),)


@dataclass(slots=True)
class _Use:
    classes: set[str] = field(default_factory=set)
    meetings: set[str] = field(default_factory=set)
    days: set[dt.date] = field(default_factory=set)
    periods: int = 0
    quarters: int = 0
    fee: float = 0

    def figures(self) -> dict[str, Any]:
        return {
            "classes": len(self.classes),
            "meetings": len(self.meetings),
            "days": len(self.days),
            "periods": self.periods,
            "hours": hours(self.quarters),
        }


def teachers_report(
    desk: Desk, *, first: dt.date | None = None, last: dt.date | None = None
) -> Report:
    """Return each teacher's meetings, hours and fees by the rate per hour; raise UsageError."""
    return _report(desk, "teacher", first, last)


def venues_report(
    desk: Desk, *, first: dt.date | None = None, last: dt.date | None = None
) -> Report:
    """Return each venue's meetings, days and hours of use; raise UsageError."""
    return _report(desk, "venue", first, last)


def _report(desk: Desk, whose: Whose, first: dt.date | None, last: dt.date | None) -> Report:
    check_period(first, last)
    with desk.reading() as session:
        office = read_office(session)
        known = _known(session, whose)
        uses: dict[str, _Use] = {}
        total = _Use()
        for row in _sessions(session, whose, first, last):
            meeting = f"{row.joint}/{row.start.isoformat()}" if row.joint else row.uid
            quarters = session_quarters(office, row.period, row.periods)
            rate = getattr(known[row.whose], "fee", None) or 0
            own = uses.setdefault(row.whose, _Use())
            fresh = meeting not in own.meetings
            _add(own, row, meeting, quarters, rate * quarters / QUARTERS)
            # in the total a meeting that two teach, or that takes two rooms, is one meeting
            new = meeting not in total.meetings
            _add(total, row, meeting, quarters if new else 0, 0)
            if fresh:
                total.fee += rate * quarters / QUARTERS
    with_fee = whose == "teacher"
    return Report(
        f"{whose}s",
        phrase("Teachers") if with_fee else phrase("Venues"),
        period_phrase(first, last),
        (
            Column(whose, phrase("teacher") if with_fee else phrase("venue"), "text"),
            Column("name", phrase("name") if with_fee else phrase("title"), "text"),
            Column("kind_name", phrase("kind"), "text"),
            *COMMON,
            *(FEES if with_fee else ()),
        ),
        tuple(
            {whose: code, "key": code, "name": known[code].name}
            | {"kind": known[code].kind, "kind_name": term(known[code].kind)}
            | _figures(uses[code], with_fee=with_fee)
            for code in sorted(uses)
        ),
        {whose: None, "key": None, "name": say("total"), "kind": None, "kind_name": None}
        | _figures(total, with_fee=with_fee),
    )


def _add(use: _Use, row: Any, meeting: str, quarters: int, fee: float) -> None:
    use.classes.add(row.class_code)
    use.days.add(row.date)
    if meeting not in use.meetings:
        use.meetings.add(meeting)
        use.periods += row.periods
        use.quarters += quarters
        use.fee += fee


def _figures(use: _Use, *, with_fee: bool) -> dict[str, Any]:
    return use.figures() | ({"fee": round(use.fee, 2)} if with_fee else {})


def _known(session: Session, whose: Whose) -> dict[str, Any]:
    rows: Iterable[Any] = session.connection().execute(select(table_of(_MODELS[whose])))
    return {row.code: row for row in rows}


def _sessions(
    session: Session, whose: Whose, first: dt.date | None, last: dt.date | None
) -> list[Any]:
    table = table_of(TrainingSession)
    names = ("uid", "class_code", "date", "start", "period", "periods", "joint")
    column = table.c[whose]
    query = (
        select(*(table.c[name] for name in names), column.label("whose"))
        .where(table.c.status != CANCELLED, column.is_not(None))
        .order_by(table.c.start, table.c.uid)
    )
    if first is not None:
        query = query.where(table.c.date >= first)
    if last is not None:
        query = query.where(table.c.date <= last)
    return list(session.connection().execute(query))
