"""An evaluation as plain data: whom it asks, of what, by which questions, and who may answer.

Only those may answer who attended: at least one session of the class, of the course with that
teacher, or at that field site; and a session's questions only who attended that session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session

from db.tables import (
    Course,
    Evaluation,
    EvaluationSubject,
    MarkState,
    Teacher,
    TrainingClass,
    TrainingSession,
    Venue,
)
from db.tables.words import ATTENDED
from db.work import table_of
from trainer.attendance.expected import CANCELLED
from trainer.errors import Refused
from trainer.evaluation.forms import Form, Question, find_form
from trainer.evaluation.rules import rule_of
from trainer.evaluation.suppress import Rule

_EVALUATION = table_of(Evaluation)
_SUBJECT = table_of(EvaluationSubject)
_SESSION = table_of(TrainingSession)
_STATE = table_of(MarkState)
FIELD_SITE: Final = "field_site"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that is asked about; ``field`` says that it was held at a field teaching site."""

    line: int
    kind: str
    course: str | None = None
    course_title: str | None = None
    teacher: str | None = None
    teacher_name: str | None = None
    venue: str | None = None
    venue_name: str | None = None
    session: str | None = None
    date: dt.date | None = None
    field: bool = False
    invited: int | None = None

    @property
    def title(self) -> str:
        """What the subject is called, blank for the class itself."""
        names = (self.course_title, self.teacher_name)
        if self.kind == "site":
            names = (self.venue_name, None)
        elif self.kind == "session" and self.date is not None:
            names = (f"{self.date:%m-%d} {self.course_title}", self.teacher_name)
        return "  ".join(name for name in names if name)

    def document(self) -> dict[str, Any]:
        """Return the subject as JSON shows it."""
        return {
            "line": self.line,
            "kind": self.kind,
            "title": self.title,
            "course": self.course,
            "teacher": self.teacher,
            "venue": self.venue,
            "session": self.session,
            "date": self.date,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """An evaluation of a class with its questionnaire and all that it asks about."""

    code: str
    class_code: str
    class_title: str
    series: str | None
    form: Form
    scope: str
    named: bool
    opened: dt.date
    until: dt.date | None
    closed: dt.date | None
    rule: Rule
    subjects: tuple[Subject, ...]

    def subject(self, line: int) -> Subject:
        """Return a subject by its line; raise Refused where there is none."""
        for one in self.subjects:
            if one.line == line:
                return one
        raise Refused(
            "the evaluation {code} has no line {line}; “trainer evaluation status {class_code}” "
            "lists them",
            code=self.code,
            line=line,
            class_code=self.class_code,
        )

    def questions_of(self, subject: Subject) -> tuple[Question, ...]:
        """Return the questions that are asked about a subject."""
        if subject.kind == "class":
            return self.form.asked("class")
        if subject.kind == "site":
            return self.form.asked("field")
        return self.form.asked("teaching") + (self.form.asked("field") if subject.field else ())


def find_evaluation(session: Session, name: str) -> Asked:
    """Return an evaluation by its code, or the latest of a class; raise Refused for none."""
    query = (
        select(_EVALUATION)
        .where((_EVALUATION.c.code == name) | (_EVALUATION.c.class_code == name))
        .order_by(_EVALUATION.c.opened)
    )
    rows = session.connection().execute(query).all()
    if not rows:
        raise Refused(
            "there is no evaluation of {name}; “trainer evaluation open {name}” opens one",
            name=name,
        )
    # of two that were opened on one day the one that is open is meant, else the later number
    row = max(rows, key=lambda one: (one.closed is None, one.opened, number_of(one.code)))
    return read_asked(session, row)


def number_of(code: str) -> int:
    """Return the number at the end of an evaluation's code, 0 where there is none."""
    tail = code.rpartition("-")[2]
    return int(tail) if tail.isdecimal() else 0


def read_asked(session: Session, row: Any) -> Asked:
    """Return the evaluation of a row."""
    training = session.get(TrainingClass, row.class_code)
    assert training is not None  # the database holds no evaluation without its class
    return Asked(
        code=row.code,
        class_code=row.class_code,
        class_title=training.title,
        series=training.series,
        form=find_form(session, row.form),
        scope=row.scope,
        named=bool(row.named),
        opened=row.opened,
        until=row.until,
        closed=row.closed,
        rule=rule_of(row),
        subjects=tuple(read_subjects(session, row.code)),
    )


def read_subjects(session: Session, code: str | None = None) -> list[Subject]:
    """Return what an evaluation asks about, in the order of the lines, names included."""
    query = _named(select(*_SUBJECT.c)).order_by(_SUBJECT.c.evaluation, _SUBJECT.c.number)
    if code is not None:
        query = query.where(_SUBJECT.c.evaluation == code)
    return [_subject(row) for row in session.connection().execute(query)]


def make_subjects(session: Session, class_code: str, scope: str) -> list[dict[str, Any]]:
    """Return the rows of what to ask about a class, from its sessions that are not cancelled."""
    course, venue = table_of(Course), table_of(Venue)
    query = (
        select(
            *(_SESSION.c[name] for name in ("uid", "course", "teacher", "venue", "date", "start")),
            course.c.form,
            venue.c.kind,
        )
        .join(course, course.c.code == _SESSION.c.course)
        .outerjoin(venue, venue.c.code == _SESSION.c.venue)
        .where(_SESSION.c.class_code == class_code, _SESSION.c.status != CANCELLED)
        .order_by(_SESSION.c.start, _SESSION.c.uid)
    )
    rows = session.connection().execute(query).all()
    if not rows:
        return []
    found = [{"kind": "class", "date": max(row.date for row in rows)}]
    taught = [row for row in rows if row.teacher or row.kind == FIELD_SITE or _is_taught(row.form)]
    if scope == "class":
        sites = {row.venue: row.date for row in rows if row.kind == FIELD_SITE}
        found += [{"kind": "site", "venue": code, "date": day} for code, day in sites.items()]
    elif scope == "courses":
        found += _courses(taught)
    else:
        found += [
            {"kind": "session", "session": row.uid, "course": row.course, "teacher": row.teacher}
            | {"venue": row.venue, "date": row.date}
            for row in taught
        ]
    blank = dict.fromkeys(("course", "teacher", "venue", "session", "invited"))
    return [blank | row | {"number": number} for number, row in enumerate(found, start=1)]


def _is_taught(form: str | None) -> bool:
    return form not in ("exam", "ceremony", "self_study")


def _courses(rows: list[Any]) -> list[dict[str, Any]]:
    # a course that two teach is asked about twice; a place is kept where it was always the same
    places: dict[tuple[str, str | None], set[str | None]] = {}
    days: dict[tuple[str, str | None], dt.date] = {}
    for row in rows:
        places.setdefault((row.course, row.teacher), set()).add(row.venue)
        days[row.course, row.teacher] = row.date
    return [
        {"kind": "course", "course": course, "teacher": teacher, "date": days[course, teacher]}
        | {"venue": next(iter(venues)) if len(venues) == 1 else None}
        for (course, teacher), venues in places.items()
    ]


def rights_of(session: Session, asked: Asked) -> Mapping[str, frozenset[int]]:
    """Return the lines that each person may answer, for all who attended anything of the class."""
    query = (
        select(
            _STATE.c.person,
            *(_SESSION.c[name] for name in ("uid", "course", "teacher", "venue")),
        )
        .join(_SESSION, _SESSION.c.uid == _STATE.c.session)
        .where(
            _SESSION.c.class_code == asked.class_code,
            _SESSION.c.status != CANCELLED,
            _STATE.c.status.in_(ATTENDED),
        )
    )
    found: dict[str, set[int]] = {}
    for row in session.connection().execute(query):
        mine = found.setdefault(row.person, set())
        mine.update(one.line for one in asked.subjects if _was_there(one, row))
    return {person: frozenset(lines) for person, lines in sorted(found.items()) if lines}


def invited_of(session: Session, asked: Asked) -> dict[int, int]:
    """Return how many may answer each line: as kept on closing, or as it is now."""
    if asked.closed is not None:
        return {one.line: one.invited or 0 for one in asked.subjects}
    rights = rights_of(session, asked)
    return {one.line: sum(one.line in lines for lines in rights.values()) for one in asked.subjects}


def _was_there(subject: Subject, row: Any) -> bool:
    match subject.kind:
        case "class":
            return True
        case "session":
            return bool(subject.session == row.uid)
        case "site":
            return bool(subject.venue == row.venue)
    return bool((subject.course, subject.teacher) == (row.course, row.teacher))


def _named(query: Any) -> Any:
    course, teacher, venue = (table_of(model) for model in (Course, Teacher, Venue))
    return (
        query.add_columns(
            course.c.title.label("course_title"),
            teacher.c.name.label("teacher_name"),
            venue.c.name.label("venue_name"),
            venue.c.kind.label("venue_kind"),
        )
        .select_from(_SUBJECT)
        .outerjoin(course, course.c.code == _SUBJECT.c.course)
        .outerjoin(teacher, teacher.c.code == _SUBJECT.c.teacher)
        .outerjoin(venue, venue.c.code == _SUBJECT.c.venue)
    )


def _subject(row: Any) -> Subject:
    return Subject(
        line=row.number,
        kind=row.kind,
        course=row.course,
        course_title=row.course_title,
        teacher=row.teacher,
        teacher_name=row.teacher_name,
        venue=row.venue,
        venue_name=row.venue_name,
        session=row.session,
        date=row.date,
        field=row.venue_kind == FIELD_SITE,
        invited=row.invited,
    )
