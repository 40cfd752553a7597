"""The cap on leave (LV-1): leave adding up to strictly more than a seventh of the class's hours.

Whole quarter-hours throughout, and exact fractions of them for leave by minutes, so that 8 of 56
hours passes and 9 of 56 does not, on every machine.
The total is that of the timetable as it stands (sessions to come are in it, cancelled ones are
not) within the person's membership, and it is worked out anew each time. Official duty is no leave.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Final, TypeAlias

Amount: TypeAlias = "int | Fraction"
#: The share of the total that leave may reach and not pass.
SEVENTH: Final = 7


def passes_cap(leave: Amount, total: int) -> bool:
    """Tell whether leave is strictly more than a seventh of the total, both in quarter-hours."""
    return SEVENTH * leave > total


def room_under_cap(leave: Amount, total: int) -> Amount:
    """Return how many quarter-hours of leave are left before the cap is passed."""
    return total // SEVENTH - leave


def is_near_cap(leave: Amount, total: int, next_session: int) -> bool:
    """Tell whether leave from one more session of that length would pass the cap."""
    return leave > 0 and not passes_cap(leave, total) and passes_cap(leave + next_session, total)


def out_of_reach(missed: int, total: int, share: float) -> bool:
    """Tell whether the hours not missed are less than the required share of the total."""
    wanted = _meant(share)
    return (total - missed) * wanted.denominator < wanted.numerator * total


@cache
def _meant(share: float) -> Fraction:
    # the small fraction that is meant: 0.857142 of 56 hours is not less than 48
    return Fraction(share).limit_denominator(1000)
