"""Alerts of hours: leave near or over the cap (LV-1), and a required share that is out of reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from trainer.attendance.alerts.watch import LOOK_BACK
from trainer.attendance.cap import is_near_cap, out_of_reach, passes_cap, room_under_cap
from trainer.attendance.credit import hours
from trainer.phrases import phrase

if TYPE_CHECKING:
    import datetime as dt

    from trainer.attendance.alerts.watch import Share, Watch
    from trainer.attendance.cases import Alert
    from trainer.attendance.state import Pair


def near_or_over_cap(watch: Watch) -> Iterator[Alert]:
    """Yield whoever is on leave for more than a seventh, or would be by one more session."""
    for pair, missed in watch.missed.items():
        if not missed.leave:
            continue
        share = watch.share(pair)
        leave = share.amount(missed.leave)
        if passes_cap(leave, share.total):
            yield _over(watch, pair, share, missed.leave)
        elif is_near_cap(leave, share.total, share.longest):
            yield _near(watch, pair, share, missed.leave)


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


def _over(watch: Watch, pair: Pair, share: Share, marks: Mapping[str, str]) -> Alert:
    code, person = pair
    message = phrase(
        "{person} has {leave} of {total} hours of {class_code} on leave, more than a "
        "seventh: confirm the withdrawal, or give the reason against it",
        person=person,
        class_code=code,
        leave=_shown(share.amount(marks)),
        total=_shown(share.total),
    )
    return watch.alert(
        "leave_over_cap",
        message,
        code,
        person=person,
        facts=[*marks.values(), f"total:{share.total}"],
        since=_dates(share, marks),
    )


def _near(watch: Watch, pair: Pair, share: Share, marks: Mapping[str, str]) -> Alert:
    code, person = pair
    leave = share.amount(marks)
    message = phrase(
        "{person} has {leave} of {total} hours of {class_code} on leave; {room} more "
        "may be granted: tell the trainee",
        person=person,
        class_code=code,
        leave=_shown(leave),
        total=_shown(share.total),
        room=_shown(room_under_cap(leave, share.total)),
    )
    # once the class is over nobody can ask for more
    state = "open" if share.meetings[-1].end > watch.now else "past"
    return watch.alert(
        "leave_near_cap",
        message,
        code,
        person=person,
        state=state,
        facts=[*marks.values(), f"total:{share.total}"],
        since=_dates(share, marks),
    )


def _dates(share: Share, marks: Mapping[str, str]) -> Iterator[dt.date]:
    return (row.date for row in share.meetings if row.uid in marks)


def _shown(quarters: int) -> str:
    return f"{hours(quarters):.2f}".rstrip("0").rstrip(".")
