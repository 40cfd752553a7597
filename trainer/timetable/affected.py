"""Whom changes of the timetable concern: classes, their people, teachers before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.timetable.build import Built
from trainer.timetable.engine.problem import Placement
from trainer.timetable.facts import Facts


@dataclass(frozen=True, slots=True)
class Affected:
    """Whom the changes concern, by their codes: each trainee and teacher is told once."""

    classes: tuple[str, ...]
    teachers: tuple[str, ...]
    people: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "classes": list(self.classes),
            "teachers": list(self.teachers),
            "people": list(self.people),
        }


@dataclass(frozen=True, slots=True)
class Touched:
    """A changed meeting: its classes, and its day and teacher before and after, where known."""

    classes: tuple[str, ...]
    stays: tuple[tuple[dt.date, str | None], ...]


def affected_by(facts: Facts, changes: Iterable[Touched]) -> Affected:
    """Return whom the changes concern, all together."""
    classes: set[str] = set()
    teachers: set[str] = set()
    people: set[str] = set()
    for change in changes:
        teachers.update(teacher for _, teacher in change.stays if teacher)
        classes.update(change.classes)
        people.update(
            member.person
            for code in change.classes
            for member in facts.members.get(code, ())
            if any(member.covers(day) for day, _ in change.stays)
        )
    return Affected(tuple(sorted(classes)), tuple(sorted(teachers)), tuple(sorted(people)))


def affected_by_places(built: Built, placements: Sequence[Placement]) -> Affected:
    """Return whom it concerns that meetings leave where they are stored for these places."""
    return affected_by(built.facts, [_touched(built, each) for each in placements])


def _touched(built: Built, placement: Placement) -> Touched:
    problem = built.problem
    before = problem.meetings[placement.meeting].stored
    return Touched(
        tuple(share.key[0] for share in built.drafts[placement.meeting].shares),
        tuple(
            (each.day, None if each.teacher is None else problem.teachers[each.teacher].code)
            for each in (before, placement)
            if each is not None
        ),
    )
