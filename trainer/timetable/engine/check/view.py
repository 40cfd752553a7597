"""Stored sessions made ready for checking: each with its class, course and clock times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.check.standing import fair_shares, fixed_days
from trainer.timetable.engine.problem import (
    Absence,
    Course,
    Meeting,
    Member,
    Part,
    Problem,
    Sitting,
    TrainingClass,
)
from trainer.timetable.engine.relations import Kin, same_people, seats_of_teachers
from trainer.timetable.engine.route import Round, Router
from trainer.timetable.engine.rules import Rule, made_hard, rules_in_force

DAY_MINUTES = 1440
SESSION_TITLE = mark("{course} of {class_} (no. {seq})")
SESSION = mark("{course} of {class_} ({date} {period})")


@dataclass(frozen=True, slots=True)
class Seen:
    """A sitting with what it refers to; ``start`` and ``end`` count minutes of the whole calendar.

    ``day`` is the calendar index, which may lie outside it; both times are None where unknown.
    """

    sitting: Sitting
    meeting: Meeting
    part: Part
    class_: TrainingClass
    course: Course
    day: int
    start: int
    end: int
    timed: bool

    @property
    def touch(self) -> tuple[int, int]:
        """Return the meeting and part that a finding names."""
        return (self.sitting.meeting, self.sitting.part)

    @property
    def clock(self) -> tuple[int, int]:
        """Return start and end in minutes after midnight."""
        base = self.day * DAY_MINUTES
        return self.start - base, self.end - base

    def overlaps(self, other: Seen) -> bool:
        """Say whether two sessions run at the same time for a while."""
        return self.timed and other.timed and self.start < other.end and other.start < self.end

    def name(self, problem: Problem) -> Phrase:
        """Return the session's name: course, class, date and period."""
        period = self.sitting.period
        known = period is not None and 0 <= period < len(problem.periods)
        label = problem.periods[period].label if known and period is not None else "?"
        if not known and self.timed:
            minutes = self.clock[0]
            label = f"{minutes // 60:02d}:{minutes % 60:02d}"
        return phrase(
            SESSION,
            course=self.course.title,
            class_=self.class_.title,
            date=self.sitting.day.isoformat(),
            period=label,
        )


class Facts:
    """What the rules need to know of a problem beyond its tuples, worked out once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._shared: dict[tuple[int, int], tuple[tuple[Member, Member], ...]] = {}

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """Return the rules as the office has set them."""
        return rules_in_force(self.problem.rules)

    @cached_property
    def made_hard(self) -> tuple[str, ...]:
        """Return the soft rules that the office made hard."""
        return made_hard(self.rules)

    def shared_people(self, one: int, other: int) -> tuple[tuple[Member, Member], ...]:
        """Return for two classes the memberships of everybody who is in both, a pair for each."""
        key = (one, other)
        if key not in self._shared:
            theirs = self._memberships[other]
            self._shared[key] = tuple(
                (first, second)
                for person, mine in self._memberships[one].items()
                if person in theirs
                for first in mine
                for second in theirs[person]
            )
        return self._shared[key]

    @cached_property
    def _memberships(self) -> list[dict[int, list[Member]]]:
        """Return for each class its people with their memberships."""
        found: list[dict[int, list[Member]]] = [defaultdict(list) for _ in self.problem.classes]
        for people, class_ in zip(found, self.problem.classes, strict=True):
            for member in class_.members:
                people[member.person].append(member)
        return found

    @cached_property
    def friends(self) -> dict[int, set[int]]:
        """Return for each class the others that share people with it."""
        classes_of: dict[int, set[int]] = defaultdict(set)
        for index, class_ in enumerate(self.problem.classes):
            for member in class_.members:
                classes_of[member.person].add(index)
        found: dict[int, set[int]] = defaultdict(set)
        for classes in classes_of.values():
            for index in classes:
                found[index] |= classes
        return {index: those - {index} for index, those in found.items()}

    @cached_property
    def rounds(self) -> bool:
        """Say whether any course has stops."""
        return any(course.stops for course in self.problem.courses)

    @cached_property
    def router(self) -> Router:
        """Return what finds the orders of field days with several stops."""
        return Router(self.problem)

    @cached_property
    def fair_shares(self) -> dict[int, int]:
        """Return each teacher's fair share."""
        return fair_shares(self.problem)

    @cached_property
    def fixed_days(self) -> dict[int, list[date]]:
        """Return for each class the dates inside its window that the syllabus fixes."""
        return fixed_days(self.problem)

    @cached_property
    def same_people(self) -> Kin:
        """Return for each teacher the others who are the same person."""
        return same_people(self.problem)

    @cached_property
    def seats_of_teachers(self) -> Mapping[int, tuple[tuple[int, Member], ...]]:
        """Return for each teacher who is a trainee, too, the classes and memberships."""
        return seats_of_teachers(self.problem)

    @cached_property
    def absences(self) -> dict[tuple[str, int], list[Absence]]:
        """Return the absences that touch each teacher, venue and class, or trainees of a class."""
        lists: dict[tuple[str, int], list[Absence]] = defaultdict(list)
        for absence in self.problem.absences:
            for kind in ("teachers", "venues", "classes", "trainees"):
                for index in getattr(absence, kind):
                    lists[kind, index].append(absence)
        return lists


class View:
    """All sittings of a timetable, grouped as the rules look at them.

    Rules of one session look only at the ``judged`` ones: at all, if none are given.
    """

    def __init__(
        self, facts: Facts, seens: Iterable[Seen], judged: Sequence[Seen] | None = None
    ) -> None:
        self.facts = facts
        self.problem = facts.problem
        self.all = list(seens)
        self.judged = self.all if judged is None else judged
        self.by_class: dict[int, list[Seen]] = defaultdict(list)
        self.by_teacher: dict[int, list[Seen]] = defaultdict(list)
        self.by_venue: dict[int, list[Seen]] = defaultdict(list)
        self.by_meeting: dict[int, list[Seen]] = defaultdict(list)
        self.visits = self._visits() if facts.rounds else {}
        for seen in sorted(self.all, key=lambda seen: (seen.start, seen.touch)):
            self.by_class[seen.part.class_].append(seen)
            self.by_meeting[seen.sitting.meeting].append(seen)
            if seen.sitting.teacher is not None:
                self.by_teacher[seen.sitting.teacher].append(seen)
            if seen.sitting.venue is not None:
                self.by_venue[seen.sitting.venue].append(seen)

    def _visits(self) -> dict[int, list[tuple[int, int, Seen]]]:
        """Return who visits each stop besides its own venue, and from when to when."""
        found: dict[int, list[tuple[int, int, Seen]]] = defaultdict(list)
        for seen in self.all:
            if seen.course.stops and seen.timed:
                round_ = Round(seen.part.course, seen.sitting.venue, *seen.clock)
                base = seen.day * DAY_MINUTES
                order = seen.part.order
                for visit in self.facts.router.visits(round_, seen.sitting.day, order) or ():
                    if visit.venue != seen.sitting.venue:
                        stay = (base + visit.start, base + visit.end, seen)
                        found[visit.venue].append(stay)
        return found


def once_per_meeting(seens: Iterable[Seen]) -> list[Seen]:
    """Return the sittings, a joint meeting's parts at one time counted once (the first)."""
    found: dict[tuple[int, int, int], Seen] = {}
    for seen in seens:
        key = (seen.sitting.meeting, seen.start, seen.end)
        known = found.get(key)
        if known is None or seen.sitting.part < known.sitting.part:
            found[key] = seen
    return list(found.values())


def length_of(seen: Seen) -> int:
    """Return how many periods a sitting takes."""
    given = seen.sitting.length
    return seen.meeting.length if given is None else given


def see(problem: Problem, sitting: Sitting) -> Seen:
    """Return a sitting with what it refers to."""
    meeting = problem.meetings[sitting.meeting]
    part = meeting.parts[sitting.part]
    day = problem.calendar.index(sitting.day)
    start, end = sitting.start, sitting.end
    if sitting.period is not None and 0 <= sitting.period < len(problem.periods):
        length = meeting.length if sitting.length is None else sitting.length
        taken = problem.periods[sitting.period : sitting.period + max(length, 1)]
        start = min(p.start for p in taken) if start is None else start
        end = max(p.end for p in taken) if end is None else end
    timed = start is not None and end is not None
    base = day * DAY_MINUTES
    return Seen(
        sitting=sitting,
        meeting=meeting,
        part=part,
        class_=problem.classes[part.class_],
        course=problem.courses[part.course],
        day=day,
        start=base + (start or 0),
        end=base + (end or 0),
        timed=timed,
    )
