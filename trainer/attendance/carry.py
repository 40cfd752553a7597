"""Taking classes along: a small office of their own in one database file, to be merged back.

It holds what a roll call away from the office needs (the office's settings, the classes with their
sessions, members, leave and marks so far) and nobody who has nothing to do with the classes. The
machine that opens it records under a device name of its own, so nothing is lost when both go on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, false, or_, select
from sqlmodel import Session, SQLModel

from db.engine import open_engine
from db.setup import prepare
from db.tables import (
    AttendanceFreeze,
    BedPlace,
    ClassBranch,
    ClassPost,
    CodeKey,
    Correction,
    Course,
    DutyEntry,
    DutyTurn,
    Enrolment,
    ExitPermit,
    ExitStep,
    GroupPlace,
    Leave,
    LeaveStep,
    Mark,
    NightCheck,
    OfficeSettings,
    Person,
    Room,
    SessionClosing,
    Teacher,
    TrainingClass,
    TrainingSession,
    Unit,
    UnitGroup,
    Venue,
)
from db.work import UnitOfWork, table_of
from trainer.attendance.codes import class_keys, ensure_secret
from trainer.attendance.sheet import require_class
from trainer.attendance.state import refresh
from trainer.desk import Desk
from trainer.errors import FileProblem, Refused

_CHUNK: Final = 500
#: Class life's tables that name their class.
_LIFE: Final[tuple[type[SQLModel], ...]] = (
    GroupPlace, ClassBranch, ClassPost, DutyTurn, DutyEntry, BedPlace, NightCheck, ExitPermit,
)  # fmt: skip


def carry_classes(desk: Desk, path: Path, classes: Collection[str]) -> int:
    """Write a database of ``classes`` to a new file; return how many people it holds.

    Raise Refused where the file is there already or a class is unknown, FileProblem where it
    cannot be written.
    """
    if path.exists():
        raise Refused(
            "{path} is there already; merge what was recorded in it and move it away, or choose "
            "another name",
            path=str(path),
        )
    # so that the codes of these classes can be checked where the office is not
    ensure_secret(desk)
    with desk.reading() as session:
        for code in classes:
            require_class(session, code)
        rows = _rows(session, sorted(classes))
    url = f"sqlite:///{path}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        prepare(url)
    except OSError as error:
        raise FileProblem(
            "{path} cannot be written ({problem}); choose another place",
            path=str(error.filename or path),
            problem=error.strerror or type(error).__name__,
        ) from None
    reason = f"carry {', '.join(sorted(classes))}"
    with UnitOfWork(url, actor=desk.actor, reason=reason, now=desk.clock.now) as work:
        for model, found in rows:
            work.insert_many(model, found, digest=True)
        refresh(work, None)
        work.commit()
    # everything into the one file: it is going to be copied
    open_engine(url).dispose()
    return next(len(found) for model, found in rows if model is Person)


def _rows(
    session: Session, classes: list[str]
) -> list[tuple[type[SQLModel], list[dict[str, Any]]]]:
    klass, meeting = table_of(TrainingClass), table_of(TrainingSession)
    training = _read(session, TrainingClass, klass.c.code.in_(classes))
    sessions = _read(session, TrainingSession, meeting.c.class_code.in_(classes))
    enrolments = _read(session, Enrolment, table_of(Enrolment).c.class_code.in_(classes))
    marks = _of(session, Mark, "session", _values(sessions, "uid"))
    teachers = _of(session, Teacher, "code", _values(sessions, "teacher"))
    people = (
        _values(enrolments, "person")
        | _values(marks, "person")
        | _values(training, "head_teacher")
        | _values(teachers, "person")
    )
    leave = table_of(Leave)
    leaves = _of(
        session,
        Leave,
        "person",
        people,
        or_(leave.c.class_code.is_(None), leave.c.class_code.in_(classes)),
    )
    life = _class_life(session, classes)
    people |= {row["person"] for _, rows in life for row in rows if row.get("person")}
    venues = _values(sessions, "venue") | _values(dict(life)[Room], "venue")
    return [
        (OfficeSettings, _read(session, OfficeSettings)),
        (Unit, _read(session, Unit)),
        (UnitGroup, _read(session, UnitGroup)),
        (Person, _of(session, Person, "code", people)),
        (Venue, _of(session, Venue, "code", venues)),
        (Teacher, teachers),
        (Course, _of(session, Course, "code", _values(sessions, "course"))),
        (TrainingClass, training),
        (Enrolment, enrolments),
        (TrainingSession, sessions),
        (Leave, leaves),
        (LeaveStep, _of(session, LeaveStep, "leave", _values(leaves, "id"))),
        (Mark, marks),
        (CodeKey, class_keys(session, classes)),
        *_closings(session, _values(sessions, "uid"), people),
        *life,
    ]


def _closings(
    session: Session, meetings: set[str], people: set[str]
) -> list[tuple[type[SQLModel], list[dict[str, Any]]]]:
    # what is closed or frozen here is so away as well, and what was proposed can be looked at
    place = table_of(Correction).c.person
    known = [place.in_(chunk) for chunk in _chunks(sorted(people))]
    return [
        (AttendanceFreeze, _read(session, AttendanceFreeze)),
        (SessionClosing, _of(session, SessionClosing, "session", meetings)),
        (Correction, _of(session, Correction, "session", meetings, or_(false(), *known))),
    ]


def _class_life(
    session: Session, classes: list[str]
) -> list[tuple[type[SQLModel], list[dict[str, Any]]]]:
    # groups, branch, duty, beds, evenings and permits: what a head teacher lives with every day
    of_class = {
        model: _read(session, model, table_of(model).c.class_code.in_(classes)) for model in _LIFE
    }
    rooms = _of(session, Room, "code", _values(of_class[BedPlace], "room"))
    steps = _of(session, ExitStep, "permit", _values(of_class[ExitPermit], "id"))
    return [(Room, rooms), *of_class.items(), (ExitStep, steps)]


def _read(
    session: Session, model: type[SQLModel], *chosen: ColumnElement[bool]
) -> list[dict[str, Any]]:
    query = select(table_of(model)).where(*chosen)
    return [dict(row) for row in session.connection().execute(query).mappings()]


def _of(
    session: Session,
    model: type[SQLModel],
    column: str,
    wanted: Collection[str],
    *chosen: ColumnElement[bool],
) -> list[dict[str, Any]]:
    place = table_of(model).c[column]
    return [
        row
        for chunk in _chunks(sorted(wanted))
        for row in _read(session, model, place.in_(chunk), *chosen)
    ]


def _values(rows: list[dict[str, Any]], name: str) -> set[str]:
    return {row[name] for row in rows if row[name] is not None}


def _chunks(items: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(items), _CHUNK):
        yield items[first : first + _CHUNK]
