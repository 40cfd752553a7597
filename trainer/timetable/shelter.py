"""Which sessions at sites in the open can go under a roof at their own time, as many as fit.

A site's plan B stands in for it: what asks for the site is content with that venue, and everything
else (seats, opening hours, what else is there, the ways of class and teacher) the checker judges as
for any other. Several meetings may want one plan B: of all choices that fit that with the most
meetings is taken, of equally many that with the most people.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.build import Built
from trainer.timetable.checking import sittings
from trainer.timetable.engine.check import Checker
from trainer.timetable.engine.problem import Meeting, Problem, Sitting
from trainer.timetable.engine.solution import Finding
from trainer.timetable.engine.weather import plan_b_fault

MOST_CHOICES: Final = 5_000
"""How many choices are looked at for one day before the best of them is taken."""
TAKEN: Final = mark("its plan B is taken by other sessions that are moved there at that time")

Venues = tuple[int | None, ...]


@dataclass(frozen=True)
class Sheltered:
    """By meeting: the venues to which it can go, or why it cannot; ``problem`` knows the sites."""

    problem: Problem
    moved: Mapping[int, Venues]
    kept: Mapping[int, tuple[Phrase, ...]]


def outdoor_meetings(
    built: Built, first: dt.date, last: dt.date, sites: Collection[int]
) -> list[int]:
    """Return the meetings of these days that are at one of the sites, a stop of a round included.

    They come in the order of time.
    """
    found: dict[int, tuple[dt.datetime, int]] = {}
    for number, draft in enumerate(built.drafts):
        for part, share in zip(built.problem.meetings[number].parts, draft.shares, strict=True):
            row = share.session
            if row is None or not first <= row.date <= last:
                continue
            there = {built.numbers.venues.get(row.venue or "", -1)}
            there |= set(built.problem.courses[part.course].stops)
            if not there.isdisjoint(sites):
                found[number] = (row.start, number)
    return sorted(found, key=found.__getitem__)


def shelter(built: Built, meetings: Sequence[int], sites: Collection[int]) -> Sheltered:
    """Return which of these meetings can go to the plan B of their site at their own time.

    The others are taken to be elsewhere by then.
    """
    wanted: dict[int, Venues] = {}
    kept: dict[int, tuple[Phrase, ...]] = {}
    problem = built.problem
    for number in meetings:
        faults = _faults(built, number, sites)
        if faults:
            kept[number] = faults
        else:
            wanted[number] = tuple(
                problem.venues[venue].plan_b if venue in sites and venue is not None else venue
                for venue in venues_now(built, number)
            )
    stand_ins = _with_sites(built, wanted)
    moved, refused = fitting(replace(built, problem=stand_ins), meetings, wanted)
    return Sheltered(stand_ins, moved, {**kept, **refused})


def fitting(
    built: Built, meetings: Sequence[int], wanted: Mapping[int, Venues]
) -> tuple[dict[int, Venues], dict[int, tuple[Phrase, ...]]]:
    """Return as many of the wanted venues as fit at the meetings' own times, and why not others.

    ``meetings`` leave their present places whether they fit or not.
    """
    days: dict[dt.date, list[int]] = defaultdict(list)
    rows = sittings(built)
    for number in wanted:
        days[_day(rows, number)].append(number)
    moved: dict[int, Venues] = {}
    refused: dict[int, tuple[Phrase, ...]] = {}
    checker = Checker(built.problem)
    for day, those in sorted(days.items()):
        near = _near(checker, rows, day, those)
        choice = _Day(checker, near, set(meetings), wanted)
        best = choice.most(those)
        moved |= {number: wanted[number] for number in best}
        refused |= {
            number: choice.new_faults(number, ()) or (phrase(TAKEN),)
            for number in those
            if number not in best
        }
    return moved, refused


def _near(
    checker: Checker, rows: Sequence[Sitting], day: dt.date, those: Collection[int]
) -> list[Sitting]:
    """Return the sessions of a day; all of the classes' where a rule made hard looks at them."""
    problem = checker.problem
    classes = {p.class_ for m in those for p in problem.meetings[m].parts}
    whole = checker.made_hard
    return [
        row
        for row in rows
        if row.day == day
        or (whole and problem.meetings[row.meeting].parts[row.part].class_ in classes)
    ]


def venues_now(built: Built, number: int) -> Venues:
    """Return where the parts of a meeting are stored."""
    return tuple(
        built.numbers.venues.get(share.session.venue or "") if share.session else None
        for share in built.drafts[number].shares
    )


def _faults(built: Built, number: int, sites: Collection[int]) -> tuple[Phrase, ...]:
    """Return what by the facts alone keeps a meeting from going to a plan B."""
    problem, meeting = built.problem, built.problem.meetings[number]
    there: dict[int | None, list[int]] = defaultdict(list)
    for part, venue in enumerate(venues_now(built, number)):
        there[venue].append(part)
    found = []
    for venue, parts in there.items():
        fault = plan_b_fault(problem, [meeting.parts[part] for part in parts], venue)
        if fault is not None and (venue in sites or _goes_round(problem, meeting, parts)):
            template, values = fault
            found.append(phrase(template, **values, one=_name(built, number, parts[0])))
    return tuple(found)


def _goes_round(problem: Problem, meeting: Meeting, parts: Iterable[int]) -> bool:
    return any(problem.courses[meeting.parts[part].course].stops for part in parts)


def _name(built: Built, number: int, part: int) -> Phrase:
    # the words of the checker for a session
    from trainer.timetable.engine.check.view import see

    one = next(row for row in sittings(built) if (row.meeting, row.part) == (number, part))
    return see(built.problem, one).name(built.problem)


def _with_sites(built: Built, wanted: Mapping[int, Venues]) -> Problem:
    """Return the problem in which the parts that move remember the site they were to be at."""
    meetings = list(built.problem.meetings)
    for number, venues in wanted.items():
        parts = tuple(
            part if now == then else replace(part, instead_of=now)
            for part, now, then in zip(
                meetings[number].parts, venues_now(built, number), venues, strict=True
            )
        )
        meetings[number] = replace(meetings[number], parts=parts)
    return replace(built.problem, meetings=tuple(meetings))


def _day(rows: Iterable[Sitting], number: int) -> dt.date:
    return next(row.day for row in rows if row.meeting == number)


class _Day:
    """One day of the timetable, and what would break if meetings of it went elsewhere."""

    def __init__(
        self,
        checker: Checker,
        rows: Sequence[Sitting],
        leaving: Collection[int],
        wanted: Mapping[int, Venues],
    ) -> None:
        self._checker, self._wanted = checker, wanted
        self._staying = [row for row in rows if row.meeting not in leaving]
        self._there = {
            number: [
                replace(row, venue=wanted[number][row.part])
                for row in rows
                if row.meeting == number
            ]
            for number in wanted
        }
        self._before = {
            number: {_said(each) for each in checker.hard_about(number, rows)} for number in wanted
        }
        self._tries = 0

    def most(self, those: Sequence[int]) -> tuple[int, ...]:
        """Return the most of these meetings that can go together, all other things equal."""
        alone = [number for number in those if not self.new_faults(number, ())]
        best: tuple[int, ...] = ()
        pending: list[tuple[int, tuple[int, ...]]] = [(0, ())]
        while pending and self._tries < MOST_CHOICES:
            place, chosen = pending.pop()
            if place == len(alone):
                best = max(best, chosen, key=self._worth)
                continue
            if self._worth((*chosen, *alone[place:])) <= self._worth(best):
                continue
            pending.append((place + 1, chosen))
            self._tries += 1
            if self._fits((*chosen, alone[place])):
                pending.append((place + 1, (*chosen, alone[place])))
        return best

    def new_faults(self, number: int, others: Iterable[int]) -> tuple[Phrase, ...]:
        """Return what is wrong with a meeting at its new place that was not wrong before."""
        rows = [*self._staying, *self._there[number]]
        for other in others:
            rows += self._there[other] if other != number else []
        found = self._checker.hard_about(number, rows)
        return tuple(each.message for each in found if _said(each) not in self._before[number])

    def _fits(self, chosen: tuple[int, ...]) -> bool:
        return not any(self.new_faults(number, chosen) for number in chosen)

    def _worth(self, chosen: Collection[int]) -> tuple[int, int]:
        problem = self._checker.problem
        people = (
            problem.classes[part.class_].size
            for number in chosen
            for part in problem.meetings[number].parts
        )
        return len(chosen), sum(people)


def _said(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.message.text("en")
