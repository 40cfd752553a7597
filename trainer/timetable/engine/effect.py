"""What moving one meeting does to a timetable, by increments: rules broken and mended, and costs.

A move changes only what its meeting has to do with: its classes, the people and teachers it shares
with others, the rooms it leaves and takes. The checker looks at these sessions alone, once as they
are and once as they would be; what it finds elsewhere would be the same both times. Tests hold the
difference to that of two whole checks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trainer.timetable.engine.check import blocking_findings, hard_findings
from trainer.timetable.engine.check.soft import soft_findings, unplaced_findings
from trainer.timetable.engine.check.view import Facts, Seen, View, see
from trainer.timetable.engine.problem import Placement, Problem, sittings_of
from trainer.timetable.engine.relations import hall_kin
from trainer.timetable.engine.solution import Finding

Key = tuple[str, frozenset[tuple[int, int]], int, str]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a move does: hard findings that appear and vanish, and the soft cost's change by rule.

    ``soft`` has weighted costs, and only the rules whose cost changes.
    """

    appearing: tuple[Finding, ...]
    vanishing: tuple[Finding, ...]
    soft: Mapping[str, int]

    @property
    def cost(self) -> int:
        """Return by how much the soft cost grows, all rules together."""
        return sum(self.soft.values())


class LiveTimetable:
    """A timetable that says at once what a move would do to it; it may be as broken as it likes."""

    def __init__(self, problem: Problem, placements: Sequence[Placement | None]) -> None:
        self.problem = problem
        self.placements: list[Placement | None] = [None] * len(problem.meetings)
        self._facts = Facts(problem)
        self._seens: list[tuple[Seen, ...]] = [()] * len(problem.meetings)
        self._of_class: dict[int, set[int]] = defaultdict(set)
        self._taught: dict[int, set[int]] = defaultdict(set)
        self._used: dict[tuple[int, date], set[int]] = defaultdict(set)
        self._met: dict[tuple[int, date], set[int]] = defaultdict(set)
        self._kin = hall_kin(problem)
        self._pupils = _pupils(self._facts)
        self._missing: dict[int, set[int]] = defaultdict(set)
        for number, meeting in enumerate(problem.meetings):
            self._missing[meeting.parts[0].class_].add(number)
            for part in meeting.parts:
                self._of_class[part.class_].add(number)
        for placement in placements:
            if placement is not None:
                self._put(placement.meeting, placement)

    def effect(self, meeting: int, placement: Placement | None) -> Effect:
        """Return what putting a meeting there (None: nowhere) would change; nothing is moved."""
        before = self.placements[meeting]
        near = self._near(meeting, [each for each in (before, placement) if each is not None])
        rest = [seen for other in near for seen in self._seens[other]]
        now = self._findings(rest, meeting, before)
        then = self._findings(rest, meeting, placement)
        soft: Counter[str] = Counter()
        for sign, findings in ((1, then), (-1, now)):
            for finding in findings:
                if not finding.hard:
                    soft[finding.rule] += sign * finding.cost
        rules = self._facts.rules
        return Effect(
            appearing=tuple(_less(then, now)),
            vanishing=tuple(_less(now, then)),
            soft={name: cost * rules[name].weight for name, cost in soft.items() if cost},
        )

    def blocking(self, places: Sequence[Placement]) -> tuple[Finding, ...]:
        """Return what forbids meetings to go to these places together, all else left as it is.

        That is every hard finding that touches them there, but for what the rest alone breaks as
        much, and what a soft rule that the office made hard finds elsewhere and did not find
        before, such as a gap that they leave behind.
        """
        moving = {place.meeting for place in places}
        before = [place for m in moving if (place := self.placements[m]) is not None]
        near: set[int] = set()
        for place in places:
            was = self.placements[place.meeting]
            near.update(self._near(place.meeting, [place] if was is None else [was, place]))
        rest = [seen for other in sorted(near - moving) for seen in self._seens[other]]
        then = self._blocking(rest, places)
        if not self._facts.made_hard:
            return tuple(_touching(then, moving))
        now = self._blocking(rest, before)
        soft = any(finding.cost for finding in _touching(then, moving))
        alone = self._blocking(rest, ()) if soft else ()
        return tuple(forbidding(self.problem, now, then, moving, alone))

    def _blocking(self, rest: list[Seen], places: Iterable[Placement]) -> tuple[Finding, ...]:
        own = [seen for place in places for seen in self._seen(place)]
        return blocking_findings(View(self._facts, [*rest, *own], own))

    def move(self, meeting: int, placement: Placement | None) -> Effect:
        """Put a meeting there (None: nowhere) and return what that changed."""
        effect = self.effect(meeting, placement)
        self._put(meeting, placement)
        return effect

    def _put(self, meeting: int, placement: Placement | None) -> None:
        self._register(meeting, take=True)
        self.placements[meeting] = placement
        self._seens[meeting] = self._seen(placement)
        missing = self._missing[self.problem.meetings[meeting].parts[0].class_]
        (missing.discard if placement else missing.add)(meeting)
        self._register(meeting, take=False)

    def _register(self, meeting: int, *, take: bool) -> None:
        placement = self.placements[meeting]
        if placement is None:
            return
        places: list[set[int]] = [
            self._met[part.class_, placement.day] for part in self.problem.meetings[meeting].parts
        ]
        places += [self._used[v, placement.day] for v in self._venues(placement)]
        if placement.teacher is not None:
            places.append(self._taught[placement.teacher])
        for those in places:
            (those.discard if take else those.add)(meeting)

    def _venues(self, placement: Placement) -> set[int]:
        """Return the venues that a placement uses, the stops of its round among them."""
        used = {venue for venue in placement.venues if venue is not None}
        for part in self.problem.meetings[placement.meeting].parts:
            used.update(self.problem.courses[part.course].stops)
        return used

    def _near(self, meeting: int, places: Sequence[Placement]) -> list[int]:
        """Return the other meetings that a move between these places can have to do with."""
        classes = {part.class_ for part in self.problem.meetings[meeting].parts}
        teachers = {place.teacher for place in places if place.teacher is not None}
        teachers |= {other for t in teachers for other in self._facts.same_people.get(t, ())}
        venues = {venue for place in places for venue in self._venues(place)}
        venues |= {other for venue in venues for other in self._kin.get(venue, ())}
        days = {place.day + timedelta(days=n) for place in places for n in (-1, 0, 1)}
        guests = {friend for class_ in classes for friend in self._facts.friends.get(class_, ())}
        guests |= {c for t in teachers for c, _ in self._facts.seats_of_teachers.get(t, ())}
        found: set[int] = set()
        for class_ in classes:
            found |= self._of_class[class_]
            for teacher in self._pupils.get(class_, ()):
                found |= self._taught[teacher]
        for teacher in teachers:
            found |= self._taught[teacher]
        for day in days:
            found.update(*(self._used.get((venue, day), ()) for venue in venues))
            found.update(*(self._met.get((guest, day), ()) for guest in guests))
        found.discard(meeting)
        return sorted(found)

    def _findings(
        self, rest: list[Seen], meeting: int, placement: Placement | None
    ) -> list[Finding]:
        own = self._seen(placement)
        view = View(self._facts, [*rest, *own], own)
        return [
            *hard_findings(view),
            *soft_findings(view, self._facts.rules, whole=False),
            *self._unplaced(meeting, placement),
        ]

    def _seen(self, placement: Placement | None) -> tuple[Seen, ...]:
        sittings = () if placement is None else sittings_of(self.problem, placement)
        return tuple(see(self.problem, sitting) for sitting in sittings)

    def _unplaced(self, meeting: int, placement: Placement | None) -> Iterator[Finding]:
        class_ = self.problem.meetings[meeting].parts[0].class_
        missing = self._missing[class_] | {meeting}
        left = missing if placement is None else missing - {meeting}
        return unplaced_findings(self.problem, sorted(left), self._facts.rules["unplaced"])


def _pupils(facts: Facts) -> dict[int, set[int]]:
    """Return for each class the teachers who sit in it as trainees."""
    found: dict[int, set[int]] = defaultdict(set)
    for teacher, seats in facts.seats_of_teachers.items():
        for class_, _ in seats:
            found[class_].add(teacher)
    return found


def finding_key(finding: Finding) -> Key:
    """Return what makes a finding the same before and after a move, whatever the new hour."""
    return finding.rule, frozenset(finding.touches), finding.cost, finding.message.template


def _less(those: Iterable[Finding], known: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the hard findings that are not among the known ones."""
    left = Counter(finding_key(finding) for finding in known if finding.hard)
    for finding in those:
        if finding.hard:
            key = finding_key(finding)
            if left[key] > 0:
                left[key] -= 1
            else:
                yield finding


def forbidding(
    problem: Problem,
    before: Iterable[Finding],
    after: Iterable[Finding],
    moving: Collection[int],
    alone: Iterable[Finding] = (),
) -> Iterator[Finding]:
    """Yield the hard findings about what moves, and of rules that a class then keeps less well.

    What is found ``alone``, without what moves, is no matter of it where it gets no worse.
    """
    after = list(after)
    was, now, given = (breaches(problem, each) for each in (before, after, alone))
    for finding in _touching(after, moving):
        group = group_of(problem, finding)
        if not finding.cost or now[group] > min(was[group], given[group]):
            yield finding
    for finding in after:
        group = group_of(problem, finding)
        if finding.cost and now[group] > was[group] and not _touches(finding, moving):
            yield finding


def _touching(findings: Iterable[Finding], moving: Collection[int]) -> Iterator[Finding]:
    return (finding for finding in findings if finding.hard and _touches(finding, moving))


def _touches(finding: Finding, moving: Collection[int]) -> bool:
    return any(meeting in moving for meeting, _ in finding.touches)


def breaches(problem: Problem, findings: Iterable[Finding]) -> Counter[tuple[str, int]]:
    """Return by how much each class breaks each soft rule that the office made hard."""
    found: Counter[tuple[str, int]] = Counter()
    for finding in findings:
        if finding.hard and finding.cost:
            found[group_of(problem, finding)] += finding.cost
    return found


def group_of(problem: Problem, finding: Finding) -> tuple[str, int]:
    """Return the rule and the class by which breaches are compared."""
    meeting, part = finding.touches[0]
    return finding.rule, problem.meetings[meeting].parts[part].class_
