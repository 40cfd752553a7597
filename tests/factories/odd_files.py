"""Instances of curriculum-based course timetabling with a timetable, in files of an odd layout."""

# ruff: noqa: S311 - a made-up instance is repeatable on purpose

from __future__ import annotations

from random import Random

from tests.factories.curricula import instance_text
from trainer.timetable.engine.curricula.instance import Course, Curriculum, Instance, Room

Taken = dict[int, set[tuple[int, int]]]
"""For each course the periods of its lectures in the timetable that is known."""


def odd_instance(seed: int) -> Instance:
    """Return an instance made around a timetable: from one course to sixty, of 1 to 100 rooms."""
    rng = Random(seed)
    days, periods = rng.choice(((1, 1), (1, 4), (2, 3), (5, 4), (5, 6), (6, 9), (7, 12), (3, 20)))
    rooms = rng.choice((1, 1, 2, 5, 18, 100))
    slots = [(day, period) for day in range(days) for period in range(periods)]
    left = dict.fromkeys(slots, rooms)
    taken: Taken = {}
    for course in range(rng.choice((1, 1, 2, 5, 20, 60))):
        free = [slot for slot in slots if left[slot]]
        chosen = rng.sample(free, min(len(free), rng.randint(1, 6)))
        for slot in chosen:
            left[slot] -= 1
        taken[course] = set(chosen)
    extended = rng.random() < 0.5
    courses = tuple(
        Course(
            f"c{course:04d}",
            _teacher(rng, taken, course),
            len(those),
            rng.randint(1, max(1, min(days, len(those)))),
            rng.choice((0, 1, 30, 250)),
            double=extended and rng.random() < 0.3,
        )
        for course, those in taken.items()
    )
    return Instance(
        name=rng.choice(("Odd", "Odd-1", "two words")),
        days=days,
        periods=periods,
        courses=courses,
        rooms=tuple(
            Room(f"r{room}", rng.choice((0, 20, 300)), str(room % 3) if extended else "")
            for room in range(rooms)
        ),
        curricula=_curricula(rng, taken),
        unavailable=frozenset(
            (course, *slot)
            for course, those in taken.items()
            for slot in slots
            if slot not in those and rng.random() < 0.2
        ),
        min_load=1 if extended else 0,
        max_load=periods,
        extended=extended,
    )


def _teacher(rng: Random, taken: Taken, course: int) -> str:
    """Return a teacher of one's own, or the teacher of the course before where both go together."""
    apart = course and taken[course].isdisjoint(taken[course - 1]) and course % 2
    return f"t{course - 1 if apart and rng.random() < 0.7 else course}"


def _curricula(rng: Random, taken: Taken) -> tuple[Curriculum, ...]:
    """Return groups of courses that never meet at once; there may be none at all."""
    groups = []
    for number in range(rng.choice((0, 0, 1, 4, 30))):
        group: list[int] = []
        for course in rng.sample(sorted(taken), min(len(taken), 6)):
            if all(taken[course].isdisjoint(taken[other]) for other in group):
                group.append(course)
        groups.append(Curriculum(f"q{number}", tuple(sorted(group))))
    return tuple(groups)


def odd_layout(instance: Instance, seed: int) -> bytes:
    """Return an instance as a file such as other programs, and people, may write it."""
    rng = Random(seed)
    comments = rng.random() < 0.5
    lines = []
    for line in instance_text(instance).splitlines():
        if comments and rng.random() < 0.1:
            lines.append(rng.choice(("# a note: it says nothing", "  // 1 2 3")))
        words = line.split()
        gap = rng.choice((" ", "\t", "   ", " \t"))
        lines.append(
            rng.choice(("", "", " ", "\t")) + gap.join(words) + rng.choice(("", " ", "\t"))
        )
        if rng.random() < 0.1:
            lines.append(rng.choice(("", "   ")))
    end = rng.choice(("\n", "\r\n"))
    mark = b"\xef\xbb\xbf" if rng.random() < 0.3 else b""
    return mark + (end.join(lines) + rng.choice(("", end, end * 3))).encode()
