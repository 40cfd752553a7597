"""What waits for somebody, and what is done about it; each function runs in a worker.

Whatever touches the database is imported inside the functions: the first frame is on the screen
before that half second begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer.attendance.waiting import Inbox
    from tui.backroom import Backroom
    from tui.rollbook import Change


def read_inbox(backroom: Backroom) -> Inbox:
    """Return the alerts that are not seen to and the corrections that nobody has decided."""
    from trainer.attendance.waiting import what_waits

    with backroom.desk.reading() as session:
        return what_waits(session, backroom.desk)


def take_on(backroom: Backroom, id_: str) -> None:
    """Take an alert on; raise Refused where it is gone."""
    from trainer.attendance.alerts import alerts_of
    from trainer.attendance.cases import take_alert

    with backroom.desk.writing() as work:
        take_alert(work, alerts_of(work.session, backroom.desk), id_)
        work.commit()


def close_with(backroom: Backroom, id_: str, note: str) -> None:
    """Say how an alert was seen to; raise Refused where it is gone."""
    from trainer.attendance.alerts import alerts_of
    from trainer.attendance.cases import close_alert

    with backroom.desk.writing() as work:
        close_alert(work, alerts_of(work.session, backroom.desk), id_, note=note)
        work.commit()


def approve(backroom: Backroom, id_: str) -> None:
    """Approve a correction; raise NotAllowed for whoever proposed it, Refused if out of date."""
    from trainer.attendance.corrections import approve_correction

    with backroom.desk.writing() as work:
        approve_correction(work, id_)
        work.commit()


def refuse(backroom: Backroom, id_: str, reason: str) -> None:
    """Refuse a correction with a reason; whoever proposed it takes it back by that."""
    from trainer.attendance.corrections import refuse_correction

    with backroom.desk.writing() as work:
        refuse_correction(work, id_, reason=reason)
        work.commit()


def propose(backroom: Backroom, session: str, changes: Sequence[Change], reason: str) -> int:
    """Propose what changes say of a closed session as corrections; return how many there are.

    Where somebody has opened the session meanwhile they are recorded. Raise TrainerError.
    """
    from db.tables import MarkState
    from trainer.attendance.corrections import correct_mark
    from trainer.attendance.record import Wish
    from trainer.attendance.state import VOID

    last = {step.person: step for change in changes for step in change.steps}
    count = 0
    with backroom.desk.writing(reason) as work:
        for step in last.values():
            marked = work.session.get(MarkState, (session, step.person))
            if step.rest and marked is not None:
                # somebody else has marked this one meanwhile: the rest is who is unmarked
                continue
            wish = Wish(session, step.person, *(step.after or (VOID, None)))
            correct_mark(work, wish, reason=reason)
            count += 1
        work.commit()
    return count
