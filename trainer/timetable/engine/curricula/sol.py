"""Timetables as files: one line ``course room day period`` for each lecture, counted from 0."""

from __future__ import annotations

from collections.abc import Iterable

from trainer.errors import Refused
from trainer.timetable.engine.curricula.instance import Instance
from trainer.timetable.engine.curricula.score import Lecture, Timetable

WORDS = 4


def write_sol(instance: Instance, timetable: Timetable) -> str:
    """Return a timetable as the text of a ``.sol`` file, by course, day and period."""
    return "".join(
        f"{instance.courses[course].code} {instance.rooms[room].code} {day} {period}\n"
        for course, room, day, period in sorted(
            timetable, key=lambda x: (x.course, x.day, x.period, x.room)
        )
    )


def read_sol(instance: Instance, text: str) -> tuple[Lecture, ...]:
    """Read a ``.sol`` file; raises Refused for the first line that is none of this instance."""
    courses = {course.code: index for index, course in enumerate(instance.courses)}
    rooms = {room.code: index for index, room in enumerate(instance.rooms)}
    lectures = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        known = len(words) == WORDS and words[0] in courses and words[1] in rooms
        if not (
            known
            and _is_below(words[2], range(instance.days))
            and _is_below(words[3], range(instance.periods))
        ):
            raise Refused(
                "line {line}: “{text}” does not name a course, a room, a day and a period of this "
                "instance; correct the line",
                line=number,
                text=line.strip(),
            )
        lectures.append(Lecture(courses[words[0]], rooms[words[1]], int(words[2]), int(words[3])))
    return tuple(lectures)


def _is_below(word: str, allowed: Iterable[int]) -> bool:
    return word.isascii() and word.isdigit() and int(word) in allowed
