"""Solving: from a problem to the best timetable that the limits allow.

What is locked, or not among ``only``, stays where it is stored. The rest is put back where it was
stored as far as that is allowed, and built; what then has no place goes to the annealing core and
to the exact model, which either places it or proves that this is impossible. The core
(``offices``), in a process for each core of the machine, makes the whole better; where the budget
is too small for it, or until it is ready, ``search`` does; ``stiffen`` has the last word where an
office prefers sturdier timetables. Whatever is returned has passed the checker: a meeting that
moved breaks no hard rule.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.annealing.crew import Crew
from trainer.timetable.engine.check import check_placements, cost_by_rule
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.effect import breaches, group_of
from trainer.timetable.engine.exact import twin_key
from trainer.timetable.engine.offices.polish import Polish, helpers_for
from trainer.timetable.engine.problem import Placement, Problem
from trainer.timetable.engine.repair import repair
from trainer.timetable.engine.search import COLD, HOT, Budget, Search
from trainer.timetable.engine.solution import (
    Finding,
    Limits,
    OnProgress,
    ShouldStop,
    Solution,
    Status,
    Unplaced,
)
from trainer.timetable.engine.state import State
from trainer.timetable.engine.stiffen import limits_before, stiffen
from trainer.timetable.engine.tables import NO_TEACHER, Spot, Tables

NO_LIMITS: Final = Limits()
MANY_MEETINGS: Final = 30
"""Fewer meetings than these are soon settled without other processes."""
STEPS_PER_MEETING: Final = 150
"""The budget where nobody sets a limit: steps for each movable meeting."""
REPAIR_TURNS: Final = 400
"""How many turns of the search try to place what building could not; more where more moves."""
REPAIR_SHARE: Final = 0.35
"""How much of what is left these turns may take, so that there is some for the exact model."""

NO_START = mark("no day and period of its window suits it")
NO_ROOM = mark("no place suits its size and needs")
UNFIT_VENUE = mark(
    "the syllabus fixes {venue} for it, which does not suit its size or needs; fix another place, "
    "or take it away from syllabus.csv"
)
NO_TEACHER_FREE = mark("its teachers are never available in its window")
NO_OVERLAP = mark("its places and teachers are never available together in its window")
NO_ROUND = mark("its stops cannot all be visited within its time, or one of them is too small")
NEVER_OPEN = mark("its places are never open and free at a time of its window")
TAKEN = mark("what it needs is taken by others")
PROVED = mark("it is proved that not everything fits at once")


def solve(
    problem: Problem,
    limits: Limits = NO_LIMITS,
    *,
    only: Collection[int] | None = None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Solution:
    """Place every meeting that may move; see the module for how.

    ``only`` lists the meetings that may move (all by default); locked ones never do.
    """
    movable, frozen = _split(problem, only)
    if limits.seconds is None and limits.work is None:
        work = STEPS_PER_MEETING * max(len(movable), 10)
        limits = Limits(work=work, seed=limits.seed)
    budget = Budget(limits, should_stop)
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    for placement in frozen.values():
        spot = tables.spot_of(placement)
        if spot is not None:
            state.place(placement.meeting, spot)
    hopeless = {m: why for m in movable if (why := why_never(tables, m)) is not None}
    tables.forget(hopeless)
    hopeful = [m for m in movable if m not in hopeless]
    bound = lower_bound(state, movable, hopeless)
    search = Search(state, hopeful, budget, on_progress=on_progress, bound=bound)
    search.keep_stored()
    search.build()
    budget.limits = limits_before(search)
    _make_room(search, hopeful)
    # not before: getting ready takes the processors that building needs
    crew = helpers_for(limits) if len(movable) >= MANY_MEETINGS and not search.done() else None
    try:
        proved = _settle(search, hopeful, crew) or bool(hopeless)
        _improve(search, crew)
    finally:
        if crew is not None:
            crew.close()
    budget.limits = limits
    stiffen(search)
    search.tell(always=True)
    return _result(search, frozen, hopeless, movable, proved=proved)


def _split(
    problem: Problem, only: Collection[int] | None
) -> tuple[list[int], dict[int, Placement]]:
    chosen = None if only is None else set(only)
    movable: list[int] = []
    frozen: dict[int, Placement] = {}
    for index, meeting in enumerate(problem.meetings):
        if chosen is not None and index not in chosen:
            if meeting.stored is not None:
                frozen[index] = meeting.stored
        elif meeting.locked and meeting.stored is not None:
            frozen[index] = meeting.stored
        else:
            movable.append(index)
    return movable, frozen


def why_never(tables: Tables, meeting: int) -> Phrase | None:
    """Return why a meeting has no place even in an empty timetable, None if it may have one."""
    starts = tables.starts[meeting]
    if not starts:
        return phrase(NO_START)
    if not all(tables.rooms[meeting]):
        return _no_room(tables, meeting)
    length = tables.lengths[meeting]
    taught = 0
    for teacher in tables.teachers[meeting]:
        taught |= starts if teacher < 0 else starts & tables.teacher_starts(teacher, length)
    if not taught:
        return phrase(NO_TEACHER_FREE)
    for rooms in tables.rooms[meeting]:
        open_ = 0
        for venue, accredited in rooms:
            free = accredited if venue < 0 else accredited & tables.venue_starts(venue, length)
            open_ |= free
        taught &= open_
    if taught:
        return None
    return phrase(NEVER_OPEN if tables.teachers[meeting] == (NO_TEACHER,) else NO_OVERLAP)


def _no_room(tables: Tables, meeting: int) -> Phrase:
    parts = tables.problem.meetings[meeting].parts
    for part, rooms in zip(parts, tables.rooms[meeting], strict=True):
        if not rooms and tables.problem.courses[part.course].stops and tables.rooms_for(part):
            return phrase(NO_ROUND)
        if not rooms and part.fixed_venue is not None:
            return phrase(UNFIT_VENUE, venue=tables.problem.venues[part.fixed_venue].name)
    return phrase(NO_ROOM)


def lower_bound(state: State, movable: Collection[int], hopeless: Collection[int]) -> int:
    """Return a cost that no timetable of these facts can be below."""
    moving = set(movable)
    total = 0
    for meeting, spot in enumerate(state.spots):
        if meeting not in moving:
            total += (
                state.costs.unplaced[meeting] if spot is None else state.costs.own(meeting, spot)
            )
        elif meeting in hopeless:
            total += state.costs.unplaced[meeting]
        else:
            total += min(state.costs.least(meeting), state.costs.unplaced[meeting])
    certain = moving.difference(hopeless)
    return total + sum(
        _practice_first(state, members, certain) for members in state.tables.of_class
    )


def _practice_first(state: State, members: Collection[int], certain: Collection[int]) -> int:
    """Return what a class must pay because practice is ordered before all of its theory.

    Or because one of its meetings has no place, whichever is less. A class whose meetings are not
    all its own and free to move is left aside.
    """
    costs, meetings = state.costs, state.problem.meetings
    if any(m not in certain or len(meetings[m].parts) > 1 for m in members):
        return 0
    course = {m: meetings[m].parts[0].course for m in members}
    theory = {m for m in members if costs.theory[course[m]]}
    if not theory:
        return 0
    first = [
        m
        for m in members
        if m not in theory and costs.practice[course[m]] and theory.issubset(state.tables.after[m])
    ]
    least = min(max(0, costs.unplaced[m] - costs.least(m)) for m in members)
    return min(costs.weight["theory_first"] * len(first), least)


def _make_room(search: Search, hopeful: Sequence[int]) -> None:
    """Place what building could not, by search alone: a turn takes milliseconds."""
    enough = _share_of_the_rest(search)
    for _ in range(max(REPAIR_TURNS, len(hopeful) // 2)):
        if not _missing(search, hopeful) or search.budget.over():
            break
        if search.budget.spent() > enough:
            break
        search.turn(HOT)
    search.tell(always=True)


def _share_of_the_rest(search: Search) -> float:
    """Return how much of the budget may be spent when a share of what is left now is.

    Of the rest and not of the whole: on a busy machine building alone may take most of the time.
    """
    spent = min(search.budget.spent(), 1.0)
    return spent + REPAIR_SHARE * (1 - spent)


def _missing(search: Search, hopeful: Sequence[int]) -> list[int]:
    return [m for m in hopeful if search.state.spots[m] is None]


def _settle(search: Search, hopeful: list[int], crew: Crew | None) -> bool:
    """Place what is still missing: by the core, then exactly; say if more is proved impossible."""
    enough = _share_of_the_rest(search)
    while crew is not None and _missing(search, hopeful):
        if search.budget.over() or search.budget.spent() > enough:
            break
        if _is_ready(search, crew):
            Polish(search, crew).place_missing()
            break
        search.turn(HOT)
    search.restore_best()
    missing = _missing(search, hopeful)
    if not missing or search.budget.over():
        return False
    return repair(search, hopeful, missing)


def _improve(search: Search, crew: Crew | None) -> None:
    """Make the timetable better for as long as the budget lasts: by the core once it is ready."""
    if crew is not None:
        while not (search.done() or search.budget.over() or _is_ready(search, crew)):
            search.turn(COLD)
        if search.done() or search.budget.over():
            return
        if crew.alive:
            Polish(search, crew).improve()
    search.improve()


def _is_ready(search: Search, crew: Crew) -> bool:
    """Say whether to turn to the core: with a limit of time, as soon as a process is ready.

    Without one the result must not depend on when that is.
    """
    return search.budget.limits.seconds is None or not crew.alive or crew.ready()


def _result(
    search: Search,
    frozen: Mapping[int, Placement],
    hopeless: Mapping[int, Phrase],
    movable: Collection[int],
    *,
    proved: bool,
) -> Solution:
    state, budget = search.state, search.budget
    spots = _in_order_of_time(state, movable)
    placements: list[Placement | None] = [
        None if spot is None else state.tables.placement_of(m, spot) for m, spot in enumerate(spots)
    ]
    for meeting, placement in frozen.items():
        placements[meeting] = placement
    findings = _accept(state.problem, placements, set(movable))
    cost = cost_by_rule(state.problem, findings)
    missing = [m for m in movable if placements[m] is None]
    total = sum(cost.values())
    status: Status = "feasible"
    if missing:
        status = "infeasible" if proved else "partial"
    elif search.bound is not None and total <= search.bound:
        status = "optimal"
    return Solution(
        status=status,
        placements=tuple(placements),
        unplaced=tuple(
            Unplaced(m, m in hopeless, hopeless.get(m, phrase(PROVED if proved else TAKEN)))
            for m in missing
        ),
        cost=cost,
        total=total,
        bound=search.bound,
        seconds=budget.elapsed(),
        steps=budget.steps,
        stopped=budget.stopped,
    )


def _in_order_of_time(state: State, movable: Collection[int]) -> list[Spot | None]:
    """Return all spots, those of interchangeable meetings given out in the order of time."""
    spots = list(state.spots)
    twins: dict[object, list[int]] = defaultdict(list)
    for meeting in movable:
        key = twin_key(state, meeting)
        if key is not None and spots[meeting] is not None:
            twins[key].append(meeting)
    for meetings in twins.values():
        held = sorted((spot for m in meetings if (spot := spots[m]) is not None), key=_start)
        for meeting, spot in zip(sorted(meetings), held, strict=True):
            spots[meeting] = spot
    return spots


def _start(spot: Spot) -> int:
    return spot.start


def _accept(
    problem: Problem, placements: list[Placement | None], movable: set[int]
) -> tuple[Finding, ...]:
    """Let the checker look, and take out what moved and breaks a hard rule, if anything does.

    What stays as it is may break a rule that an office made hard: what makes it no worse may stay.
    """
    given: Counter[tuple[str, int]] | None = None
    while True:
        findings = check_placements(problem, placements)
        now = breaches(problem, findings)
        if now and given is None:
            stays = [None if m in movable else place for m, place in enumerate(placements)]
            given = breaches(problem, check_placements(problem, stays))
        guilty = Counter(
            meeting
            for finding in findings
            if finding.hard and not _is_given(problem, finding, now, given)
            for meeting, _ in finding.touches
            if meeting in movable and placements[meeting] is not None
        )
        if not guilty:
            return findings
        worst = max(guilty, key=lambda m: (guilty[m], m))
        placements[worst] = None


def _is_given(
    problem: Problem,
    finding: Finding,
    now: Mapping[tuple[str, int], int],
    given: Mapping[tuple[str, int], int] | None,
) -> bool:
    """Say whether what stays as it is breaks a soft rule made hard as much by itself."""
    group = group_of(problem, finding)
    return bool(given and finding.cost and now[group] <= given.get(group, 0))
