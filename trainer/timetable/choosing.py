"""Choosing sessions by class, day, teacher and venue, as locks and parts of a plan do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from db.tables import TrainingSession
from trainer.errors import Refused
from trainer.timetable.facts import Facts


@dataclass(frozen=True, slots=True)
class Selection:
    """Sessions of any of these classes, on any of these days, and so on; blank sets no limit.

    What is given of several kinds must all hold: a class and a day are its sessions of that day.
    """

    classes: tuple[str, ...] = ()
    days: tuple[dt.date, ...] = ()
    teachers: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.classes or self.days or self.teachers or self.venues)

    def takes(self, row: TrainingSession) -> bool:
        """Tell whether a session is chosen; nothing is where nothing is given."""
        return bool(self) and all(
            not wanted or value in wanted
            for wanted, value in (
                (self.classes, row.class_code),
                (self.days, row.date),
                (self.teachers, row.teacher),
                (self.venues, row.venue),
            )
        )


def refuse_unknown_choice(facts: Facts, selection: Selection) -> None:
    """Raise Refused for a class, teacher or venue that the office does not have."""
    for code in _missing(selection.classes, facts.classes):
        raise Refused(
            "there is no class “{code}”; “trainer export DIR” writes them all into classes.csv",
            code=code,
        )
    for code in _missing(selection.teachers, facts.teachers):
        raise Refused("there is no teacher “{code}”; see the codes in teachers.csv", code=code)
    for code in _missing(selection.venues, facts.venues):
        raise Refused("there is no venue “{code}”; see the codes in venues.csv", code=code)


def _missing(codes: Iterable[str], known: Iterable[str]) -> list[str]:
    held = set(known)
    return [code for code in codes if code not in held]
