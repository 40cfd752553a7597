"""The figures of attendance, folded from the facts: pure, one pass, each thing counted once.

* ``classes`` (trainings) and ``sessions``: those of the period that are not cancelled; a joint
  meeting of several classes is one session. Under a person's dimension (unit, tier, person) they
  are those at which somebody of the group was expected or marked.
* ``expected``: (person, session) pairs of members; ``due``: those of sessions that were held.
* one figure per status, ``attended`` (present + late + early), ``hours``, ``conflicts``: current
  marks, those of ``guests`` (marked but not expected) included.
* ``persons`` and ``person_times`` (人次): distinct people, and distinct (person, class), with at
  least one attended session.
* ``unmarked``: due pairs without a mark. ``rate``: attended due pairs / due pairs, so sessions not
  yet held and guests are in neither part; nothing due gives no rate. Official duty is neither
  attended nor absent: it stays in the denominator, as leave does.

* ``exempt``: pairs of members of whom attendance is not required (EX-1): they are not expected;
  ``exempt_marked``: those of them who were marked all the same. ``made_up``: attended at a session
  that makes up for the missed one, where it counts. ``absences``: absent, and every K lates of a
  person in a class as one more (AT-2). ``changed_later``: marks of a frozen period of which
  something else counts now than when its figures were handed in.

So for sessions that were held: due + guests + exempt_marked = all marks + unmarked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from db.tables.words import ATTENDED
from trainer.attendance.credit import STATUSES, credited, hours
from trainer.reports.facts import Facts, Held, MarkSum, SingleMark

#: What a group may be: a code, or None for what has none.
Key = str | None
#: Groups of a person, or None where groups are of sessions.
PersonGroups = Callable[[str], Collection[Key]]
RATE_DIGITS: Final = 4

SESSION_GROUPS: Final[Mapping[str, Callable[[Held], Key]]] = {
    "class": lambda held: held.class_code,
    "series": lambda held: held.series,
    "venue": lambda held: held.venue,
    "strand": lambda held: held.strand,
    "month": lambda held: held.month,
}
#: Groups in which the sessions of one class may differ.
BUCKETS: Final = ("venue", "strand", "month")


@dataclass(slots=True)
class Tally:
    """The figures of one group while they are being added up."""

    classes: set[str] = field(default_factory=set)
    meetings: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    person_times: set[tuple[str, str]] = field(default_factory=set)
    statuses: Counter[str] = field(default_factory=Counter)
    expected: int = 0
    due: int = 0
    due_marked: int = 0
    due_attended: int = 0
    guests: int = 0
    exempt: int = 0
    exempt_marked: int = 0
    made_up: int = 0
    changed_later: int = 0
    lates: Counter[tuple[str, str]] = field(default_factory=Counter)
    lates_per_absence: int | None = None
    conflicts: int = 0
    quarters: int = 0
    due_quarters: int = 0

    def figures(self) -> dict[str, Any]:
        """Return the figures as a report shows them."""
        return {
            "classes": len(self.classes),
            "sessions": len(self.meetings),
            "persons": len(self.persons),
            "person_times": len(self.person_times),
            "attended": sum(self.statuses[status] for status in ATTENDED),
            "expected": self.expected,
            "due": self.due,
            **{status: self.statuses[status] for status in STATUSES},
            "unmarked": self.due - self.due_marked,
            "rate": round(self.due_attended / self.due, RATE_DIGITS) if self.due else None,
            "hours": hours(self.quarters),
            "guests": self.guests,
            "exempt": self.exempt,
            "exempt_marked": self.exempt_marked,
            "made_up": self.made_up,
            "absences": self._absences(),
            "changed_later": self.changed_later,
            "conflicts": self.conflicts,
        }

    def _absences(self) -> int:
        kept = self.lates_per_absence
        extra = sum(count // kept for count in self.lates.values()) if kept else 0
        return self.statuses["absent"] + extra

    def _mark(self, class_code: str, person: str, status: str, count: int = 1) -> None:
        self.statuses[status] += count
        if status == "late":
            self.lates[class_code, person] += count
        if status in ATTENDED:
            self.persons.add(person)
            self.person_times.add((class_code, person))

    def add_sum(self, item: MarkSum) -> None:
        """Add marks of a member at sessions that were held."""
        self._mark(item.class_code, item.person, item.status, item.count)
        self.due_marked += item.count
        self.due_attended += item.count if item.status in ATTENDED else 0
        self.quarters += item.quarters
        self.conflicts += item.conflicts

    def add_single(
        self, mark: SingleMark, held: Held, *, expected: bool, exempt: bool, quarters: int
    ) -> None:
        """Add one mark, of a member, an exempt member or a guest."""
        self._mark(held.class_code, mark.person, mark.status)
        self.quarters += quarters
        self.conflicts += mark.conflict
        self.guests += not expected and not exempt
        self.exempt_marked += exempt and not expected
        self.made_up += mark.made_up
        if expected and held.due:
            self.due_marked += 1
            self.due_attended += mark.status in ATTENDED

    def add_session(self, held: Held) -> None:
        """Count a session's meeting and class."""
        self.meetings.add(held.meeting)
        self.classes.add(held.class_code)
        if held.due:
            self.held.add(held.meeting)


def tally_all(
    facts: Facts,
    shares: Mapping[str, float],
    *,
    by: str | None = None,
    person_groups: PersonGroups | None = None,
    lates_per_absence: int | None = None,
) -> dict[Key, Tally]:
    """Return the tallies by group: ``by`` one of SESSION_GROUPS, or by the groups of each person.

    With neither there is one tally, under None. Sums in the facts are kept apart by ``by`` where it
    is one of BUCKETS.
    """
    tallies = _Fold(facts, shares, by, person_groups).run()
    for tally in tallies.values():
        tally.lates_per_absence = lates_per_absence
    return tallies


class _Fold:
    def __init__(
        self,
        facts: Facts,
        shares: Mapping[str, float],
        by: str | None,
        person_groups: PersonGroups | None,
    ) -> None:
        self._facts = facts
        self._shares = shares
        self._of_session = SESSION_GROUPS[by] if by else _all_together
        self._bucketed = by in BUCKETS
        self._of_person = person_groups
        self._tallies: dict[Key, Tally] = {}
        self._by_class: dict[str, list[Held]] = {}
        for held in facts.sessions.values():
            self._by_class.setdefault(held.class_code, []).append(held)

    def run(self) -> dict[Key, Tally]:
        if self._of_person is None:
            for held in self._facts.sessions.values():
                self._tally(self._of_session(held)).add_session(held)
        self._expect()
        self._exempt()
        for item in self._facts.sums:
            for tally in self._tallies_of(self._group_of_sum(item), item.person):
                tally.add_sum(item)
        for mark in self._facts.singles:
            self._add_single(mark)
        for uid, person in self._facts.changed:
            for tally in self._tallies_of(self._of_session(self._facts.sessions[uid]), person):
                tally.changed_later += 1
        return self._tallies

    def _tally(self, key: Key) -> Tally:
        tally = self._tallies.get(key)
        if tally is None:
            tally = self._tallies[key] = Tally()
        return tally

    def _tallies_of(self, key: Key, person: str) -> Iterable[Tally]:
        if self._of_person is None:
            return (self._tally(key),)
        return [self._tally(group) for group in self._of_person(person)]

    def _group_of_sum(self, item: MarkSum) -> Key:
        # what a class's sessions may differ in comes with the sum; the rest is the same for all
        if self._bucketed:
            return item.bucket
        return self._of_session(self._by_class[item.class_code][0])

    def _expect(self) -> None:
        counted = {code: self._counted(sessions) for code, sessions in self._by_class.items()}
        for (code, person), stays in self._facts.stays.items():
            sessions, figures = self._by_class[code], counted[code]
            first, last = self._facts.spans[code]
            if not any(stay.covers(first) and stay.covers(last) for stay in stays):
                sessions = [h for h in sessions if any(stay.covers(h.date) for stay in stays)]
                figures = self._counted(sessions)
            for key, (expected, due, quarters) in figures.items():
                for tally in self._tallies_of(key, person):
                    tally.expected += expected
                    tally.due += due
                    tally.due_quarters += quarters
            if self._of_person is not None and sessions:
                meetings = {held.meeting for held in sessions}
                for tally in self._tallies_of(None, person):
                    tally.classes.add(code)
                    tally.meetings |= meetings

    def _exempt(self) -> None:
        for (code, person), stays in self._facts.exempt.items():
            for held in self._by_class[code]:
                if not held.makes_up and any(stay.covers(held.date) for stay in stays):
                    for tally in self._tallies_of(self._of_session(held), person):
                        tally.exempt += 1

    def _counted(self, sessions: Iterable[Held]) -> dict[Key, tuple[int, int, int]]:
        # expected and due sessions, and the quarter-hours of those due
        found: dict[Key, tuple[int, int, int]] = {}
        for held in sessions:
            if held.makes_up:
                continue
            key = None if self._of_person else self._of_session(held)
            expected, due, quarters = found.get(key, (0, 0, 0))
            found[key] = (expected + 1, due + held.due, quarters + held.due * held.quarters)
        return found

    def _add_single(self, mark: SingleMark) -> None:
        held = self._facts.sessions[mark.session]
        stays = self._facts.stays.get((held.class_code, mark.person), ())
        expected = not held.makes_up and any(stay.covers(held.date) for stay in stays)
        free = self._facts.exempt.get((held.class_code, mark.person), ())
        exempt = not held.makes_up and any(stay.covers(held.date) for stay in free)
        quarters = credited(self._shares[mark.status], held.quarters)
        for tally in self._tallies_of(self._of_session(held), mark.person):
            tally.add_single(mark, held, expected=expected, exempt=exempt, quarters=quarters)
            tally.add_session(held)


def _all_together(_held: Held) -> Key:
    return None
