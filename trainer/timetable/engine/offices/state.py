"""The compiled bookkeeping of an office's timetable: what is in the way, what a change costs.

Imported late: numba takes a second to import, and the first call after an installation compiles.
"""

from __future__ import annotations

from trainer.timetable.engine.annealing.kernel import kernel, large_kernel, outer_kernel, typed
from trainer.timetable.engine.offices.form import (
    AFTER,
    AFTER_END,
    AT_PERIODS,
    AT_ROW,
    AT_START,
    AT_VENUE,
    AT_WHO,
    BEFORE,
    BEFORE_END,
    BEGIN,
    CELL,
    CHOICE,
    CLASS,
    COMPACT,
    COMPACT_DAYS,
    COUNTED,
    COURSE,
    DARK,
    DAYLIGHT,
    END,
    FAIR_LOAD,
    FIELDS,
    FIRST_DAY,
    HOME_COST,
    HOME_ROW,
    HOME_START,
    HOME_WHO,
    INDOOR,
    KIN,
    KIN_END,
    KNOWLEDGE,
    LAST_DAY,
    LENGTH,
    LISTED,
    MEETING,
    MOVABLE,
    NOWHERE,
    ONE_ROOM,
    OTHER,
    PARALLEL,
    PART,
    PART_END,
    ROW,
    ROW_COST,
    SHARE,
    SPAN,
    SPREAD,
    START_COST,
    STAYS,
    STAYS_END,
    TAKEN,
    TEACHER,
    THEORY_FIRST,
    TOURS,
    TRAVEL,
    TRAVEL_MINUTES,
    TRAVELS,
    UNPLACED,
    UNTIL,
    VENUE_KIN,
    VENUE_KIN_END,
    VENUES,
    WEEK,
    WEEK_LIMIT,
    WHO_COST,
    WORKED,
    WORKING,
    Form,
    Ints,
    State,
)

NOBODY = typed(0)
"""So many are in the way of a spot that is free."""
NEVER = typed(1 << 20)
"""So many are in the way where the facts forbid a spot, or where something cannot move."""
NOT_YET = typed(0)
"""Minutes of travel on a day that has not begun."""


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


@kernel
def own_cost(form: Form, meeting: int, start: int, row: int, who: int) -> int:
    """Return what a meeting's spot costs by itself."""
    cost = form.start[start, START_COST] + form.row[row, ROW_COST] + form.who[who, WHO_COST]
    if form.start[start, DARK] > 0:
        cost += form.row[row, FIELDS] * form.weight[DAYLIGHT]
    if form.meeting[meeting, HOME_COST] > 0 and (
        form.meeting[meeting, HOME_START] != start
        or form.meeting[meeting, HOME_ROW] != row
        or form.meeting[meeting, HOME_WHO] != who
    ):
        cost += form.meeting[meeting, HOME_COST]
    return int(cost)


@kernel
def hold(state: State, venue: int, at: int, meeting: int, sign: int) -> None:
    """Note that a meeting comes to a venue in a cell, or leaves it."""
    if sign > 0:
        state.used[venue, at] += 1
        state.holder[venue, at] = meeting
    else:
        state.used[venue, at] -= 1
        if state.holder[venue, at] == meeting:
            state.holder[venue, at] = NOWHERE


@large_kernel
def set_place(  # noqa: C901, PLR0912, PLR0915 - one walk over arrays: calls cost more
    form: Form, state: State, meeting: int, start: int, row: int, who: int
) -> int:
    """Put a meeting that is nowhere to a spot, or take one out (``start`` is NOWHERE).

    Return what that costs, but for its classes, which are noted as dirty.
    """
    width = form.width
    coming = start >= 0
    sign = 1 if coming else -1
    if not coming:
        start, row = state.spot[meeting, AT_START], state.spot[meeting, AT_ROW]
        who = state.spot[meeting, AT_WHO]
    cell = form.start[start, CELL]
    day = cell // width
    period = cell - day * width
    length = form.meeting[meeting, LENGTH]
    taken = form.clock[period, length, TAKEN]
    first = form.meeting[meeting, PART]
    parts = form.meeting[meeting, PART_END] - first
    base = form.row[row, VENUES]
    delta = sign * (own_cost(form, meeting, start, row, who) - form.meeting[meeting, UNPLACED])
    if coming:
        state.spot[meeting, AT_START] = start
        state.spot[meeting, AT_ROW] = row
        state.spot[meeting, AT_WHO] = who
        state.cell[meeting] = cell
    for place in range(parts):
        venue = form.row_venue[base + place]
        again = venue < 0
        for before in range(place):
            again = again or form.row_venue[base + before] == venue
        if again:
            continue
        for then in range(width):
            if taken >> then & 1:
                hold(state, venue, day * width + then, meeting, sign)
    tours = form.meeting[meeting, TOURS]
    if tours >= 0:
        tour = tours + (row - form.meeting[meeting, ROW]) * state.used.shape[1] + cell
        for stay in range(form.tour[tour, STAYS], form.tour[tour, STAYS_END]):
            venue = form.stay[stay, AT_VENUE]
            for then in range(width):
                if form.stay[stay, AT_PERIODS] >> then & 1:
                    hold(state, venue, day * width + then, meeting, sign)
    for place in range(-1, parts):
        if place < 0:
            teacher = form.who[who, TEACHER]
            if teacher < 0:
                continue
            party = form.classes + teacher
        else:
            party = form.part[first + place, CLASS]
        if coming:
            state.at[party, cell] = first + max(place, 0)
            state.busy[party, day] |= taken
        else:
            state.at[party, cell] = NOWHERE
            mask = 0
            for then in range(width):
                there = state.at[party, day * width + then]
                if there >= 0:
                    mask |= form.clock[then, form.meeting[form.part[there, MEETING], LENGTH], TAKEN]
            state.busy[party, day] = mask
        if place < 0:
            state.week_load[party, form.day[day, WEEK]] += sign
            if form.meeting[meeting, CHOICE] > 0:
                load, share = state.load[party], form.party[party, SHARE]
                over = max(0, load + sign - share) - max(0, load - share)
                delta += form.weight[FAIR_LOAD] * over
                state.load[party] = load + sign
            continue
        # the class's list stays sorted by time
        listed = form.party[party, LISTED]
        count = state.placed[party]
        line = listed
        if coming:
            line = listed + count
            while line > listed and state.cell[form.part[state.sorted[line - 1], MEETING]] > cell:
                state.sorted[line] = state.sorted[line - 1]
                line -= 1
            state.sorted[line] = first + place
        else:
            while state.sorted[line] != first + place:
                line += 1
            while line < listed + count - 1:
                state.sorted[line] = state.sorted[line + 1]
                line += 1
        state.placed[party] = count + sign
        if state.stale[party] == 0:
            state.stale[party] = 1
            state.dirty[state.dirty[form.classes]] = party
            state.dirty[form.classes] += 1
    if not coming:
        state.spot[meeting, AT_START] = NOWHERE
        state.cell[meeting] = NOWHERE
    return int(delta)


@kernel
def journeys(form: Form, minutes: int) -> int:
    """Return what so many minutes of a class's travel on a day cost."""
    least = form.weight[TRAVEL_MINUTES]
    return int((minutes + least - 1) // least * form.weight[TRAVEL])


@large_kernel
def cost_of_class(  # noqa: C901, PLR0912, PLR0915 - one walk over arrays: calls cost more
    form: Form, state: State, class_: int
) -> int:
    """Return what a class's meetings cost as they lie together."""
    count = state.placed[class_]
    if count <= 1:
        return 0
    width, weight = form.width, form.weight
    listed = form.party[class_, LISTED]
    knowledge = form.party[class_, KNOWLEDGE]
    state.seen[-1] += 1
    stamp = state.seen[-1]
    total = 0
    minutes = NOT_YET
    practice = rooms = kinds = twice = worked = 0
    theory = False
    day = last = place = NOWHERE
    first_day = NOWHERE
    day_line = listed
    for line in range(listed, listed + count):
        part = state.sorted[line]
        meeting = form.part[part, MEETING]
        cell = state.cell[meeting]
        here = cell // width
        period = cell - here * width
        venue = venue_of(form, state, part)
        course = form.part[part, COURSE]
        if here != day:
            total += journeys(form, minutes)
            minutes = NOT_YET
            if day < 0:
                first_day = here
            day, day_line, place = here, line, venue
            worked += form.day[here, WORKING]
        else:
            total += weight[COMPACT] * form.idle[knowledge, last, period]
            if venue >= 0:
                if place >= 0 and place != venue:
                    minutes += form.miles[place, venue]
                place = venue
            for before in range(day_line, line):
                if form.part[state.sorted[before], COURSE] == course:
                    twice += 1
                    break
        last = period + form.meeting[meeting, LENGTH] - 1
        if venue >= 0 and form.venue[venue, INDOOR] > 0 and state.seen[venue] != stamp:
            state.seen[venue] = stamp
            rooms += 1
            kinds |= form.venue[venue, INDOOR]
        if not theory:
            if form.course[course] & 1:
                theory = True
            elif form.course[course] & 2:
                practice += 1
    total += journeys(form, minutes) + weight[SPREAD] * twice
    if rooms > 1:
        total += weight[ONE_ROOM] * (rooms - (kinds & 1) - (kinds >> 1))
    if form.party[class_, COMPACT_DAYS] > 0:
        span = form.day[day + 1, WORKED] - form.day[first_day, WORKED]
        total += weight[COMPACT] * (span - worked)
    if theory:
        total += weight[THEORY_FIRST] * practice
    return int(total)


@kernel
def recost(form: Form, state: State) -> int:
    """Count the dirty classes anew; return what differs."""
    delta = 0
    for place in range(state.dirty[form.classes]):
        class_ = state.dirty[place]
        state.stale[class_] = 0
        cost = cost_of_class(form, state, class_)
        delta += cost - state.class_cost[class_]
        state.class_cost[class_] = cost
    state.dirty[form.classes] = 0
    return int(delta)


@outer_kernel
def fill(form: Form, state: State, spots: Ints) -> None:
    """Put every meeting of an empty state where it is in ``spots``, and count the cost."""
    cost = 0
    for meeting in range(len(spots)):
        cost += form.meeting[meeting, UNPLACED]
        if spots[meeting, AT_START] >= 0:
            cost += set_place(
                form,
                state,
                meeting,
                spots[meeting, AT_START],
                spots[meeting, AT_ROW],
                spots[meeting, AT_WHO],
            )
    state.cost[0] = cost + recost(form, state)
