"""Mending a timetable after something happened, with the fewest changes.

What happened is told as absences (a teacher away, a venue closed, a unit suspended), as meetings
that are new or became longer, or by facts that the stored places no longer agree with. Meetings
before ``today`` and locked ones stay. Changes are counted by weight (a published session's more,
the more the sooner it is and the more people it has), proved minimal where time allows: the
meetings around what is broken are solved exactly twice, once with everything else in its place,
which gives a plan, and once without anything else, which gives a bound; the circle grows until the
two meet. Where it is proved that not all can be kept, the same is done for what is left out, by
priority, before what is changed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

from trainer.timetable.engine.alternatives import SPOTS_COMPARED, change_between, other_places
from trainer.timetable.engine.check import Checker
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.exact import Exact, Outcome
from trainer.timetable.engine.homes import ABSENT_COST, MOVE_COST
from trainer.timetable.engine.insert import cheapest_spot, free_spots
from trainer.timetable.engine.mended import Mended, Move, News
from trainer.timetable.engine.model import Model
from trainer.timetable.engine.obstacles import spot_allowed
from trainer.timetable.engine.problem import Absence, Problem, sittings_of
from trainer.timetable.engine.repair import surroundings
from trainer.timetable.engine.search import Budget
from trainer.timetable.engine.sketch import sketch
from trainer.timetable.engine.solution import Limits, ShouldStop
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Spot, Tables

NO_NEWS: Final = News()
PUBLISHED_WEIGHT: Final = 4
"""How many changes of unpublished meetings one change of a published one is worth."""
SOON_DAYS: Final = 7
"""Within how many days from today a published change counts once more."""
PEOPLE_STEP: Final = 50
"""For how many people a published change counts once more."""
WIDENINGS: Final = (0, 8, 20, 45)
"""How many meetings are added around the broken ones, from try to try."""
EFFORT, EFFORT_IN_ALL = 1.5, 3.0
"""CP-SAT's deterministic time for one circle, and for all of them."""
PARTIAL_EFFORT, PARTIAL_EFFORT_IN_ALL = 0.6, 1.3
"""The same where not everything can be kept: proofs are seldom reached then."""
SETTLING_ROUNDS: Final = 2
"""How often each moved meeting is put to its cheapest place among equally small changes."""


def replan(
    problem: Problem,
    absences: Sequence[Absence],
    today: date,
    *,
    most_moves: int | None = None,
    news: News = NO_NEWS,
    alternatives: int = 0,
    limits: Limits | None = None,
    should_stop: ShouldStop | None = None,
) -> Mended:
    """Mend the stored timetable of a problem after these absences came up.

    Meetings whose ``stored`` is None stay without a place, but for those of the ``news``. So many
    ``alternatives`` are given for each move.
    """
    budget = Budget(limits or Limits(seconds=20), should_stop)
    changed = _changed(problem, absences, today)
    tables = Tables(changed)
    costs = Costs(tables)
    free = {
        m
        for m, meeting in enumerate(changed.meetings)
        if meeting.stored is not None and not meeting.locked
    }
    new = {m for m in news.new if changed.meetings[m].stored is None}
    broken = sorted({*_broken(changed, free), *new})
    free |= new
    anyway = {m: move_weight(problem, m, today) for m in free.intersection(news.changed)}
    home = {
        m: (spot, 0 if m in anyway else move_weight(problem, m, today))
        for m, spot in _spots(tables, free).items()
    }
    mender = _Mender(State(tables, costs), free, broken, home, budget, most_moves)
    if broken:
        mender.mend()
    return mender.result(problem, anyway, new, alternatives)


def move_weight(problem: Problem, meeting: int, today: date) -> int:
    """Return what changing a meeting weighs: more when published, and when it is soon or large."""
    facts = problem.meetings[meeting]
    if not facts.published:
        # nobody has been told of it
        return 1
    soon = facts.stored is not None and facts.stored.day < today + timedelta(days=SOON_DAYS)
    people = sum(problem.classes[part.class_].size for part in facts.parts)
    return PUBLISHED_WEIGHT + (1 if soon else 0) + people // PEOPLE_STEP


def _changed(problem: Problem, absences: Sequence[Absence], today: date) -> Problem:
    """Return the problem with the absences, the past locked and closed to what moves."""
    past = Absence(
        kind="class",
        code="",
        name="",
        first=problem.calendar.first,
        last=today - timedelta(days=1),
        classes=tuple(range(len(problem.classes))),
    )
    meetings = tuple(
        replace(m, locked=True) if m.stored is not None and m.stored.day < today else m
        for m in problem.meetings
    )
    closed = (*problem.absences, *absences, *((past,) if past.first <= past.last else ()))
    return replace(problem, absences=closed, meetings=meetings)


def _broken(problem: Problem, free: set[int]) -> list[int]:
    """Return the movable meetings whose stored place breaks a hard rule."""
    sittings = [
        sitting
        for meeting in problem.meetings
        if meeting.stored is not None
        for sitting in sittings_of(problem, meeting.stored)
    ]
    found = Checker(problem).hard(sittings)
    return sorted({m for finding in found for m, _ in finding.touches if m in free})


def _spots(tables: Tables, free: set[int]) -> dict[int, Spot]:
    spots = {}
    for meeting in sorted(free):
        stored = tables.problem.meetings[meeting].stored
        spot = None if stored is None else tables.spot_of(stored)
        if spot is not None:
            spots[meeting] = spot
    return spots


class _Mender:
    """The state of a repair: who is where, the best plan so far, and the bound."""

    def __init__(
        self,
        state: State,
        free: set[int],
        broken: list[int],
        home: Mapping[int, tuple[Spot, int]],
        budget: Budget,
        most_moves: int | None,
    ) -> None:
        self.state = state
        self.free = free
        self.broken = broken
        self.home = home
        self.budget = budget
        self.most_moves = most_moves
        #: what must change whatever else is done, as its place is no longer allowed
        self.least = sum(
            home[m][1] for m in broken if m in home and not spot_allowed(state, m, home[m][0])
        )
        #: a lower bound of the model's objective: what is left out above what is changed
        self.bound = self.least * MOVE_COST
        #: whether it is known, or asked for, that some are left out
        self.partial = most_moves is not None
        self.best: tuple[tuple[int, int], dict[int, Spot | None]] | None = None
        self.effort = EFFORT_IN_ALL
        self.hint: dict[int, Spot] = {}
        self._place_locked(state)
        self._locked_only = State(state.tables, state.costs)
        self._place_locked(self._locked_only)
        for meeting, (spot, _) in home.items():
            if meeting not in broken:
                state.place(meeting, spot)

    def _place_locked(self, state: State) -> None:
        for index, meeting in enumerate(state.problem.meetings):
            if meeting.stored is not None and meeting.locked:
                spot = state.tables.spot_of(meeting.stored)
                if spot is not None:
                    state.place(index, spot)

    def mend(self) -> None:
        """Solve growing circles around what is broken until the plan is proved minimal."""
        proved: set[tuple[int, ...]] = set()
        for more in WIDENINGS:
            circle = self._circle(more)
            if tuple(circle) in proved or (self._spent() and self.best is not None):
                break
            self._plan(circle)
            if self._done():
                return
            if self._prove(circle) == "infeasible":
                # not everything can be kept: from now on as much as possible is
                self.partial = True
                self.effort = min(self.effort, PARTIAL_EFFORT_IN_ALL)
                self._plan(self._sketch())
                self._prove(circle)
            if self._done():
                return
            proved.add(tuple(circle))
        if self.best is None:
            self.partial = True
            self._plan(self._circle(WIDENINGS[1]))
            self._prove(self._circle(0))

    def _spent(self) -> bool:
        return self.budget.over() or self.effort < PARTIAL_EFFORT

    def _sketch(self) -> list[int]:
        """Let the search keep what it can; return what that changes, and remember it as a hint.

        Once with everything else where it is at first, once with the broken classes laid anew.
        """
        state = self.state
        classes = {p.class_ for m in self.broken for p in state.problem.meetings[m].parts}
        whole = {m for c in classes for m in state.tables.of_class[c] if m in self.free}
        circle = {*self._circle(WIDENINGS[-1]), *whole}
        stop = self.budget.should_stop
        after = min((sketch(state, circle, out, stop) for out in ((), whole)), key=self._value)
        self.hint = {m: spot for m, spot in after.items() if spot is not None}
        self._keep(after, None)
        return sorted(after)

    def _done(self) -> bool:
        return self.best is not None and self._value(self.best[1]) <= self.bound

    def _circle(self, more: int) -> list[int]:
        """Return what is broken or may move for it, and ``more`` around, shared out evenly."""
        circle = {*self.broken, *self.hint}
        size = len(circle) + more
        share = -(-more // len(self.broken))
        for meeting in self.broken:
            left = min(share, size - len(circle))
            if left <= 0:
                break
            others = self.free - circle | {meeting}
            circle.update(surroundings(self.state, meeting, others, left + 1))
        return sorted(circle)

    def _plan(self, circle: list[int]) -> None:
        """Solve a circle with everything else in its place, and keep what is better."""
        taken = {m: self.state.remove(m) for m in circle if self.state.spots[m] is not None}
        home = {m: self.home[m] for m in circle if m in self.home}
        model = Model(
            self.state,
            circle,
            required=not self.partial,
            home=home,
            most_moves=self.most_moves,
            below=None if self.best is None else self.best[0][1],
        )
        model.hint({m: self.hint[m] for m in circle if m in self.hint})
        found = self._solve(model)
        for meeting, spot in taken.items():
            self.state.place(meeting, spot)
        if found.outcome in {"optimal", "feasible"}:
            self._keep({m: found.spots.get(m) for m in circle}, found.cost)

    def _keep(self, after: dict[int, Spot | None], cost: int | None) -> None:
        """Keep a plan if it is better, of equal ones the gentler; ``cost`` is the model's."""
        value = self._value(after)
        better = (value, value + MOVE_COST * len(after) if cost is None else cost)
        if self.best is None or better < self.best[0]:
            self.best = (better, after)

    def _prove(self, circle: list[int]) -> Outcome:
        """Raise the bound by what a circle costs even if nothing else were there.

        Where a plan is known it is asked for a better one only: if there is none, the plan is
        proved. Until then it is asked whether all of it can be kept, whatever that costs.
        """
        known = None if self.best is None else self._value(self.best[1])
        counted = self.home if self.partial or known is not None else {}
        model = Model(
            self._locked_only,
            circle,
            required=not self.partial,
            home={m: counted[m] for m in circle if m in counted},
            most_moves=self.most_moves,
            gentle=False,
            below=known,
        )
        found = self._solve(model)
        if found.outcome != "infeasible":
            self.bound = max(self.bound, found.bound)
        elif known is not None:
            self.bound = max(self.bound, known)
            return "optimal"
        return found.outcome

    def _solve(self, model: Model) -> Exact:
        most = PARTIAL_EFFORT if self.partial else EFFORT
        found = model.solve(self.budget, effort=max(min(most, self.effort), PARTIAL_EFFORT / 2))
        self.effort -= found.effort
        return found

    def _value(self, after: Mapping[int, Spot | None]) -> int:
        """Return what a plan costs in the model's measure, the gentler changes left aside."""
        return sum(
            (ABSENT_COST * self._missed(m) if spot is None else 0)
            + (MOVE_COST * self.home[m][1] if m in self.home and spot != self._home_of(m) else 0)
            for m, spot in after.items()
        )

    def _missed(self, meeting: int) -> int:
        return self.state.costs.unplaced[meeting]

    def result(
        self, problem: Problem, anyway: Mapping[int, int], new: Collection[int], alternatives: int
    ) -> Mended:
        """Return the mended timetable, its moved meetings at the kindest of equal places.

        ``anyway`` is what changes wherever it goes, with what that weighs; ``new`` is what had no
        place before.
        """
        after: dict[int, Spot | None] = {}
        if self.best is not None:
            after = {m: s for m, s in self.best[1].items() if m in new or s != self._home_of(m)}
        else:
            after = self._one_by_one()
        for meeting in self.broken:
            home = self._home_of(meeting)
            if meeting not in after and home is not None:
                # what it ran into has moved out of its way: it stays, and is there again
                self.state.place(meeting, home)
        self._settle(after)
        tables = self.state.tables
        placements = [meeting.stored for meeting in problem.meetings]
        moves = []
        rng = Random(self.budget.limits.seed)  # noqa: S311 - a search needs no secrets
        for meeting in sorted({*after, *anyway}):
            spot = self.state.spots[meeting]
            place = None if spot is None else tables.placement_of(meeting, spot)
            before = placements[meeting]
            if place != before or meeting in anyway or meeting in new:
                home = self._home_of(meeting)
                others = other_places(self.state, meeting, home, alternatives, rng)
                moves.append(Move(meeting, before, place, others))
            placements[meeting] = place
        left_out = tuple(m.meeting for m in moves if m.after is None)
        weight = sum(self.home[m.meeting][1] for m in moves if m.meeting in self.home)
        more = sum(anyway.values())
        missed = sum(map(self._missed, left_out))
        # what the bound says of the changes holds where it is about as much left out
        must = self.bound // ABSENT_COST
        changes = -(-(self.bound - must * ABSENT_COST) // MOVE_COST)
        bound = changes if must == missed else self.least
        return Mended(
            placements=tuple(placements),
            moves=tuple(moves),
            left_out=left_out,
            fewest_left_out=-(-must // max(map(self._missed, self.free), default=1)),
            weight=weight + more,
            bound=min(bound, weight) + more,
            minimal=missed <= must and weight <= bound,
            seconds=self.budget.elapsed(),
        )

    def _one_by_one(self) -> dict[int, Spot | None]:
        """Return a new place for what is broken, one after the other, where no plan was found."""
        found: dict[int, Spot | None] = {}
        rng = Random(self.budget.limits.seed)  # noqa: S311 - a search needs no secrets
        for meeting in self.broken:
            spot = found[meeting] = cheapest_spot(self.state, meeting, rng, tries=SPOTS_COMPARED)
            if spot is not None:
                self.state.place(meeting, spot)
        return found

    def _home_of(self, meeting: int) -> Spot | None:
        known = self.home.get(meeting)
        return None if known is None else known[0]

    def _settle(self, after: Mapping[int, Spot | None]) -> None:
        """Put moved meetings to their new places, and then to cheaper ones of the same kind."""
        state = self.state
        for meeting in after:
            if state.spots[meeting] is not None:
                state.remove(meeting)
        for meeting, spot in after.items():
            if spot is not None:
                state.place(meeting, spot)
        for _ in range(SETTLING_ROUNDS):
            for meeting, spot in after.items():
                if spot is not None:
                    self._kindest(meeting)

    def _kindest(self, meeting: int) -> None:
        """Put a moved meeting to the cheapest place that changes no more about it than now."""
        state = self.state
        home = self._home_of(meeting)
        spot = state.remove(meeting)
        rng = Random(self.budget.limits.seed)  # noqa: S311 - a search needs no secrets
        best = (state.cost_with(meeting, spot), spot)
        for other in free_spots(state, meeting, rng, SPOTS_COMPARED):
            if home is not None and change_between(home, other) > change_between(home, spot):
                continue
            cost = state.cost_with(meeting, other)
            if cost < best[0]:
                best = (cost, other)
        state.place(meeting, best[1])
