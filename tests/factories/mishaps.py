"""Small timetables to which something happens, and the fewest changes found by trying all."""

# ruff: noqa: S311 - random mishaps are repeatable on purpose

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from tests.factories.slow_checker import broken_rules, every_placement
from tests.factories.timetables import tiny_problem
from tests.factories.tours import tour_problem
from trainer.timetable.engine.mended import News
from trainer.timetable.engine.problem import (
    Absence,
    Calendar,
    Course,
    Meeting,
    Part,
    Period,
    Placement,
    Problem,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.replan import move_weight
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve

MONDAY = date(2023, 5, 8)
MOST_STEPS = 40_000
"""A search through all plans that takes more is given up."""


@dataclass(frozen=True)
class Mishap:
    """A stored timetable, what happens, the day on which it does, and how many may move."""

    problem: Problem
    absences: tuple[Absence, ...]
    today: date
    most: int | None
    news: News

    @property
    def closed(self) -> Problem:
        """Return the problem with what happened."""
        return replace(self.problem, absences=(*self.problem.absences, *self.absences))

    @property
    def fixed(self) -> list[Placement]:
        """Return what is past or locked."""
        return [
            meeting.stored
            for meeting in self.problem.meetings
            if meeting.stored is not None and (meeting.locked or meeting.stored.day < self.today)
        ]

    @property
    def free(self) -> list[int]:
        """Return the meetings that may move, or are to find a place."""
        fixed = {place.meeting for place in self.fixed}
        return [
            number
            for number, meeting in enumerate(self.problem.meetings)
            if number not in fixed and (meeting.stored is not None or number in self.news.new)
        ]

    @property
    def anyway(self) -> int:
        """Return what changes weigh that come about wherever a meeting goes."""
        changed = set(self.news.changed).intersection(self.free)
        return sum(move_weight(self.problem, number, self.today) for number in changed)


def mishap(seed: int) -> Mishap:
    """Return a random mishap: published, locked, past, new and longer meetings, some misplaced."""
    rng = Random(seed * 7 + 3)
    problem = tiny_problem(seed, rng.randint(2, 5)) if rng.random() < 0.85 else tour_problem(seed)
    if rng.random() < 0.3:
        problem = _larger(rng, problem)
    calendar = problem.calendar
    today = calendar.first + timedelta(days=rng.choice((0, 0, 0, 1, 1, 2, -3, -8)))
    placements = solve(problem, Limits(work=60, seed=seed)).placements
    odd = rng.random() < 0.5
    longer = rng.random() < 0.4
    meetings, new, changed = [], [], []
    for number, stored in enumerate(placements):
        place = _anywhere(rng, problem, number) if odd and rng.random() < 0.4 else stored
        if place is not None and rng.random() < 0.12:
            place = None
        if place is None and rng.random() < 0.6:
            new.append(number)
        facts = problem.meetings[number]
        grown = longer and facts.length == 1 and rng.random() < 0.25
        if grown and place is not None and place.period + 2 <= len(problem.periods):
            facts = replace(facts, length=2)
            changed.append(number)
        meetings.append(
            replace(
                facts,
                stored=place,
                published=rng.random() < 0.5,
                locked=place is not None and rng.random() < 0.15,
            )
        )
    return Mishap(
        replace(problem, meetings=tuple[Meeting, ...](meetings)),
        tuple(_absence(rng, problem) for _ in range(rng.choice((0, 1, 1, 2)))),
        today,
        rng.choice((None, None, None, 0, 1, 2)),
        News(new=new, changed=changed),
    )


def _larger(rng: Random, problem: Problem) -> Problem:
    """Return a problem some of whose classes are so large that their changes weigh more."""
    return replace(
        problem,
        classes=tuple(
            replace(each, size=each.size * rng.choice((1, 1, 3, 5))) for each in problem.classes
        ),
        venues=tuple(
            replace(each, capacity=each.capacity and each.capacity * 4) for each in problem.venues
        ),
    )


def _anywhere(rng: Random, problem: Problem, meeting: int) -> Placement | None:
    """Return a place such as somebody may have typed: mostly allowed, but not a solver's."""
    places = [
        place
        for place in every_placement(problem, meeting)
        if rng.random() < 0.1 or not broken_rules(problem, [place])
    ]
    return rng.choice(places) if places else None


def _absence(rng: Random, problem: Problem) -> Absence:
    calendar = problem.calendar
    first = calendar.day(rng.randrange(len(calendar)))
    last = min(first + timedelta(days=rng.choice((0, 0, 1, 2))), calendar.day(len(calendar) - 1))
    kind = rng.choice(("teacher", "venue", "unit"))
    return Absence(
        kind,
        "X",
        "某",
        first,
        last,
        rng.randrange(len(problem.periods)) if rng.random() < 0.2 else None,
        teachers=(0,) if kind == "teacher" else (),
        venues=(rng.randrange(len(problem.venues)),) if kind == "venue" else (),
        classes=(rng.randrange(len(problem.classes)),) if kind == "unit" else (),
    )


@dataclass(frozen=True)
class Fewest:
    """What is possible: by the priority that is left out the least weight of the changes.

    ``count`` is the least number of meetings that any plan leaves out.
    """

    weights: dict[int, int]
    count: int

    @property
    def best(self) -> tuple[int, int]:
        """Return the priority left out, and the weight, of the best plan."""
        left = min(self.weights)
        return left, self.weights[left]

    def within(self, left: int) -> int:
        """Return the least weight of the plans that leave out no more."""
        return min(weight for each, weight in self.weights.items() if each <= left)


def priority(problem: Problem, meeting: int) -> int:
    """Return what leaving a meeting out weighs."""
    return max(problem.classes[part.class_].priority for part in problem.meetings[meeting].parts)


def fewest_changes(case: Mishap) -> Fewest | None:
    """Return what is possible at best, None where what is fixed is broken, or all is too much."""
    if broken_rules(case.closed, case.fixed):
        return None
    try:
        return _Trial(case).fewest()
    except TimeoutError:
        return None


Option = tuple[int, int, int, Placement | None]
"""What a choice adds to the priority left out, to the weight and to the moves; and the place."""


class _Trial:
    """All plans, one meeting after the other, but for those that cannot tell anything new."""

    def __init__(self, case: Mishap) -> None:
        self.case = case
        self.closed = case.closed
        self.free = case.free
        self.most = len(self.free) if case.most is None else case.most
        self.options = {number: sorted(self._options(number), key=_rank) for number in self.free}
        self.weights: dict[int, int] = {}
        self.count = len(self.free) + 1
        self.steps = 0

    def fewest(self) -> Fewest:
        self._go(0, self.case.fixed, (0, 0, 0, 0))
        return Fewest(self.weights, self.count)

    def _options(self, number: int) -> Iterator[Option]:
        case, home = self.case, self.case.problem.meetings[number].stored
        free = home is None or number in case.news.changed
        weight = 0 if free else move_weight(case.problem, number, case.today)
        for place in every_placement(self.closed, number):
            if place.day >= case.today and not broken_rules(self.closed, [place]):
                moved = home is not None and place != home
                yield 0, weight * moved, int(moved), place
        yield priority(case.problem, number), weight, 0, None

    def _go(self, at: int, chosen: list[Placement], sums: tuple[int, int, int, int]) -> None:
        left, weight, moves, count = sums
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TimeoutError
        if at == len(self.free):
            self.weights[left] = min(self.weights.get(left, weight), weight)
            self.count = min(self.count, count)
            return
        for more_left, more_weight, moved, place in self.options[self.free[at]]:
            after = left + more_left, weight + more_weight, moves + moved, count + (place is None)
            if after[2] > self.most or not self._is_news(*after):
                continue
            those = chosen if place is None else [*chosen, place]
            if place is None or not broken_rules(self.closed, those):
                self._go(at + 1, those, after)

    def _is_news(self, left: int, weight: int, _: int, count: int) -> bool:
        return count < self.count or not any(
            each <= left and known <= weight for each, known in self.weights.items()
        )


def _rank(option: Option) -> tuple[int, int, int]:
    return option[:3]


def a_row_of_classes(count: int) -> Problem:
    """Return classes of one meeting each, one a day in the only room, each free on the next day."""
    stored = [Placement(m, MONDAY + timedelta(days=m), 0, (0,), None) for m in range(count)]
    return Problem(
        calendar=Calendar(MONDAY, (True,) * (count + 1)),
        periods=(Period("P", "P", 480, 530, "AM"),),
        venues=(Venue("R", "R", capacity=50),),
        courses=(Course("K", "K"),),
        classes=tuple(
            TrainingClass(
                f"C{m}",
                f"C{m}",
                20,
                earliest=MONDAY + timedelta(days=m),
                latest=MONDAY + timedelta(days=m + 1),
            )
            for m in range(count)
        ),
        meetings=tuple(Meeting((Part(each.meeting, 0),), stored=each) for each in stored),
    )
