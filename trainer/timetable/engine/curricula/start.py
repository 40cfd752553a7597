"""A first timetable without violations, or the proof that there is none.

Slots come from an exact model of the hard rules over (course, slot); rooms from a matching in each
slot. Where courses may use only some rooms and a slot's matching fails, the model learns why (more
courses than the rooms that they may use) and is solved again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from trainer.timetable.engine.curricula.form import BLOCKED, Form, Ints

WORK_SECONDS: Final = 60.0
"""The exact solver's own measure of work, at most so much: the same on every machine."""
LEAST_SECONDS: Final = 1.0
"""However little time there is, a start is looked for so long."""
LOOK_SECONDS: Final = 0.05
MANY_PLACES: Final = 100
"""With more places the first that fit are taken: annealing soon knows better."""


@dataclass(frozen=True, slots=True)
class Start:
    """The first timetable (slots and places by meeting), or why there is none."""

    status: Literal["feasible", "infeasible", "unknown"]
    slots: Ints
    places: Ints


def find_start(
    form: Form,
    *,
    seed: int = 0,
    seconds: float | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Start:
    """Return a timetable without violations; ``seconds`` limits the search for it."""
    # takes more than a second to import, and only this needs it
    from ortools.sat.python import cp_model

    began = time.perf_counter()
    nothing = np.zeros(0, np.int64)
    model = cp_model.CpModel()
    at = _slots_model(form, model)
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed % (2**31 - 1)
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = WORK_SECONDS
    # its own handler would leave Ctrl-C to the system's default afterwards: an end without a word
    solver.parameters.catch_sigint_signal = False
    while True:
        if seconds is not None:
            left = seconds - (time.perf_counter() - began)
            solver.parameters.max_time_in_seconds = max(left, LEAST_SECONDS)
        status = _solve(solver, model, should_stop)
        if status == cp_model.INFEASIBLE:
            return Start("infeasible", nothing, nothing)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Start("unknown", nothing, nothing)
        slots = _read_slots(form, at, solver)
        places, crowded = _house(form, slots)
        if not crowded:
            return Start("feasible", slots, places)
        for courses, rooms in crowded:
            for slot in range(form.open.shape[1]):
                inside = [at[k, slot] for k in courses if (k, slot) in at]
                if len(inside) > rooms:
                    model.add(sum(inside) <= rooms)


def _solve(solver: Any, model: Any, should_stop: Callable[[], bool] | None) -> Any:
    """Run the exact solver in a thread, so that a wish to stop is heard meanwhile."""
    if should_stop is None:
        return solver.solve(model)
    status: list[Any] = []
    thread = threading.Thread(target=lambda: status.append(solver.solve(model)))
    thread.start()
    while thread.is_alive():
        thread.join(LOOK_SECONDS)
        if should_stop():
            solver.stop_search()
    return status[0]


def _slots_model(form: Form, model: Any) -> dict[tuple[int, int], Any]:
    """Write which kind is in which slot: as often as it meets, clashing never, room for all."""
    kinds, slots = form.open.shape
    at = {
        (k, s): model.new_bool_var("")
        for k in range(kinds)
        for s in range(slots)
        if form.open[k, s]
    }
    for kind in range(kinds):
        mine = [at[kind, s] for s in range(slots) if form.open[kind, s]]
        model.add(sum(mine) == int(form.first[kind + 1] - form.first[kind]))
    cliques = _cliques(form)
    for slot in range(slots):
        for clique in cliques:
            here = [at[k, slot] for k in clique if (k, slot) in at]
            if len(here) > 1:
                model.add_at_most_one(here)
        here = [at[k, slot] for k in range(kinds) if (k, slot) in at]
        if len(here) > len(form.site):
            model.add(sum(here) <= len(form.site))
    return at


def _cliques(form: Form) -> list[tuple[int, ...]]:
    """Return sets of kinds that all clash with each other, every clash in one of them."""
    kinds = form.open.shape[0]
    clash = [
        {
            other
            for other in range(kinds)
            if other != kind and int(form.clash[kind, other >> 6]) >> (other & 63) & 1
        }
        for kind in range(kinds)
    ]
    missing = {(one, other) for one in range(kinds) for other in clash[one] if one < other}
    cliques = []
    while missing:
        one, other = min(missing)
        clique = [one, other]
        common = clash[one] & clash[other]
        while common:
            # the kind that leaves most candidates makes the largest sets
            best = max(common, key=lambda k: (len(clash[k] & common), -k))
            clique.append(best)
            common &= clash[best]
        cliques.append(tuple(sorted(clique)))
        missing -= {(a, b) for a in clique for b in clique if a < b}
    return cliques


def _read_slots(form: Form, at: dict[tuple[int, int], Any], solver: Any) -> Ints:
    kinds, slots = form.open.shape
    found = [
        slot
        for kind in range(kinds)
        for slot in range(slots)
        if (kind, slot) in at and solver.boolean_value(at[kind, slot])
    ]
    return np.array(found, np.int64)


def _house(form: Form, slots: Ints) -> tuple[Ints, list[tuple[list[int], int]]]:
    """Return a place for every meeting, and sets of kinds that are too many for their places."""
    places = np.full(len(slots), -1, np.int64)
    crowded = []
    for slot in range(form.open.shape[1]):
        meetings = [int(m) for m in np.flatnonzero(slots == slot)]
        held: dict[int, int] = {}
        # who has least choice goes first
        for meeting in sorted(meetings, key=lambda m: int(form.place_count[form.kind_of[m]])):
            seen: set[int] = set()
            if not _match(form, meeting, held, seen):
                crowded.append((_confined(form, seen), len(seen)))
        if not crowded:
            _house_cheaply(form, meetings, held)
        for place, meeting in held.items():
            places[meeting] = place
    return places, crowded


def _house_cheaply(form: Form, meetings: list[int], held: dict[int, int]) -> None:
    """Exchange the places of a slot's meetings for those that cost least together."""
    # takes more than a second to import, and only this needs it
    from ortools.graph.python import linear_sum_assignment

    count = len(form.site)
    if not meetings or count > MANY_PLACES:
        return
    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    for row in range(count):
        # rows beyond the meetings stand for places that stay empty
        kind = form.kind_of[meetings[row]] if row < len(meetings) else -1
        for place in range(count):
            cost = 0 if kind < 0 else int(form.place_cost[kind, place])
            if cost < BLOCKED:
                solver.add_arc_with_cost(row, place, cost)
    if solver.solve() != solver.OPTIMAL:
        return
    held.clear()
    for row, meeting in enumerate(meetings):
        held[solver.right_mate(row)] = meeting


def _match(form: Form, meeting: int, held: dict[int, int], seen: set[int]) -> bool:
    """Find a place for a meeting, moving others on where that helps (augmenting path)."""
    for place in _allowed(form, form.kind_of[meeting]):
        if place not in seen:
            seen.add(place)
            if place not in held or _match(form, held[place], held, seen):
                held[place] = meeting
                return True
    return False


def _allowed(form: Form, kind: int) -> Sequence[int]:
    places: Sequence[int] = form.places[kind, : form.place_count[kind]].tolist()
    return places


def _confined(form: Form, places: set[int]) -> list[int]:
    """Return the kinds that may use none but these places."""
    return [
        kind
        for kind in range(form.open.shape[0])
        if all(
            form.place_cost[kind, p] >= BLOCKED for p in range(len(form.site)) if p not in places
        )
    ]
