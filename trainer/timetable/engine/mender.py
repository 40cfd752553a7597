"""Plans of few changes in circles around what is broken, and proofs that fewer do not do.

A circle is solved with everything else in its place, which gives a plan. It is solved once more
where all others may leave their places, at the cost of their change and for wherever that may be:
what this costs at least every plan does. Whoever leaves comes into the circle, until plan and bound
meet. Once a plan is known both are asked for a better one only, so that few moves are left to think
of. Where the nearest hold what is broken fast, a short search gives way further off.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from random import Random
from typing import Final

from trainer.timetable.engine.alternatives import SPOTS_COMPARED, change_between, other_places
from trainer.timetable.engine.breaches import breaks_more
from trainer.timetable.engine.exact import Exact, Outcome
from trainer.timetable.engine.homes import ABSENT_COST, MOVE_COST
from trainer.timetable.engine.insert import cheapest_spot, free_spots
from trainer.timetable.engine.mended import Mended, Move
from trainer.timetable.engine.model import Model
from trainer.timetable.engine.obstacles import spot_allowed
from trainer.timetable.engine.problem import Problem
from trainer.timetable.engine.repair import surroundings
from trainer.timetable.engine.rivalry import Rivalry
from trainer.timetable.engine.search import Budget
from trainer.timetable.engine.sketch import sketch
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Spot

AROUND: Final = 45
"""How many meetings around the broken ones a search may move, too."""
MANY: Final = 30
"""For more broken meetings than these the search comes before the exact model."""
PATIENCE: Final = 8
"""After so many turns in which the bound did not rise whole classes are taken in."""
EFFORT, EFFORT_IN_ALL = 1.0, 5.0
"""CP-SAT's deterministic time for one circle, and for all of them with what building takes."""
BUILDING_EFFORT: Final = 1.5e-5
"""What building one constraint of a model takes of it."""
PARTIAL_EFFORT, PARTIAL_EFFORT_IN_ALL = 0.6, 2.5
"""The same where not everything can be kept: proofs are seldom reached then."""
SETTLING_ROUNDS: Final = 2
"""How often each moved meeting is put to its cheapest place among equal changes."""


class Mender:
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
        self.forced = {m for m in broken if m in home and not spot_allowed(state, m, home[m][0])}
        self.least = sum(home[m][1] for m in self.forced)
        #: what has changed anyway, and may move at no cost
        self.loose = {m for m, (_, cost) in home.items() if not cost}
        #: a lower bound of the model's objective: what is left out above what is changed
        self.bound = self.least * MOVE_COST
        #: whether it is known, or asked for, that some are left out
        self.partial = most_moves is not None
        self.best: tuple[tuple[int, int], dict[int, Spot | None]] | None = None
        self.effort = EFFORT_IN_ALL
        self.hint: dict[int, Spot] = {}
        self.ejected: list[int] = []
        self.rivalry = Rivalry(state.tables, home)
        self.proved: dict[object, Exact] = {}
        self.sketched: dict[int, Spot | None] | None = None
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
        """Solve growing circles until the plan is proved minimal, or somebody asks to stop."""
        circle = self._circle(0)
        if len(circle) > MANY:
            # too many to be solved exactly from nothing
            self._sketch()
            circle = self._circle(0)
        self._plan(circle)
        still = 0
        while not self._enough():
            before = self.bound
            if self._prove(circle) == "infeasible":
                # not everything can be kept: from now on as much as possible is
                self.partial = True
                self.effort = min(self.effort, PARTIAL_EFFORT_IN_ALL)
                self._plan(self._sketch())
                continue
            still = still + 1 if self.bound == before else 0
            wide = still >= PATIENCE and self.best is not None
            wider = sorted({*circle, *(self._class_mates() if wide else self.ejected)})
            if wider == circle:
                wider = sorted(self.loose.union(circle))
            if self._done() or self.budget.asked() or (wider == circle and self.rivalry.whole):
                break
            # otherwise what the parts come to does not go together
            self.rivalry.whole = wider == circle
            circle = wider
            if not wide:
                self._plan(circle)
            if self.best is None and not self.budget.asked():
                # what is around holds it fast: a search gives way further off
                self._plan(self._sketch())
                if self._spent():
                    break
        if self.best is None and not self.budget.asked():
            self.partial = True
            self._plan(self._sketch())
            self._prove(self._circle(0))

    def _enough(self) -> bool:
        """Say whether to stop: it is proved, somebody asked, or time is up and a plan is there."""
        if self._done() or self.budget.asked():
            return True
        return self.best is not None and self._spent()

    def _class_mates(self) -> set[int]:
        """Return what leaves its place with all others of its classes, which make room for it."""
        state = self.state
        classes = {p.class_ for m in self.ejected for p in state.problem.meetings[m].parts}
        return {m for class_ in classes for m in state.tables.of_class[class_] if m in self.free}

    def _spent(self) -> bool:
        return self.budget.over() or self.effort < PARTIAL_EFFORT

    def _sketch(self) -> list[int]:
        """Let the search keep what it can; return what that changes, and remember it as a hint.

        Once with everything else where it is at first, once with the broken classes laid anew.
        What leaves something out is no plan as long as everything may be kept.
        """
        if self.sketched is None:
            self.sketched = self._search()
        after = self.sketched
        self.hint = {m: spot for m, spot in after.items() if spot is not None}
        if self.partial or None not in after.values():
            self._keep(after, None)
        return sorted(after)

    def _search(self) -> dict[int, Spot | None]:
        state = self.state
        classes = {p.class_ for m in self.broken for p in state.problem.meetings[m].parts}
        whole = {m for c in classes for m in state.tables.of_class[c] if m in self.free}
        circle = {*self._circle(AROUND), *whole}
        stop = self.budget.should_stop
        return min((sketch(state, circle, out, stop) for out in ((), whole)), key=self._value)

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
        most = len(after) if self.most_moves is None else self.most_moves
        if self._moves(after) > most or breaks_more(self.state, after):
            return
        value = self._value(after)
        better = (value, value + MOVE_COST * len(after) if cost is None else cost)
        if self.best is None or better < self.best[0]:
            self.best = (better, after)

    def _prove(self, circle: list[int]) -> Outcome:
        """Raise the bound by what a circle costs where all others stay, or leave at their cost.

        Parts of the circle that have little to do with each other are solved apart. What leaves is
        noted in ``ejected``.
        """
        parts = self.rivalry.parts(circle)
        keys = [(self.partial, inside, tuple(around.items())) for inside, around in parts]
        self.ejected = []
        least = 0
        for key, (inside, around) in zip(keys, parts, strict=True):
            if key not in self.proved:
                if self.best is not None and self._spent():
                    continue
                others = sum(self.proved[k].bound for k in keys if k in self.proved)
                self.proved[key] = self._prove_part(inside, around, others)
            found = self.proved[key]
            if found.outcome == "infeasible":
                return "infeasible"
            least += found.bound
            if found.spots:
                leave = [m for m in around if m not in found.spots]
                self.ejected += leave
                for meeting in leave:
                    self.rivalry.link(inside[0], meeting)
        self.bound = max(self.bound, -(-least // MOVE_COST) * MOVE_COST)
        return "feasible"

    def _prove_part(self, inside: tuple[int, ...], around: dict[int, int], others: int) -> Exact:
        """Solve a part; where a plan is known it is asked for less than the others leave for it."""
        everybody = [*inside, *around]
        known = None if self.best is None else self._value(self.best[1]) - others
        model = Model(
            self._locked_only,
            everybody,
            required=not self.partial,
            home={m: self.home[m] for m in everybody if m in self.home},
            most_moves=self.most_moves,
            gentle=False,
            below=known,
            pinned=around,
        )
        found = self._solve(model)
        if known is None:
            return found
        if found.outcome == "infeasible":
            return replace(found, outcome="optimal", bound=known)
        return replace(found, bound=min(found.bound, known))

    def _solve(self, model: Model) -> Exact:
        most = PARTIAL_EFFORT if self.partial else EFFORT
        found = model.solve(self.budget, effort=max(min(most, self.effort), PARTIAL_EFFORT / 2))
        self.effort -= found.effort + BUILDING_EFFORT * model.size
        return found

    def _value(self, after: Mapping[int, Spot | None]) -> int:
        """Return what a plan costs in the model's measure, the gentler changes left aside."""
        return sum(
            (ABSENT_COST * self._missed(m) if spot is None else 0)
            + (MOVE_COST * self.home[m][1] if m in self.home and spot != self._home_of(m) else 0)
            for m, spot in after.items()
        )

    def _moves(self, after: Mapping[int, Spot | None]) -> int:
        """Return how many go elsewhere; what is left out or new does not count."""
        return sum(
            m in self.home and spot not in (None, self._home_of(m)) for m, spot in after.items()
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
            fewest_changes=len(anyway) + self._fewest(min(bound, weight), anyway),
            minimal=missed <= must and weight <= bound,
            seconds=self.budget.elapsed(),
        )

    def _fewest(self, weight: int, anyway: Collection[int]) -> int:
        """Return how many changes at least weigh as much: those that must be, then the heaviest."""
        forced = self.forced.difference(anyway)
        missing = weight - sum(self.home[m][1] for m in forced)
        count = len(forced)
        others = (cost for m, (_, cost) in self.home.items() if m not in forced)
        for cost in sorted(others, reverse=True):
            if missing <= 0 or not cost:
                break
            missing -= cost
            count += 1
        return count

    def _one_by_one(self) -> dict[int, Spot | None]:
        """Return a new place for what is broken, one after the other, where no plan was found."""
        found: dict[int, Spot | None] = {}
        rng = Random(self.budget.limits.seed)  # noqa: S311 - a search needs no secrets
        for meeting in self.broken:
            found[meeting] = None
            spot = cheapest_spot(self.state, meeting, rng, tries=SPOTS_COMPARED)
            most = len(self.broken) if self.most_moves is None else self.most_moves
            if spot is not None and self._moves({**found, meeting: spot}) <= most:
                found[meeting] = spot
                self.state.place(meeting, spot)
        return found

    def _home_of(self, meeting: int) -> Spot | None:
        return self.home[meeting][0] if meeting in self.home else None

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
