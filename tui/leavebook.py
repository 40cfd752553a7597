"""What the screens of leave ask for: each function runs in a worker and returns plain data.

Whatever touches the database is imported inside the functions: the first frame is on the screen
before that half second begins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from sqlmodel import Session

    from db.tables import Leave
    from trainer.attendance.leave import Stretch
    from trainer.attendance.weighing import Weighed
    from trainer.office import Office
    from trainer.timetable.views import SessionView
    from tui.backroom import Backroom
    from tui.leavetyped import Frame, Listed, Typed

#: How far a leave is, those first that somebody has to see to.
Stage = Literal["overdue", "waits", "running", "to_come", "back", "refused", "cancelled"]
STAGES: Final[tuple[Stage, ...]] = (
    "overdue", "waits", "running", "to_come", "back", "refused", "cancelled",
)  # fmt: skip
#: Stages in which a leave is asked for or granted, and not over.
OPEN: Final[tuple[Stage, ...]] = STAGES[: STAGES.index("back")]
#: Nobody looks through more at once; the others are counted.
MOST: Final = 300
#: So many sessions can be chosen by their number.
LISTED: Final = 6
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Given:
    """A step of the ladder that somebody gave, on which day."""

    step: str
    by: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """A leave as it is listed; ``wanted`` is the paper that is missing, ``left`` who must approve.

    Of leave that is granted ``left`` are those who should have. Steps and papers are named as
    people read them.
    """

    id: str
    person: str
    name: str
    class_code: str | None
    class_title: str
    kind: str
    stretch: Stretch
    stage: Stage
    reason: str
    paper: str
    wanted: str
    days: float
    asked: dt.date | None
    back: dt.date | None
    approved_by: str
    given: tuple[Given, ...]
    left: tuple[str, ...]

    @property
    def late(self) -> bool:
        """Tell whether the return is overdue."""
        return self.stage == "overdue"


@dataclass(frozen=True, slots=True)
class LeavesPage:
    """The leaves of a class, a person or all, those first that somebody has to see to."""

    title: str
    office: Office
    today: dt.date
    lines: tuple[LeaveLine, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who may ask for leave from a class; ``key`` names both."""

    key: str
    name: str
    note: str
    search: str


@dataclass(frozen=True, slots=True)
class Wanting:
    """Who asks for leave from what, and what the line that is typed is understood by.

    ``open`` are the person's leaves that were asked for or granted and are not over.
    """

    class_code: str
    class_title: str
    person: str
    name: str
    today: dt.date
    frame: Frame
    open: tuple[LeaveLine, ...] = ()


def read_leaves(backroom: Backroom, code: str | None, person: str | None) -> LeavesPage:
    """Return the leaves of a class and of a person, of all where neither is named."""
    from trainer.attendance.approving import steps_given, steps_lacking
    from trainer.attendance.leave import REQUESTED, STANDS, list_leaves
    from trainer.office import read_office

    today = backroom.desk.clock.today()
    with backroom.desk.reading() as session:
        office = read_office(session)
        rows = list_leaves(session, class_code=code)
        rows = [row for row in rows if person in (None, row.person)]
        rows = _of_members(session, code, rows)
        ordered = sorted(rows, key=lambda row: _rank(row, today))
        shown = ordered[:MOST]
        given = steps_given(session, [row.id for row in shown])
        people = {row.person for row in shown} | ({person} if person else set())
        people |= {row.approved_by for row in shown if row.approved_by}
        people |= {one.approver for each in given.values() for one in each if one.approver}
        codes = {row.class_code for row in shown if row.class_code} | ({code} if code else set())
        going = [row for row in shown if row.status in (REQUESTED, *STANDS)]
        lacking = steps_lacking(session, office, going)
        names, titles = _names(session, sorted(people), sorted(codes))
        lines = [
            _line(row, office, today, names, titles, given.get(row.id, ()), lacking.get(row.id, ()))
            for row in shown
        ]
    title = names.get(person or "", "") if person else titles.get(code or "", "")
    return LeavesPage(title, office, today, tuple(lines), len(ordered) - len(shown))


def _of_members(session: Session, code: str | None, rows: Sequence[Leave]) -> list[Leave]:
    # leave from no class in particular concerns a class by its members only
    from trainer.attendance.expected import read_memberships

    if code is None or all(row.class_code for row in rows):
        return list(rows)
    members = {stay.person for stay in read_memberships(session, code)}
    return [row for row in rows if row.class_code or row.person in members]


def _stage(row: Leave, today: dt.date) -> Stage:
    if row.status == "approved":
        if row.date_to < today:
            return "overdue"
        return "running" if row.date_from <= today else "to_come"
    stages: Mapping[str | None, Stage] = {
        "requested": "waits", "returned": "back", "refused": "refused",
    }  # fmt: skip
    return stages.get(row.status, "cancelled")


def _rank(row: Leave, today: dt.date) -> tuple[int, int, str]:
    place = STAGES.index(_stage(row, today))
    day = row.date_from.toordinal()
    # of what is over the latest comes first, whatever became of it, and so does what is overdue
    over = STAGES.index("back")
    backwards = place >= over or place == STAGES.index("overdue")
    return min(place, over), -day if backwards else day, row.id


def _names(
    session: Session, people: Sequence[str], codes: Sequence[str]
) -> tuple[dict[str, str], dict[str, str]]:
    from sqlalchemy import select

    from db.tables import Person, TrainingClass
    from db.work import table_of

    person, klass = table_of(Person), table_of(TrainingClass)
    connection = session.connection()
    names: dict[str, str] = {}
    for first in range(0, len(people), _CHUNK):
        chunk = person.c.code.in_(people[first : first + _CHUNK])
        rows = connection.execute(select(person.c.code, person.c.name).where(chunk))
        names |= {row.code: row.name for row in rows}
    titles = select(klass.c.code, klass.c.title).where(klass.c.code.in_(codes))
    return names, {row.code: row.title for row in connection.execute(titles)}


def _line(
    row: Leave,
    office: Office,
    today: dt.date,
    names: Mapping[str, str],
    titles: Mapping[str, str],
    given: Sequence[Any],
    lacking: Sequence[str],
) -> LeaveLine:
    from trainer.attendance.ladder import days_of, said
    from trainer.attendance.leave import stretch_of

    stretch, stage = stretch_of(row), _stage(row, today)
    return LeaveLine(
        id=row.id,
        person=row.person,
        name=names.get(row.person, row.person),
        class_code=row.class_code,
        class_title=titles.get(row.class_code or "", row.class_code or ""),
        kind=row.kind or "personal",
        stretch=stretch,
        stage=stage,
        reason=row.reason or "",
        paper=row.paper or "",
        wanted=_missing(row, office),
        days=days_of(office, stretch),
        asked=row.asked_at,
        back=row.returned_at,
        approved_by=names.get(row.approved_by or "", row.approved_by or ""),
        given=tuple(
            Given(
                said(one.step),
                names.get(one.approver or "", one.approver or "-"),
                one.at.astimezone(office.zone).date(),
            )
            for one in given
        ),
        left=tuple(said(step) for step in lacking),
    )


def _missing(row: Leave, office: Office) -> str:
    from trainer.attendance.ladder import paper_of, said

    wanted = paper_of(office, row.kind)
    open_ = row.status in ("requested", "approved", "returned")
    return said(wanted) if wanted and open_ and not row.paper else ""


def askers(backroom: Backroom, code: str | None) -> tuple[Asker, ...]:
    """Return who may ask for leave: the members of a class, or of all that are not over yet."""
    from trainer.classlife.facts import read_class
    from trainer.office import read_office
    from trainer.roster.search import search_text
    from trainer.timetable.views import subjects

    today = backroom.desk.clock.today()
    found = []
    with backroom.desk.reading() as session:
        office = read_office(session)
        codes = [code] if code else [
            one.code for one in subjects(session, ("class",)) if one.last >= today
        ]  # fmt: skip
        for each in codes:
            facts = read_class(session, office, each)
            for member in facts.present_on(facts.within(today)):
                unit = member.unit_name or ""
                note = unit if code else f"{facts.title}  {unit}"
                search = search_text(member.name, unit, facts.title)
                found.append(Asker(f"{each}/{member.person}", member.name, note, search))
    return tuple(found)


def read_wanting(backroom: Backroom, code: str, person: str, uid: str | None) -> Wanting:
    """Return what somebody may ask for in a class; ``uid`` is the session that one comes from."""
    from trainer.classlife.facts import read_class
    from trainer.office import read_office
    from trainer.timetable.views import class_sessions
    from tui.leavetyped import Frame

    clock = backroom.desk.clock
    with backroom.desk.reading() as session:
        office = read_office(session)
        facts = read_class(session, office, code)
        views = class_sessions(session, office, code)
    this = next((one for one in views if one.uid == uid), None)
    day = this.date if this else facts.within(clock.today())
    now = clock.now().astimezone(office.zone)
    listed = [one for one in views if this is None or (one.date, one.start) >= _began(this)]
    if this is None:
        # what is over by now nobody asks leave from, unless the whole class is
        ahead = [one for one in listed if (one.date, one.end) > (now.date(), now.time())]
        listed = ahead or [one for one in listed if one.date == day]
    frame = Frame(
        office,
        day,
        facts.first,
        facts.last,
        [_listed(office, one) for one in listed[:LISTED]],
        _listed(office, this) if this else None,
    )
    known = read_leaves(backroom, code, person).lines
    open_ = tuple(one for one in known if one.stage in OPEN)
    name = facts.member(person).name
    return Wanting(code, facts.title, person, name, clock.today(), frame, open_)


def _began(one: SessionView) -> tuple[dt.date, dt.time]:
    return one.date, one.start


def _listed(office: Office, one: SessionView) -> Listed:
    from tui.leavetyped import Listed

    first, last = (office.periods[place].code for place in (one.first, one.last))
    return Listed(one.uid, one.date, first, last, one.start, one.end, one.course_title)


def weigh_typed(backroom: Backroom, wanting: Wanting, typed: Typed) -> tuple[Weighed, ...]:
    """Return what leave as it is typed would mean, if it were granted."""
    from trainer.attendance.weighing import weigh_leave

    with backroom.desk.reading() as session:
        return weigh_leave(
            session, backroom.desk, wanting.frame.office, person=wanting.person,
            stretch=typed.stretch, class_code=wanting.class_code, kind=typed.kind,
        )  # fmt: skip


def weigh_line(backroom: Backroom, line: LeaveLine) -> tuple[Weighed, ...]:
    """Return what a leave that was asked for means, granted or not."""
    from trainer.attendance.weighing import weigh_leave
    from trainer.office import read_office

    with backroom.desk.reading() as session:
        return weigh_leave(
            session, backroom.desk, read_office(session), person=line.person,
            stretch=line.stretch, class_code=line.class_code, kind=line.kind, leave=line.id,
        )  # fmt: skip
