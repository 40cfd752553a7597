"""Hard rule H2: how many meetings a venue holds at once, halls and their parts included.

A session has its venue from beginning to end; where its course has stops, it has each of them for
as long as its round stays there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.check.clashes import hard
from trainer.timetable.engine.check.view import DAY_MINUTES, Seen, View, once_per_meeting
from trainer.timetable.engine.problem import Problem
from trainer.timetable.engine.relations import wholes_of
from trainer.timetable.engine.solution import Finding

VENUE_FULL = mark("{venue} has room for {parallel} at once, but holds {count}: {one} and others")
STOP_FULL = mark(
    "{venue} has room for {parallel} at once, but {count} are there from {from_} to {to} on the "
    "way: {one} and {other}"
)
HALL_TAKEN = mark("{part} is part of {whole}, which is taken at the same time: {one} and {other}")


@dataclass(frozen=True, slots=True)
class Stay:
    """A session at a place; ``visit`` is a stop on the way, not the session's own venue.

    ``start`` and ``end`` count minutes of the whole calendar.
    """

    start: int
    end: int
    seen: Seen
    visit: bool = False

    @property
    def meeting(self) -> int:
        """Return whose stay it is."""
        return self.seen.sitting.meeting


def full_places(view: View) -> Iterator[Finding]:
    """Yield where a place holds more at once than it can, and a hall taken besides its part."""
    for venue in {**view.by_venue, **view.visits}:
        yield from _full(view, venue)
    for part, facts in enumerate(view.problem.venues):
        if facts.part_of is not None and (part in view.by_venue or part in view.visits):
            for whole in wholes_of(view.problem, part):
                yield from _taken(view, part, whole)


def _stays(view: View, venue: int) -> list[Stay]:
    """Return the stays at a venue by their beginning, those that the rule counts as one once."""
    seens = once_per_meeting(
        seen for seen in view.by_venue.get(venue, ()) if seen.timed and seen.end > seen.start
    )
    stays = [Stay(seen.start, seen.end, seen) for seen in seens]
    stays += [Stay(*each, visit=True) for each in view.visits.get(venue, ())]
    if not view.visits:
        return stays
    return sorted(stays, key=lambda stay: (stay.start, stay.visit, stay.seen.touch))


def _full(view: View, venue: int) -> Iterator[Finding]:
    limit = view.problem.venues[venue].parallel
    active: list[Stay] = []
    for stay in _stays(view, venue):
        active = [other for other in active if other.end > stay.start]
        if stay.visit:
            # a meeting whose parts come there on different rounds is there once
            known = [other for other in active if other.meeting == stay.meeting]
            if known:
                if known[0].visit and stay.end > known[0].end:
                    active[active.index(known[0])] = stay
                continue
        active = [other for other in active if not other.visit or other.meeting != stay.meeting]
        active.append(stay)
        if len(active) > limit:
            message = _told(view.problem, venue, limit, active)
            yield hard("H2", [each.seen for each in active], message)


def _told(problem: Problem, venue: int, limit: int, active: list[Stay]) -> Phrase:
    last = active[-1]
    values = {
        "venue": problem.venues[venue].name,
        "parallel": limit,
        "count": len(active),
        "one": last.seen.name(problem),
    }
    if not any(stay.visit for stay in active):
        return phrase(VENUE_FULL, **values)
    return phrase(
        STOP_FULL,
        **values,
        from_=_clock(last.start),
        to=_clock(min(stay.end for stay in active)),
        other=active[0].seen.name(problem),
    )


def _clock(minute: int) -> str:
    hour, minutes = divmod(minute % DAY_MINUTES, 60)
    return f"{hour:02d}:{minutes:02d}"


def _taken(view: View, part: int, whole: int) -> Iterator[Finding]:
    problem = view.problem
    for one, other in _meeting_up(_stays(view, part), _stays(view, whole)):
        if one.meeting == other.meeting and (one.visit or other.visit):
            continue
        message = phrase(
            HALL_TAKEN,
            part=problem.venues[part].name,
            whole=problem.venues[whole].name,
            one=one.seen.name(problem),
            other=other.seen.name(problem),
        )
        yield hard("H2", (one.seen, other.seen), message)


def _meeting_up(stays: list[Stay], others: list[Stay]) -> Iterator[tuple[Stay, Stay]]:
    """Yield the pairs of both lists that overlap in time, the one that begins first first."""
    theirs = {id(stay) for stay in others}
    active: list[Stay] = []
    for stay in sorted([*stays, *others], key=lambda stay: (stay.start, stay.seen.touch)):
        active = [other for other in active if other.end > stay.start]
        for other in active:
            if (id(stay) in theirs) != (id(other) in theirs) and stay.start < other.end:
                yield other, stay
        active.append(stay)
