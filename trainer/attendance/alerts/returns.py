"""Alerts of people who should be back: from leave, and from going out with a permit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainer.attendance.alerts.watch import LOOK_BACK
from trainer.attendance.ladder import paper_of, said
from trainer.attendance.leave import APPROVED
from trainer.phrases import phrase

if TYPE_CHECKING:
    from trainer.attendance.alerts.watch import Watch
    from trainer.attendance.cases import Alert


def overdue_leave(watch: Watch) -> Iterator[Alert]:
    """Yield each approved leave that is over and whose return nobody has recorded."""
    rows = [
        row
        for row in watch.leaves
        if row.status == APPROVED and row.returned_at is None and row.date_to < watch.today
    ]
    for row in sorted(rows, key=lambda row: (row.date_to, row.id)):
        if watch.class_code not in {None, row.class_code}:
            continue
        message = phrase(
            "{person} was to be back after {last} and has not reported: ask, and record the return",
            person=row.person,
            last=row.date_to,
        )
        yield watch.alert(
            "leave_overdue",
            message,
            row.class_code,
            person=row.person,
            facts=[row.id],
            since=[row.date_to],
        )


def papers_missing(watch: Watch) -> Iterator[Alert]:
    """Yield each leave that has begun and lacks the paper that its kind needs (LV-4, LV-2)."""
    rows = [row for row in watch.leaves if not row.paper and row.date_from <= watch.today]
    for row in sorted(rows, key=lambda row: (row.date_from, row.id)):
        paper = paper_of(watch.office, row.kind)
        if paper is None or watch.class_code not in {None, row.class_code}:
            continue
        message = phrase(
            "{person} is on leave since {first} without {paper}: ask for it; without it the leave "
            "counts as absence",
            person=row.person,
            first=row.date_from,
            paper=said(paper),
        )
        # what lies so far back nobody can bring any more
        state = "open" if row.date_from > watch.today - LOOK_BACK else "past"
        yield watch.alert(
            "paper_missing",
            message,
            row.class_code,
            person=row.person,
            state=state,
            facts=[row.id],
            since=[row.date_from],
        )


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
