"""Solving the office's timetable: read, build, solve, store, as one act."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from db.setup import prepare
from trainer.desk import Desk
from trainer.phrases import Phrase
from trainer.timetable.apply import Stored, apply_placements
from trainer.timetable.build import Built, build_problem
from trainer.timetable.engine.problem import Problem
from trainer.timetable.engine.solution import Limits, OnProgress, ShouldStop, Solution, Status
from trainer.timetable.facts import Key, read_facts
from trainer.timetable.steps import record_step


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A class's meeting that has no place, and why."""

    key: Key
    message: Phrase

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        class_code, course, seq = self.key
        return {"class": class_code, "course": course, "seq": seq, "message": self.message.text()}


@dataclass(frozen=True, slots=True)
class Solved:
    """What a solve came to; ``placed`` and ``unplaced`` count sessions, one for each class.

    ``cost`` is the whole timetable's by rule, and ``bound`` a proven lower bound of its sum.
    """

    status: Status
    placed: int
    unplaced: tuple[LeftOut, ...]
    cost: Mapping[str, int]
    bound: int | None
    seconds: float
    stopped: bool
    stored: Stored
    scenario: str | None = None

    @property
    def asked(self) -> bool:
        """Tell whether there was anything to place."""
        return bool(self.placed or self.unplaced or self.stored.changed)

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        scenario = {"scenario": self.scenario} if self.scenario is not None else {}
        return {
            "status": self.status,
            "placed": self.placed,
            "unplaced": [each.document() for each in self.unplaced],
            "cost": dict(self.cost),
            "bound": self.bound,
            "seconds": round(self.seconds, 3),
            **scenario,
        }


NOTHING_TO_PLACE: Final = Solved("optimal", 0, (), {}, 0, 0.0, stopped=False, stored=Stored())


def solve_timetable(
    desk: Desk,
    *,
    classes: Collection[str] = (),
    limits: Limits | None = None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Solved:
    """Put every meeting of the approved classes (or of ``classes``) on date, place and teacher.

    Sessions that are locked, held or have attendance stay as they are. When ``should_stop`` says
    so, the best found so far is stored. Where there is nothing to place, nothing is stored.
    """
    today = desk.clock.today()
    prepare(desk.url)
    with desk.reading() as session:
        built = build_problem(read_facts(session), today, chosen=classes)
    if not built.drafts and not built.surplus:
        return NOTHING_TO_PLACE
    solution = solve_built(built, limits, on_progress=on_progress, should_stop=should_stop)
    with desk.writing("timetable solve") as work:
        stored = apply_placements(work, built, decided(built, solution), today)
        work.note(
            "solve",
            "timetable",
            solution.status,
            placed=solution.placed,
            inserted=stored.inserted,
            updated=stored.updated,
            deleted=stored.deleted,
            cost=solution.total,
        )
        if stored.changed:
            record_step(work, "solve")
        work.commit()
    return solved_from(built, solution, stored)


def solve_built(
    built: Built,
    limits: Limits | None = None,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Solution:
    """Solve what was built from the tables; never worse than what stands there already.

    With a limit of work the search itself starts from nothing, so that its result depends on no
    earlier solve; what stands there is then kept unless the new timetable is better.
    """
    # the solver's own imports are slow, and nothing else needs them
    from trainer.timetable.engine.explain import proved
    from trainer.timetable.engine.solve import solve

    limits = limits or Limits()
    problem = built.problem if limits.work is None else _without_drafts(built)
    solution = solve(
        problem, limits, only=built.movable, on_progress=on_progress, should_stop=should_stop
    )
    if problem is not built.problem:
        stands = solve(built.problem, Limits(work=0, seed=limits.seed), only=built.movable)
        if stands.total <= solution.total:
            seconds = stands.seconds + solution.seconds
            solution = replace(stands, seconds=seconds, stopped=solution.stopped)
    return proved(built.problem, solution, should_stop=should_stop)


def _without_drafts(built: Built) -> Problem:
    """Return the problem as if what may move and was never published had no place yet.

    The same seed and work then give the same result, whatever an earlier solve has left behind.
    """
    meetings = tuple(
        replace(meeting, stored=None)
        if number in built.movable and not meeting.published
        else meeting
        for number, meeting in enumerate(built.problem.meetings)
    )
    same = meetings == built.problem.meetings
    return built.problem if same else replace(built.problem, meetings=meetings)


def decided(built: Built, solution: Solution) -> dict[int, Any]:
    """Return the placements that are to be stored: those of what may move or lacks a session."""
    return {
        number: solution.placements[number]
        for number, draft in enumerate(built.drafts)
        if number in built.movable
        or (
            solution.placements[number] is not None
            and any(share.session is None for share in draft.shares)
        )
    }


def solved_from(built: Built, solution: Solution, stored: Stored) -> Solved:
    """Return what a solution came to, in the office's words."""
    left = [
        LeftOut(share.key, each.message)
        for each in solution.unplaced
        for share in built.drafts[each.meeting].shares
    ]
    troubled = [
        LeftOut(share.key, draft.trouble)
        for draft in built.drafts
        if draft.trouble is not None
        for share in draft.shares
        if share.session is None
    ]
    placed = sum(
        len(draft.shares)
        for number, draft in enumerate(built.drafts)
        if solution.placements[number] is not None
    )
    return Solved(
        status="infeasible" if troubled else solution.status,
        placed=placed,
        unplaced=(*left, *troubled),
        cost=solution.cost,
        bound=solution.bound,
        seconds=solution.seconds,
        stopped=solution.stopped,
        stored=stored,
    )
