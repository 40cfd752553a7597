"""The timetable engine: pure, on frozen data, without any database; usable as a library.

What to call, and from where:

- ``trainer.timetable.engine.problem``: ``Problem`` and all that it consists of (``Calendar``,
  ``Period``, ``Venue``, ``Teacher``, ``Course``, ``TrainingClass``, ``Member``, ``Absence``,
  ``Meeting``, ``Part``), ``Placement`` (a meeting's place), ``Sitting`` (a stored session).
- ``trainer.timetable.engine.rules``: ``RULES``, ``Rule``, ``RuleSetting``, ``rules_in_force``.
- ``trainer.timetable.engine.solution``: ``Finding``, ``Limits``, ``Progress``, ``Unplaced``,
  ``Solution``.
- ``trainer.timetable.engine.solve``: ``solve(problem, limits=Limits(), *, only=None,
  on_progress=None, should_stop=None) -> Solution`` places everything (``only``: the meetings that
  may move; the others stay where they are stored, or away). ``should_stop()`` is asked often; when
  it says True the best found so far is returned.
- ``trainer.timetable.engine.check``: ``check(problem, sittings) -> tuple[Finding, ...]`` tells
  every hard and soft finding about stored sessions, however they came in;
  ``check_placements(problem, placements)`` the same for placements; ``cost_by_rule(problem,
  findings) -> dict[str, int]``.
- ``why.why``, ``explain.explain``, ``replan.replan``, ``suggest.suggest`` of this package: what
  stands in the way, why something has no place, mending with the fewest changes, and the best
  places for one session; see those modules.

``ortools`` and ``numba`` are imported only when a solve needs them.
"""
