"""Why a meeting cannot be placed: the smallest set of facts that forbid it, and what would help.

The meetings that cannot be placed together are found first, then the facts about them that matter.
Both are minimal: taking any one away makes the rest possible, and each such step is decided by the
exact model. What would help is then tried, cheapest first, on the whole timetable: only what lets
the meeting in without putting another one out is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.check.view import SESSION_TITLE
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.extract import MARGIN_DAYS, restrict, widened
from trainer.timetable.engine.facts import Fact, facts_about
from trainer.timetable.engine.lifting import ways_without
from trainer.timetable.engine.model import Model
from trainer.timetable.engine.problem import Placement, Problem
from trainer.timetable.engine.relax import COSTS, Relaxation, relaxations
from trainer.timetable.engine.repair import surroundings
from trainer.timetable.engine.search import Budget, Search
from trainer.timetable.engine.solution import Limits, ShouldStop, Solution, Unplaced
from trainer.timetable.engine.solve import why_never
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Tables
from trainer.timetable.engine.telling import listed, tell

CIRCLES: Final = (1, 6, 12, 25, 50, 100)
"""How many meetings are looked at together for a contradiction, growing."""
EFFORT: Final = 5.0
"""CP-SAT's deterministic time for one decision."""
PROOF_WORK: Final = 1_000_000
PROVED_MOST: Final = 20
"""How many meetings that were left out are looked at alone."""

NOT_PROVED = mark("{meeting} has no place; that it is impossible could not be proved in time")
ALONE = mark("what is asked of it alone is a contradiction; “trainer timetable explain” names it")
CANNOT = mark("{meeting} cannot be placed")
CANNOT_WITH = mark("{meeting} cannot be placed together with {other}")
CANNOT_TOGETHER = mark("{meeting} cannot be placed together with {count} others")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact of an explanation, in words."""

    fact: Fact
    message: Phrase


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a meeting has no place: meetings that cannot all be placed, and the facts that forbid it.

    The facts named suffice, whatever else holds; ``minimal`` says that without any one of them, or
    of the meetings, the others were proved to be possible.
    Positions in ``reasons`` refer to the problem restricted to ``meetings``, in their order.
    """

    meeting: int
    message: Phrase
    meetings: tuple[int, ...] = ()
    reasons: tuple[Reason, ...] = ()
    minimal: bool = False
    relaxations: tuple[Relaxation, ...] = ()


def explain(
    problem: Problem,
    placements: Sequence[Placement | None],
    meeting: int,
    *,
    limits: Limits | None = None,
    should_stop: ShouldStop | None = None,
    with_relaxations: bool = True,
    margin: int = MARGIN_DAYS,
    costs: Mapping[str, int] = COSTS,
) -> Explanation:
    """Explain why a meeting that has no place among these placements cannot get one.

    Days up to ``margin`` beyond the windows are looked at for what would help. ``costs`` says for
    each kind of fact what changing it costs the office.
    """
    budget = Budget(limits or Limits(seconds=60), should_stop)
    problem = widened(problem, margin=margin)
    oracle = _Oracle(budget)
    meetings = _together(problem, placements, meeting, oracle)
    if meetings is None:
        return Explanation(meeting, phrase(NOT_PROVED, meeting=meeting_name(problem, meeting)))
    small = restrict(problem, meetings)
    facts, minimal = _why(small, oracle, costs)
    found = Explanation(
        meeting=meeting,
        message=_headline(problem, meeting, [m for m in meetings if m != meeting]),
        meetings=meetings,
        reasons=tuple(Reason(fact, tell(small, fact)) for fact in facts),
        minimal=minimal,
    )
    if not with_relaxations:
        return found

    def again(changed: Problem) -> tuple[Sequence[int], Sequence[Fact]] | None:
        found = _together(changed, placements, meeting, oracle)
        if found is None:
            return None
        return found, _why(restrict(changed, found), oracle, costs)[0]

    helps = relaxations(problem, placements, meeting, meetings, facts, budget, costs, again)
    return replace(found, relaxations=helps)


def proved(
    problem: Problem, solution: Solution, *, should_stop: ShouldStop | None = None
) -> Solution:
    """Return a partial solution as infeasible where a meeting left out is impossible even alone.

    Each is looked at in an otherwise empty timetable, with a limit of work: the result depends on
    the problem alone.
    """
    if solution.status != "partial":
        return solution
    oracle = _Oracle(Budget(Limits(work=PROOF_WORK), should_stop))
    wide = widened(problem)
    known: dict[int, Unplaced] = {}
    for each in solution.unplaced[:PROVED_MOST]:
        if oracle.impossible(restrict(wide, [each.meeting])):
            known[each.meeting] = replace(each, impossible=True, message=phrase(ALONE))
    if not known:
        return solution
    unplaced = tuple(known.get(each.meeting, each) for each in solution.unplaced)
    return replace(solution, status="infeasible", unplaced=unplaced)


def _headline(problem: Problem, meeting: int, others: Sequence[int]) -> Phrase:
    name = meeting_name(problem, meeting)
    if not others:
        return phrase(CANNOT, meeting=name)
    if len(others) == 1:
        return phrase(CANNOT_WITH, meeting=name, other=meeting_name(problem, others[0]))
    return phrase(CANNOT_TOGETHER, meeting=name, count=len(others))


def meeting_name(problem: Problem, meeting: int) -> Phrase:
    """Return a meeting's name: its course and classes, and which of several it is."""
    parts = problem.meetings[meeting].parts
    classes = dict.fromkeys(problem.classes[part.class_].title for part in parts)
    return phrase(
        SESSION_TITLE,
        course=problem.courses[parts[0].course].title,
        class_=listed(list(classes)),
        seq=parts[0].seq,
    )


class _Oracle:
    """Decides whether all meetings of a small problem can be placed."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.unsure = False

    def impossible(self, problem: Problem) -> bool:
        """Say whether it is proved that not all meetings can be placed."""
        if self.budget.over():
            self.unsure = True
            return False
        tables = Tables(problem)
        free = []
        state = State(tables, Costs(tables))
        for index, meeting in enumerate(problem.meetings):
            if meeting.locked and meeting.stored is not None:
                spot = tables.spot_of(meeting.stored)
                if spot is not None:
                    state.place(index, spot)
            else:
                free.append(index)
        if any(why_never(tables, m) is not None for m in free):
            return True
        if self._easy(state, free):
            return False
        model = Model(state, free, required=True, pinned={})
        outcome = model.solve(self.budget, effort=EFFORT).outcome
        if outcome == "unknown":
            self.unsure = True
        return outcome == "infeasible"

    def _easy(self, state: State, free: list[int]) -> bool:
        """Say whether plain building places all meetings; the state is left as it was."""
        search = Search(state, free, Budget(Limits(work=50 * len(free)), self.budget.should_stop))
        search.build()
        placed = [m for m in free if state.spots[m] is not None]
        for meeting in placed:
            state.remove(meeting)
        return len(placed) == len(free)


def _contradiction(
    problem: Problem, placements: Sequence[Placement | None], meeting: int, oracle: _Oracle
) -> list[int] | None:
    """Return a meeting and placed ones around it that cannot all be placed, or None.

    Those that are placed fit together, so that any contradiction is about the meeting.
    """
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    for placement in placements:
        spot = None if placement is None else tables.spot_of(placement)
        if placement is not None and spot is not None and placement.meeting != meeting:
            state.place(placement.meeting, spot)
    everything = {m for m, spot in enumerate(state.spots) if spot is not None} | {meeting}
    for size in CIRCLES:
        circle = surroundings(state, meeting, everything, size)
        if oracle.impossible(restrict(problem, circle)):
            return circle
        if len(circle) == len(everything) or len(circle) < size:
            break
    return None


def _together(
    problem: Problem, placements: Sequence[Placement | None], meeting: int, oracle: _Oracle
) -> tuple[int, ...] | None:
    """Return a smallest set of meetings, the given one among them, that cannot all be placed."""
    circle = _contradiction(problem, placements, meeting, oracle)
    if circle is None:
        return None
    oracle.unsure = False
    others = _shrink(
        [m for m in circle if m != meeting],
        lambda kept: oracle.impossible(restrict(problem, sorted({*kept, meeting}))),
    )
    return tuple(sorted({*others, meeting}))


def _why(small: Problem, oracle: _Oracle, costs: Mapping[str, int]) -> tuple[list[Fact], bool]:
    """Return the facts that make a small problem impossible, and whether none can be missed.

    Of two such sets, one that begins with what people can change and one that begins with what is
    given, the smaller is told, and of equally small ones that which is cheaper to change.
    """
    everything = facts_about(small)
    known: dict[frozenset[Fact], tuple[bool, bool]] = {}

    def impossible(facts: Sequence[Fact]) -> bool:
        held = frozenset(facts)
        if held not in known:
            oracle.unsure = False
            gone = [fact for fact in everything if fact not in held]
            never = all(oracle.impossible(each) for each in ways_without(small, gone))
            known[held] = never, oracle.unsure
        return known[held][0]

    def doubtful(facts: list[Fact]) -> bool:
        rests = (frozenset(facts[:n] + facts[n + 1 :]) for n in range(len(facts)))
        return any(known[rest][1] for rest in rests if rest in known)

    unsure = oracle.unsure
    choices = [_smallest(order, impossible) for order in (everything, everything[::-1])]
    best = min(choices, key=lambda facts: (len(facts), sum(costs[f.kind] for f in facts)))
    return sorted(best, key=everything.index), not unsure and not doubtful(best)


def _smallest(facts: list[Fact], impossible: Callable[[list[Fact]], bool]) -> list[Fact]:
    """Return a minimal impossible subset that prefers the earlier facts (QuickXplain)."""

    def needed(given: list[Fact], *, new: bool, open_: list[Fact]) -> list[Fact]:
        if new and impossible(given):
            return []
        if len(open_) == 1:
            return open_
        half = len(open_) // 2
        later = needed([*given, *open_[:half]], new=half > 0, open_=open_[half:])
        earlier = needed([*given, *later], new=bool(later), open_=open_[:half])
        return [*earlier, *later]

    found = needed([], new=True, open_=facts) if facts else []
    # one fact may say more when another is gone: then only dropping one by one is safe
    return _shrink(found if impossible(found) else facts[::-1], impossible)


def _shrink(items: list[T], impossible: Callable[[list[T]], bool]) -> list[T]:
    """Return a subset that stays impossible and of which nothing more can be taken away.

    Tries to drop runs of items before single ones, the first items first, until nothing changes:
    one fact may say more when another is gone.
    """
    kept = list(items)
    run = max(1, len(kept) // 2)
    while True:
        place, before = 0, len(kept)
        while place < len(kept):
            rest = kept[:place] + kept[place + run :]
            if impossible(rest):
                kept = rest
            else:
                place += run
        if run == 1 and len(kept) == before:
            return kept
        run = max(1, run // 2)
