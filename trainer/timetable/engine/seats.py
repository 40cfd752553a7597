"""Which venues are too small for what a class needs, at its exams and else."""

from __future__ import annotations

from collections.abc import Iterator

from trainer.timetable.engine.problem import Part, Problem, sits_exam

Small = tuple[int, str, bool, int, int]
"""Seats, name, whether those are seats at exams, number of the venue, and people."""


def too_small(problem: Problem, index: int) -> list[Small]:
    """Return what cannot hold the meetings of a class, first what would do if it were larger.

    A venue that is too small for its other meetings, too, is named for those.
    """

    def rank(each: Small) -> tuple[bool, Small]:
        return could_serve(problem, index, each[3]), each

    return sorted(_too_small(problem, index), key=rank, reverse=True)


def _too_small(problem: Problem, index: int) -> Iterator[Small]:
    needed = {False: 0, True: 0}
    for meeting in problem.meetings:
        if any(part.class_ == index for part in meeting.parts):
            people = sum(problem.classes[part.class_].size for part in meeting.parts)
            exam = sits_exam(problem, meeting)
            needed[exam] = max(needed[exam], people)
    for place, venue in enumerate(problem.venues):
        for exam, people in needed.items():
            if not venue.holds(people, exam=exam):
                own = exam and venue.exam_capacity is not None
                yield venue.seats(exam=exam) or 0, venue.name, own, place, people
                break


def could_serve(problem: Problem, index: int, place: int) -> bool:
    """Say whether a class could meet in a venue if only it were large enough."""
    return any(
        part.class_ == index and part.fixed_venue in {None, place} and suits(problem, part, place)
        for meeting in problem.meetings
        for part in meeting.parts
    )


def suits(problem: Problem, part: Part, place: int) -> bool:
    """Say whether a venue is of the kind, and among those, that a part's course and class name."""
    course, class_ = problem.courses[part.course], problem.classes[part.class_]
    return (
        (not course.kinds or problem.venues[place].kind in course.kinds)
        and (not course.venues or place in course.venues)
        and (not class_.venues or place in class_.venues)
    )
