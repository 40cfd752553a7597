"""Who and what is the same, or part of the same: halls and their parts, people of several roles.

All of it follows from the facts; each relation is empty where an office has nothing of the kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from trainer.timetable.engine.problem import Member, Problem

Kin = Mapping[int, tuple[int, ...]]


def wholes_of(problem: Problem, venue: int) -> Iterator[int]:
    """Yield the venues of which a venue is a part, the nearest first; circles end."""
    seen = {venue}
    whole = problem.venues[venue].part_of
    while whole is not None and whole not in seen:
        yield whole
        seen.add(whole)
        whole = problem.venues[whole].part_of


def hall_kin(problem: Problem) -> Kin:
    """Return for each venue those it is a part of, and those that are parts of it, at any depth.

    None of them can be used while it is. A venue without such kin has no entry.
    """
    kin: dict[int, set[int]] = defaultdict(set)
    for venue, facts in enumerate(problem.venues):
        if facts.part_of is not None:
            for whole in wholes_of(problem, venue):
                kin[venue].add(whole)
                kin[whole].add(venue)
    return {venue: tuple(sorted(those)) for venue, those in kin.items()}


def same_people(problem: Problem) -> Kin:
    """Return for each teacher the other teachers who are the same person, where there are any."""
    names: dict[int, list[int]] = defaultdict(list)
    for teacher, facts in enumerate(problem.teachers):
        if facts.person is not None:
            names[facts.person].append(teacher)
    return {
        teacher: tuple(other for other in those if other != teacher)
        for those in names.values()
        if len(those) > 1
        for teacher in those
    }


def seats_of_teachers(problem: Problem) -> Mapping[int, tuple[tuple[int, Member], ...]]:
    """Return for each teacher who is a trainee, too, the classes and the memberships in them."""
    persons = {each.person for each in problem.teachers} - {None}
    if not persons:
        return {}
    seats: dict[int, list[tuple[int, Member]]] = defaultdict(list)
    for index, class_ in enumerate(problem.classes):
        for member in class_.members:
            if member.person in persons:
                seats[member.person].append((index, member))
    return {
        teacher: tuple(seats[facts.person])
        for teacher, facts in enumerate(problem.teachers)
        if facts.person is not None and facts.person in seats
    }
