"""Alerts: what about attendance somebody should see to, worked out anew from what is recorded.

Each has an owner (the class's head teacher, until somebody takes it on) and a state: ``open`` while
it holds, ``taken`` and ``done`` as somebody said (``trainer.attendance.cases``), ``past`` where
somebody was absent twice running and has come again since, or came near the cap of a class that is
over. One that is done opens again when it rests on more than it did then.

One room for each kind of reason: hours, absences, rolls, returns, approvals, signing, decisions.
What several of them look at is read once, in ``watch``; how often the database is asked does not
grow with what there is, but with how many classes were changed after they were decided on.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session

from trainer.attendance.alerts.absences import absent_running
from trainer.attendance.alerts.approvals import leave_in_pieces, steps_missing
from trainer.attendance.alerts.decisions import certificates_left, unsupported_decisions
from trainer.attendance.alerts.hours import near_or_over_cap, required_share_lost
from trainer.attendance.alerts.returns import overdue_leave, overdue_permits, papers_missing
from trainer.attendance.alerts.rolls import disagreements, unfinished_rolls
from trainer.attendance.alerts.signing import odd_signing
from trainer.attendance.alerts.watch import Watch, open_watch
from trainer.attendance.cases import Alert, with_cases
from trainer.desk import Desk
from trainer.office import Office


def find_alerts(desk: Desk, class_code: str | None = None) -> list[Alert]:
    """Return every alert, of one class or all, the most pressing kind first."""
    with desk.reading() as session:
        return alerts_of(session, desk, class_code)


def alerts_of(
    session: Session, desk: Desk, class_code: str | None = None, *, office: Office | None = None
) -> list[Alert]:
    """Return the alerts as ``find_alerts`` does, within a session that is open already."""
    return with_cases(session, _all(open_watch(session, desk, class_code, office)))


def _all(watch: Watch) -> Iterator[Alert]:
    if watch.office.levels.get("LV-1") != "off":
        yield from near_or_over_cap(watch)
    yield from required_share_lost(watch)
    yield from absent_running(watch)
    yield from disagreements(watch)
    yield from unfinished_rolls(watch)
    yield from overdue_leave(watch)
    if watch.office.levels.get("LV-4") != "off":
        yield from steps_missing(watch)
        yield from leave_in_pieces(watch)
    if watch.office.levels.get("LV-2") != "off":
        yield from papers_missing(watch)
    yield from overdue_permits(watch)
    if watch.office.levels.get("AT-3") != "off":
        yield from odd_signing(watch)
    if watch.office.levels.get("CO-1") != "off":
        yield from unsupported_decisions(watch)
        yield from certificates_left(watch)
