"""Alerts of hours: leave near or over the cap (LV-1), and a required share that is out of reach."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from trainer.attendance.alerts.granted import granted_leave
from trainer.attendance.alerts.watch import LOOK_BACK
from trainer.attendance.cap import is_near_cap, out_of_reach, passes_cap, room_under_cap
from trainer.office import QUARTERS
from trainer.phrases import phrase

if TYPE_CHECKING:
    import datetime as dt

    from trainer.attendance.alerts.granted import Granted
    from trainer.attendance.alerts.watch import Share, Watch
    from trainer.attendance.cases import Alert
    from trainer.attendance.state import Pair


@dataclass(frozen=True, slots=True)
class OnLeave:
    """What somebody has of leave in a class: marked as such, and by what was granted."""

    share: Share
    marked: Mapping[str, str]
    granted: Mapping[str, Granted]
    minutes: Mapping[str, int]

    @property
    def amount(self) -> Fraction:
        """How many quarter-hours it comes to, exactly."""
        granted = sum((one.quarters for one in self.granted.values()), Fraction(0))
        whole = self.share.amount(uid for uid in self.marked if uid not in self.minutes)
        timed = self.marked.keys() & self.minutes.keys()
        parts = (self.share.part(uid, self.minutes[uid]) for uid in timed)
        return whole + sum(parts, granted)

    @property
    def facts(self) -> list[str]:
        """The marks and the leave that it rests on, and the total that it is held against."""
        granted = {f"leave:{id_}" for one in self.granted.values() for id_ in one.leave}
        return [*self.marked.values(), *granted, f"total:{self.share.total}"]

    @property
    def dates(self) -> Iterator[dt.date]:
        """The days of it."""
        return _dates(self.share, {*self.marked, *self.granted})


def leave_of(watch: Watch, pair: Pair, granted: Mapping[str, Granted]) -> OnLeave:
    """Return what somebody has of leave in a class; both are (class, person).

    Where leave was granted for a session, that says how much of it is leave.
    """
    missed = watch.missed.get(pair)
    marked = missed.leave if missed else {}
    marked = {uid: mark for uid, mark in marked.items() if uid not in granted}
    return OnLeave(watch.share(pair), marked, granted, missed.minutes if missed else {})


def near_or_over_cap(watch: Watch) -> Iterator[Alert]:
    """Yield whoever is on leave for more than a seventh, or would be by one more session.

    Leave that was granted counts before anything is marked, so that it is told in time.
    """
    granted = granted_leave(watch)
    for pair in sorted(
        {pair for pair, missed in watch.missed.items() if missed.leave} | {*granted}
    ):
        leave = leave_of(watch, pair, granted.get(pair, {}))
        share = leave.share
        if passes_cap(leave.amount, share.total):
            yield _over(watch, pair, leave)
        elif is_near_cap(leave.amount, share.total, share.longest):
            yield _near(watch, pair, leave)


def required_share_lost(watch: Watch) -> Iterator[Alert]:
    """Yield whoever cannot reach the required share even with all that is left."""
    required = watch.rules.required_share
    if not required:
        return
    for pair, missed in watch.missed.items():
        share, marks = watch.share(pair), missed.lost
        lost = share.amount(marks)
        if not out_of_reach(lost, share.total, required):
            continue
        code, person = pair
        message = phrase(
            "{person} has missed {missed} of {total} hours of {class_code}: even with all that "
            "is left the required {share} cannot be reached; decide what becomes of it, or let "
            "sessions be made up",
            person=person,
            missed=_shown(lost),
            total=_shown(share.total),
            class_code=code,
            share=f"{required:.0%}",
        )
        over = share.meetings[-1].end < watch.now - LOOK_BACK
        yield watch.alert(
            "out_of_reach",
            message,
            code,
            person=person,
            state="past" if over else "open",
            facts=[*marks.values(), f"total:{share.total}"],
            since=_dates(share, marks),
        )


def _over(watch: Watch, pair: Pair, leave: OnLeave) -> Alert:
    code, person = pair
    message = phrase(
        "{person} has {leave} of {total} hours of {class_code} on leave, more than a "
        "seventh: confirm the withdrawal, or give the reason against it",
        person=person,
        class_code=code,
        leave=_shown(leave.amount, up=True),
        total=_shown(leave.share.total),
    )
    return watch.alert(
        "leave_over_cap",
        message,
        code,
        person=person,
        facts=leave.facts,
        since=leave.dates,
    )


def _near(watch: Watch, pair: Pair, leave: OnLeave) -> Alert:
    code, person = pair
    share = leave.share
    message = phrase(
        "{person} has {leave} of {total} hours of {class_code} on leave; {room} more "
        "may be granted: tell the trainee",
        person=person,
        class_code=code,
        leave=_shown(leave.amount, up=True),
        total=_shown(share.total),
        room=_shown(max(room_under_cap(leave.amount, share.total), 0)),
    )
    # once the class is over nobody can ask for more
    state = "open" if share.meetings[-1].end > watch.now else "past"
    return watch.alert(
        "leave_near_cap",
        message,
        code,
        person=person,
        state=state,
        facts=leave.facts,
        since=leave.dates,
    )


def _dates(share: Share, marks: Container[str]) -> Iterator[dt.date]:
    return (row.date for row in share.meetings if row.uid in marks)


def _shown(quarters: Fraction | int, *, up: bool = False) -> str:
    # leave is shown as no less, and what may still be granted as no more, than it is
    hundredths = Fraction(quarters) * 100 / QUARTERS
    whole = math.ceil(hundredths) if up else math.floor(hundredths)
    return f"{whole / 100:.2f}".rstrip("0").rstrip(".")
