"""Alerts of hours: leave near or over the cap (LV-1), and a required share that is out of reach."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainer.attendance.alerts.granted import granted_leave
from trainer.attendance.alerts.watch import LOOK_BACK
from trainer.attendance.cap import is_near_cap, out_of_reach, passes_cap, room_under_cap
from trainer.attendance.credit import hours
from trainer.phrases import phrase

if TYPE_CHECKING:
    import datetime as dt

    from trainer.attendance.alerts.granted import Granted
    from trainer.attendance.alerts.watch import Share, Watch
    from trainer.attendance.cases import Alert
    from trainer.attendance.state import Pair


@dataclass(frozen=True, slots=True)
class _Leave:
    # what somebody has of leave in a class: marked, and granted where nothing is marked

    share: Share
    marked: Mapping[str, str]
    granted: Mapping[str, Granted]

    @property
    def amount(self) -> int:
        return self.share.amount(self.marked) + sum(one.quarters for one in self.granted.values())

    @property
    def facts(self) -> list[str]:
        granted = {f"leave:{id_}" for one in self.granted.values() for id_ in one.leave}
        return [*self.marked.values(), *granted, f"total:{self.share.total}"]

    @property
    def dates(self) -> Iterator[dt.date]:
        return _dates(self.share, {*self.marked, *self.granted})


def near_or_over_cap(watch: Watch) -> Iterator[Alert]:
    """Yield whoever is on leave for more than a seventh, or would be by one more session.

    Leave that was granted counts before anything is marked, so that it is told in time.
    """
    granted = granted_leave(watch)
    for pair in sorted(
        {pair for pair, missed in watch.missed.items() if missed.leave} | {*granted}
    ):
        share = watch.share(pair)
        missed = watch.missed.get(pair)
        leave = _Leave(share, missed.leave if missed else {}, granted.get(pair, {}))
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


def _over(watch: Watch, pair: Pair, leave: _Leave) -> Alert:
    code, person = pair
    message = phrase(
        "{person} has {leave} of {total} hours of {class_code} on leave, more than a "
        "seventh: confirm the withdrawal, or give the reason against it",
        person=person,
        class_code=code,
        leave=_shown(leave.amount),
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


def _near(watch: Watch, pair: Pair, leave: _Leave) -> Alert:
    code, person = pair
    share = leave.share
    message = phrase(
        "{person} has {leave} of {total} hours of {class_code} on leave; {room} more "
        "may be granted: tell the trainee",
        person=person,
        class_code=code,
        leave=_shown(leave.amount),
        total=_shown(share.total),
        room=_shown(room_under_cap(leave.amount, share.total)),
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


def _shown(quarters: int) -> str:
    return f"{hours(quarters):.2f}".rstrip("0").rstrip(".")
