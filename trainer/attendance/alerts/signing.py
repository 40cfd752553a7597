"""Alerts of anomalies in signing in (AT-3): many on one device at once, and outside the time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from trainer.attendance.alerts.watch import LOOK_BACK
from trainer.attendance.anomalies import read_signed, signed_outside, signing_bursts
from trainer.phrases import Phrase, mark, phrase

if TYPE_CHECKING:
    from trainer.attendance.alerts.watch import Watch
    from trainer.attendance.anomalies import Signed
    from trainer.attendance.cases import Alert

_ONE_OUTSIDE: Final = mark(
    "{count} person signed in outside the time of the session of {class_code} on {date} {period}: "
    "check the clock, and whether that person was there"
)
_OUTSIDE: Final = mark(
    "{count} people signed in outside the time of the session of {class_code} on {date} {period}: "
    "check the clock, and whether they were there"
)


def odd_signing(watch: Watch) -> Iterator[Alert]:
    """Yield each burst, then each session at which people signed outside its time."""
    rows = read_signed(watch.session, watch.now - LOOK_BACK, watch.class_code)
    for burst in signing_bursts(rows, watch.rules):
        yield _burst(watch, burst)
    for odd in signed_outside(rows, watch.rules):
        yield _outside(watch, odd)


def _burst(watch: Watch, burst: Signed) -> Alert:
    message = phrase(
        "{count} people signed in on {device} within {seconds} seconds at {class_code} on "
        "{date} {period}: ask whether somebody signed for others",
        count=len(burst.marks),
        device=burst.device,
        seconds=watch.rules.signing_seconds,
        class_code=burst.class_code,
        date=burst.date,
        period=burst.period,
    )
    return watch.alert(
        "signing_burst",
        message,
        burst.class_code,
        session=burst.session,
        facts=burst.marks,
        since=[burst.date],
    )


def _outside(watch: Watch, odd: Signed) -> Alert:
    message = Phrase(
        _ONE_OUTSIDE if len(odd.marks) == 1 else _OUTSIDE,
        {
            "count": len(odd.marks),
            "class_code": odd.class_code,
            "date": odd.date,
            "period": odd.period,
        },
    )
    return watch.alert(
        "signing_window",
        message,
        odd.class_code,
        session=odd.session,
        facts=odd.marks,
        since=[odd.date],
    )
