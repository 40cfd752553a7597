"""Building a timetable and making it better: ruin a part of it, rebuild it, keep what is good.

The search takes out a few meetings that have to do with each other (a class's days, a room's week,
whatever is in the way of one that found no place), puts each back at its cheapest spot, and keeps
the result if it is better, or, less and less often as its budget runs out, if it is a little worse.
Whatever breaks a hard rule is never built, so what it holds can be handed out at any moment.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from trainer.timetable.engine.insert import cheapest_spot
from trainer.timetable.engine.obstacles import meetings_in_the_way, spot_allowed
from trainer.timetable.engine.ruins import Ruins
from trainer.timetable.engine.solution import Limits, OnProgress, Progress, ShouldStop
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Spot

HOT, COLD = 6.0, 0.3
"""Temperatures of acceptance at the start and at the end of a budget, in units of cost."""
ROOM_MAKING = 0.7
"""How often a turn is about a meeting without a place, while there is one."""
REPORT_SECONDS = 0.2


@dataclass(slots=True)
class Budget:
    """How much may still be spent; a step is one meeting put to its cheapest spot.

    The first building is given: a limit on work is for what comes after it.
    """

    limits: Limits
    should_stop: ShouldStop | None = None
    started: float = field(default_factory=time.perf_counter)
    steps: int = 0
    given: int = 0
    stopped: bool = False

    def elapsed(self) -> float:
        """Return the seconds since the solve began."""
        return time.perf_counter() - self.started

    def spent(self) -> float:
        """Return the part of the budget that is used up, from 0 to 1 and beyond."""
        used = 0.0
        if self.limits.work is not None:
            used = (self.steps - self.given) / max(self.limits.work, 1)
        if self.limits.seconds is not None:
            used = max(used, self.elapsed() / max(self.limits.seconds, 1e-9))
        return used

    def give(self) -> None:
        """Do not count the steps so far against the limit on work."""
        self.given = self.steps

    def work_left(self) -> int:
        """Return the steps that are left of a limit on work, 0 where there is none."""
        return max(0, (self.limits.work or 0) - (self.steps - self.given))

    def asked(self) -> bool:
        """Say whether somebody asked to stop."""
        if not self.stopped and self.should_stop is not None and self.should_stop():
            self.stopped = True
        return self.stopped

    def over(self) -> bool:
        """Say whether to stop: the budget is used up, or somebody asked."""
        return self.asked() or self.spent() >= 1


class Search:
    """One search over one state; ``best`` holds the best timetable it has seen."""

    def __init__(
        self,
        state: State,
        movable: list[int],
        budget: Budget,
        *,
        on_progress: OnProgress | None = None,
        bound: int | None = None,
    ) -> None:
        self.state = state
        self.movable = movable
        self.free = set(movable)
        self.budget = budget
        self.on_progress = on_progress
        self.bound = bound
        self.rng = Random(budget.limits.seed)  # noqa: S311 - a search needs no secrets
        self.best_cost = state.cost
        self.best = list(state.spots)
        self._told = -1.0
        self._classes = sorted(
            {part.class_ for m in movable for part in state.problem.meetings[m].parts}
        )
        self._rank = self._tightness()
        self.ruins = Ruins(state, self.free, self.rng)

    # -- building ------------------------------------------------------------------------------

    def keep_stored(self) -> None:
        """Put movable meetings back where they are stored, as far as the rules allow it there."""
        for meeting in self.movable:
            spot = self.state.costs.stored[meeting]
            if spot is not None and self.state.spots[meeting] is None:
                self.try_at(meeting, spot)
        self.note()

    def try_at(self, meeting: int, spot: Spot) -> bool:
        """Put a meeting at a spot if every hard rule allows it there."""
        if not spot_allowed(self.state, meeting, spot):
            return False
        if any(True for _ in meetings_in_the_way(self.state, meeting, spot)):
            return False
        self.state.place(meeting, spot)
        return True

    def build(self) -> None:
        """Place whatever has no place yet, the tightest classes first."""
        waiting = {m for m in self.movable if self.state.spots[m] is None}
        joint = [m for m in waiting if len(self.state.problem.meetings[m].parts) > 1]
        self.insert_all(sorted(joint, key=lambda m: self._rank[m]))
        order = sorted(self._classes, key=lambda c: self._class_rank(c, waiting))
        for class_ in order:
            self.budget.give()
            if self.budget.over():
                break
            mine = [m for m in self.state.tables.of_class[class_] if m in waiting]
            self._build_class([m for m in mine if self.state.spots[m] is None])
            self.tell()
        self.budget.give()
        self.note()

    def insert_all(self, meetings: list[int], *, tries: int = 60, noise: float = 0.0) -> None:
        """Put meetings, in this order, each at its cheapest spot; some may find none."""
        for meeting in meetings:
            if self.state.spots[meeting] is None:
                self.budget.steps += 1
                spot = cheapest_spot(self.state, meeting, self.rng, tries=tries, noise=noise)
                if spot is not None:
                    self.state.place(meeting, spot)

    def _build_class(self, mine: list[int]) -> None:
        orders = [self._in_order(mine), sorted(mine, key=lambda m: self._rank[m])]
        best: tuple[int, dict[int, Spot]] | None = None
        for attempt in range(6):
            order = orders[attempt] if attempt < len(orders) else self._shuffled(mine)
            self.insert_all(order, noise=0.0 if attempt < len(orders) else 3.0)
            found = {m: spot for m in mine if (spot := self.state.spots[m]) is not None}
            if best is None or self.state.cost < best[0]:
                best = (self.state.cost, found)
            if len(found) == len(mine):
                if best[1] is found:
                    return
                break
            for meeting in found:
                self.state.remove(meeting)
        assert best is not None
        for meeting in mine:
            if self.state.spots[meeting] is not None:
                self.state.remove(meeting)
        for meeting, spot in best[1].items():
            self.state.place(meeting, spot)

    def _in_order(self, meetings: list[int]) -> list[int]:
        """Return meetings so that those that must be earlier come first."""
        inside = set(meetings)
        done: list[int] = []
        seen: set[int] = set()

        def visit(meeting: int) -> None:
            if meeting in seen:
                return
            seen.add(meeting)
            for other in self.state.tables.before[meeting]:
                if other in inside:
                    visit(other)
            done.append(meeting)

        for meeting in sorted(meetings, key=lambda m: self._rank[m]):
            visit(meeting)
        return done

    def _shuffled(self, meetings: list[int]) -> list[int]:
        order = sorted(meetings)
        self.rng.shuffle(order)
        return self._in_order_of(order) if self.rng.getrandbits(1) else order

    def _in_order_of(self, order: list[int]) -> list[int]:
        place = {m: n for n, m in enumerate(order)}
        before = self.state.tables.before
        return sorted(order, key=lambda m: (sum(o in place for o in before[m]), place[m]))

    def _tightness(self) -> dict[int, tuple[int, int]]:
        """Return for each movable meeting how few starts it has; a small figure is tight."""
        tables = self.state.tables
        rank = {}
        for meeting in self.movable:
            starts = 0
            for teacher in tables.teachers[meeting]:
                starts |= (
                    tables.starts[meeting]
                    if teacher < 0
                    else tables.teacher_starts(teacher, tables.lengths[meeting])
                )
            starts &= tables.starts[meeting]
            options = starts.bit_count() * min(len(rooms) for rooms in tables.rooms[meeting])
            rank[meeting] = (options, meeting)
        return rank

    def _class_rank(self, class_: int, waiting: set[int]) -> tuple[float, int]:
        mine = [m for m in self.state.tables.of_class[class_] if m in waiting]
        priority = self.state.problem.classes[class_].priority
        needed = sum(self.state.tables.lengths[m] for m in mine) or 1
        options = min((self._rank[m][0] for m in mine), default=0)
        return (options / needed / max(priority, 1), class_)

    # -- improving -----------------------------------------------------------------------------

    def improve(self) -> None:
        """Ruin and rebuild until the budget is used up or the bound is reached."""
        while not self.budget.over() and not self.done():
            if not self.movable:
                return
            spent = min(self.budget.spent(), 1.0)
            self.turn(HOT * (COLD / HOT) ** spent)
        self.restore_best()

    def done(self) -> bool:
        """Say whether nothing better can exist."""
        return self.bound is not None and self.best_cost <= self.bound

    def turn(self, temperature: float) -> None:
        """Ruin and rebuild once, and keep or undo the result."""
        state = self.state
        before = state.cost
        unplaced = [m for m in self.movable if state.spots[m] is None]
        saved: dict[int, Spot | None]
        if unplaced and self.rng.random() < ROOM_MAKING:
            saved = self._make_room(self.rng.choice(unplaced))
        else:
            saved = self._ruin(unplaced)
        if state.cost > before - temperature * math.log(1 - self.rng.random()):
            self._undo(saved)
        elif state.cost < self.best_cost:
            self.note()
        self.tell()

    def note(self) -> None:
        """Remember the present timetable if it is the best so far."""
        if self.state.cost < self.best_cost:
            self.best_cost = self.state.cost
            self.best = list(self.state.spots)

    def restore_best(self) -> None:
        """Make the state hold the best timetable seen."""
        changed = [m for m in self.movable if self.state.spots[m] != self.best[m]]
        self._undo({m: self.best[m] for m in changed})

    def take(self, spots: Mapping[int, Spot | None]) -> None:
        """Put these meetings where they are in another timetable of the same search."""
        self._undo({m: spot for m, spot in spots.items() if self.state.spots[m] != spot})

    def _undo(self, saved: Mapping[int, Spot | None]) -> None:
        for meeting in saved:
            if self.state.spots[meeting] is not None:
                self.state.remove(meeting)
        for meeting, spot in saved.items():
            if spot is not None:
                self.state.place(meeting, spot)

    def _ruin(self, unplaced: list[int]) -> dict[int, Spot | None]:
        chosen = self.ruins.related(self.rng.choice(self._classes))
        saved: dict[int, Spot | None] = {m: self.state.spots[m] for m in chosen}
        for meeting in chosen:
            if self.state.spots[meeting] is not None:
                self.state.remove(meeting)
        order = list(chosen)
        if unplaced:
            extra = [m for m in unplaced if m not in saved]
            order += self.rng.sample(extra, min(len(extra), 3))
            saved |= {m: None for m in order if m not in saved}
        self._rebuild(order)
        return saved

    def _rebuild(self, meetings: list[int]) -> None:
        kind = self.rng.choice(("tight", "order", "chance"))
        if kind == "tight":
            order = sorted(meetings, key=lambda m: self._rank[m])
        elif kind == "order":
            order = self._in_order(meetings)
        else:
            order = self._shuffled(meetings)
        self.insert_all(order, tries=40, noise=self.rng.choice((0.0, 1.5, 5.0)))

    def _make_room(self, meeting: int) -> dict[int, Spot | None]:
        """Put a meeting that has no place somewhere, and find new places for what was there."""
        saved: dict[int, Spot | None] = {meeting: None}
        spot = self.ruins.wish(meeting)
        if spot is None:
            return saved
        way = self.ruins.in_the_way(meeting, spot)
        if way is None:
            return saved
        for other in way:
            saved[other] = self.state.spots[other]
            self.state.remove(other)
        if self.try_at(meeting, spot):
            self._rebuild(list(way))
        else:
            self._rebuild([meeting, *way])
        return saved

    def tell(
        self, *, always: bool = False, cost: int | None = None, all_placed: bool = False
    ) -> None:
        """Report progress, at most every now and then unless ``always``.

        ``cost`` is what others found, and ``all_placed`` whether nothing is missing there.
        """
        now = self.budget.elapsed()
        due = always or now - self._told >= REPORT_SECONDS
        if self.on_progress is not None and due:
            self._told = now
            total = len(self.state.spots)
            placed = sum(spot is not None for spot in self.best)
            if self.state.cost <= self.best_cost:
                placed = max(placed, self.state.placed)
            if all_placed:
                placed = total - sum(
                    spot is None for m, spot in enumerate(self.best) if m not in self.free
                )
            cost = min(self.best_cost, self.state.cost, self.best_cost if cost is None else cost)
            self.on_progress(
                Progress(
                    elapsed=now,
                    steps=self.budget.steps,
                    placed=placed,
                    unplaced=total - placed,
                    cost=cost,
                    bound=self.bound,
                )
            )
