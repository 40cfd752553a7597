"""What differs between two publications of the timetable, session by session, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from db.tables import PublishedSession
from trainer.office import Office
from trainer.phrases import Phrase, mark, phrase

Kind = Literal["added", "moved", "venue", "teacher", "cancelled", "back", "renamed"]

#: The columns of a published state that make it what it is, besides its status.
TIME: Final = ("date", "period", "periods", "start", "end")

ADDED: Final = mark("new: {course} of {class_} on {date}, {time}, {place}")
MOVED: Final = mark("moved: {course} of {class_} from {old_date}, {old_time} to {date}, {time}")
VENUE: Final = mark("another place: {course} of {class_} on {date}, {time}: {place}")
TEACHER: Final = mark("another teacher: {course} of {class_} on {date}, {time}: {teacher}")
CANCELLED: Final = mark("cancelled: {course} of {class_} on {date}, {time}")
BACK: Final = mark("takes place after all: {course} of {class_} on {date}, {time}, {place}")
RENAMED: Final = mark("said anew: {course} of {class_} on {date}, {time}")
NO_PLACE: Final = phrase("no place given")
NO_TEACHER: Final = phrase("no teacher")


@dataclass(frozen=True, slots=True)
class Change:
    """How one session differs from what was published of it; ``before`` None is a new one."""

    kinds: tuple[Kind, ...]
    before: PublishedSession | None
    after: PublishedSession

    def sentences(self, office: Office) -> tuple[Phrase, ...]:
        """Return what changed, a sentence for each kind of change."""
        values = self._values(office)
        return tuple(phrase(_SENTENCES[kind], **values) for kind in self.kinds)

    def document(self, office: Office) -> dict[str, Any]:
        """Return the change as the command line prints it."""
        return {
            "session": self.after.uid,
            "kinds": list(self.kinds),
            "sequence": self.after.sequence,
            "messages": [each.text() for each in self.sentences(office)],
        }

    def _values(self, office: Office) -> dict[str, Any]:
        after, before = self.after, self.before or self.after
        facts: Mapping[str, str] = after.facts
        return {
            "course": facts.get("course_title", after.course),
            "class_": facts.get("class_title", after.class_code),
            "date": after.date.isoformat(),
            "time": clock_times(after, office),
            "old_date": before.date.isoformat(),
            "old_time": clock_times(before, office),
            "place": facts.get("venue_name") or NO_PLACE,
            "teacher": facts.get("teacher_name") or NO_TEACHER,
        }


_SENTENCES: Final[Mapping[Kind, str]] = {
    "added": ADDED,
    "moved": MOVED,
    "venue": VENUE,
    "teacher": TEACHER,
    "cancelled": CANCELLED,
    "back": BACK,
    "renamed": RENAMED,
}


def clock_times(state: PublishedSession, office: Office) -> str:
    """Return the clock times of a session in the office's zone, as 14:00–15:40."""
    start, end = (each.astimezone(office.zone) for each in (state.start, state.end))
    return f"{start:%H:%M}–{end:%H:%M}"


def kinds_of(before: PublishedSession | None, after: PublishedSession) -> tuple[Kind, ...]:
    """Return how a state differs from the one before; nothing where calendars need not change.

    That a session was held is no change to a calendar, nor is anything about a cancelled one.
    """
    if before is None:
        return () if after.status == "cancelled" else ("added",)
    if after.status == "cancelled":
        return () if before.status == "cancelled" else ("cancelled",)
    if before.status == "cancelled":
        return ("back",)
    kinds: list[Kind] = []
    if any(getattr(before, name) != getattr(after, name) for name in TIME):
        kinds.append("moved")
    if before.venue != after.venue:
        kinds.append("venue")
    if before.teacher != after.teacher:
        kinds.append("teacher")
    if not kinds and (before.facts, before.joint) != (after.facts, after.joint):
        kinds.append("renamed")
    return tuple(kinds)


def compare(
    before: Iterable[PublishedSession], after: Iterable[PublishedSession]
) -> tuple[Change, ...]:
    """Return the changes from one set of states to another, in the order of time."""
    known = {state.uid: state for state in before}
    found = [
        Change(kinds, known.get(state.uid), state)
        for state in after
        if (kinds := kinds_of(known.get(state.uid), state))
    ]
    return tuple(sorted(found, key=lambda each: (each.after.start, each.after.uid)))
