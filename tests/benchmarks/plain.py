"""The plain model to beat: one boolean for each meeting, start, venue and teacher, given to CP-SAT.

It is what one would write first, and it is solved whole, by two workers. ``plain_hard`` holds its
hard rules, ``plain_soft`` the soft ones; what it returns is judged by the engine's own checker.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

from tests.benchmarks.plain_hard import Hard
from tests.benchmarks.plain_soft import Soft
from trainer.timetable.engine.check import check_placements, cost_by_rule
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.problem import Placement, Problem
from trainer.timetable.engine.tables import Spot, Tables

WORKERS: Final = 2


@dataclass(frozen=True, slots=True)
class Plain:
    """What the plain model came to; costs and hard rules broken are the checker's figures.

    ``found`` is when its first timetable was there, building included. ``objective`` is what the
    model itself says of its cost, and ``bound`` what it has proved. ``processor`` are the seconds
    of both workers and of building.
    """

    booleans: int
    building: float
    solving: float
    processor: float
    found: float | None
    placed: int
    hard: int
    cost: int | None
    objective: int | None
    bound: int | None
    proved: bool


def solve_plain(problem: Problem, seconds: float, *, soft: bool, seed: int = 0) -> Plain:
    """Build and solve the plain model; ``seconds`` are those of the solver, building not counted.

    With ``soft`` it looks for the cheapest timetable, else for any.
    """
    from ortools.sat.python import cp_model

    started, processor = time.perf_counter(), time.process_time()
    tables = Tables(problem)
    model = Hard(tables)
    if soft:
        Soft(model, Costs(tables))
    building = time.perf_counter() - started
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.random_seed = seed
    # tried out: by its usual settings the solver takes half as long again until its first timetable
    solver.parameters.max_presolve_iterations = 1
    solver.parameters.cp_model_probing_level = 0
    if not soft:
        solver.parameters.linearization_level = 0
    times: list[float] = []

    class Watch(cp_model.CpSolverSolutionCallback):
        """Notes when the first timetable is there."""

        def on_solution_callback(self) -> None:
            """Be told of a timetable."""
            times.append(time.perf_counter() - started)

    begun = time.perf_counter()
    status = solver.solve(model.writer.model, Watch())
    solving = time.perf_counter() - begun
    processor = time.process_time() - processor
    solved = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    placements = _placements(model, solver) if solved else [None] * len(problem.meetings)
    findings = check_placements(problem, placements)
    return Plain(
        booleans=model.writer.count,
        building=building,
        processor=processor,
        solving=solving,
        found=times[0] if times else None,
        placed=sum(each is not None for each in placements),
        hard=sum(finding.hard for finding in findings),
        cost=sum(cost_by_rule(problem, findings).values()) if solved else None,
        objective=round(solver.objective_value) if solved and soft else None,
        bound=round(solver.best_objective_bound) if soft else None,
        proved=status in (cp_model.OPTIMAL, cp_model.INFEASIBLE),
    )


def _placements(model: Hard, solver: Any) -> list[Placement | None]:
    """Return what the solver chose."""
    placements: list[Placement | None] = [None] * len(model.problem.meetings)
    values = solver.response_proto.solution
    rows = zip(
        model.all.literal.tolist(),
        model.all.meeting.tolist(),
        model.all.start.tolist(),
        model.all.venue.tolist(),
        model.all.teacher.tolist(),
        strict=True,
    )
    for literal, meeting, start, venue, teacher in rows:
        if values[literal]:
            venues = (venue,) * len(model.problem.meetings[meeting].parts)
            placements[meeting] = model.tables.placement_of(meeting, Spot(start, venues, teacher))
    return placements
