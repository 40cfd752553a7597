"""The compiled bookkeeping of an office's timetable: who is where, and what a change costs.

Imported late: numba takes a second to import, and the first call after an installation compiles.
"""

from __future__ import annotations

from trainer.timetable.engine.annealing.kernel import kernel, large_kernel, outer_kernel, typed
from trainer.timetable.engine.offices.form import (
    APART,
    APART_GROUPS,
    AT_PERIODS,
    AT_ROW,
    AT_START,
    AT_VENUE,
    AT_WHO,
    CELL,
    CHOICE,
    CLASS,
    CLASS_DAY,
    COMPACT,
    COMPACT_DAYS,
    COURSE,
    DARK,
    DAY_LIMIT,
    DAYLIGHT,
    FAIR_LOAD,
    FIELDS,
    FIRST_GROUP,
    HOME_COST,
    HOME_ROW,
    HOME_START,
    HOME_WHO,
    INDOOR,
    KNOWLEDGE,
    LENGTH,
    LISTED,
    MEETING,
    NOWHERE,
    ONE_ROOM,
    PART,
    PART_END,
    PRACTICE,
    ROW,
    ROW_COST,
    SHARE,
    SPREAD,
    START_COST,
    STAYS,
    STAYS_END,
    TAKEN,
    TEACHER,
    TEACHER_DAY,
    THEORY,
    THEORY_FIRST,
    TOGETHER,
    TOGETHER_GROUPS,
    TOURS,
    TRAVEL,
    TRAVEL_MINUTES,
    UNPLACED,
    VENUES,
    WEEK,
    WHO_COST,
    WORKED,
    WORKING,
    Form,
    Ints,
    State,
)
from trainer.timetable.engine.offices.way import venue_of

NOT_YET = typed(0)
"""Minutes of travel on a day that has not begun."""


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


@kernel
def fuller(form: Form, state: State, party: int, day: int, came: int) -> int:
    """Return how many periods more lie beyond a teacher's limit since so many came to a day."""
    periods = 0
    for at in range(day * form.width, (day + 1) * form.width):
        there = state.at[party, at]
        if there >= 0:
            periods += form.meeting[form.part[there, MEETING], LENGTH]
    limit = form.party[party, DAY_LIMIT]
    return int(max(0, periods - limit) - max(0, periods - came - limit))


@kernel
def ones(bits: int) -> int:
    """Return how many bits are set."""
    count = 0
    while bits > 0:
        bits &= bits - 1
        count += 1
    return count


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
            if form.party[party, DAY_LIMIT] >= 0:
                delta += form.weight[TEACHER_DAY] * fuller(form, state, party, day, sign * length)
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
    if count == 0:
        return 0
    width, weight = form.width, form.weight
    listed = form.party[class_, LISTED]
    knowledge = form.party[class_, KNOWLEDGE]
    state.seen[-1] += 1
    stamp = state.seen[-1]
    total = 0
    minutes = NOT_YET
    practice = rooms = kinds = twice = worked = 0
    # of what a day holds: periods, those beyond the limit, groups of courses on it and before it
    limit = form.party[class_, DAY_LIMIT]
    together, apart = weight[TOGETHER_GROUPS], weight[APART_GROUPS]
    periods = over = groups = ever = scattered = close = 0
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
        again = False
        if here != day:
            total += journeys(form, minutes)
            minutes = NOT_YET
            if limit >= 0:
                over += max(0, periods - limit)
            scattered += ones(groups & ever & together)
            ever |= groups
            periods = groups = 0
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
                    again = True
                    break
        periods += form.meeting[meeting, LENGTH]
        if together | apart and not again:
            # of a group that is here already one more course is one too many
            close += ones(groups & (form.course[course] >> FIRST_GROUP) & apart)
            groups |= form.course[course] >> FIRST_GROUP
        last = period + form.meeting[meeting, LENGTH] - 1
        if venue >= 0 and form.venue[venue, INDOOR] > 0 and state.seen[venue] != stamp:
            state.seen[venue] = stamp
            rooms += 1
            kinds |= form.venue[venue, INDOOR]
        if not theory:
            if form.course[course] & THEORY:
                theory = True
            elif form.course[course] & PRACTICE:
                practice += 1
    total += journeys(form, minutes) + weight[SPREAD] * twice
    if rooms > 1:
        total += weight[ONE_ROOM] * (rooms - (kinds & 1) - (kinds >> 1))
    if form.party[class_, COMPACT_DAYS] > 0:
        span = form.day[day + 1, WORKED] - form.day[first_day, WORKED]
        total += weight[COMPACT] * (span - worked)
    if theory:
        total += weight[THEORY_FIRST] * practice
    if limit >= 0:
        total += weight[CLASS_DAY] * (over + max(0, periods - limit))
    if together | apart:
        scattered += ones(groups & ever & together)
        total += weight[TOGETHER] * scattered + weight[APART] * close
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
