"""The compiled moves of an office's timetable: each writes a proposal into the state's chain.

- ``move``: a meeting to another start, room or teacher; what is in its way looks for a new place,
  first of all where the meeting came from (an ejection chain).
- ``swap``: two meetings of a class change their starts.
- ``days``: two days of a class change places, or one goes to an empty day.
- ``shift``: a whole class to other days.
- ``rehouse``: all meetings of a class in one room to another.

Each returns how many meetings it moves, 0 for nothing to do; ``carry_out`` does it, whole or not at
all, and never breaks a hard rule.
"""

from __future__ import annotations

from trainer.timetable.engine.annealing.chance import draw
from trainer.timetable.engine.annealing.kernel import kernel, typed
from trainer.timetable.engine.offices.form import (
    AT_ROW,
    AT_START,
    AT_WHO,
    CELL,
    CLASS,
    LISTED,
    LISTED_END,
    MEETING,
    MOST_MOVED,
    MOVABLE,
    MOVED,
    OUT,
    PART,
    PART_END,
    ROW,
    ROW_END,
    SEEK,
    START,
    START_END,
    TO_ROW,
    TO_START,
    TO_WHO,
    VENUES,
    WAS_ROW,
    WAS_START,
    WAS_WHO,
    WHO,
    WHO_END,
    Form,
    State,
)
from trainer.timetable.engine.offices.state import recost, set_place
from trainer.timetable.engine.offices.way import NOBODY, in_the_way, venue_of

FIRST, SECOND = typed(0), typed(1)
"""Lines of the chain."""
TWO, THREE, FOUR, FIVE, DICE = typed(2), typed(3), typed(4), typed(5), typed(64)
"""How many ways a draw may end."""
FAILED = 1 << 40
"""What a move that cannot be carried out costs."""
TRIES, TRIES_FOR_MORE = 8, 40
"""How many spots a meeting put out of the way tries, and where the chain places one more."""
MOST_WAY, MOST_WAY_FOR_MORE = 3, 8
"""How many meetings may be put out of the way, and where that places one more."""


@kernel
def start_from(form: Form, meeting: int, cell: int) -> int:
    """Return a meeting's first start at a cell or later; the end of its starts if there is none."""
    low, high = form.meeting[meeting, START], form.meeting[meeting, START_END]
    while low < high:
        middle = (low + high) >> 1
        if form.start[middle, CELL] < cell:
            low = middle + 1
        else:
            high = middle
    return int(low)


@kernel
def start_at(form: Form, meeting: int, cell: int) -> int:
    """Return a meeting's start at exactly a cell, or OUT."""
    line = start_from(form, meeting, cell)
    if line < form.meeting[meeting, START_END] and form.start[line, CELL] == cell:
        return line
    return OUT


@kernel
def row_in(form: Form, meeting: int, venue: int) -> int:
    """Return a row of a meeting whose first part is in a venue, or OUT."""
    low, high = form.meeting[meeting, ROW], form.meeting[meeting, ROW_END]
    end = high
    while low < high:
        middle = (low + high) >> 1
        if form.row_venue[form.row[middle, VENUES]] < venue:
            low = middle + 1
        else:
            high = middle
    return int(low) if low < end and form.row_venue[form.row[low, VENUES]] == venue else OUT


@kernel
def some_mate(form: Form, state: State, meeting: int) -> int:
    """Return the part of some placed meeting of a meeting's class, or OUT."""
    part = form.meeting[meeting, PART]
    part += draw(state, form.meeting[meeting, PART_END] - part)
    class_ = form.part[part, CLASS]
    count = state.placed[class_]
    if count == 0:
        return OUT
    return int(state.sorted[form.party[class_, LISTED] + draw(state, count)])


@kernel
def wish(form: Form, state: State, line: int, meeting: int) -> None:
    """Write a wished spot for a meeting into a line of the chain.

    Often near its class, in its rooms, or with what it has now.
    """
    low = form.meeting[meeting, START]
    start = low + draw(state, form.meeting[meeting, START_END] - low)
    low = form.meeting[meeting, ROW]
    row = low + draw(state, form.meeting[meeting, ROW_END] - low)
    low = form.meeting[meeting, WHO]
    who = low + draw(state, form.meeting[meeting, WHO_END] - low)
    placed = state.cell[meeting] >= 0
    dice = draw(state, DICE)
    mate = some_mate(form, state, meeting)
    if placed and dice & 3 == 0:
        start = state.spot[meeting, AT_START]
    elif mate >= 0 and dice & 3 != 1:
        day = state.cell[form.part[mate, MEETING]] // form.width
        if dice & 4:
            day += draw(state, FIVE) - 2  # a day or two before or after
        first = start_from(form, meeting, day * form.width)
        last = start_from(form, meeting, (day + 1) * form.width)
        if last > first:
            start = first + draw(state, last - first)
    dice = dice >> 3
    if placed and dice & 1:
        row = state.spot[meeting, AT_ROW]
    elif mate >= 0 and dice & 2:
        there = row_in(form, meeting, venue_of(form, state, mate))
        if there >= 0:
            row = there
    if placed and dice & 4:
        who = state.spot[meeting, AT_WHO]
    state.chain[line, MOVED] = meeting
    state.chain[line, TO_START] = start
    state.chain[line, TO_ROW] = row
    state.chain[line, TO_WHO] = who


@kernel
def move(form: Form, state: State) -> int:
    """Propose another spot for a meeting; whatever is in its way is to seek one, too."""
    meeting = form.movable[draw(state, len(form.movable))]
    wish(form, state, FIRST, meeting)
    placed = state.cell[meeting] >= 0
    start, row, who = state.chain[0, TO_START], state.chain[0, TO_ROW], state.chain[0, TO_WHO]
    if (
        placed
        and start == state.spot[meeting, AT_START]
        and row == state.spot[meeting, AT_ROW]
        and who == state.spot[meeting, AT_WHO]
    ):
        return 0
    most = draw(state, MOST_WAY + 1) if placed else MOST_WAY_FOR_MORE
    way = in_the_way(form, state, meeting, form.start[start, CELL], row, who, most)
    if way > most:
        return 0
    for place in range(way):
        state.chain[place + 1, MOVED] = state.way[place]
        state.chain[place + 1, TO_START] = SEEK
    return int(way + 1)


@kernel
def stays(form: Form, state: State, line: int, meeting: int, cell: int) -> bool:
    """Write a meeting's move to another cell, all else staying; False if it must not be there."""
    start = start_at(form, meeting, cell)
    if start < 0 or form.meeting[meeting, MOVABLE] == 0 or line >= MOST_MOVED:
        return False
    state.chain[line, MOVED] = meeting
    state.chain[line, TO_START] = start
    state.chain[line, TO_ROW] = state.spot[meeting, AT_ROW]
    state.chain[line, TO_WHO] = state.spot[meeting, AT_WHO]
    return True


@kernel
def swap(form: Form, state: State) -> int:
    """Propose that two meetings of a class change their starts."""
    one = form.movable[draw(state, len(form.movable))]
    mate = some_mate(form, state, one)
    if mate < 0 or state.cell[one] < 0:
        return 0
    other = form.part[mate, MEETING]
    if other == one or not stays(form, state, FIRST, one, state.cell[other]):
        return 0
    return 2 if stays(form, state, SECOND, other, state.cell[one]) else 0


@kernel
def days(form: Form, state: State) -> int:
    """Propose that a class's day changes places with another day, be that one empty or not."""
    one = form.movable[draw(state, len(form.movable))]
    if state.cell[one] < 0:
        return 0
    class_ = form.part[form.meeting[one, PART], CLASS]
    start = form.meeting[one, START]
    start += draw(state, form.meeting[one, START_END] - start)
    to = form.start[start, CELL] // form.width
    if draw(state, FOUR) > 0:
        listed = form.party[class_, LISTED]
        mate = state.sorted[listed + draw(state, state.placed[class_])]
        to = state.cell[form.part[mate, MEETING]] // form.width
        to += draw(state, THREE) - 1
    day = state.cell[one] // form.width
    if day == to:
        return 0
    count = FIRST
    listed = form.party[class_, LISTED]
    for line in range(listed, listed + state.placed[class_]):
        meeting = form.part[state.sorted[line], MEETING]
        cell = state.cell[meeting]
        here = cell // form.width
        if here in (day, to):
            cell += (to - day if here == day else day - to) * form.width
            if not stays(form, state, count, meeting, cell):
                return 0
            count += 1
    return count


@kernel
def shift(form: Form, state: State) -> int:
    """Propose a whole class some days earlier or later."""
    one = form.movable[draw(state, len(form.movable))]
    if state.cell[one] < 0:
        return 0
    class_ = form.part[form.meeting[one, PART], CLASS]
    start = form.meeting[one, START]
    start += draw(state, form.meeting[one, START_END] - start)
    by = form.start[start, CELL] // form.width - state.cell[one] // form.width
    if draw(state, TWO) == 0:
        by = (1 + draw(state, THREE)) * (1 - 2 * draw(state, TWO))
    if by == 0:
        return 0
    listed = form.party[class_, LISTED]
    for line in range(state.placed[class_]):
        meeting = form.part[state.sorted[listed + line], MEETING]
        if not stays(form, state, line, meeting, state.cell[meeting] + by * form.width):
            return 0
    return int(state.placed[class_])


@kernel
def rehouse(form: Form, state: State) -> int:
    """Propose another room for all meetings of a class that are in one."""
    one = form.movable[draw(state, len(form.movable))]
    if state.cell[one] < 0:
        return 0
    part = form.meeting[one, PART]
    class_ = form.part[part, CLASS]
    old = venue_of(form, state, part)
    row = form.meeting[one, ROW]
    row += draw(state, form.meeting[one, ROW_END] - row)
    new = form.row_venue[form.row[row, VENUES]]
    if old < 0 or new < 0 or old == new:
        return 0
    count = 0
    listed = form.party[class_, LISTED]
    for line in range(listed, form.party[class_, LISTED_END]):
        meeting = form.part[form.listed[line], MEETING]
        if (
            state.cell[meeting] < 0
            or form.meeting[meeting, MOVABLE] == 0
            or venue_of(form, state, form.listed[line]) != old
        ):
            continue
        there = row_in(form, meeting, new)
        if there < 0 or count >= MOST_MOVED:
            continue
        state.chain[count, MOVED] = meeting
        state.chain[count, TO_START] = state.spot[meeting, AT_START]
        state.chain[count, TO_ROW] = there
        state.chain[count, TO_WHO] = state.spot[meeting, AT_WHO]
        count += 1
    return count


@kernel
def carry_out(  # noqa: C901, PLR0912, PLR0915 - one walk over arrays: calls cost more
    form: Form,
    state: State,
    count: int,
    sure: bool,  # noqa: FBT001 - compiled functions take no keywords
) -> int:
    """Carry out the first ``count`` lines of the chain; return what that costs, or FAILED.

    The chain then holds where the meetings came from: carrying it out again, ``sure`` that all
    fits, undoes it, and must be done after a failure.
    """
    chain = state.chain
    delta = 0
    failed = False
    more = False
    for step in range(2 * count):
        line = step if step < count else step - count
        meeting = chain[line, MOVED]
        start = row = who = OUT
        if step < count:
            chain[line, WAS_START] = state.spot[meeting, AT_START]
            chain[line, WAS_ROW] = state.spot[meeting, AT_ROW]
            chain[line, WAS_WHO] = state.spot[meeting, AT_WHO]
            if state.cell[meeting] < 0:
                more = True
                continue
        else:
            if failed:
                break
            wanted = chain[line, TO_START]
            if wanted == OUT:
                continue
            tries = 1
            if wanted == SEEK:
                tries = TRIES_FOR_MORE if more else TRIES
            for attempt in range(tries):
                if wanted == SEEK:
                    wish(form, state, line, meeting)
                    if attempt < 3:  # noqa: PLR2004 - first where the first meeting came from
                        if attempt != 1:
                            chain[line, TO_ROW] = chain[line, WAS_ROW]
                            chain[line, TO_WHO] = chain[line, WAS_WHO]
                        if chain[0, WAS_START] >= 0 and attempt < 2:  # noqa: PLR2004
                            there = start_at(form, meeting, form.start[chain[0, WAS_START], CELL])
                            if there >= 0:
                                chain[line, TO_START] = there
                start, row = chain[line, TO_START], chain[line, TO_ROW]
                who = chain[line, TO_WHO]
                if sure:
                    break
                cell = form.start[start, CELL]
                if in_the_way(form, state, meeting, cell, row, who, NOBODY) == 0:
                    break
                start = OUT
            if start < 0:
                # what was put out of the way may stay out: who counts the cost will see
                failed = wanted != SEEK
                continue
        delta += set_place(form, state, meeting, start, row, who)
    for line in range(count):
        chain[line, TO_START] = chain[line, WAS_START]
        chain[line, TO_ROW] = chain[line, WAS_ROW]
        chain[line, TO_WHO] = chain[line, WAS_WHO]
    delta += recost(form, state)
    state.cost[0] += delta
    return FAILED if failed else int(delta)
