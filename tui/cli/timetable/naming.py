"""What people call classes, courses, venues, teachers and periods, for lines that codes came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from trainer.desk import Desk
    from trainer.timetable.facts import Key
    from trainer.timetable.reasons import Place


@dataclass(frozen=True, slots=True)
class Names:
    """The names by their codes; what has none is called by its code."""

    classes: Mapping[str, str]
    courses: Mapping[str, str]
    venues: Mapping[str, str]
    teachers: Mapping[str, str]
    periods: Mapping[str, str]

    def meeting(self, key: Key) -> dict[str, str | int]:
        """Return the titles of a meeting's class and course, and which meeting of it it is."""
        class_, course, seq = key
        return {
            "class_": self.classes.get(class_, class_),
            "course": self.courses.get(course, course),
            "seq": seq,
        }

    def when(self, date: dt.date, period: str) -> str:
        """Return a day and a period."""
        return f"{date.isoformat()} {self.periods.get(period, period)}"

    def rooms(self, codes: Sequence[str | None]) -> str:
        """Return the venues of a meeting, each once."""
        names = (self.venues.get(code, code) if code else "-" for code in codes)
        return "/".join(dict.fromkeys(names))

    def place(self, place: Place) -> str:
        """Return day, period, venues and teacher of a place."""
        teacher = place.teacher
        words = (
            self.when(place.date, place.period),
            self.rooms(place.venues),
            self.teachers.get(teacher, teacher) if teacher else "-",
        )
        return " ".join(words)


def read_names(here: Desk) -> Names:
    """Read what everything is called at the moment."""
    # the tables are imported only by those who need them
    from sqlalchemy import select

    from db.tables import Course, Teacher, TrainingClass, Venue
    from db.work import table_of

    periods = {period.code: period.label or period.code for period in here.office().periods}
    found = []
    with here.reading() as session:
        for model, column in (
            (TrainingClass, "title"), (Course, "title"), (Venue, "name"), (Teacher, "name"),
        ):  # fmt: skip
            table = table_of(model)
            rows = session.connection().execute(select(table.c.code, table.c[column]))
            found.append({code: name for code, name in rows})  # noqa: C416 - rows, not pairs
    classes, courses, venues, teachers = found
    return Names(classes, courses, venues, teachers, periods)
