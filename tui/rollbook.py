"""The roll of one session as the screen holds it: who, what is said of them, undo and redo.

It knows neither widgets nor the database. Every act gives a ``Change`` to be stored; what becomes
of it comes back through ``saved`` or ``failed``, in the order in which the changes were made.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

#: What is said of a person: a status, and minutes missed where they are known.
Said = tuple[str, int | None]


class Keeping(Enum):
    """How far a line's status has come on its way into the database."""

    NOTHING = "nothing"
    SAVING = "saving"
    SAVED = "saved"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Line:
    """A person on the roll as read; ``search`` is what the filter looks into.

    ``suggested`` is the status that approved leave speaks for (``suggested_minutes`` of a part of
    the session), a ``guest`` was not expected, and
    ``groups`` are those that the person or the person's unit belongs to.
    """

    person: str
    name: str
    unit: str
    said: Said | None = None
    conflict: bool = False
    guest: bool = False
    suggested: str | None = None
    note: str = ""
    suggested_minutes: int | None = None
    search: str = ""
    groups: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The unit and the groups, by any of which the roll may be narrowed."""
        return (self.unit, *self.groups) if self.unit else self.groups


@dataclass(slots=True)
class Entry:
    """A line of the roll with what the screen has made of it."""

    line: Line
    said: Said | None
    conflict: bool
    keeping: Keeping
    latest: int = 0

    @property
    def status(self) -> str | None:
        """The status shown, None while unmarked."""
        return self.said[0] if self.said else None


@dataclass(frozen=True, slots=True)
class Step:
    """What a change does to one person; with ``rest`` only if nobody else has marked them yet.

    ``note`` goes with what is said after it, for instance when the person left.
    """

    person: str
    before: Said | None
    after: Said | None
    rest: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One act on the roll, to be stored whole."""

    number: int
    steps: tuple[Step, ...]

    @property
    def rest(self) -> bool:
        """Tell whether some of it gives way to what others have marked meanwhile."""
        return any(step.rest for step in self.steps)


@dataclass(slots=True)
class RollBook:
    """The roll of one session; lines keep the order in which they were read."""

    entries: dict[str, Entry] = field(default_factory=dict)
    _done: list[tuple[Step, ...]] = field(default_factory=list)
    _undone: list[tuple[Step, ...]] = field(default_factory=list)
    _pending: dict[int, Change] = field(default_factory=dict)
    _numbers: Callable[[], int] = field(default_factory=lambda: itertools.count(1).__next__)

    @classmethod
    def of(cls, lines: Iterable[Line]) -> RollBook:
        """Open the roll of these lines."""
        return cls({line.person: _entry(line) for line in lines})

    def mark(
        self, person: str, status: str, minutes: int | None = None, *, note: str | None = None
    ) -> Change | None:
        """Say a status of a person; None where just that is said and kept already.

        The status alone does not take back the minutes that were said with it.
        """
        entry = self.entries[person]
        same = entry.status == status and (minutes is None or entry.said == (status, minutes))
        if same and note is None and not entry.conflict and entry.keeping is not Keeping.FAILED:
            return None
        return self._do((Step(person, entry.said, (status, minutes), note=note),))

    def mark_several(self, marks: Mapping[str, Said], *, rest: Iterable[str] = ()) -> Change | None:
        """Say a status of several as one act, and of the unmarked of ``rest`` that they came.

        None where nothing changes by that. Whoever has approved leave is marked by that instead.
        """
        steps = [
            Step(person, self.entries[person].said, said)
            for person, said in marks.items()
            if self.entries[person].said != said or self.entries[person].conflict
        ]
        steps += self._rest("present", (person for person in rest if person not in marks))
        return self._do(tuple(steps)) if steps else None

    def mark_rest(self, status: str, among: Iterable[str] | None = None) -> Change | None:
        """Say a status of everybody (``among`` some) who is unmarked, as one act; None for nobody.

        Whoever has approved leave is marked by that instead.
        """
        steps = self._rest(status, self.entries if among is None else among)
        return self._do(tuple(steps)) if steps else None

    def _rest(self, status: str, among: Iterable[str]) -> list[Step]:
        entries = (self.entries[person] for person in among)
        return [
            Step(entry.line.person, None, _rest_said(entry.line, status), rest=True)
            for entry in entries
            if entry.said is None
        ]

    def undo(self) -> Change | None:
        """Take back the last act; None where there is none."""
        if not self._done:
            return None
        steps = self._done.pop()
        self._undone.append(steps)
        # a note goes with what it came with
        return self._apply(
            tuple(Step(s.person, s.after, s.before, note=s.note and "") for s in steps)
        )

    def redo(self) -> Change | None:
        """Do again what was taken back last; None where nothing was."""
        if not self._undone:
            return None
        steps = self._undone.pop()
        self._done.append(steps)
        return self._apply(steps)

    def retry(self) -> Change | None:
        """Store again what could not be stored; None where all is kept."""
        steps = tuple(
            Step(person, entry.said, entry.said)
            for person, entry in self.entries.items()
            if entry.keeping is Keeping.FAILED
        )
        return self._apply(steps) if steps else None

    def saved(self, number: int) -> list[str]:
        """Note that a change is stored; return the persons whose line has changed by that."""
        return self._settle(number, Keeping.SAVED)

    def failed(self, number: int) -> list[str]:
        """Note that a change could not be stored; return the persons whose line it concerns."""
        return self._settle(number, Keeping.FAILED)

    def give_up(self, change: Change) -> list[str]:
        """Let go of a change that will not be stored; return the persons whose line it concerns.

        Nothing can be taken back after that: what is refused here would be refused there as well.
        """
        self._done.clear()
        self._undone.clear()
        touched = []
        for step in change.steps:
            entry = self.entries.get(step.person)
            if entry is not None and entry.latest == change.number:
                entry.said = step.before
                entry.keeping = Keeping.SAVED if step.before else Keeping.NOTHING
                touched.append(step.person)
        return touched

    def reread(self, lines: Iterable[Line]) -> None:
        """Take over what has been read anew, except where a change of ours is under way."""
        kept = self.entries
        self.entries = {}
        for line in lines:
            ours = kept.get(line.person)
            if ours and ours.keeping in (Keeping.SAVING, Keeping.FAILED):
                ours.line = line
                self.entries[line.person] = ours
            else:
                self.entries[line.person] = _entry(line)

    def visible(self, matches: Callable[[str], bool]) -> list[Entry]:
        """Return the entries whose search text matches, in order."""
        return [entry for entry in self.entries.values() if matches(entry.line.search)]

    def next_unmarked(self, persons: list[str], after: str) -> str:
        """Return the next unmarked of ``persons`` below ``after``, else the first, else itself."""
        place = persons.index(after) if after in persons else -1
        for person in persons[place + 1 :] + persons[: max(place, 0)]:
            if self.entries[person].said is None:
                return person
        return after

    def counts(self) -> Counter[str]:
        """Return how many persons have each status; ``unmarked`` counts the others."""
        return Counter(entry.status or UNMARKED for entry in self.entries.values())

    @property
    def saving(self) -> int:
        """How many changes are on their way."""
        return len(self._pending)

    @property
    def unsaved(self) -> int:
        """How many persons' status could not be stored."""
        return sum(entry.keeping is Keeping.FAILED for entry in self.entries.values())

    def _do(self, steps: tuple[Step, ...]) -> Change:
        self._done.append(steps)
        self._undone.clear()
        return self._apply(steps)

    def _apply(self, steps: tuple[Step, ...]) -> Change:
        known = tuple(step for step in steps if step.person in self.entries)
        change = Change(self._numbers(), known)
        for step in known:
            entry = self.entries[step.person]
            entry.said = step.after
            entry.conflict = False
            if step.note is not None:
                entry.line = replace(entry.line, note=step.note)
            entry.keeping = Keeping.SAVING
            entry.latest = change.number
        self._pending[change.number] = change
        return change

    def _settle(self, number: int, keeping: Keeping) -> list[str]:
        change = self._pending.pop(number, None)
        touched = []
        for step in change.steps if change else ():
            entry = self.entries.get(step.person)
            # a later change of the same person speaks for itself when it comes back
            if entry is not None and entry.latest == number:
                entry.keeping = keeping
                touched.append(step.person)
        return touched


UNMARKED: Final = "unmarked"


def _entry(line: Line) -> Entry:
    keeping = Keeping.SAVED if line.said else Keeping.NOTHING
    return Entry(line, line.said, line.conflict, keeping)


def _rest_said(line: Line, status: str) -> Said:
    return (line.suggested, line.suggested_minutes) if line.suggested else (status, None)
