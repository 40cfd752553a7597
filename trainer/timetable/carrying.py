"""Carrying one meeting about before it is put down: what it would do anywhere, told at once.

Everything is read when the meeting is picked up; from then on a place costs a millisecond to judge,
and nothing is written before the meeting is put down.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from trainer.desk import Desk
from trainer.errors import Refused
from trainer.phrases import Phrase
from trainer.timetable.affected import affected_by_places
from trainer.timetable.apply import apply_placements
from trainer.timetable.build import Built, build_check
from trainer.timetable.checking import sittings
from trainer.timetable.engine.check import Checker
from trainer.timetable.engine.effect import LiveTimetable
from trainer.timetable.engine.problem import Placement
from trainer.timetable.facts import read_facts
from trainer.timetable.moving import CANCELLED, Target, find_session, move_session, refuse_fixed
from trainer.timetable.steps import record_step
from trainer.timetable.views import SessionView

if TYPE_CHECKING:
    from trainer.timetable.engine.suggest import Suggestion

#: The rules that tell which venues suit a meeting, at whatever hour.
_OF_VENUES: Final = ("H4", "H5", "H8", "preference", "room_fits", "plan_b")
#: How many days are looked through for the next working day.
_FAR: Final = 60
#: How many suggestions are asked for, so that enough are left without those in the past.
_ASKED: Final = 100


@dataclass(frozen=True, slots=True)
class Broken:
    """A hard rule that would be broken, and it in words."""

    rule: str
    message: Phrase


@dataclass(frozen=True, slots=True)
class Preview:
    """What putting the meeting down would do: rules broken there, and soft costs' change by rule.

    ``soft`` has weighted costs against where it was picked up, and only the rules that change.
    """

    broken: tuple[Broken, ...]
    soft: Mapping[str, int]

    @property
    def cost(self) -> int:
        """By how much the soft cost grows, all rules together."""
        return sum(self.soft.values())


@dataclass(frozen=True, slots=True)
class Offer:
    """One of the best places: its change of the soft cost, what else would move for it, for whom.

    ``people`` is how many trainees it concerns, those of what gives way included.
    """

    placement: Placement
    cost: int
    others: tuple[Placement, ...]
    people: int = 0


class Carried:
    """A meeting in somebody's hand: ``placement`` is where it is held now, ``origin`` its own.

    ``others`` are meetings that give way to it, where a suggestion says so. ``uids`` are its
    sessions in the order of their classes, ``uid`` the one that was picked up.
    """

    def __init__(self, built: Built, number: int, uid: str, today: dt.date) -> None:
        stored = built.problem.meetings[number].stored
        assert stored is not None  # the caller has looked
        self.today = today
        self.uid = uid
        self.number = number
        self.origin = self.placement = stored
        self.others: tuple[Placement, ...] = ()
        self._standing = tuple(_standing(built, number))
        self.built = _as_stored(built, today)
        self.problem = self.built.problem
        shares = built.drafts[number].shares
        sessions = [share.session for share in shares if share.session is not None]
        self.uids = tuple(each.uid for each in sessions)
        self.versions = {each.uid: each.version for each in sessions}
        self._parts = {
            share.session.uid: (meeting, part)
            for meeting, draft in enumerate(built.drafts)
            for part, share in enumerate(draft.shares)
            if share.session is not None
        }
        self._live = LiveTimetable(self.problem, [each.stored for each in self.problem.meetings])
        self.venues = tuple(self._suitable_venues())
        self.teachers = tuple(self._suitable_teachers())

    @property
    def is_home(self) -> bool:
        """Whether it is where it was picked up."""
        return self.placement == self.origin and not self.others

    def preview(self) -> Preview:
        """Return what putting it down here would do."""
        broken = list(self._standing)
        blocking = self._live.blocking((*self.others, self.placement))
        broken += [Broken(each.rule, each.message) for each in blocking]
        soft: Counter[str] = Counter()
        effects = [self._live.move(each.meeting, each) for each in self.others]
        effects.append(self._live.effect(self.number, self.placement))
        for each in self.others:
            self._live.move(each.meeting, self.problem.meetings[each.meeting].stored)
        for effect in effects:
            soft.update(effect.soft)
        return Preview(tuple(broken), {name: cost for name, cost in soft.items() if cost})

    def carry(self, days: int = 0, periods: int = 0) -> bool:
        """Carry it on by working days and periods; tell whether there was a way to go.

        It stops at the day's first and last period, and at today.
        """
        day = self.placement.day
        for _ in range(abs(days)):
            day = self._working_day(day, 1 if days > 0 else -1)
        last = len(self.problem.periods) - self.problem.meetings[self.number].length
        period = min(max(self.placement.period + periods, 0), max(last, 0))
        return self._hold(replace(self.placement, day=day, period=period))

    def carry_weeks(self, weeks: int) -> bool:
        """Carry it to the same day of another week, working day or not, not into the past."""
        day = self.placement.day + dt.timedelta(days=7 * weeks)
        return self._hold(replace(self.placement, day=max(day, self.today)))

    def turn_venue(self, step: int) -> bool:
        """Take the next of the venues that suit it."""
        place = self.venue_place
        return self._hold(
            replace(self.placement, venues=self.venues[(place + step) % len(self.venues)])
        )

    def turn_teacher(self, step: int) -> bool:
        """Take the next of the teachers who may teach it."""
        place = self.teacher_place
        return self._hold(
            replace(self.placement, teacher=self.teachers[(place + step) % len(self.teachers)])
        )

    def take(self, offer: Offer) -> None:
        """Hold it where a suggestion says, the others giving way."""
        self.placement, self.others = offer.placement, offer.others

    @property
    def venue_place(self) -> int:
        """Which of the suitable venues it has now, counted from 0."""
        here = self.placement.venues
        return self.venues.index(here) if here in self.venues else 0

    @property
    def teacher_place(self) -> int:
        """Which of the teachers it has now, counted from 0."""
        here = self.placement.teacher
        return self.teachers.index(here) if here in self.teachers else 0

    def offers(self, count: int = 10) -> tuple[Offer, ...]:
        """Return the best places of all, the cheapest first; it may be called in any thread."""
        # the tables of the search are slow to import
        from trainer.timetable.engine.suggest import suggest

        placements = [each.stored for each in self.problem.meetings]
        found = suggest(self.problem, placements, self.number, count=_ASKED)
        best = [
            each
            for each in found
            if all(place.day >= self.today for place in (each.placement, *each.others))
        ]
        return tuple(self._offer(each) for each in best[:count])

    def _offer(self, found: Suggestion) -> Offer:
        moving = (found.placement, *found.others)
        people = affected_by_places(self.built, moving).people
        return Offer(found.placement, found.cost, found.others, len(people))

    def times(self, placement: Placement) -> tuple[dt.time, dt.time]:
        """Return when a meeting starts and ends there, in the office's time."""
        periods = self.built.facts.office.periods
        last = placement.period + self.problem.meetings[placement.meeting].length - 1
        return periods[placement.period].start, periods[min(last, len(periods) - 1)].end

    def venue_names(self, placement: Placement) -> str:
        """Return the name of its venue, of several where its classes sit apart."""
        names = [self.problem.venues[each].name for each in placement.venues if each is not None]
        return " / ".join(dict.fromkeys(names))

    def teacher_name(self, placement: Placement) -> str:
        """Return the name of its teacher, nothing for none."""
        return "" if placement.teacher is None else self.problem.teachers[placement.teacher].name

    def title(self, placement: Placement) -> tuple[str, str]:
        """Return the course's and the class's title of a placement's meeting."""
        part = self.problem.meetings[placement.meeting].parts[0]
        return self.problem.courses[part.course].title, self.problem.classes[part.class_].title

    def as_held(self, view: SessionView) -> SessionView:
        """Return a session as it would be: at another place, if it is one of those that move."""
        meeting, part = self._parts.get(view.uid, (-1, 0))
        moving = {each.meeting: each for each in (*self.others, self.placement)}
        placement = moving.get(meeting)
        if placement is None or placement == self.problem.meetings[meeting].stored:
            return view
        start, end = self.times(placement)
        venue, teacher = placement.venues[part], placement.teacher
        length = self.problem.meetings[meeting].length
        return replace(
            view,
            date=placement.day,
            start=start,
            end=end,
            first=placement.period,
            last=min(placement.period + length, len(self.problem.periods)) - 1,
            venue_code=None if venue is None else self.problem.venues[venue].code,
            venue_name=None if venue is None else self.problem.venues[venue].name,
            teacher_code=None if teacher is None else self.problem.teachers[teacher].code,
            teacher_name=None if teacher is None else self.problem.teachers[teacher].name,
        )

    def giving_way(self) -> tuple[str, ...]:
        """Return the sessions that give way to it."""
        moving = {each.meeting for each in self.others}
        return tuple(uid for uid, (meeting, _) in self._parts.items() if meeting in moving)

    def target(self) -> Target:
        """Return where it is held now, in the office's codes."""
        here = self.placement
        codes = {
            uid: self.problem.venues[venue].code
            for uid in self.uids
            if (venue := here.venues[self._parts[uid][1]]) is not None
        }
        return Target(
            date=here.day,
            period=self.problem.periods[here.period].code,
            teacher=None if here.teacher is None else self.problem.teachers[here.teacher].code,
            venues=codes,
        )

    def _hold(self, placement: Placement) -> bool:
        moved = placement != self.placement
        if moved:
            self.placement, self.others = placement, ()
        return moved

    def _working_day(self, day: dt.date, step: int) -> dt.date:
        calendar = self.built.facts.office.work_calendar
        for number in range(1, _FAR):
            there = day + dt.timedelta(days=step * number)
            if there < self.today:
                return day
            if calendar.is_working(there):
                return there
        return day

    def _suitable_venues(self) -> Iterator[tuple[int | None, ...]]:
        """Yield its own venues, then every single one that breaks no more than those do."""
        mine = self._venue_faults(self.origin)
        yield self.origin.venues
        for venue in range(len(self.problem.venues)):
            venues = (venue,) * len(self.origin.venues)
            there = replace(self.origin, venues=venues)
            if venues != self.origin.venues and self._venue_faults(there) <= mine:
                yield venues

    def _venue_faults(self, placement: Placement) -> Counter[str]:
        found = self._live.blocking((placement,))
        return Counter(each.rule for each in found if each.rule in _OF_VENUES)

    def _suitable_teachers(self) -> Iterator[int | None]:
        """Yield its own teacher, then the course's others unless the syllabus fixes one."""
        meeting = self.problem.meetings[self.number]
        yield self.origin.teacher
        if meeting.fixed_teacher is None:
            for teacher in self.problem.courses[meeting.parts[0].course].teachers:
                if teacher != self.origin.teacher:
                    yield teacher


def pick_up(desk: Desk, name: str) -> Carried:
    """Take a session, and those held jointly with it, into the hand.

    Raise Refused for one that is locked, held, past, cancelled, or whose period is gone.
    """
    with desk.reading() as session:
        facts = read_facts(session)
        today = replace(desk.clock, zone=facts.office.timezone).today()
        chosen = find_session(facts, name)
        built = build_check(facts, today)
        number = next(
            (
                number
                for number, draft in enumerate(built.drafts)
                if any(share.session is chosen for share in draft.shares)
            ),
            None,
        )
        if number is None:
            raise Refused(CANCELLED)
        for share in built.drafts[number].shares:
            if share.session is not None:
                refuse_fixed(facts, share.session)
        if chosen.date < today:
            raise Refused(
                "{course} of {class_} on {date} is past; only what lies ahead is carried about",
                course=facts.courses[chosen.course].title,
                class_=facts.classes[chosen.class_code].title,
                date=chosen.date.isoformat(),
            )
        if built.problem.meetings[number].stored is None:
            raise Refused(
                "the office has no period “{period}” any more, with which this session begins; "
                "give it another with “trainer timetable move”",
                period=chosen.period,
            )
        return Carried(built, number, chosen.uid, today)


def put_down(desk: Desk, carried: Carried) -> int:
    """Store where it is held; return how many sessions moved.

    Raise Refused where it would break a hard rule there, StaleWrite where somebody changed it, or
    for what gives way to it anything, meanwhile.
    """
    if not carried.others:
        rows = move_session(desk, carried.uid, carried.target(), seen=carried.versions)
        return len(rows)
    with desk.writing("timetable move") as work:
        placements = {each.meeting: each for each in (carried.placement, *carried.others)}
        stored = apply_placements(work, carried.built, placements, carried.today)
        record_step(work, "move")
        work.commit()
    return stored.changed


def _as_stored(built: Built, today: dt.date) -> Built:
    """Return the problem with the lengths that sessions have, and everything past locked."""
    meetings = []
    for meeting, draft in zip(built.problem.meetings, built.drafts, strict=True):
        row = next((share.session for share in draft.shares if share.session is not None), None)
        if row is not None:
            past = meeting.locked or row.date < today
            meeting = replace(meeting, length=row.periods, locked=past)  # noqa: PLW2901 - the same
        meetings.append(meeting)
    return replace(built, problem=replace(built.problem, meetings=tuple(meetings)))


def _standing(built: Built, number: int) -> Iterator[Broken]:
    """Yield what is wrong with a meeting wherever it goes: its length, and its own syllabus."""
    trouble = built.drafts[number].trouble
    if trouble is not None:
        yield Broken("H8", trouble)
    asked = built.problem.meetings[number].length
    mine = [each for each in sittings(built) if each.meeting == number and each.length != asked]
    for finding in Checker(built.problem).hard(mine):
        if finding.rule == "H9":
            yield Broken(finding.rule, finding.message)
