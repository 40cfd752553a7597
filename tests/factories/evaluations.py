"""An office with a class that has been held, for tests of its evaluation by trainees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from db.tables import Course, Teacher, TrainingSession, Venue
from db.work import UnitOfWork
from tests.factories.registers import Register, day
from trainer.attendance.record import Wish, record_marks
from trainer.desk import Desk
from trainer.evaluation.answering import check_sheet, ticket_of
from trainer.evaluation.ballots import give_ballots, hash_of
from trainer.evaluation.facts import Asked, find_evaluation
from trainer.evaluation.opening import Opening, close_evaluation, open_evaluation
from trainer.evaluation.urn import Answer, Urn

#: course, teacher, venue of the sessions of a class, one a day from 1 February 2023.
LESSONS = (("K1", "T1", "V1"), ("K2", "T2", "V1"), ("K3", "T1", "F1"))
CLASS_ANSWERS = ("content", "teaching", "organisation", "usefulness", "venue")


def held_class(
    desk: Desk, code: str = "C1", people: int = 12, *, series: str = "主体班"
) -> list[str]:
    """Add a class of which all came to the first session, and one fewer to each that followed.

    Return its people. P-1 attended one session only, P-2 two.
    """
    register = Register(desk)
    names = [f"{code}-P{number}" for number in range(1, people + 1)]
    register.people(*names)
    register.training(code, names, series=series)
    with desk.writing() as work:
        _lessons(work)
        uids = []
        for place, (course, teacher, venue) in enumerate(LESSONS):
            date = day(1 + place)
            start, end = register.office.instants(date, "AM1", 2)
            uids.append(f"{code}-S{place + 1}")
            work.session.add(
                TrainingSession(
                    uid=uids[-1], class_code=code, course=course, seq=1, date=date, period="AM1",
                    periods=2, start=start, end=end, status="held", venue=venue, teacher=teacher,
                )
            )  # fmt: skip
        work.session.flush()
        record_marks(
            work,
            [
                Wish(uid, person, "present" if number >= place else "absent")
                for place, uid in enumerate(uids)
                for number, person in enumerate(names)
            ],
        )
        work.commit()
    return names


def opened(desk: Desk, code: str = "C1", **how: object) -> Asked:
    """Open an evaluation of a class."""
    with desk.writing() as work:
        asked = open_evaluation(work, Opening(code, **how), desk.clock.today())  # type: ignore[arg-type]
        work.commit()
    return asked


def closed(desk: Desk, code: str = "C1") -> None:
    """Close the evaluation of a class."""
    with desk.writing() as work:
        close_evaluation(work, code, desk.clock.today())
        work.commit()


def class_sheet(*marks: int, advice: str = "") -> dict[int, dict[str, Answer]]:
    """Return answers about the class: one for all its scales, or one for each."""
    given = marks * len(CLASS_ANSWERS) if len(marks) == 1 else marks
    answers: dict[str, Answer] = dict(zip(CLASS_ANSWERS, given, strict=True))
    return {1: answers | ({"advice": advice} if advice else {})}


def answered(desk: Desk, code: str, sheets: Sequence[dict[int, dict[str, Answer]]]) -> list[str]:
    """Give out codes and hand in these sheets, all at once; return the codes that were used."""
    codes = [given.code for given in give_ballots(desk, code)][: len(sheets)]
    with desk.writing() as work:
        asked = find_evaluation(work.session, code)
        urn = Urn(work, asked.code)
        for used, sheet in zip(codes, sheets, strict=True):
            check_sheet(asked, ticket_of(urn, asked, used).subjects, sheet)
            urn.put(sheet)
            urn.spend(hash_of(asked.code, used))
        urn.seal()
        work.commit()
    return codes


def _lessons(work: UnitOfWork) -> None:
    if work.session.get(Course, "K1") is not None:
        return
    work.session.add(Teacher(code="T1", name="教师甲"))
    work.session.add(Teacher(code="T2", name="教师乙"))
    work.session.add(Venue(code="V1", name="第一教室", kind="classroom"))
    work.session.add(Venue(code="F1", name="实践基地", kind="field_site"))
    for code in ("K1", "K2", "K3"):
        work.session.add(Course(code=code, title=f"专题{code}", form="lecture"))
    work.session.flush()


def today() -> dt.date:
    """Return a day after the class."""
    return day(6)
