"""What of a problem stands whatever the timetable: how long classes may last, and fair shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from math import ceil

from trainer.timetable.engine.problem import Problem, TrainingClass


def span_limit(class_: TrainingClass, inside: list[date]) -> int | None:
    """Return how many days a class may last: ``max_days``, or more where fixed dates alone need it.

    ``inside`` are the class's fixed dates within its window; one outside it is not counted, neither
    here nor in the span.
    """
    if class_.max_days is None:
        return None
    return max(class_.max_days, (max(inside) - min(inside)).days + 1 if inside else 0)


def fixed_days(problem: Problem, without: Collection[int] = ()) -> dict[int, list[date]]:
    """Return for each class the dates inside its window that the syllabus fixes.

    Meetings in ``without`` are left aside.
    """
    found: dict[int, list[date]] = defaultdict(list)
    for index, meeting in enumerate(problem.meetings):
        if meeting.fixed_day is not None and index not in without:
            for part in meeting.parts:
                if counts_in_span(problem.classes[part.class_], meeting.fixed_day):
                    found[part.class_].append(meeting.fixed_day)
    return found


def counts_in_span(class_: TrainingClass, day: date) -> bool:
    """Say whether a day lies in the class's window, which is where its span is counted."""
    return (class_.earliest is None or class_.earliest <= day) and (
        class_.latest is None or day <= class_.latest
    )


def fair_shares(problem: Problem) -> dict[int, int]:
    """Return each teacher's fair share of the meetings that leave a choice, rounded up.

    Every such meeting counts as an equal part for each of the course's teachers.
    """
    if problem.shares is not None:
        return dict(problem.shares)
    shares: dict[int, float] = defaultdict(float)
    for meeting in problem.meetings:
        teachers = problem.courses[meeting.parts[0].course].teachers
        if meeting.fixed_teacher is None and len(teachers) > 1:
            for teacher in teachers:
                shares[teacher] += 1 / len(teachers)
    return {teacher: ceil(share - 1e-9) for teacher, share in shares.items()}
