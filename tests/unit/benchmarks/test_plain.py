"""The plain model is a fair opponent: it keeps the hard rules and counts costs as they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.benchmarks.plain import Plain, solve_plain
from tests.benchmarks.plain_hard import Hard, grouped
from tests.factories.timetables import office_year
from trainer.timetable.engine.problem import Problem
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.tables import Tables

SECONDS = 60.0


def first_classes(count: int) -> Problem:
    """Return the first classes of a small year, with their meetings."""
    problem = office_year(0.1)
    meetings = tuple(m for m in problem.meetings if m.parts[0].class_ < count)
    return replace(problem, classes=problem.classes[:count], meetings=meetings)


@pytest.fixture(scope="module")
def plain() -> Plain:
    """Three classes by the plain model, with the soft rules, solved to the end."""
    return solve_plain(first_classes(3), SECONDS, soft=True)


def test_it_places_everything_and_breaks_no_hard_rule() -> None:
    found = solve_plain(first_classes(4), SECONDS, soft=False)
    assert (found.placed, found.hard) == (32, 0)


def test_what_it_says_of_the_cost_is_what_the_checker_finds(plain: Plain) -> None:
    assert plain.proved
    assert (plain.placed, plain.hard) == (24, 0)
    assert plain.cost == plain.objective == plain.bound


def test_the_engine_is_no_worse_than_its_optimum(plain: Plain) -> None:
    solution = solve(first_classes(3), Limits(work=3_000))
    assert plain.cost is not None
    assert solution.total == plain.cost


def test_every_combination_that_the_facts_allow_has_one_boolean() -> None:
    problem = first_classes(1)
    tables = Tables(problem)
    columns = Hard(tables).all
    rows = set(
        zip(
            columns.meeting.tolist(),
            columns.start.tolist(),
            columns.venue.tolist(),
            columns.teacher.tolist(),
            strict=True,
        )
    )
    assert len(rows) == len(columns.literal)
    expected = {
        (meeting, start, venue, teacher)
        for meeting, length in enumerate(tables.lengths)
        for venue, cells in tables.rooms[meeting][0]
        for teacher in tables.teachers[meeting]
        for start in range(tables.days * tables.width)
        if (
            tables.starts[meeting]
            & cells
            & tables.venue_starts(venue, length)
            & (tables.all_cells if teacher < 0 else tables.teacher_starts(teacher, length))
        )
        >> start
        & 1
    }
    assert rows == expected


def test_grouping_keeps_the_order_of_the_keys() -> None:
    columns = Hard(Tables(first_classes(1))).all
    groups = list(grouped((columns.meeting, columns.start), columns.literal))
    assert [key for key, _ in groups] == sorted(key for key, _ in groups)
    assert sum(len(literals) for _, literals in groups) == len(columns.literal)


def squeezed() -> Problem:
    """Return classes that must crowd from a Tuesday to a Thursday, so that travel costs, too."""
    problem = first_classes(3)
    classes = []
    for class_ in problem.classes:
        assert class_.earliest is not None
        tuesday = class_.earliest + timedelta(days=(1 - class_.earliest.weekday()) % 7)
        last = tuesday + timedelta(days=2)
        classes.append(replace(class_, earliest=tuesday, latest=last, max_days=3, knowledge=False))
    return replace(problem, classes=tuple(classes), absences=())


def test_costs_agree_where_classes_are_crowded() -> None:
    problem = squeezed()
    found = solve_plain(problem, SECONDS, soft=True)
    assert (found.placed, found.hard) == (len(problem.meetings), 0)
    assert found.cost == found.objective
    solution = solve(problem, Limits(work=3_000))
    assert {rule for rule, cost in solution.cost.items() if cost} == {
        "travel",
        "room_fits",
        "theory_first",
    }
    if found.proved:
        assert solution.total == found.cost
