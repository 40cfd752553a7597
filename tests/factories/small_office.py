"""A small office with two classes and a few days of sessions, for tests of the app."""

from __future__ import annotations

import datetime as dt
import uuid

from db.tables import (
    Course,
    Enrolment,
    Leave,
    LeaveStep,
    OfficeSettings,
    Person,
    Teacher,
    TrainingClass,
    TrainingSession,
    Unit,
    Venue,
)
from trainer.desk import Desk
from trainer.office import Office

#: The clock's date in these tests.
TODAY = dt.date(2023, 3, 1)

#: Two of the names would be markup, if anybody took them for that.
PEOPLE = (
    ("P01", "王晓明", "U1"),
    ("P02", "李[/b]丽", "U1"),
    ("P03", "[a班]周强", "U1"),
    ("P04", "孙立新", "U2"),
    ("P05", "钱小红", "U2"),
    ("P06", "赵建国", "U2"),
    ("P07", "郑爱华", "U3"),
    ("P08", "吴海燕", "U3"),
)
SESSIONS = (
    ("S1", "C1", "K1", 1, dt.date(2023, 3, 1), "AM1", 2, "V1", "T1"),
    ("S2", "C1", "K2", 1, dt.date(2023, 3, 1), "PM1", 2, "V2", None),
    ("S3", "C2", "K1", 1, dt.date(2023, 3, 1), "EVE1", 2, "V1", "T1"),
    ("S4", "C1", "K1", 2, dt.date(2023, 3, 3), "AM1", 4, "V1", "T1"),
    ("S5", "C1", "K2", 2, dt.date(2023, 4, 23), "AM3", 2, "V2", "T2"),
    ("S0", "C1", "K2", 3, dt.date(2023, 2, 24), "PM3", 1, "V1", "T2"),
)


def uid(name: str) -> str:
    """Return the uid of the session called S0 to S5 here."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


def furnish(desk: Desk) -> None:
    """Fill a database with the small office."""
    # a day's leave is over a seventh (LV-1) of classes as short as these
    office = Office(name="示例县干部教育培训中心", levels={"LV-1": "off"})
    with desk.writing() as work:
        add = work.session.add
        add(OfficeSettings(document=office.document()))
        for code, name in (("U1", "城关街道"), ("U2", "市财政局"), ("U3", "太平镇")):
            add(Unit(code=code, name=name))
        for code, name, unit in PEOPLE:
            add(Person(code=code, name=name, unit=unit))
        add(Venue(code="V1", name="党校第一教室", kind="classroom"))
        add(Venue(code="V2", name="红色教育基地", kind="field_site"))
        add(Teacher(code="T1", name="孔令文", kind="party_school"))
        add(Teacher(code="T2", name="单雪梅", kind="expert"))
        add(Course(code="K1", title="党的二十大精神解读", form="lecture", periods=2))
        add(Course(code="K2", title="现场教学[实践]", form="field", periods=2))
        add(TrainingClass(code="C1", title="春季中青年干部培训班", stage="running"))
        add(TrainingClass(code="C2", title="基层党务夜校", stage="running"))
        for code, _name, _unit in PEOPLE[:6]:
            add(Enrolment(class_code="C1", person=code))
        for code, _name, _unit in PEOPLE[4:]:
            add(Enrolment(class_code="C2", person=code))
        add(
            Leave(
                id="L1", person="P06", kind="sick", date_from=TODAY, date_to=TODAY,
                status="approved", reason="住院", paper="住院证明",
            )
        )  # fmt: skip
        work.session.flush()
        for step, by in (("head_teacher", "P01"), ("teaching_office", "P02")):
            add(LeaveStep(id=step, leave="L1", step=step, approver=by, at=work.now))
        for name, klass, course, seq, date, period, periods, venue, teacher in SESSIONS:
            start, end = office.instants(date, period, periods)
            add(
                TrainingSession(
                    uid=uid(name), class_code=klass, course=course, seq=seq, date=date,
                    period=period, periods=periods, start=start, end=end, venue=venue,
                    teacher=teacher, status="published",
                )
            )  # fmt: skip
        work.commit()


def enrol_sixty(desk: Desk) -> None:
    """Fill the class of the first session up to sixty, one of them 单雪梅."""
    with desk.writing() as work:
        for number in range(54):
            code = f"Q{number:02}"
            name = "单雪梅" if number == 30 else f"学员{number:02}"
            work.session.add(Person(code=code, name=name, unit="U2"))
            work.session.add(Enrolment(class_code="C1", person=code))
        work.commit()


def statuses(desk: Desk, session: str) -> dict[str, str]:
    """Return what counts for each person marked at a session."""
    from sqlmodel import select

    from db.tables import MarkState

    with desk.reading() as reading:
        rows = reading.exec(select(MarkState).where(MarkState.session == uid(session)))
        return {row.person: row.status for row in rows}
