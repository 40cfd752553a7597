"""The independent checker: every rule that a timetable breaks, hard and soft, from facts alone.

It knows nothing of the solver and never trusts it: it reads sessions as they are stored, foreign,
incomplete or wrong ones included, and compares them with the problem's facts.
"""

from __future__ import annotations

from collections.abc import Iterable

from trainer.timetable.engine.check.clashes import clashes
from trainer.timetable.engine.check.places import full_places
from trainer.timetable.engine.check.single import singles
from trainer.timetable.engine.check.soft import hard_wishes, soft_findings
from trainer.timetable.engine.check.view import Facts, View, see
from trainer.timetable.engine.problem import Placement, Problem, Sitting, sittings_of
from trainer.timetable.engine.rules import HARD_IDS, RULES, rules_in_force
from trainer.timetable.engine.solution import Finding

__all__ = [
    "Checker",
    "blocking_findings",
    "check",
    "check_placements",
    "cost_by_rule",
    "hard_findings",
]

_ORDER = {name: place for place, name in enumerate(RULES)}


class Checker:
    """A checker of one problem, to be asked again and again."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._facts = Facts(problem)

    @property
    def made_hard(self) -> tuple[str, ...]:
        """Return the soft rules that the office made hard."""
        return self._facts.made_hard

    def check(self, sittings: Iterable[Sitting]) -> tuple[Finding, ...]:
        """Return every finding about these sessions, hard ones first, in the registry's order."""
        view = View(self._facts, [see(self.problem, each) for each in sittings])
        found = [*hard_findings(view), *soft_findings(view, self._facts.rules)]
        return tuple(sorted(found, key=lambda f: (not f.hard, _ORDER[f.rule], f.touches)))

    def hard(self, sittings: Iterable[Sitting]) -> tuple[Finding, ...]:
        """Return the findings of hard rules alone, and of soft ones that the office made hard."""
        return blocking_findings(View(self._facts, [see(self.problem, each) for each in sittings]))

    def hard_about(self, meeting: int, sittings: Iterable[Sitting]) -> tuple[Finding, ...]:
        """Return the same as far as they touch one meeting."""
        seens = [see(self.problem, each) for each in sittings]
        own = [seen for seen in seens if seen.sitting.meeting == meeting]
        found = blocking_findings(View(self._facts, seens, own))
        return tuple(f for f in found if any(other == meeting for other, _ in f.touches))


def hard_findings(view: View) -> tuple[Finding, ...]:
    """Return the findings of the contract's hard rules about a view."""
    return (*clashes(view), *full_places(view), *singles(view))


def blocking_findings(view: View) -> tuple[Finding, ...]:
    """Return those, and the findings of soft rules that the office made hard."""
    return (*hard_findings(view), *hard_wishes(view))


def check(problem: Problem, sittings: Iterable[Sitting]) -> tuple[Finding, ...]:
    """Return every finding about these sessions, hard ones first, in the order of the registry."""
    return Checker(problem).check(sittings)


def check_placements(
    problem: Problem, placements: Iterable[Placement | None]
) -> tuple[Finding, ...]:
    """Return every finding about these placements; None stands for a meeting without a place."""
    return check(problem, _sittings(problem, placements))


def cost_by_rule(problem: Problem, findings: Iterable[Finding]) -> dict[str, int]:
    """Return the weighted cost of the soft rules by id, those without cost included."""
    rules = rules_in_force(problem.rules)
    cost = {name: 0 for name, rule in rules.items() if rule.level == "soft"}
    for finding in findings:
        if not finding.hard and finding.rule not in HARD_IDS:
            cost[finding.rule] += finding.cost * rules[finding.rule].weight
    return cost


def _sittings(problem: Problem, placements: Iterable[Placement | None]) -> list[Sitting]:
    return [
        sitting
        for placement in placements
        if placement is not None
        for sitting in sittings_of(problem, placement)
    ]
