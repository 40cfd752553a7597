"""What completing a class rests on, read from the tables: members, attendance, marks, sessions.

Attendance is that of the alerts (``trainer.attendance.alerts``): the same sessions, leave and
absences, so that the cap on leave (LV-1) says the same everywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from sqlalchemy import select, union
from sqlmodel import Session

from db.tables import (
    Course,
    Enrolment,
    MarkState,
    Person,
    Score,
    SyllabusItem,
    TrainingClass,
    TrainingSession,
    Unit,
)
from db.work import table_of
from trainer.attendance.alerts.granted import Granted, granted_leave
from trainer.attendance.alerts.hours import OnLeave, leave_of
from trainer.attendance.alerts.watch import Share, Watch, open_watch
from trainer.attendance.credit import credit_shares, credited
from trainer.attendance.making_up import read_links
from trainer.attendance.state import Pair
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.office import Office
from trainer.outcomes.attending import Attended
from trainer.outcomes.entries import Entry, Marks, entry_of, marks_by_person
from trainer.outcomes.evaluate import ClassFacts, Evaluation, Standing, Trainee, evaluate
from trainer.outcomes.rules import ClassRules, CompletionRules, rules_for

_STATE = table_of(MarkState)
_SESSION = table_of(TrainingSession)
_EXAM_FORM: Final = "exam"
_HELD: Final = "held"


@dataclass(frozen=True, slots=True)
class ClassBook:
    """A class with its rules and everybody who is or was to complete it, evaluated."""

    code: str
    title: str
    stage: str
    facts: ClassFacts
    rules: ClassRules
    evaluations: tuple[Evaluation, ...]
    entries: tuple[Entry, ...]

    def of(self, person: str) -> Evaluation:
        """Return somebody's evaluation; raise Refused for somebody who is not of the class."""
        for one in self.evaluations:
            if one.trainee.person == person:
                return one
        raise not_of_class(person, self.code)


def not_of_class(person: str, class_code: str) -> Refused:
    """Return the refusal of somebody who is not a member of the class."""
    return Refused(
        "{person} is not a confirmed member of {class_code}; enrol the person first, or check "
        "the code",
        person=person,
        class_code=class_code,
    )


class Reader:
    """Reads classes one after another by one look at the register: of one class, or of all."""

    def __init__(
        self,
        session: Session,
        desk: Desk | None = None,
        class_code: str | None = None,
        *,
        watch: Watch | None = None,
    ) -> None:
        self.session = session
        if watch is None:
            assert desk is not None
            watch = open_watch(session, desk, class_code)
        self.watch = watch
        self._links = read_links(session)

    @cached_property
    def granted(self) -> Mapping[Pair, Mapping[str, Granted]]:
        """Leave that was granted, by (class, person) and session."""
        return granted_leave(self.watch)

    @cached_property
    def apart(self) -> frozenset[str]:
        """Sessions that make up for others: only some are expected there."""
        return frozenset(make_up for make_up, _missed, person in self._links if person is None)

    def book(self, class_code: str) -> ClassBook:
        """Return a class evaluated; raise Refused where there is no such class."""
        session = self.session
        row = require_class_row(session, class_code)
        rules = rules_for(
            self.watch.office, class_code=row.code, series=row.series, measure=row.measure
        )
        entries = read_entries(session, class_code, rules.rules)
        klass = _class_facts(session, self.watch, row, rules.rules)
        trainees = _trainees(self, klass, marks_by_person(entries), rules.rules)
        return ClassBook(
            row.code,
            row.title,
            row.stage,
            klass,
            rules,
            tuple(evaluate(klass, one, rules.rules) for one in trainees),
            tuple(entries),
        )


def read_book(
    session: Session, desk: Desk, class_code: str, *, watch: Watch | None = None
) -> ClassBook:
    """Return a class evaluated by the desk's clock; raise Refused where there is no such class.

    ``watch`` is a look at all classes, where the caller has one.
    """
    require_class_row(session, class_code)
    return Reader(session, desk, class_code, watch=watch).book(class_code)


def require_class_row(session: Session, class_code: str) -> TrainingClass:
    """Return a class; raise Refused where there is none."""
    row = session.get(TrainingClass, class_code)
    if row is None:
        raise Refused(
            "there is no class {class_code}; “trainer export DIR” writes them all into classes.csv",
            class_code=class_code,
        )
    return row


def read_entries(session: Session, class_code: str, rules: CompletionRules) -> list[Entry]:
    """Return every entry of marks that a class ever had."""
    table = table_of(Score)
    rows = session.scalars(select(Score).where(table.c.class_code == class_code))
    return [entry_of(row, rules) for row in rows]


def _class_facts(session: Session, watch: Watch, row: Any, rules: CompletionRules) -> ClassFacts:
    syllabus = _syllabus(session, row.code)
    meetings = _meetings(session, row.code)
    to_come = [one for one in meetings if one.end > watch.now and one.status != _HELD]
    exams = [one.date for one in meetings if one.form == _EXAM_FORM]
    # the closing ceremony, at which certificates are handed out, is a session itself
    apart = {one.uid for one in meetings if one.form in rules.deciding.ahead_of}
    awaited = [one.date for one in meetings if one.uid not in apart]
    coming = {one.uid for one in to_come}
    ahead = coming if awaited and coming <= apart else set()
    works = {}
    for name, kind in rules.works.kinds.items():
        named = any(sign in title for title, _form in syllabus for sign in kind.titles)
        if kind.required == "yes" or (kind.required == "syllabus" and named):
            works[name] = kind.count
    in_class = any(form == _EXAM_FORM for _title, form in syllabus) or bool(exams)
    return ClassFacts(
        row.code,
        watch.today,
        len(meetings),
        len(to_come),
        max((one.date for one in meetings), default=None),
        exam_wanted(rules, in_class=in_class),
        min(exams, default=None),
        works,
        watch.rules.required_share,
        frozenset(ahead),
        frozenset(apart - coming),
        max(awaited, default=None),
    )


def exam_wanted(rules: CompletionRules, *, in_class: bool) -> bool:
    """Tell whether an exam is wanted of a class by whether its syllabus or timetable has one."""
    return rules.exam.required == "yes" or (rules.exam.required == "syllabus" and in_class)


def classes_with_exam(session: Session) -> frozenset[str]:
    """Return the classes of which the syllabus or the timetable has an exam."""
    course, item = table_of(Course), table_of(SyllabusItem)
    exams = select(course.c.code).where(course.c.form == _EXAM_FORM)
    planned = select(item.c.class_code).where(item.c.course.in_(exams))
    held = select(_SESSION.c.class_code).where(
        _SESSION.c.course.in_(exams), _SESSION.c.status != "cancelled"
    )
    return frozenset(session.connection().scalars(union(planned, held)))


def _syllabus(session: Session, class_code: str) -> list[tuple[str, str]]:
    item, course = table_of(SyllabusItem), table_of(Course)
    query = (
        select(course.c.title, course.c.form)
        .join(item, item.c.course == course.c.code)
        .where(item.c.class_code == class_code)
    )
    return [(row[0] or "", row[1] or "") for row in session.connection().execute(query)]


def _meetings(session: Session, class_code: str) -> list[Any]:
    course = table_of(Course)
    query = (
        select(*(_SESSION.c[name] for name in ("uid", "date", "start", "end", "status")),
               course.c.form)
        .join(course, course.c.code == _SESSION.c.course)
        .where(_SESSION.c.class_code == class_code, _SESSION.c.status != "cancelled")
    )  # fmt: skip
    return list(session.connection().execute(query))


def _trainees(
    reader: Reader, klass: ClassFacts, marks: Mapping[str, Marks], rules: CompletionRules
) -> list[Trainee]:
    found, watch = _Attendance(reader, klass), reader.watch
    trainees = []
    for row, stays in read_members(reader.session, klass.code).get(klass.code, ()):
        standing, left_on = standing_of(row, stays, klass, rules)
        pair = (klass.code, row.code)
        if standing == "member" and not watch.share(pair).meetings and klass.sessions:
            standing = "exempt"
        attended = found.of(pair) if standing == "member" else Attended()
        trainees.append(
            Trainee(
                row.code, row.name, row.unit, row.unit_name, standing, left_on, attended,
                marks.get(row.code, {}),
            )
        )  # fmt: skip
    return trainees


def read_members(
    session: Session, class_code: str | None = None
) -> dict[str, list[tuple[Any, list[Any]]]]:
    """Return by class everybody who ever was a member, with the stays, by unit and code.

    Whoever is in reserve or declined never was.
    """
    person, unit, enrolment = table_of(Person), table_of(Unit), table_of(Enrolment)
    names = ("class_code", "status", "from_date", "to_date")
    query = (
        select(person.c.code, person.c.name, person.c.unit, person.c.tier, person.c.left,
               unit.c.name.label("unit_name"), *(enrolment.c[name] for name in names))
        .join(enrolment, enrolment.c.person == person.c.code)
        .outerjoin(unit, unit.c.code == person.c.unit)
        .where(enrolment.c.status.in_(("confirmed", "withdrawn")))
    )  # fmt: skip
    if class_code is not None:
        query = query.where(enrolment.c.class_code == class_code)
    stays: dict[str, dict[str, list[Any]]] = {}
    for row in session.connection().execute(query):
        stays.setdefault(row.class_code, {}).setdefault(row.code, []).append(row)
    return {
        code: [
            (rows[0], rows)
            for rows in sorted(people.values(), key=lambda r: (r[0].unit or "", r[0].code))
        ]
        for code, people in stays.items()
    }


def standing_of(
    row: Any, stays: Iterable[Any], klass: ClassFacts, rules: CompletionRules
) -> tuple[Standing, dt.date | None]:
    """Return whether somebody is a member to the end, and the last day of whoever left."""
    ends = [stay.to_date for stay in stays if stay.status == "confirmed"]
    if not ends:
        return "withdrawn", None
    end = None if None in ends else max(ends)
    if row.left is not None:
        end = row.left if end is None else min(end, row.left)
    own = rules.membership.ended == "own"
    if end is None or klass.last is None or end >= klass.last or own:
        return "member", None
    return ("left", end) if end < klass.today or klass.over else ("member", None)


class _Attendance:
    # what each member of a class has of leave, absence and hours, certain and undecided
    def __init__(self, reader: Reader, klass: ClassFacts) -> None:
        self._watch, self._class = reader.watch, klass
        self._shares = credit_shares(reader.watch.office)
        self._states = _states(reader.session, klass.code)
        self._granted, self._apart = reader.granted, reader.apart

    def of(self, pair: Pair) -> Attended:
        """Return somebody's attendance; both are (class, person)."""
        watch, share = self._watch, self._watch.share(pair)
        states = self._states.get(pair[1], {})
        granted = self._granted.get(pair, {})
        unsaid = share.quarters.keys() - states.keys()
        # whoever has leave from it may be there or not
        ahead = (unsaid & self._class.ahead) - granted.keys()
        open_ = {row.uid for row in share.meetings
                 if row.uid not in ahead and self._is_open(row, states)}  # fmt: skip
        unmarked = {row.uid for row in share.meetings
                    if row.uid in open_ and row.end <= watch.now}  # fmt: skip
        leave = leave_of(watch, pair, granted)
        missed = watch.missed.get(pair)
        absent = share.amount(set(missed.absent) - open_) if missed else 0
        lost = share.amount(set(missed.lost) - open_) if missed else 0
        coming, owed = self._present(share, ahead), unsaid & self._class.behind
        earned = coming
        for uid, state in states.items():
            if uid in share.quarters and uid not in open_:
                healed = missed is not None and uid in missed.healed
                status = "present" if healed else state.status
                earned += credited(self._shares[status], share.quarters[uid])
        return Attended(
            share.total,
            _certain(leave, share, open_),
            absent,
            lost,
            share.amount(open_),
            earned,
            len(unmarked),
            coming,
            self._present(share, owed),
        )

    def _present(self, share: Share, uids: Iterable[str]) -> int:
        return sum(credited(self._shares["present"], share.quarters[uid]) for uid in uids)

    def _is_open(self, row: Any, states: Mapping[str, Any]) -> bool:
        state = states.get(row.uid)
        if state is not None:
            return bool(state.conflict)
        return row.end > self._watch.now or row.uid not in self._apart


def _certain(leave: OnLeave, share: Share, open_: set[str]) -> Fraction:
    # leave for what is still to come may be given back
    granted = {uid: one for uid, one in leave.granted.items() if uid not in open_}
    marked = {uid: mark for uid, mark in leave.marked.items() if uid not in open_}
    return OnLeave(share, marked, granted, leave.minutes).amount


def _states(session: Session, class_code: str) -> dict[str, dict[str, Any]]:
    query = (
        select(_STATE.c.person, _STATE.c.session, _STATE.c.status, _STATE.c.conflict)
        .join(_SESSION, _SESSION.c.uid == _STATE.c.session)
        .where(_SESSION.c.class_code == class_code, _SESSION.c.status != "cancelled")
    )
    found: dict[str, dict[str, Any]] = {}
    for row in session.connection().execute(query):
        found.setdefault(row.person, {})[row.session] = row
    return found


def read_class_rules(session: Session, office: Office, class_code: str) -> ClassRules:
    """Return the rules of a class; raise Refused where there is no such class."""
    row = require_class_row(session, class_code)
    return rules_for(office, class_code=row.code, series=row.series, measure=row.measure)
