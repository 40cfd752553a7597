"""A small office whose class has an exam and a research report, for tests of completion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from db.tables import Course, SyllabusItem, TrainingSession
from tests.factories.registers import Register, day
from trainer.attendance.record import Wish as MarkWish
from trainer.attendance.record import record_marks
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.outcomes.decisions import read_decisions
from trainer.outcomes.facts import ClassBook, read_book
from trainer.outcomes.page import Page, read_page
from trainer.outcomes.scoring import Wish, parse_value, record_score

#: Seven half-days of 4 hours: 28 in all, of which a seventh is 4.
HALF_DAYS = tuple(day(number) for number in (6, 7, 8, 9, 10, 13, 14))
AFTER = dt.date(2023, 3, 1)


class School(Register):
    """An office with classes that end in an exam; the last half-day is the exam's."""

    def course_of(self, code: str, members: Iterable[str], *, report: bool = True) -> list[str]:
        """Add a class of seven half-days with an exam and a report; return its sessions' uids."""
        self.training(code, members)
        uids = [self.meeting(code, date) for date in HALF_DAYS]
        with self.desk.writing() as work:
            work.session.add(Course(code=f"X-{code}", title="结业考试", form="exam"))
            work.session.add(SyllabusItem(class_code=code, course=f"X-{code}", count=1, line=1))
            if report:
                work.session.add(Course(code=f"R-{code}", title="专题调研", form="discussion"))
                work.session.add(SyllabusItem(class_code=code, course=f"R-{code}", count=1, line=2))
            last = work.session.get(TrainingSession, uids[-1])
            assert last is not None
            last.course = f"X-{code}"
            work.commit()
        return uids

    def mark(self, uid: str, statuses: Mapping[str, str]) -> None:
        """Mark people at a session."""
        with self.desk.writing() as work:
            record_marks(work, [MarkWish(uid, who, status) for who, status in statuses.items()])
            work.commit()

    def mark_all(
        self, uids: Iterable[str], people: Iterable[str], but: Mapping[tuple[str, int], str]
    ) -> None:
        """Mark everybody present but for (person, number of the session)."""
        every = list(people)
        with self.desk.writing() as work:
            wishes = [
                MarkWish(uid, who, but.get((who, number), "present"))
                for number, uid in enumerate(uids)
                for who in every
            ]
            record_marks(work, wishes)
            work.commit()

    def score(self, code: str, person: str, kind: str, value: str, **facts: object) -> None:
        """Enter a mark."""
        with self.desk.writing() as work:
            book = read_book(work.session, self.desk, code)
            mark = parse_value(value, book.rules.rules)
            decided = read_decisions(work.session, code).get(code, {})
            record_score(work, book, Wish(person, kind, mark, **facts), decided)  # type: ignore[arg-type]
            work.commit()

    def book(self, code: str, today: dt.date = AFTER) -> ClassBook:
        """Return a class as it is evaluated on a day."""
        at = Desk(self.desk.url, "clerk", Clock(fixed=today))
        with at.reading() as session:
            return read_book(session, at, code)

    def page(self, code: str) -> Page:
        """Return a class with its decisions."""
        with self.desk.reading() as session:
            return read_page(session, self.desk, code)


def as_user(desk: Desk, user: str) -> Desk:
    """Return the same desk with somebody else at it."""
    return Desk(desk.url, user, desk.clock)
