"""An office's problem as arrays, and a timetable of it; what the compiled moves work on.

A *party* is whoever can only be in one place at a time: the classes come first, then the teachers.
A *part* is one class's share of a meeting. A meeting chooses among its starts, its *rows* (a room
for each part, so that a broadcast is one row) and its teachers; each is a line of the form's lists.
Cells are ``day * width + period``; sets of a day's periods are bits. Costs are whole units.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from trainer.timetable.engine.annealing.kernel import typed
from trainer.timetable.engine.annealing.seed import seeded

Ints = npt.NDArray[np.int64]
"""One width for all that is passed about: each other width would be compiled for anew."""

NOWHERE: Final = typed(-1)
"""No cell, no venue, nobody."""
MOST_MOVED: Final = 48
"""Meetings that one compound move may touch."""

# columns of ``Form.meeting``
LENGTH, PART, PART_END, START, START_END, ROW, ROW_END, WHO, WHO_END = range(9)
BEFORE, BEFORE_END, AFTER, AFTER_END, CHOICE, MOVABLE, UNPLACED = range(9, 16)
HOME_START, HOME_ROW, HOME_WHO, HOME_COST, TOURS = range(16, 21)
# columns of ``Form.start``, ``Form.row``, ``Form.who``
CELL, START_COST, DARK = range(3)
VENUES, UNTIL, ROW_COST, FIELDS = range(4)
TEACHER, WHO_COST = range(2)
# columns of ``Form.part``, ``Form.party``, ``Form.kin``, ``Form.venue``
MEETING, CLASS, COURSE, COUNTED = range(4)
LISTED, LISTED_END, KIN, KIN_END, SPAN, KNOWLEDGE, COMPACT_DAYS, WEEK_LIMIT, SHARE = range(9)
DAY_LIMIT = 9
OTHER, FIRST_DAY, LAST_DAY, TRAVELS = range(4)
# columns of ``Form.tour`` and ``Form.stay``
STAYS, STAYS_END = range(2)
AT_VENUE, AT_PERIODS = range(2)
PARALLEL, INDOOR, VENUE_KIN, VENUE_KIN_END = range(4)
# columns of ``Form.clock``, ``Form.day``
BEGIN, END, TAKEN = range(3)
WEEK, WORKING, WORKED = range(3)
# places in ``Form.weight``
COMPACT, SPREAD, ONE_ROOM, FAIR_LOAD, TRAVEL, TRAVEL_MINUTES, DAYLIGHT, THEORY_FIRST = range(8)
CLASS_DAY, TEACHER_DAY, TOGETHER, APART, TOGETHER_GROUPS, APART_GROUPS = range(8, 14)
# bits of ``Form.course``; those of its groups (``Groups.of_course``) follow
THEORY, PRACTICE, FIRST_GROUP = 1, 2, 2
# columns of ``State.spot`` and ``State.chain``
AT_START, AT_ROW, AT_WHO = range(3)
MOVED, TO_START, TO_ROW, TO_WHO, WAS_START, WAS_ROW, WAS_WHO = range(7)
# what may stand in ``TO_START`` besides a line of ``Form.start``
OUT, SEEK = typed(-1), typed(-2)


class Form(NamedTuple):
    """A problem: M meetings, P parts, C classes and T teachers (parties), V venues, D days."""

    width: int
    classes: int
    meeting: Ints  # (M, 21)
    start: Ints  # (., 3) each meeting's in the order of time
    row: Ints  # (., 4) each meeting's in the order of the first part's venue
    row_venue: Ints  # the venues of each row's parts
    tour: Ints  # (., 2) for each row and cell the stays of a round; NOWHERE where none fits
    stay: Ints  # (., 2) a stop, and the periods of the day in which it is visited, bits
    who: Ints  # (., 2)
    part: Ints  # (P, 4) the parts of a meeting one after the other
    listed: Ints  # (P,) the parts of each class
    order: Ints  # meetings that must be earlier, or later, than another
    party: Ints  # (C+T, 10)
    kin: Ints  # (., 4) parties that cannot be busy at once with another, and on which days
    free: Ints  # (C+T, D) periods in which a teacher is there, bits; for classes all
    venue: Ints  # (V, 4)
    open: Ints  # (V, D) periods in which a venue can be used, bits
    venue_kin: Ints  # venues that cannot be used while another is
    need: Ints  # (V, V) minutes from one venue to another with the buffer
    miles: Ints  # (V, V) minutes of travel alone
    clock: Ints  # (width, longest + 1, 3) of a period and a length
    idle: Ints  # (2, width, width) idle periods between a last and a next period
    course: Ints  # (K,) bits: theory, practice, and the groups of courses it is of
    day: Ints  # (D + 1, 3)
    week: Ints  # (W + 1,) first day of each week
    weight: Ints  # (14,)
    movable: Ints  # the meetings that may move


class State(NamedTuple):
    """A timetable of a form, with everything that costs are counted from; changed in place."""

    spot: Ints  # (M, 3) lines of start, row and who; NOWHERE without a place
    cell: Ints  # (M,) where it starts, or NOWHERE
    at: Ints  # (C+T, cells) the part that starts there, or NOWHERE
    busy: Ints  # (C+T, D) bits
    sorted: Ints  # (P,) the placed parts of each class in the order of time
    placed: Ints  # (C,) how many those are
    used: npt.NDArray[np.uint8]  # (V, cells) meetings in a venue
    holder: Ints  # (V, cells) the last one that came, or NOWHERE
    load: Ints  # (C+T,) meetings that left a choice
    week_load: Ints  # (C+T, W)
    class_cost: Ints  # (C,)
    dirty: Ints  # (C + 1,) classes to be counted anew; how many stands last
    stale: Ints  # (C,) whether a class is among them
    seen: Ints  # (V + 1,) by which count a room was seen last
    chain: Ints  # (MOST_MOVED, 7) a compound move: who, where to, where from
    way: Ints  # (MOST_MOVED + 1,)
    cost: Ints  # (1,)
    odds: Ints  # (ODDS,) out of 2**32, whether to accept so much worse
    chance: npt.NDArray[np.uint64]  # (1,) state of the random source


def empty_state(form: Form, seed: int) -> State:
    """Return a state without any meeting; to be filled by ``state.fill``."""
    parties, days = form.free.shape
    venues = len(form.venue)
    cells = days * form.width
    meetings = len(form.meeting)
    return State(
        spot=np.full((meetings, 3), NOWHERE, np.int64),
        cell=np.full(meetings, NOWHERE, np.int64),
        at=np.full((parties, cells), NOWHERE, np.int64),
        busy=np.zeros((parties, days), np.int64),
        sorted=np.full(len(form.part), NOWHERE, np.int64),
        placed=np.zeros(form.classes, np.int64),
        used=np.zeros((venues, cells), np.uint8),
        holder=np.full((venues, cells), NOWHERE, np.int64),
        load=np.zeros(parties, np.int64),
        week_load=np.zeros((parties, len(form.week)), np.int64),
        class_cost=np.zeros(form.classes, np.int64),
        dirty=np.zeros(form.classes + 1, np.int64),
        stale=np.zeros(form.classes, np.int64),
        seen=np.zeros(venues + 1, np.int64),
        chain=np.zeros((MOST_MOVED, 7), np.int64),
        way=np.zeros(MOST_MOVED + 1, np.int64),
        cost=np.zeros(1, np.int64),
        odds=np.zeros(256, np.int64),
        chance=seeded(seed),
    )
