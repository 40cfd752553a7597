"""Which venues are too small for what a class needs, at its exams and else."""

from __future__ import annotations

from collections.abc import Iterator

from trainer.timetable.engine.problem import Problem, sits_exam


def too_small(problem: Problem, index: int) -> Iterator[tuple[int, str, bool, int, int]]:
    """Yield what cannot hold the meetings of a class: seats, name, if at exams, number, people.

    A venue that is too small for its other meetings, too, is named for those.
    """
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
