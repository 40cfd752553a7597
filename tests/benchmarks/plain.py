"""The plain model to beat: one boolean for each meeting, start, venue and teacher, given to CP-SAT.

It knows the hard rules, and of the soft ones what a product variable can carry by itself (the cost
of a spot) and the rooms of a class; it is what one would write first, and it is solved whole.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from trainer.timetable.engine.check import check_placements, cost_by_rule
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.insert import bits
from trainer.timetable.engine.problem import Placement, Problem
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Spot, Tables


@dataclass(frozen=True, slots=True)
class Plain:
    """What the plain model came to."""

    seconds: float
    placed: int
    booleans: int
    cost: int
    hard: int


def solve_plain(problem: Problem, seconds: float, *, soft: bool) -> Plain:
    """Build and solve the plain model; with ``soft`` it minimises what its variables can carry."""
    from ortools.sat.python import cp_model

    started = time.perf_counter()
    tables = Tables(problem)
    costs = Costs(tables)
    model: Any = cp_model.CpModel()
    chosen = [_spots(tables, meeting) for meeting in range(len(problem.meetings))]
    literals = [[model.new_bool_var("") for _ in spots] for spots in chosen]
    at_class: dict[tuple[int, int], list[Any]] = defaultdict(list)
    at_teacher: dict[tuple[int, int], list[Any]] = defaultdict(list)
    at_venue: dict[tuple[int, int], list[Any]] = defaultdict(list)
    terms: list[Any] = []
    for meeting, (spots, mine) in enumerate(zip(chosen, literals, strict=True)):
        model.add_exactly_one(mine)
        for spot, literal in zip(spots, mine, strict=True):
            for tick in tables.ticks(meeting, spot.start):
                at_class[problem.meetings[meeting].parts[0].class_, tick].append(literal)
                at_teacher[spot.teacher, tick].append(literal)
                at_venue[spot.venues[0], tick].append(literal)
            if soft and (cost := costs.own(meeting, spot)):
                terms.append(cost * literal)
    _resources(model, problem, tables, at_class, at_teacher, at_venue)
    for class_, meetings in enumerate(tables.of_class):
        _class(model, tables, class_, meetings, chosen, literals)
        if soft:
            terms += _rooms(model, costs, meetings, chosen, literals)
    _teachers(model, tables, chosen, literals)
    if terms:
        model.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = max(seconds - (time.perf_counter() - started), 1)
    status = solver.solve(model)
    placements: list[Placement | None] = [None] * len(chosen)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        for meeting, (spots, mine) in enumerate(zip(chosen, literals, strict=True)):
            spot = next(
                s for s, literal in zip(spots, mine, strict=True) if solver.boolean_value(literal)
            )
            placements[meeting] = tables.placement_of(meeting, spot)
    findings = check_placements(problem, placements)
    return Plain(
        seconds=time.perf_counter() - started,
        placed=sum(p is not None for p in placements),
        booleans=sum(map(len, chosen)),
        cost=sum(cost_by_rule(problem, findings).values()),
        hard=sum(finding.hard for finding in findings),
    )


def _spots(tables: Tables, meeting: int) -> list[Spot]:
    length = tables.lengths[meeting]
    found = []
    for teacher in tables.teachers[meeting]:
        for venue, accredited in tables.rooms[meeting][0]:
            starts = tables.starts[meeting] & accredited
            if teacher != NO_TEACHER:
                starts &= tables.teacher_starts(teacher, length)
            if venue != NO_VENUE:
                starts &= tables.venue_starts(venue, length)
            found += [Spot(start, (venue,), teacher) for start in bits(starts)]
    return found


def _resources(  # noqa: C901 - one loop for each resource
    model: Any,
    problem: Problem,
    tables: Tables,
    at_class: dict[tuple[int, int], list[Any]],
    at_teacher: dict[tuple[int, int], list[Any]],
    at_venue: dict[tuple[int, int], list[Any]],
) -> None:
    for mine in at_class.values():
        model.add_at_most_one(mine)
    ticks = {key[1] for key in at_class}
    for class_, friends in enumerate(tables.friends):
        for friend, _ in friends:
            if friend > class_:
                for tick in ticks:
                    if (class_, tick) in at_class and (friend, tick) in at_class:
                        model.add_at_most_one(at_class[class_, tick] + at_class[friend, tick])
    for (teacher, _), mine in at_teacher.items():
        if teacher != NO_TEACHER:
            model.add_at_most_one(mine)
    for (venue, _), mine in at_venue.items():
        if venue != NO_VENUE:
            model.add(sum(mine) <= problem.venues[venue].parallel)


def _class(
    model: Any,
    tables: Tables,
    class_: int,
    meetings: list[int],
    chosen: list[list[Spot]],
    literals: list[list[Any]],
) -> None:
    start = {m: model.new_int_var(0, tables.days * tables.width, "") for m in meetings}
    for m in meetings:
        pairs = zip(chosen[m], literals[m], strict=True)
        model.add(start[m] == sum(spot.start * literal for spot, literal in pairs))
        for other in tables.before[m]:
            model.add(start[other] < start[m])
    span = tables.span[class_]
    if span is not None:
        first = model.new_int_var(0, tables.days, "")
        for m in meetings:
            pairs = zip(chosen[m], literals[m], strict=True)
            day = sum(spot.start // tables.width * literal for spot, literal in pairs)
            model.add(day >= first)
            model.add(day <= first + span[0] - 1)
    for one, other in combinations(meetings, 2):
        _journey(model, tables, (one, other), chosen, literals)


def _journey(
    model: Any,
    tables: Tables,
    pair: tuple[int, int],
    chosen: list[list[Spot]],
    literals: list[list[Any]],
) -> None:
    one, other = pair
    groups: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for spot, literal in zip(chosen[one], literals[one], strict=True):
        groups[spot.start, spot.venues[0]].append(literal)
    theirs: dict[int, dict[tuple[int, int], list[Any]]] = defaultdict(lambda: defaultdict(list))
    for spot, literal in zip(chosen[other], literals[other], strict=True):
        theirs[spot.start // tables.width][spot.start, spot.venues[0]].append(literal)
    for (start, venue), mine in groups.items():
        day, period = divmod(start, tables.width)
        near = {}
        tight: list[Any] = []
        for (begin, there), those in theirs[day].items():
            if there not in near:
                near[there] = tables.blocked(
                    tables.near(
                        period,
                        tables.lengths[one],
                        tables.need(there, venue),
                        tables.need(venue, there),
                    ),
                    tables.lengths[other],
                )
            if there != venue and near[there] >> begin % tables.width & 1:
                tight += those
        if tight:
            model.add_at_most_one([*mine, *tight])  # each side is already at most one


def _rooms(
    model: Any,
    costs: Costs,
    meetings: list[int],
    chosen: list[list[Spot]],
    literals: list[list[Any]],
) -> list[Any]:
    used: dict[int, list[Any]] = defaultdict(list)
    for m in meetings:
        for spot, literal in zip(chosen[m], literals[m], strict=True):
            if spot.venues[0] != NO_VENUE and costs.indoor[spot.venues[0]]:
                used[spot.venues[0]].append(literal)
    terms = []
    for mine in used.values():
        room = model.new_bool_var("")
        model.add_max_equality(room, mine)
        terms.append(costs.weight["one_room"] * room)
    return terms


def _teachers(
    model: Any, tables: Tables, chosen: list[list[Spot]], literals: list[list[Any]]
) -> None:
    weeks: dict[tuple[int, int], list[Any]] = defaultdict(list)
    days: dict[tuple[int, int], list[tuple[int, Spot, Any]]] = defaultdict(list)
    for m, spots in enumerate(chosen):
        for spot, literal in zip(spots, literals[m], strict=True):
            if spot.teacher != NO_TEACHER:
                day = spot.start // tables.width
                weeks[spot.teacher, tables.weeks[day]].append(literal)
                days[spot.teacher, day].append((m, spot, literal))
    for (teacher, _), mine in weeks.items():
        limit = tables.problem.teachers[teacher].max_per_week
        if limit is not None:
            model.add(sum(mine) <= limit)
    for those in days.values():
        for (m, spot, one), (n, there, other) in combinations(those, 2):
            if m != n and spot.venues != there.venues:
                period, begin = spot.start % tables.width, there.start % tables.width
                near = tables.near(
                    period,
                    tables.lengths[m],
                    tables.need(there.venues[0], spot.venues[0]),
                    tables.need(spot.venues[0], there.venues[0]),
                )
                if tables.blocked(near, tables.lengths[n]) >> begin & 1:
                    model.add_at_most_one([one, other])
