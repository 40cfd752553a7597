"""What a spot for a meeting runs into: the meetings in its way, and the rule by which each is."""

from __future__ import annotations

from collections.abc import Iterator

from trainer.timetable.engine.problem import sits_exam
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Spot

HALL = "H2 hall"
"""A meeting in a part of the place, or in what it is a part of, or on its round at a stop: unlike
in a full venue, all go."""


def meetings_in_the_way(state: State, meeting: int, spot: Spot) -> Iterator[tuple[str, int]]:
    """Yield the rule and the meeting of everything that a spot clashes with; some may repeat.

    Where a venue or a week is full, all that share it are yielded: one of them would have to go.
    The meeting itself must have no place.
    """
    cells = state.tables.cells(meeting, spot.start)
    yield from _of_classes(state, meeting, spot, cells)
    yield from _of_teacher(state, meeting, spot, cells)
    yield from _of_venues(state, meeting, spot, cells)
    yield from _of_order(state, meeting, spot)


def _of_classes(state: State, meeting: int, spot: Spot, cells: int) -> Iterator[tuple[str, int]]:
    tables = state.tables
    facts = state.problem.meetings[meeting]
    day, period = divmod(spot.start, tables.width)
    for part, venue in zip(facts.parts, spot.venues, strict=True):
        span = tables.span[part.class_]
        counted = next(e.counted for c, e in state.entries_of(meeting, spot) if c == part.class_)
        for entry in state.entries[part.class_]:
            if tables.cells(entry.meeting, entry.start) & cells:
                yield "H3", entry.meeting
            elif entry.day == day and tables.near(
                entry.period,
                entry.last - entry.period + 1,
                tables.need(venue, entry.venue),
                tables.need(entry.venue, venue),
            ) & (((1 << facts.length) - 1) << period):
                yield "H7", entry.meeting
            if span and counted and entry.counted and abs(entry.day - day) >= span[0]:
                yield "H10", entry.meeting
        yield from _of_people(state, part.class_, cells)


def _of_people(state: State, class_: int, cells: int) -> Iterator[tuple[str, int]]:
    """Yield what people of a class have elsewhere at that time, be they trainees or teachers."""
    tables = state.tables
    for teacher, shared in tables.teaching_members.get(class_, ()):
        for other, (start, _) in state.teaching[teacher].items():
            if tables.cells(other, start) & cells & shared:
                yield "H1", other
    for friend, shared in tables.friends[class_]:
        if state.class_busy[friend] & shared & cells:
            for entry in state.entries[friend]:
                if tables.cells(entry.meeting, entry.start) & cells & shared:
                    yield "H3", entry.meeting


def _of_teacher(state: State, meeting: int, spot: Spot, cells: int) -> Iterator[tuple[str, int]]:
    if spot.teacher == NO_TEACHER:
        return
    tables = state.tables
    day, period = divmod(spot.start, tables.width)
    full = state.full_weeks[spot.teacher] >> spot.start & 1
    own = state.teaching[spot.teacher]
    for class_, shared in tables.seats.get(spot.teacher, ()):
        for entry in state.entries[class_]:
            if tables.cells(entry.meeting, entry.start) & cells & shared:
                yield "H1", entry.meeting
    for other, (start, place) in state.taught(spot.teacher):
        other_day, other_period = divmod(start, tables.width)
        if tables.cells(other, start) & cells:
            yield "H1", other
        elif other_day == day and tables.near(
            other_period,
            tables.lengths[other],
            tables.need(spot.venues[0], place),
            tables.need(place, spot.venues[0]),
        ) & (((1 << tables.lengths[meeting]) - 1) << period):
            yield "H7", other
        elif full and other in own and tables.weeks[other_day] == tables.weeks[day]:
            yield "H11", other


def _of_venues(state: State, meeting: int, spot: Spot, cells: int) -> Iterator[tuple[str, int]]:
    tables = state.tables
    for venue in set(spot.venues):
        for other_venue in tables.kin.get(venue, ()):
            for other, start in state.holding[other_venue].items():
                if other != meeting and tables.cells(other, start) & cells:
                    yield HALL, other
        if venue == NO_VENUE or not state.venue_full[venue] & cells:
            continue
        full = state.venue_full[venue] & cells
        for other, start in state.holding[venue].items():
            if other != meeting and tables.cells(other, start) & full:
                yield "H2", other
    if state.presence is not None:
        uses = tables.visits.of_meeting(meeting, spot.start, spot.venues)
        for must, other in state.presence.in_the_way(meeting, spot.start // tables.width, uses):
            yield HALL if must else "H2", other


def _of_order(state: State, meeting: int, spot: Spot) -> Iterator[tuple[str, int]]:
    for other in state.tables.before[meeting]:
        there = state.spots[other]
        if there is not None and there.start >= spot.start:
            yield "H8", other
    for other in state.tables.after[meeting]:
        there = state.spots[other]
        if there is not None and there.start <= spot.start:
            yield "H8", other


def spot_allowed(state: State, meeting: int, spot: Spot) -> bool:
    """Say whether the facts allow a spot, whatever other meetings do."""
    tables = state.tables
    length = tables.lengths[meeting]
    starts = tables.starts[meeting]
    if spot.teacher not in tables.teachers[meeting]:
        return False
    if spot.teacher >= 0:
        starts &= tables.teacher_starts(spot.teacher, length)
    for venue, rooms in zip(spot.venues, tables.rooms[meeting], strict=True):
        cells = next((cells for room, cells in rooms if room == venue), 0)
        starts &= cells
        if venue != NO_VENUE:
            starts &= tables.venue_starts(venue, length)
    return bool(starts >> spot.start & 1) and room_for_all(state, meeting, spot.venues)


def room_for_all(state: State, meeting: int, venues: tuple[int, ...]) -> bool:
    """Say whether the rooms of a meeting seat the classes that sit in each."""
    sizes: dict[int, int] = {}
    exam = sits_exam(state.problem, state.problem.meetings[meeting])
    for part, venue in zip(state.problem.meetings[meeting].parts, venues, strict=True):
        sizes[venue] = sizes.get(venue, 0) + state.problem.classes[part.class_].size
    for venue, size in sizes.items():
        if venue != NO_VENUE and not state.problem.venues[venue].holds(size, exam=exam):
            return False
    kin = state.tables.kin
    return not any(other in sizes for venue in sizes for other in kin.get(venue, ()))
