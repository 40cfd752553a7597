"""Solving an instance: a feasible start, then rounds of annealing on every core.

The start comes from the exact model; after it no timetable with a violation is ever visited. Each
round lets the temperature fall on every core with another seed; the best of a round, the lowest
cost and then the first seed, is where the next, cooler one begins. With a limit of work and none of
time the result depends on nothing but instance, formulation, seed and number of cores.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from trainer.timetable.engine.annealing.crew import Crew
from trainer.timetable.engine.annealing.plan import Found, Round
from trainer.timetable.engine.annealing.ready import get_ready
from trainer.timetable.engine.curricula.compile import compile_form, lectures_of, lower_bound
from trainer.timetable.engine.curricula.form import Form, Ints
from trainer.timetable.engine.curricula.instance import Instance
from trainer.timetable.engine.curricula.score import (
    FORMULATIONS,
    Formulation,
    Lecture,
    Score,
    score,
)
from trainer.timetable.engine.curricula.start import find_start
from trainer.timetable.engine.solution import Limits, OnProgress, Progress, ShouldStop

CORES: Final = 2
CORE: Final = "curricula"
ROUNDS_OF_CORE: Final = "trainer.timetable.engine.curricula.rounds"
NO_LIMITS: Final = Limits()
UD2: Final = FORMULATIONS["UD2"]
WORK: Final = 10_000_000
"""Proposals made where nobody sets a limit."""

LONG_WORK: Final = 1_000_000
"""Fewer proposals than these are made in this process, whatever the number of cores."""
LATE_SECONDS: Final = 0.5
"""A worker that did not end its round by itself is asked to so much later."""

#: Share of the budget, temperature at its beginning and at its end, of each round.
ROUNDS: Final = ((0.7, 5.0, 0.2), (0.3, 1.0, 0.2))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a solve found: a timetable without violations with its score, or why there is none.

    ``bound`` is a proven lower bound of the cost, ``steps`` how many proposals were made.
    """

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    timetable: tuple[Lecture, ...]
    score: Score | None
    seconds: float
    first_seconds: float
    steps: int
    bound: int = 0


def solve_instance(
    instance: Instance,
    formulation: Formulation = UD2,
    limits: Limits = NO_LIMITS,
    *,
    cores: int = CORES,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Outcome:
    """Return the best timetable of an instance that the limits allow."""
    return _Solve(instance, formulation, limits, cores, on_progress, should_stop).run()


class _Solve:
    """One solve: its clock, its budget, and the best timetable so far."""

    def __init__(
        self,
        instance: Instance,
        formulation: Formulation,
        limits: Limits,
        cores: int,
        on_progress: OnProgress | None,
        should_stop: ShouldStop | None,
    ) -> None:
        self.began = time.monotonic()
        self.instance = instance
        self.formulation = formulation
        self.limits = limits
        self.cores = max(1, cores)
        self.work = limits.work
        if limits.work is None and limits.seconds is None:
            self.work = WORK
        self.ends = None if limits.seconds is None else self.began + limits.seconds
        self.on_progress = on_progress
        self.should_stop = should_stop
        self.first_seconds = 0.0
        self.steps = 0
        self.cost = 0
        self.bound = 0
        self.slots: Ints
        self.places: Ints

    def run(self) -> Outcome:
        """Start, improve, judge."""
        form = compile_form(self.instance, self.formulation)
        crew = Crew(self.cores, ROUNDS_OF_CORE) if self._is_long() else None
        try:
            start = find_start(
                form,
                seed=self.limits.seed,
                seconds=self.limits.seconds,
                should_stop=self.should_stop,
            )
            self.first_seconds = time.monotonic() - self.began
            if start.status != "feasible":
                return self._outcome(form, start.status)
            self.slots, self.places = start.slots, start.places
            self.cost = self._judge(form).total
            self._tell(self.cost, 0)
            self.bound = lower_bound(form)
            if self.cost > self.bound and not self.stopped() and self.work != 0:
                self._improve(form, crew)
        finally:
            if crew is not None:
                crew.close()
        return self._outcome(form, "feasible")

    def _is_long(self) -> bool:
        """Say whether other processes are worth their seconds of getting ready."""
        return self.cores > 1 and (self.work is None or self.work >= LONG_WORK)

    def stopped(self) -> bool:
        """Say whether to stop: the time is over, or somebody asked."""
        if self.ends is not None and time.monotonic() >= self.ends:
            return True
        return self.should_stop is not None and self.should_stop()

    def _improve(self, form: Form, crew: Crew | None) -> None:
        begin = time.monotonic()
        share_done = 0.0
        for number, (share, hot, cold) in enumerate(ROUNDS):
            share_done += share
            if self.cost <= self.bound or self.stopped():
                return
            ends = None if self.ends is None else begin + (self.ends - begin) * share_done
            workers = [0] if crew is None or not crew.alive else crew.alive
            plans = {
                worker: self._plan(number, worker, share, hot, cold, ends, len(workers))
                for worker in workers
            }
            found = self._run_round(form, crew, plans)
            for each in found.values():
                self.steps += each.proposals
            if not found:
                continue
            best = min(found, key=lambda worker: (found[worker].cost, worker))
            if found[best].cost <= self.cost:
                self.cost = found[best].cost
                self.slots, self.places = found[best].at
            self._tell(self.cost, 0)

    def _plan(
        self,
        number: int,
        worker: int,
        share: float,
        hot: float,
        cold: float,
        ends: float | None,
        workers: int,
    ) -> Round:
        return Round(
            seed=(self.limits.seed * len(ROUNDS) + number) * self.cores + worker,
            hot=hot,
            cold=cold,
            at=np.stack([self.slots, self.places]).astype(np.int64),
            proposals=None if self.work is None else max(1, int(self.work * share / workers)),
            ends=ends,
        )

    def _run_round(
        self, form: Form, crew: Crew | None, plans: dict[int, Round]
    ) -> dict[int, Found]:
        made: dict[int, int] = {}
        costs: dict[int, int] = {}

        def heard(worker: int, cost: int, proposals: int) -> None:
            made[worker], costs[worker] = proposals, cost
            self._tell(min(self.cost, *costs.values()), sum(made.values()))

        if crew is not None and crew.alive:
            ends = max(
                (plan.ends for plan in plans.values() if plan.ends is not None), default=None
            )

            def stopped() -> bool:
                late = ends is not None and time.monotonic() > ends + LATE_SECONDS
                return late or self._asked()

            found: dict[int, Found] = crew.run(form, plans, heard, stopped)
            if found or crew.alive:
                return found
            # no process could be kept alive: this one does the work of the first
            plans = {worker: plan for worker, plan in plans.items() if worker == min(plans)}
        try:
            get_ready(CORE, patience=0.0)
            # numba takes a second to import, and mostly other processes do it
            from trainer.timetable.engine.curricula.rounds import run_round
        except Exception:  # noqa: BLE001 - without the core there is still the start
            return {}

        def tell(cost: int, proposals: int) -> bool:
            heard(0, cost, proposals)
            return self._asked()

        return {worker: run_round(form, plan, tell) for worker, plan in plans.items()}

    def _asked(self) -> bool:
        """Say whether somebody asked to stop; a round knows its own end."""
        return self.should_stop is not None and self.should_stop()

    def _tell(self, cost: int, running: int) -> None:
        if self.on_progress is not None:
            self.on_progress(
                Progress(
                    elapsed=time.monotonic() - self.began,
                    steps=self.steps + running,
                    placed=self.instance.lectures,
                    unplaced=0,
                    cost=cost,
                )
            )

    def _judge(self, form: Form) -> Score:
        return score(self.instance, lectures_of(form, self.slots, self.places), self.formulation)

    def _outcome(self, form: Form, status: Literal["feasible", "infeasible", "unknown"]) -> Outcome:
        feasible = status == "feasible"
        judged = self._judge(form) if feasible else None
        # the scorer shares no code with the core: what they agree on is right
        assert judged is None or (judged.violations, judged.total) == (0, self.cost)
        return Outcome(
            status="optimal" if judged is not None and judged.total <= self.bound else status,
            timetable=lectures_of(form, self.slots, self.places) if feasible else (),
            score=judged,
            seconds=time.monotonic() - self.began,
            first_seconds=self.first_seconds,
            steps=self.steps,
            bound=self.bound,
        )
