"""The exact model: some meetings among others that stay, as constraints for CP-SAT.

It places as many of the free meetings as priority allows and proves when no more is possible. One
variable says at which cell a meeting starts, one which venue each part takes, one who teaches; the
products of these are made only where a venue or a teacher is contested. Used for small parts of a
timetable: to place what the search could not, to prove, to explain and to mend.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations
from typing import Any

from trainer.timetable.engine.crowds import Crowds
from trainer.timetable.engine.exact import Exact, Outcome, distinct, run, twin_key
from trainer.timetable.engine.homes import Homes
from trainer.timetable.engine.insert import bits
from trainer.timetable.engine.journeys import Journeys
from trainer.timetable.engine.kinship import Kinship
from trainer.timetable.engine.problem import sits_exam
from trainer.timetable.engine.search import Budget
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Spot
from trainer.timetable.engine.wishes import Wishes


class Model(Homes, Journeys, Kinship, Crowds, Wishes):
    """A CP-SAT model of ``free`` meetings of a state in which they have no place.

    With ``required`` all must be placed; else each that is not costs ``ABSENT_COST`` times its
    priority. ``home`` gives spots to stay at, with the cost of leaving them (in units of
    ``MOVE_COST``); ``most_moves`` limits how many may leave theirs. A ``gentle`` model also counts
    what a move changes, below the cost of a move. With ``below`` only what costs less is looked
    for: few moves are then left to think of, and that there is none is soon proved. What is
    ``pinned`` stays at home, or leaves it at the cost given (of the objective) for wherever that
    may be: nothing hinders it. Where it is given, be it empty, the model is to prove: what has no
    place and is not free may come to lie anywhere, too.
    """

    def __init__(
        self,
        state: State,
        free: list[int],
        *,
        required: bool,
        home: Mapping[int, tuple[Spot, int]] | None = None,
        most_moves: int | None = None,
        gentle: bool = True,
        below: int | None = None,
        pinned: Mapping[int, int] | None = None,
    ) -> None:
        # ortools takes over a second to import
        from ortools.sat.python import cp_model

        self.cp = cp_model
        self.model: Any = cp_model.CpModel()
        self.state = state
        self.tables = state.tables
        self.free = free
        self.required = required
        self.home = home or {}
        self.pinned = pinned or {}
        self.most_moves = most_moves
        self.gentle = gentle
        self.proof = pinned is not None
        self.here: dict[int, Any] = {}
        self.start: dict[int, dict[int, Any]] = {}
        self.room: dict[int, list[dict[int, Any]]] = {}
        self.who: dict[int, dict[int, Any]] = {}
        self.cell: dict[int, Any] = {}
        self.impossible = False
        self.bounded = False
        self._both: dict[tuple[int, int], Any] = {}
        self.hinted: dict[int, tuple[Any, int]] = {}
        self._reach: dict[object, dict[int, tuple[int, ...]]] = {}
        for meeting in free:
            self._meeting(meeting)
        self._one_place_at_a_time()
        self._contested_venues()
        self._contested_teachers()
        self._relations()
        self._stays()
        self._class_journeys()
        self._orders()
        self._spans()
        self._wishes()
        self._twins()
        self._objective(below)

    @property
    def size(self) -> int:
        """Return the number of constraints, which says how long building took."""
        return len(self.model.proto.constraints)

    def solve(self, budget: Budget, *, effort: float) -> Exact:
        """Solve within an effort (CP-SAT's deterministic time) and what is left of the budget."""
        if self.impossible:
            return Exact("infeasible", {})
        for literal, value in self.hinted.values():
            self.model.add_hint(literal, value)
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        # Ctrl-C is ours to answer: the solver's own handler would stay behind after it
        solver.parameters.catch_sigint_signal = False
        solver.parameters.random_seed = budget.limits.seed & 0x7FFFFFFF
        solver.parameters.max_deterministic_time = effort
        if budget.limits.seconds is not None:
            left = budget.limits.seconds - budget.elapsed()
            solver.parameters.max_time_in_seconds = max(left, 0.05)
        status = run(solver, self.model, budget)
        outcomes: dict[Any, Outcome] = {
            self.cp.OPTIMAL: "optimal",
            self.cp.FEASIBLE: "feasible",
            self.cp.INFEASIBLE: "infeasible",
        }
        outcome = outcomes.get(status, "unknown")
        effort = float(solver.response_proto.deterministic_time)
        if outcome not in {"optimal", "feasible"}:
            # a bound holds whether or not a timetable was found
            known = self.bounded and outcome == "unknown"
            bound = math.ceil(solver.best_objective_bound - 1e-6) if known else 0
            return Exact(outcome, {}, bound=bound, effort=effort)
        spots = {m: self._spot(solver, m) for m in self.free if solver.boolean_value(self.here[m])}
        cost, bound = round(solver.objective_value), round(solver.best_objective_bound)
        return Exact(outcome, spots, cost, bound, effort)

    def _spot(self, solver: Any, meeting: int) -> Spot:
        def chosen(options: dict[int, Any]) -> int:
            return next(key for key, literal in options.items() if solver.boolean_value(literal))

        return Spot(
            chosen(self.start[meeting]),
            tuple(chosen(options) for options in self.room[meeting]),
            chosen(self.who[meeting]),
        )

    # -- one meeting ---------------------------------------------------------------------------

    def _meeting(self, meeting: int) -> None:
        model, tables, state = self.model, self.tables, self.state
        length = tables.lengths[meeting]
        here = self.here[meeting] = model.new_bool_var(f"here{meeting}")
        starts = state.class_starts(meeting, waiting=False)
        pin = self.home[meeting][0] if meeting in self.pinned else None
        if pin is not None:
            starts &= 1 << pin.start
        elif self.required:
            model.add_bool_or([here])
        self.start[meeting] = {s: model.new_bool_var(f"x{meeting},{s}") for s in bits(starts)}
        self._exactly(here, list(self.start[meeting].values()))
        self.who[meeting] = {}
        for teacher in tables.teachers[meeting] if pin is None else (pin.teacher,):
            free = (
                starts if teacher == NO_TEACHER else starts & state.teacher_starts(teacher, length)
            )
            if free:
                literal = self.who[meeting][teacher] = model.new_bool_var(f"t{meeting},{teacher}")
                self._only_at(meeting, [literal], starts, free)
        self._exactly(here, list(self.who[meeting].values()))
        self.room[meeting] = [
            self._rooms(meeting, place, starts)
            for place in range(len(state.problem.meetings[meeting].parts))
        ]
        self._teacher_journeys_to_fixed(meeting, starts)
        self._seats(meeting)
        if starts:
            cell = self.cell[meeting] = model.new_int_var(
                0, max(self.start[meeting]), f"s{meeting}"
            )
            model.add(
                cell == sum(s * literal for s, literal in self.start[meeting].items())
            ).only_enforce_if(here)

    def _rooms(self, meeting: int, place: int, starts: int) -> dict[int, Any]:
        """Return a literal for each venue that a part may take."""
        tables, state = self.tables, self.state
        class_ = state.problem.meetings[meeting].parts[place].class_
        length = tables.lengths[meeting]
        kept = self.home[meeting][0].venues[place] if meeting in self.pinned else None
        options: dict[int, Any] = {}
        for venue, accredited in tables.rooms[meeting][place]:
            if kept not in (None, venue):
                continue
            free = starts & accredited
            if venue != NO_VENUE:
                free &= state.venue_starts(venue, length)
                free &= ~state.class_travel(class_, venue, length)
            free = state.visit_starts(meeting, place, venue, free)
            if free:
                literal = options[venue] = self.model.new_bool_var(f"v{meeting},{place},{venue}")
                self._only_at(meeting, [literal], starts, free)
        self._exactly(self.here[meeting], list(options.values()))
        return options

    def _exactly(self, here: Any, literals: list[Any]) -> None:
        self.model.add(sum(literals) == here)

    def _only_at(self, meeting: int, literals: list[Any], starts: int, free: int) -> None:
        """Say that when all literals hold the meeting starts within ``free``."""
        if free != starts:
            allowed = [self.start[meeting][s] for s in bits(free)]
            self.model.add_bool_or([*allowed, *(literal.negated() for literal in literals)])

    def _teacher_journeys_to_fixed(self, meeting: int, starts: int) -> None:
        length = self.tables.lengths[meeting]
        for teacher, who in self.who[meeting].items():
            if teacher == NO_TEACHER:
                continue
            for venue, literal in self.room[meeting][0].items():
                late = self.state.teacher_travel(teacher, venue, length)
                self._only_at(meeting, [who, literal], starts, starts & ~late)

    def _seats(self, meeting: int) -> None:
        parts = self.state.problem.meetings[meeting].parts
        if len(parts) == 1:
            return
        exam = sits_exam(self.state.problem, self.state.problem.meetings[meeting])
        users: dict[int, list[tuple[int, Any]]] = defaultdict(list)
        for part, options in zip(parts, self.room[meeting], strict=True):
            for venue, literal in options.items():
                users[venue].append((self.state.problem.classes[part.class_].size, literal))
        for venue, those in users.items():
            venues = self.state.problem.venues
            capacity = None if venue == NO_VENUE else venues[venue].seats(exam=exam)
            if capacity is not None:
                self.model.add(sum(size * literal for size, literal in those) <= capacity)

    def _uses(self, meeting: int, venue: int) -> Any:
        """Return a literal that holds when any part of a meeting takes a venue."""
        literals = [options[venue] for options in self.room[meeting] if venue in options]
        if len(literals) == 1:
            return literals[0]
        used = self.model.new_bool_var(f"u{meeting},{venue}")
        for literal in literals:
            self.model.add_implication(literal, used)
        return used

    # -- between meetings ----------------------------------------------------------------------

    def _one_place_at_a_time(self) -> None:
        classes = self._classes()
        for members in classes.values():
            self._at_most_one(members, self.tables.all_cells)
        for class_, members in classes.items():
            for friend, cells in self.tables.friends[class_]:
                if friend > class_ and friend in classes:
                    self._at_most_one([*members, *classes[friend]], cells)

    def _at_most_one(self, members: list[int], cells: int) -> None:
        at: dict[int, list[Any]] = defaultdict(list)
        for meeting in dict.fromkeys(members):
            for start, literal in self.start[meeting].items():
                if cells >> start & 1:
                    for tick in self.tables.ticks(meeting, start):
                        at[tick].append(literal)
        for literals in distinct(at.values()):
            self.model.add_at_most_one(literals)

    def _contested_venues(self) -> None:
        users: dict[int, list[int]] = defaultdict(list)
        for meeting in self.free:
            for venue in {v for options in self.room[meeting] for v in options}:
                users[venue].append(meeting)
        for venue, meetings in users.items():
            if venue != NO_VENUE and len(meetings) > 1:
                self._at_most(
                    [(m, self._uses(m, venue)) for m in meetings],
                    self.state.problem.venues[venue].parallel,
                    self._held(venue),
                )

    def _held(self, venue: int) -> dict[int, int]:
        held: dict[int, int] = defaultdict(int)
        if self.state.problem.venues[venue].parallel > 1:
            for meeting, start in self.state.holding[venue].items():
                for tick in self.tables.ticks(meeting, start):
                    held[tick] += 1
        return held

    def _contested_teachers(self) -> None:
        pupils: dict[int, list[int]] = defaultdict(list)
        for meeting in self.free:
            for teacher in self.who[meeting]:
                if teacher != NO_TEACHER:
                    pupils[teacher].append(meeting)
        pairs: dict[tuple[int, int], list[int]] = defaultdict(list)
        for teacher, meetings in pupils.items():
            self._at_most([(m, self.who[m][teacher]) for m in meetings], 1, {})
            self._weeks(teacher, meetings)
            for one, other in combinations(meetings, 2):
                pairs[one, other].append(teacher)
        for (one, other), teachers in pairs.items():
            if not self._alike(one, other):
                self._teacher_journey(one, other, teachers)

    def _at_most(self, users: list[tuple[int, Any]], limit: int, held: Mapping[int, int]) -> None:
        """Allow at most ``limit`` of these meetings at once, each when its literal holds."""
        if not held and self._apart([meeting for meeting, _ in users]) <= limit:
            return
        at: dict[int, list[Any]] = defaultdict(list)
        for meeting, literal in users:
            sure = literal is None or self._certain(meeting, literal)
            for start, begins in self.start[meeting].items():
                both = begins if sure else self._and(begins, literal)
                for tick in self.tables.ticks(meeting, start):
                    at[tick].append(both)
        if not held:
            for literals in distinct(v for v in at.values() if len(v) > limit):
                if limit == 1:
                    self.model.add_at_most_one(literals)
                else:
                    self.model.add(sum(literals) <= limit)
            return
        for tick, literals in at.items():
            left = limit - held.get(tick, 0)
            if len(literals) > left:
                self.model.add(sum(literals) <= max(left, 0))

    def _apart(self, meetings: list[int]) -> int:
        """Return a bound of how many of these meetings there can be at once: a class has one."""
        return len({self.state.problem.meetings[m].parts[0].class_ for m in meetings})

    def _certain(self, meeting: int, literal: Any) -> bool:
        for options in (self.who[meeting], *self.room[meeting]):
            if len(options) == 1 and next(iter(options.values())) is literal:
                return True
        return False

    def _and(self, one: Any, other: Any) -> Any:
        key = (one.index, other.index)
        if key not in self._both:
            both = self._both[key] = self.model.new_bool_var("")
            self.model.add_bool_or([one.negated(), other.negated(), both])
        return self._both[key]

    def _weeks(self, teacher: int, meetings: list[int]) -> None:
        limit = self.state.problem.teachers[teacher].max_per_week
        if limit is None:
            return
        weeks: dict[int, list[Any]] = defaultdict(list)
        for meeting in meetings:
            starts: dict[int, list[Any]] = defaultdict(list)
            for start, literal in self.start[meeting].items():
                starts[self.tables.weeks[start // self.tables.width]].append(literal)
            for week, literals in starts.items():
                both = self.model.new_bool_var("")
                who = self.who[meeting][teacher]
                for literal in literals:
                    self.model.add_bool_or([literal.negated(), who.negated(), both])
                weeks[week].append(both)
        for week, literals in weeks.items():
            left = limit - self.state.week_load[teacher][week]
            if len(literals) > left:
                self.model.add(sum(literals) <= max(left, 0))

    def _orders(self) -> None:
        free = set(self.free)
        for meeting in self.free:
            for other in self.tables.before[meeting]:
                if other in free and meeting in self.cell and other in self.cell:
                    self.model.add(self.cell[other] < self.cell[meeting]).only_enforce_if(
                        [self.here[meeting], self.here[other]]
                    )

    def _spans(self) -> None:
        width = self.tables.width
        for class_, members in self._classes().items():
            span = self.tables.span[class_]
            if span is None:
                continue
            first = self.model.new_int_var(-span[0], self.tables.days, f"first{class_}")
            for meeting in members:
                if meeting in self.cell and self._counted(meeting, class_):
                    day = sum(s // width * literal for s, literal in self.start[meeting].items())
                    for bound in (day >= first, day <= first + span[0] - 1):
                        self.model.add(bound).only_enforce_if(self.here[meeting])

    def _counted(self, meeting: int, class_: int) -> bool:
        spot = Spot(0, (NO_VENUE,) * len(self.state.problem.meetings[meeting].parts))
        entries = self.state.entries_of(meeting, spot)
        return next(entry.counted for owner, entry in entries if owner == class_)

    def _twins(self) -> None:
        """Put interchangeable meetings in order, which loses nothing and saves the proof work."""
        last: dict[object, int] = {}
        for meeting in self.free:
            key = twin_key(self.state, meeting)
            if key is not None and key in last and meeting in self.cell and last[key] in self.cell:
                other = last[key]
                self.model.add_implication(self.here[meeting], self.here[other])
                self.model.add(self.cell[other] < self.cell[meeting]).only_enforce_if(
                    self.here[meeting]
                )
            if key is not None:
                last[key] = meeting
