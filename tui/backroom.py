"""What the screens ask for: every function runs in a worker thread and returns plain data.

Whatever touches the database is imported inside the functions: the first frame is on the screen
before that half second begins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from tui.ground import Ground
from tui.rollbook import Change, Line

if TYPE_CHECKING:
    from trainer.attendance.codes import Shown
    from trainer.attendance.history import Recorded
    from trainer.attendance.progress import OpenBefore, Progress
    from trainer.attendance.sheet import RollLine
    from trainer.desk import Desk
    from trainer.timetable.adopting import Adopted, OnChanged
    from trainer.timetable.carrying import Carried, Offer
    from trainer.timetable.choosing import Selection
    from trainer.timetable.comparing import Comparison
    from trainer.timetable.scenarios import Overview
    from trainer.timetable.steps import Taken
    from trainer.timetable.views import DayView, Kind, SessionView, Subject, WeekView


@dataclass(frozen=True, slots=True)
class DayPage:
    """A day with how far each roll call is, and what earlier days have left open."""

    view: DayView
    progress: Mapping[str, Progress]
    behind: OpenBefore


@dataclass(frozen=True, slots=True)
class Found:
    """A class, teacher or venue to choose from, with what it may be searched by."""

    subject: Subject
    search: str


@dataclass(frozen=True, slots=True)
class Offered:
    """One of the best places for a session, with what it may be searched by."""

    offer: Offer
    search: str


@dataclass(frozen=True, slots=True)
class RollPage:
    """The roll of one session, and the sessions of the same class before and after it."""

    session: SessionView
    lines: tuple[Line, ...]
    number: int
    total: int
    previous: str | None
    next: str | None


class Backroom:
    """The desk behind the screens."""

    def __init__(self, open_desk: Callable[[], Desk]) -> None:
        self._open_desk = open_desk

    @cached_property
    def desk(self) -> Desk:
        """The desk that the global options describe, made when it is first needed."""
        return self._open_desk()

    def ground(self) -> Ground:
        """Return the office's name and the date; raise StorageError where there is no database."""
        from sqlmodel import select

        from db.tables import TrainingClass
        from trainer.office import read_office

        with self.desk.reading() as session:
            office = read_office(session)
            empty = session.exec(select(TrainingClass.code).limit(1)).first() is None
        clock = replace(self.desk.clock, zone=office.timezone)
        return Ground(office.name, clock.today(), empty)

    def day(self, date: dt.date) -> DayPage:
        """Return the sessions of a date and how far their roll calls are."""
        from trainer.attendance.progress import open_before, progress_of
        from trainer.office import read_office
        from trainer.timetable.views import day_sessions

        with self.desk.reading() as session:
            view = day_sessions(session, read_office(session), date)
            progress = progress_of(session, [one.uid for one in view.sessions])
            return DayPage(view, progress, open_before(session, date))

    def week(self, kind: Kind, code: str, date: dt.date) -> WeekView:
        """Return the week around a date of one class, teacher or venue."""
        from trainer.office import read_office
        from trainer.timetable.views import week_grid

        with self.desk.reading() as session:
            return week_grid(session, read_office(session), kind, code, date)

    def pick_up(self, uid: str) -> Carried:
        """Take a session into the hand; raise Refused where it stays where it is, and why."""
        from trainer.timetable.carrying import pick_up

        return pick_up(self.desk, uid)

    def put_down(self, carried: Carried) -> int:
        """Store where a session is held; return how many moved, or raise TrainerError."""
        from trainer.timetable.carrying import put_down

        return put_down(self.desk, carried)

    def step(self, *, again: bool) -> Taken:
        """Undo the user's last change of the timetable, or do it again; raise Refused, and why."""
        from trainer.timetable.steps import redo, undo

        return redo(self.desk) if again else undo(self.desk)

    def lock(self, names: tuple[str, ...], chosen: Selection, *, locked: bool) -> int:
        """Lock or unlock these sessions, and those chosen; return how many changed."""
        from trainer.timetable.moving import set_locked

        return set_locked(self.desk, names, locked=locked, chosen=chosen)

    def latest_scenario(self) -> str | None:
        """Return the name of the scenario made last, None where there is none."""
        from trainer.timetable.scenarios import latest_scenario

        with self.desk.reading() as session:
            return latest_scenario(session)

    def scenarios(self) -> tuple[Overview, ...]:
        """Return the scenarios that there are, by name."""
        from trainer.timetable.scenarios import scenarios

        with self.desk.reading() as session:
            return scenarios(session)

    def copy_scenario(self, name: str, source: str = "stored") -> str:
        """Copy the timetable, or a scenario, under a name; return the name. Raise TrainerError."""
        from trainer.timetable.copying import copy_timetable

        copy_timetable(self.desk, name, source)
        return name

    def delete_scenario(self, name: str) -> None:
        """Delete a scenario; raise Refused where it is gone."""
        from trainer.timetable.scenarios import delete_scenario

        delete_scenario(self.desk, name)

    def compare(self, a: str, b: str) -> Comparison:
        """Put two timetables side by side; raise Refused where a scenario is gone."""
        from trainer.timetable.comparing import compare_timetables

        with self.desk.reading() as session:
            return compare_timetables(session, a, b, self.desk.clock.today())

    def adopt(self, name: str, sessions: frozenset[str], changed: OnChanged) -> Adopted:
        """Take these sessions of a scenario over, all where none is named; raise Refused."""
        from trainer.timetable.adopting import Part, adopt_scenario

        return adopt_scenario(self.desk, name, Part(sessions=sessions), changed=changed)

    def offers(self, carried: Carried) -> tuple[Offered, ...]:
        """Return the best places for what is carried, each with its pinyin."""
        from trainer.roster.search import search_text

        return tuple(
            Offered(
                offer,
                search_text(
                    carried.venue_names(offer.placement), carried.teacher_name(offer.placement)
                ),
            )
            for offer in carried.offers()
        )

    def subjects(self) -> tuple[Found, ...]:
        """Return every class, teacher and venue that has a session, with its pinyin."""
        from trainer.roster.search import search_text
        from trainer.timetable.views import subjects

        with self.desk.reading() as session:
            return tuple(
                Found(subject, search_text(subject.name, subject.code, subject.note))
                for subject in subjects(session)
            )

    def class_sessions(self, code: str) -> tuple[tuple[SessionView, Progress], ...]:
        """Return the sessions of a class, each with how far its roll call is."""
        from trainer.attendance.progress import progress_of
        from trainer.office import read_office
        from trainer.timetable.views import class_sessions

        with self.desk.reading() as session:
            views = class_sessions(session, read_office(session), code)
            progress = progress_of(session, [view.uid for view in views])
            return tuple((view, progress[view.uid]) for view in views)

    def roll(self, uid: str) -> RollPage:
        """Return the roll of a session; raise Refused where there is none."""
        from trainer.attendance.groups import groups_of
        from trainer.attendance.sheet import open_sheet
        from trainer.office import read_office
        from trainer.timetable.views import class_sessions, session_view

        with self.desk.reading() as session:
            office = read_office(session)
            sheet = open_sheet(session, office, uid)
            view = session_view(session, office, uid)
            assert view is not None  # the sheet has found it
            others = [one.uid for one in class_sessions(session, office, view.class_code)]
            groups = groups_of(session, view.class_code, view.date)
        place = others.index(uid) if uid in others else 0
        return RollPage(
            session=view,
            lines=tuple(_line(line, groups) for line in sheet.lines),
            number=place + 1,
            total=len(others),
            previous=others[place - 1] if place > 0 else None,
            next=others[place + 1] if place + 1 < len(others) else None,
        )

    def keep(self, session: str, change: Change) -> None:
        """Store one change of a roll as one unit of work; raise TrainerError if it was not."""
        from db.journal import settle
        from trainer.attendance.record import Wish, mark_unmarked, record_marks, retract_marks

        told = [step for step in change.steps if step.after is not None]
        gone = [step.person for step in change.steps if step.after is None]
        wishes = [
            Wish(session, step.person, *step.after, note=step.note)
            for step in told
            if step.after and not step.rest
        ]
        with self.desk.writing() as work:
            record_marks(work, wishes)
            # whoever another device has marked meanwhile keeps that mark
            for said in dict.fromkeys(step.after for step in told if step.after and step.rest):
                people = [s.person for s in told if s.rest and s.after == said]
                status, minutes = said
                mark_unmarked(work, session=session, persons=people, status=status, minutes=minutes)
            if gone:
                retract_marks(work, session=session, persons=gone)
            work.commit()
        settle(self.desk.url)

    def code(self, session: str) -> Shown:
        """Return the code of the moment; raise TrainerError where there is none."""
        from trainer.attendance.codes import show_code

        return show_code(self.desk, session)

    def past(self, session: str, person: str) -> Sequence[Recorded]:
        """Return everything ever recorded of a person at a session, in the office's time."""
        from trainer.attendance.history import history_of
        from trainer.office import read_office

        with self.desk.reading() as reading:
            zone = read_office(reading).zone
            events = history_of(reading, session, person)
        return [replace(event, at=event.at.astimezone(zone)) for event in events]


def _line(line: RollLine, groups: Mapping[str, tuple[str, ...]]) -> Line:
    from trainer.roster.search import search_text

    unit = line.unit_name or line.unit or ""
    within = groups.get(line.person, ())
    return Line(
        person=line.person,
        name=line.name,
        unit=unit,
        said=(line.status, line.minutes) if line.status else None,
        conflict=line.conflict,
        guest=not line.expected,
        suggested=line.suggested,
        suggested_minutes=line.suggested_minutes,
        note=line.note or (line.leave.reason if line.leave else None) or "",
        search=" ".join((line.search, *(search_text(part) for part in (unit, *within)))),
        groups=within,
    )
