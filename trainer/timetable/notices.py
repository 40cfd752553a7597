"""Whom a publication concerns, and the short text that tells each of them what it means to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from db.tables import PublishedSession, Teacher
from trainer.office import Office
from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.changes import Change, clock_times
from trainer.timetable.facts import Facts, Membership

#: More new sessions of one class than this are told in one sentence.
SEPARATELY: Final = 3
MANY: Final = mark(
    "{class_}: {count} new sessions from {first} to {last}; the first is {course} at {time}, "
    "{place}"
)
NO_PLACE: Final = phrase("no place given")


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell one trainee or teacher; ``code`` is of the person, else of the teacher."""

    kind: str
    code: str
    name: str
    messages: tuple[Phrase, ...]

    def document(self) -> dict[str, Any]:
        """Return the notice as the command line prints it."""
        return {
            "kind": self.kind,
            "code": self.code,
            "name": self.name,
            "messages": [each.text() for each in self.messages],
        }


def notices_of(facts: Facts, changes: Sequence[Change]) -> tuple[Notice, ...]:
    """Return a notice for everybody whom the changes concern, trainees first, by their codes."""
    trainees = _by_trainee(facts, changes)
    teachers = _by_teacher(changes)
    found = [
        Notice("person", code, facts.names.get(code, code), _messages(facts.office, concerned))
        for code, concerned in sorted(trainees.items())
    ]
    for code, concerned in sorted(teachers.items()):
        teacher = facts.teachers.get(code)
        messages = _messages(facts.office, concerned)
        found.append(Notice(*_addressee(code, teacher), messages))
    return tuple(found)


def _addressee(code: str, teacher: Teacher | None) -> tuple[str, str, str]:
    if teacher is None:
        return "teacher", code, code
    if teacher.person:
        return "person", teacher.person, teacher.name
    return "teacher", code, teacher.name


def _by_trainee(facts: Facts, changes: Iterable[Change]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        told: set[str] = set()
        for membership in facts.members.get(change.after.class_code, ()):
            if membership.person not in told and _concerns(membership, change):
                told.add(membership.person)
                found[membership.person].append(change)
    return found


def _concerns(membership: Membership, change: Change) -> bool:
    days = {change.after.date, (change.before or change.after).date}
    return any(membership.covers(day) for day in days)


def _by_teacher(changes: Iterable[Change]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        before = change.before.teacher if change.before else None
        for code in sorted({change.after.teacher or "", before or ""} - {""}):
            found[code].append(change)
    return found


def _messages(office: Office, changes: Sequence[Change]) -> tuple[Phrase, ...]:
    return tuple(_told(office, changes))


def _told(office: Office, changes: Sequence[Change]) -> Iterator[Phrase]:
    new: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        if change.kinds == ("added",):
            new[change.after.class_code].append(change)
    for those in new.values():
        if len(those) > SEPARATELY:
            yield _many(office, [change.after for change in those])
        else:
            yield from (sentence for change in those for sentence in change.sentences(office))
    for change in changes:
        if change.kinds != ("added",):
            yield from change.sentences(office)


def _many(office: Office, states: Sequence[PublishedSession]) -> Phrase:
    first = min(states, key=lambda state: state.start)
    return phrase(
        MANY,
        class_=first.facts.get("class_title", first.class_code),
        count=len(states),
        first=first.date.isoformat(),
        last=max(state.date for state in states).isoformat(),
        course=first.facts.get("course_title", first.course),
        time=clock_times(first, office),
        place=first.facts.get("venue_name") or NO_PLACE,
    )
