"""The exact model's constraints for soft rules that an office made hard, about several meetings.

What one meeting's own place breaks is not among its choices anyway (``hardened``). Two rules may be
mended by a meeting that is not there: one more fills a gap, or brings theory first. They hold for
*whole* classes only, all of whose meetings have a place or are free; of a class that is not whole
nothing is asked where the model is to prove that something is impossible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from trainer.timetable.engine.check.soft import INDOOR
from trainer.timetable.engine.costs import FORBIDDEN, Costs, Entry
from trainer.timetable.engine.daywishes import ALWAYS, DayWishes
from trainer.timetable.engine.problem import sits_exam
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE

MENDED_BY_MORE: Final = frozenset({"compact", "theory_first"})
"""Rules that one more meeting of the class may mend."""


class Wishes(DayWishes):
    """The part of the model that keeps rules made hard; ``Model`` has the variables."""

    pinned: Mapping[int, int]
    proof: bool
    cell: dict[int, Any]

    def _classes(self) -> dict[int, list[int]]:
        raise NotImplementedError

    def _wishes(self) -> None:
        costs = self.state.costs
        hard = {name for name, weight in costs.weight.items() if weight == FORBIDDEN}
        if not hard:
            return
        for meeting in self.free:
            self._rooms_together(meeting, hard)
        if "fair_load" in hard:
            self._fair_load(costs)
        if "teacher_day" in hard:
            self._teacher_days()
        each: dict[str, Callable[[int, Sequence[int]], None]] = {
            "spread": self._spread,
            "class_day": self._class_days,
            "together": self._courses_together,
            "apart": self._courses_apart,
            "one_room": self._one_room,
            "travel": self._no_travel,
            "compact": self._compact,
            "theory_first": self._theory_first,
        }
        for class_, members in self._classes().items():
            whole = self._is_whole(class_)
            for name in sorted(hard & set(each)):
                if whole or name not in MENDED_BY_MORE:
                    each[name](class_, members)

    def _is_whole(self, class_: int) -> bool:
        if not self.proof:
            # what has no place stays without one
            return True
        free = set(self.free)
        return not self.state.problem.classes[class_].partial and all(
            self.state.spots[m] is not None or (m in free and m not in self.pinned)
            for m in self.tables.of_class[class_]
        )

    # -- rooms and teachers --------------------------------------------------------------------

    def _rooms_together(self, meeting: int, hard: set[str]) -> None:
        """Keep rooms that several parts share from being too large, and plans B from too small."""
        parts = self.state.problem.meetings[meeting].parts
        users: dict[int, list[tuple[int, Any]]] = defaultdict(list)
        for part, options in zip(parts, self.room[meeting], strict=True):
            for venue, literal in options.items():
                users[venue].append((self.state.problem.classes[part.class_].size, literal))
        for venue, those in users.items():
            if len(parts) > 1 and venue != NO_VENUE:
                if "room_fits" in hard and self.state.costs.indoor[venue]:
                    self._enough_people(meeting, venue, those)
                if "plan_b" in hard and self.state.problem.venues[venue].outdoor:
                    self._enough_seats(meeting, venue, those)

    def _enough_people(self, meeting: int, venue: int, those: list[tuple[int, Any]]) -> None:
        problem, params = self.state.problem, self.state.costs.params["room_fits"]
        seats = problem.venues[venue].seats(exam=sits_exam(problem, problem.meetings[meeting]))
        if seats is None:
            return
        people = sum(size * literal for size, literal in those)
        for size, literal in those:
            if size:
                enough = params["factor"] * people >= seats - params["slack"]
                self.model.add(enough).only_enforce_if(literal)

    def _enough_seats(self, meeting: int, venue: int, those: list[tuple[int, Any]]) -> None:
        problem = self.state.problem
        other = problem.venues[venue].plan_b
        exam = sits_exam(problem, problem.meetings[meeting])
        seats = None if other is None else problem.venues[other].seats(exam=exam)
        if seats is not None:
            self.model.add(sum(size * literal for size, literal in those) <= seats)

    def _fair_load(self, costs: Costs) -> None:
        """Keep teachers' meetings that leave a choice within their fair shares."""
        load: dict[int, list[Any]] = defaultdict(list)
        for meeting in self.free:
            if costs.choice[meeting]:
                for teacher, literal in self.who[meeting].items():
                    if teacher != NO_TEACHER:
                        load[teacher].append(literal)
        for teacher, literals in load.items():
            left = costs.shares.get(teacher, 0) - self.state.load[teacher]
            if len(literals) > left:
                self.model.add(sum(literals) <= max(left, 0))

    def _one_room(self, class_: int, members: Sequence[int]) -> None:
        """Keep a class to one room of each kind."""
        problem = self.state.problem
        kinds: dict[str, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for venue, literal in self._venues(class_, members):
            kinds[problem.venues[venue].kind][venue].append(literal)
        for kind, rooms in kinds.items():
            if kind in INDOOR and len(rooms) > 1:
                self._only_one(list(rooms.values()))

    def _no_travel(self, class_: int, members: Sequence[int]) -> None:
        """Keep each day of a class to places between which there is no way to go.

        Where these are no groups (there is no way from one place to two others, but between these)
        nothing is said: the last word is the checker's.
        """
        used = {venue for venue, _ in self._venues(class_, members)}
        groups = _groups(used, self.state.problem.travel)
        if groups is None or len(set(groups.values())) < 2:  # noqa: PLR2004 - two groups or more
            return
        days: dict[int, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for entry in self.state.entries[class_]:
            if entry.venue != NO_VENUE:
                days[entry.day][groups[entry.venue]].append(ALWAYS)
        for meeting in members:
            options = self.room[meeting][self._place(meeting, class_)]
            for group in {groups[venue] for venue in options if venue != NO_VENUE}:
                rooms = [lit for v, lit in options.items() if v != NO_VENUE and groups[v] == group]
                there = self._one_of(rooms)
                for day, literals in self._by_day(meeting).items():
                    for literal in literals:
                        days[day][group].append(self._and(literal, there))
        for those in days.values():
            if len(those) > 1:
                self._only_one(list(those.values()))

    def _venues(self, class_: int, members: Sequence[int]) -> Iterator[tuple[int, Any]]:
        """Yield the venues that a class uses, each with what makes it so."""
        for entry in self.state.entries[class_]:
            if entry.venue != NO_VENUE:
                yield entry.venue, ALWAYS
        for meeting in members:
            for venue, literal in self.room[meeting][self._place(meeting, class_)].items():
                if venue != NO_VENUE:
                    yield venue, literal

    # -- days ----------------------------------------------------------------------------------

    def _spread(self, class_: int, members: Sequence[int]) -> None:
        """Keep a course from coming twice on a day."""
        problem = self.state.problem
        days: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for meeting in members:
            course = problem.meetings[meeting].parts[self._place(meeting, class_)].course
            for day, literals in self._by_day(meeting).items():
                days[day, course] += literals
        there = {(entry.day, entry.course) for entry in self.state.entries[class_]}
        for key, literals in days.items():
            if key in there or len(literals) > 1:
                self.model.add(sum(literals) <= int(key not in there))

    def _compact(self, class_: int, members: Sequence[int]) -> None:
        """Leave a class no idle period between two meetings of a day, and no idle day in its span.

        Idle days count for a class with ``max_days`` only.
        """
        tables, class_facts = self.tables, self.state.problem.classes[class_]
        width = tables.width
        cells: dict[int, list[Any]] = defaultdict(list)
        for entry in self.state.entries[class_]:
            for period in range(entry.period, min(entry.last + 1, width)):
                cells[entry.day * width + period].append(ALWAYS)
        for meeting in members:
            length = tables.lengths[meeting]
            for start, literal in self.start[meeting].items():
                for cell in range(start, start + length):
                    cells[cell].append(literal)
        used = {cell // width for cell in cells}
        periods = self.state.problem.periods
        for day in used:
            row = [cells.get(day * width + period, []) for period in range(width)]
            self._no_gap(row, [class_facts.knowledge or period.work for period in periods])
        if class_facts.max_days is not None and used:
            first, last = min(used), max(used)
            days = [
                [lit for p in range(width) for lit in cells.get(day * width + p, ())]
                for day in range(first, last + 1)
            ]
            self._no_gap(days, list(self.state.problem.calendar.working[first : last + 1]))

    def _no_gap(self, row: Sequence[Sequence[Any]], counts: Sequence[bool]) -> None:
        """Let what counts and is between two used places be used itself."""
        used = [self._whether(literals) for literals in row]
        before = self._ever(used)
        after = self._ever(used[::-1])[::-1]
        for place in range(1, len(row) - 1):
            around = before[place - 1], after[place + 1]
            # what stands already has a gap: that is no matter of what is free
            stands = all(isinstance(each, int) and each for each in around)
            empty = any(isinstance(each, int) and not each for each in around)
            if counts[place] and not stands and not empty and used[place] is not ALWAYS:
                self.model.add(sum(around) <= 1 + used[place])

    def _ever(self, used: Sequence[Any]) -> list[Any]:
        """Return what holds once something of a row was used, from place to place."""
        found: list[Any] = []
        for each in used:
            if not found or isinstance(found[-1], int):
                found.append(found[-1] if found and found[-1] else each)
                continue
            if isinstance(each, int):
                found.append(each or found[-1])
                continue
            ever = self.model.new_bool_var("")
            self.model.add(ever >= each)
            self.model.add(ever >= found[-1])
            found.append(ever)
        return found

    def _whether(self, literals: Sequence[Any]) -> Any:
        """Return a literal, or a number, that says whether any of these holds."""
        if any(isinstance(each, int) for each in literals):
            return ALWAYS
        if not literals:
            return 0
        if len(literals) == 1:
            return literals[0]
        found = self.model.new_bool_var("")
        self.model.add_bool_or([*literals, found.negated()])
        for literal in literals:
            self.model.add_implication(literal, found)
        return found

    def _theory_first(self, class_: int, members: Sequence[int]) -> None:
        """Let some theory of a class come before all of its practice."""
        costs, entries = self.state.costs, self.state.entries[class_]
        course = {
            m: self.state.problem.meetings[m].parts[self._place(m, class_)].course
            for m in members
            if m in self.cell
        }
        theory = [m for m in course if costs.theory[course[m]]]
        practice = [m for m in course if costs.practice[course[m]]]
        first: Entry | None = next((e for e in entries if costs.theory[e.course]), None)
        early = [e.start for e in entries if costs.practice[e.course]]
        leads = {m: self.model.new_bool_var("") for m in theory}
        for one, lead in leads.items():
            self.model.add_implication(lead, self.here[one])
            for other in practice:
                self.model.add(self.cell[one] < self.cell[other]).only_enforce_if(
                    [lead, self.here[other]]
                )
            if early and first is None:
                self.model.add(self.cell[one] < min(early)).only_enforce_if(lead)
        if first is None:
            for one in theory:
                self.model.add_bool_or([*leads.values(), self.here[one].negated()])
            return
        placed = self.model.new_bool_var("")
        for other in practice:
            self.model.add(self.cell[other] > first.start).only_enforce_if(
                [placed, self.here[other]]
            )
        self.model.add_bool_or([*leads.values(), placed])


def _groups(venues: set[int], travel: Sequence[Sequence[int]]) -> dict[int, int] | None:
    """Return a number for each venue, the same for those with no way between them.

    None where that is no matter of groups.
    """
    if not travel:
        return dict.fromkeys(venues, 0)
    near = {
        one: frozenset(o for o in venues if o == one or not (travel[one][o] or travel[o][one]))
        for one in venues
    }
    if any(near[one] != near[other] for one in venues for other in near[one]):
        return None
    if any(bool(travel[a][b]) != bool(travel[b][a]) for a in venues for b in venues if a != b):
        return None
    return {one: min(those) for one, those in near.items()}
