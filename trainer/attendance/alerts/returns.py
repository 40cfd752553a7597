"""Alerts of people who should be back: from leave, and from going out with a permit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import select

from db.tables import Leave
from db.work import table_of
from trainer.attendance.leave import APPROVED
from trainer.phrases import phrase

if TYPE_CHECKING:
    from trainer.attendance.alerts.watch import Watch
    from trainer.attendance.cases import Alert


def overdue_leave(watch: Watch) -> Iterator[Alert]:
    """Yield each approved leave that is over and whose return nobody has recorded."""
    table = table_of(Leave)
    query = (
        select(table.c.person, table.c.class_code, table.c.date_to, table.c.id)
        .where(
            table.c.status == APPROVED,
            table.c.returned_at.is_(None),
            table.c.date_to < watch.today,
        )
        .order_by(table.c.date_to, table.c.id)
    )
    if watch.class_code is not None:
        query = query.where(table.c.class_code == watch.class_code)
    for person, code, last, id_ in watch.session.connection().execute(query):
        message = phrase(
            "{person} was to be back after {last} and has not reported: ask, and record the return",
            person=person,
            last=last,
        )
        yield watch.alert("leave_overdue", message, code, person=person, facts=[id_], since=[last])


def overdue_permits(watch: Watch) -> Iterator[Alert]:
    """Yield whoever went out with a permit and should be back by now."""
    # class life stands beside this room and knows of attendance
    from trainer.classlife.exits import overdue_exits

    for one in overdue_exits(watch.session, watch.now, watch.class_code):
        due = one.due_at.astimezone(watch.office.zone)
        message = phrase(
            "{person} of {class_code} was to be back by {due} and is still out: ring up, and "
            "record the return",
            person=one.person,
            class_code=one.class_code,
            due=f"{due:%Y-%m-%d %H:%M}",
        )
        yield watch.alert(
            "exit_overdue",
            message,
            one.class_code,
            person=one.person,
            facts=[one.id],
            since=[due.date()],
        )
