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
    from trainer.attendance.corrections import correct_mark
    from trainer.attendance.record import Wish
    from trainer.attendance.state import VOID

    steps = [step for change in changes for step in change.steps]
    first = {step.person: step.before for step in reversed(steps)}
    last = {step.person: step.after for step in steps}
    wanted = {person: after for person, after in last.items() if after != first[person]}
    with backroom.desk.writing(reason) as work:
        for person, after in wanted.items():
            correct_mark(work, Wish(session, person, *(after or (VOID, None))), reason=reason)
        work.commit()
    return len(wanted)
