"""The compiled look at what is in the way of a meeting's spot: the hard rules of an office.

Imported late: numba takes a second to import, and the first call after an installation compiles.
"""

from __future__ import annotations

from trainer.timetable.engine.annealing.kernel import kernel, large_kernel, typed
from trainer.timetable.engine.offices.form import (
    AFTER,
    AFTER_END,
    AT_PERIODS,
    AT_ROW,
    AT_VENUE,
    AT_WHO,
    BEFORE,
    BEFORE_END,
    BEGIN,
    CLASS,
    COUNTED,
    END,
    FIRST_DAY,
    KIN,
    KIN_END,
    LAST_DAY,
    LENGTH,
    LISTED,
    MEETING,
    MOVABLE,
    NOWHERE,
    OTHER,
    PARALLEL,
    PART,
    PART_END,
    ROW,
    SPAN,
    STAYS,
    STAYS_END,
    TAKEN,
    TEACHER,
    TOURS,
    TRAVELS,
    UNTIL,
    VENUE_KIN,
    VENUE_KIN_END,
    VENUES,
    WEEK,
    WEEK_LIMIT,
    Form,
    State,
)

NOBODY = typed(0)
"""So many are in the way of a spot that is free."""
NEVER = typed(1 << 20)
"""So many are in the way where the facts forbid a spot, or where something cannot move."""


@kernel
def hinders(form: Form, state: State, found: int, meeting: int, other: int) -> int:
    """Note that a meeting is in the way of another; return how many now are."""
    if other == meeting:
        return found
    if other < 0 or form.meeting[other, MOVABLE] == 0:
        return NEVER
    for place in range(found):
        if state.way[place] == other:
            return found
    state.way[found] = other
    return found + 1


@kernel
def venue_of(form: Form, state: State, part: int) -> int:
    """Return the venue where a placed part is."""
    meeting = form.part[part, MEETING]
    row = state.spot[meeting, AT_ROW]
    return int(form.row_venue[form.row[row, VENUES] + part - form.meeting[meeting, PART]])


@large_kernel
def in_the_way(  # noqa: C901, PLR0911, PLR0912, PLR0915 - one walk over arrays: calls cost more
    form: Form, state: State, meeting: int, cell: int, row: int, who: int, most: int
) -> int:
    """Return how many meetings forbid a spot, listed in ``state.way``; more than ``most`` is never.

    The meeting itself is never in its own way, wherever it is. 0 means that no hard rule forbids
    the spot.
    """
    width = form.width
    day = cell // width
    period = cell - day * width
    length = form.meeting[meeting, LENGTH]
    own = ((1 << length) - 1) << period
    if day > form.row[row, UNTIL]:
        return NEVER
    found = NOBODY
    tours = form.meeting[meeting, TOURS]
    if tours >= 0:
        tour = tours + (row - form.meeting[meeting, ROW]) * state.used.shape[1] + cell
        if form.tour[tour, STAYS] < 0:
            return NEVER
        for stay in range(form.tour[tour, STAYS], form.tour[tour, STAYS_END]):
            venue = form.stay[stay, AT_VENUE]
            # first the stop itself, then what it is a part of, and its own parts
            for line in range(form.venue[venue, VENUE_KIN] - 1, form.venue[venue, VENUE_KIN_END]):
                itself = line < form.venue[venue, VENUE_KIN]
                other = venue if itself else form.venue_kin[line]
                limit = form.venue[venue, PARALLEL] if itself else 1
                for then in range(width):
                    at = day * width + then
                    if form.stay[stay, AT_PERIODS] >> then & 1 and state.used[other, at] >= limit:
                        found = hinders(form, state, found, meeting, state.holder[other, at])
                        if found > most:
                            return NEVER
    part = form.meeting[meeting, PART]
    parts = form.meeting[meeting, PART_END] - part
    base = form.row[row, VENUES]
    for place in range(parts):
        venue = form.row_venue[base + place]
        if venue < 0:
            continue
        if own & ~form.open[venue, day]:
            return NEVER
        for at in range(cell, cell + length):
            if state.used[venue, at] >= form.venue[venue, PARALLEL]:
                found = hinders(form, state, found, meeting, state.holder[venue, at])
                if found > most:
                    return NEVER
        for line in range(form.venue[venue, VENUE_KIN], form.venue[venue, VENUE_KIN_END]):
            other = form.venue_kin[line]
            for at in range(cell, cell + length):
                if state.used[other, at] > 0:
                    found = hinders(form, state, found, meeting, state.holder[other, at])
                    if found > most:
                        return NEVER
    # before the first part comes the teacher, who is where the first part is
    for place in range(-1, parts):
        if place < 0:
            teacher = form.who[who, TEACHER]
            if teacher < 0:
                continue
            party = form.classes + teacher
            venue = form.row_venue[base]
            if own & ~form.free[party, day]:
                return NEVER
        else:
            party = form.part[part + place, CLASS]
            venue = form.row_venue[base + place]
        # first the party itself, then all who cannot be busy at once with it
        for line in range(form.party[party, KIN] - 1, form.party[party, KIN_END]):
            other = party
            travels = venue >= 0
            if line >= form.party[party, KIN]:
                if day < form.kin[line, FIRST_DAY] or day > form.kin[line, LAST_DAY]:
                    continue
                other = form.kin[line, OTHER]
                travels = travels and form.kin[line, TRAVELS] > 0
            mask = state.busy[other, day]
            if mask == 0 or not (travels or mask & own):
                continue
            for then in range(width):
                there = state.at[other, day * width + then]
                if there < 0:
                    continue
                rival = form.part[there, MEETING]
                lasts = form.meeting[rival, LENGTH]
                clash = form.clock[then, lasts, TAKEN] & own != 0
                if not clash and travels:
                    where = venue_of(form, state, there)
                    if where >= 0 and where != venue:
                        if then > period:
                            gap = form.clock[then, lasts, BEGIN] - form.clock[period, length, END]
                            clash = gap < form.need[venue, where]
                        else:
                            gap = form.clock[period, length, BEGIN] - form.clock[then, lasts, END]
                            clash = gap < form.need[where, venue]
                if clash:
                    found = hinders(form, state, found, meeting, rival)
                    if found > most:
                        return NEVER
        if place < 0:
            limit = form.party[party, WEEK_LIMIT]
            week = form.day[day, WEEK]
            if limit >= 0:
                load = state.week_load[party, week]
                if state.cell[meeting] >= 0 and state.spot[meeting, AT_WHO] == who:
                    load -= form.day[state.cell[meeting] // width, WEEK] == week
                if load >= limit:
                    chosen = NOWHERE
                    for at in range(form.week[week] * width, form.week[week + 1] * width):
                        there = state.at[party, at]
                        if there >= 0 and form.part[there, MEETING] != meeting:
                            rival = form.part[there, MEETING]
                            if form.meeting[rival, MOVABLE] > 0:
                                chosen = rival
                    found = hinders(form, state, found, meeting, chosen) if load == limit else NEVER
                    if found > most:
                        return NEVER
        elif form.party[party, SPAN] > 0 and form.part[part + place, COUNTED] > 0:
            span = form.party[party, SPAN]
            listed = form.party[party, LISTED]
            for line in range(listed, listed + state.placed[party]):
                there = state.sorted[line]
                rival = form.part[there, MEETING]
                apart = abs(state.cell[rival] // width - day)
                if apart >= span and form.part[there, COUNTED] > 0:
                    found = hinders(form, state, found, meeting, rival)
                    if found > most:
                        return NEVER
    for line in range(form.meeting[meeting, BEFORE], form.meeting[meeting, BEFORE_END]):
        rival = form.order[line]
        if state.cell[rival] >= cell:
            found = hinders(form, state, found, meeting, rival)
            if found > most:
                return NEVER
    for line in range(form.meeting[meeting, AFTER], form.meeting[meeting, AFTER_END]):
        rival = form.order[line]
        if 0 <= state.cell[rival] <= cell:
            found = hinders(form, state, found, meeting, rival)
            if found > most:
                return NEVER
    return found
