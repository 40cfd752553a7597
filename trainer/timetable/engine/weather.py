"""Sites in the open, and whether the facts give them a place for bad weather."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from trainer.phrases import mark
from trainer.timetable.engine.problem import Part, Problem, Venue

NO_PLAN_B = mark("{venue} is in the open and has no plan B: {one}")
OPEN_TOO = mark("{other}, the plan B of {venue}, is in the open, too: {one}")
TOO_FEW_SEATS = mark("{other}, the plan B of {venue}, has {seats} seats for {size} people: {one}")
NEVER_ACCREDITED = mark("{other}, the plan B of {venue}, is not accredited: {one}")
ROUND = mark("the visit of {venue} is in the open, and a round has no plan B: {one}")


def plan_b_fault(
    problem: Problem, parts: Sequence[Part], venue: int | None
) -> tuple[str, dict[str, object]] | None:
    """Return why parts that meet in a venue have no place for bad weather, None where they have.

    A template and its values, without ``one``. It is a matter of the facts, whatever the hour and
    whatever else is planned; what is under a roof needs no plan B.
    """
    for stop in (stop for part in parts for stop in problem.courses[part.course].stops):
        if problem.venues[stop].outdoor:
            return ROUND, {"venue": problem.venues[stop].name}
    if venue is None or not problem.venues[venue].outdoor:
        return None
    site = problem.venues[venue]
    if any(problem.courses[part.course].stops for part in parts):
        return ROUND, {"venue": site.name}
    if site.plan_b is None:
        return NO_PLAN_B, {"venue": site.name}
    return _unusable(problem, parts, site, problem.venues[site.plan_b])


def parts_without_plan_b(problem: Problem, meeting: int, venues: Sequence[int]) -> int:
    """Return how many parts of a meeting have no place for bad weather; nowhere is below 0."""
    there: dict[int, list[Part]] = defaultdict(list)
    for part, venue in zip(problem.meetings[meeting].parts, venues, strict=True):
        there[venue].append(part)
    return sum(
        len(parts)
        for venue, parts in there.items()
        if plan_b_fault(problem, parts, None if venue < 0 else venue) is not None
    )


def _unusable(
    problem: Problem, parts: Sequence[Part], site: Venue, other: Venue
) -> tuple[str, dict[str, object]] | None:
    values: dict[str, object] = {"venue": site.name, "other": other.name}
    if other.outdoor:
        return OPEN_TOO, values
    size = sum(problem.classes[part.class_].size for part in parts)
    exam = any(problem.courses[part.course].is_exam for part in parts)
    if not other.holds(size, exam=exam):
        return TOO_FEW_SEATS, {**values, "seats": other.seats(exam=exam), "size": size}
    if not other.accredited and any(problem.classes[part.class_].accredited for part in parts):
        return NEVER_ACCREDITED, values
    return None
