"""What is done about leave from the app: one unit of work each, told in a sentence.

Each function runs in a worker. Whatever touches the database is imported inside the functions: the
first frame is on the screen before that half second begins.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from trainer.errors import Refused
from trainer.phrases import say, text_of
from tui.leavebook import LeaveLine, weigh_line, weigh_typed
from tui.leavewords import brief, stretch_said
from tui.words import short_date

if TYPE_CHECKING:
    from db.work import UnitOfWork
    from trainer.office import Office
    from tui.backroom import Backroom
    from tui.leavebook import Wanting
    from tui.leavetyped import Typed

#: An option of the command line as sentences name it.
_OPTION: Final = re.compile(r"\s*[（(]--[a-z-]+[)）]")


def ask(backroom: Backroom, wanting: Wanting, typed: Typed) -> tuple[str, str]:
    """Record a request; return its id, and what to tell."""
    from trainer.attendance.ladder import paper_of, said, steps_needed
    from trainer.attendance.leave import ask_leave

    office = wanting.frame.office
    paper, wanted = typed.paper, paper_of(office, typed.kind)
    if paper == "":
        paper = said(wanted) if wanted else None
    with backroom.desk.writing() as work:
        row = ask_leave(
            work, office, person=wanting.person, stretch=typed.stretch,
            class_code=wanting.class_code, kind=typed.kind, reason=typed.reason, paper=paper,
        )  # fmt: skip
        id_ = row.id
        work.commit()
    told = say(
        "asked for: {name}, {span}; to be approved by {approver}",
        name=wanting.name,
        span=stretch_said(typed.stretch, office),
        approver=say(", ").join(said(step) for step in steps_needed(office, typed.stretch)),
    )
    figures = brief(weigh_typed(backroom, wanting, typed))
    return id_, f"{told}\n{figures}" if figures else told


def approve(backroom: Backroom, line: LeaveLine, override: str | None = None) -> str:
    """Give the next step as the acting user; raise RuleBroken where a reason would let it pass."""
    from trainer.attendance.approving import approve_step
    from trainer.office import read_office

    with backroom.desk.writing(override) as work:
        office = read_office(work.session)
        with _overrulable(work, office, line):
            row = approve_step(work, office, line.id, override=override)
        work.commit()
        left = _left(work, office, line.id) if row.status == "requested" else ()
    if left:
        return say("{name}: still to be approved by {approver}", name=line.name, approver=left[0])
    told = say("{name}: granted; the roll call suggests it", name=line.name)
    figures = brief(weigh_line(backroom, line))
    told = f"{told}\n{figures}" if figures else told
    if line.wanted:
        missing = say("the paper is missing: {paper}; without it the leave counts as absence",
                      paper=line.wanted)  # fmt: skip
        told = f"{told}\n{missing}"
    return told


def _left(work: UnitOfWork, office: Office, leave: str) -> tuple[str, ...]:
    from trainer.attendance.approving import steps_given, steps_left
    from trainer.attendance.ladder import said, steps_needed
    from trainer.attendance.leave import REQUESTED, find_leave, stretch_of

    row = find_leave(work, leave, (REQUESTED,))
    given = steps_given(work.session, [leave]).get(leave, ())
    return tuple(said(step) for step in steps_left(steps_needed(office, stretch_of(row)), given))


@contextmanager
def _overrulable(work: UnitOfWork, office: Office, line: LeaveLine) -> Iterator[None]:
    """Turn a refusal that a reason overrules into RuleBroken, without the command line's words."""
    from db.tables import Leave as Row
    from trainer.attendance.approving import RULE
    from trainer.attendance.leave import REQUESTED
    from trainer.classlife.rules import RuleBroken

    row = work.session.get(Row, line.id)
    open_ = row is not None and row.status == REQUESTED
    try:
        yield
    except Refused as error:
        if not open_ or office.levels.get(RULE, "warn") != "warn":
            raise
        raise RuleBroken("{message}", message=_OPTION.sub("", text_of(error))) from None


def refuse(backroom: Backroom, line: LeaveLine, reason: str) -> str:
    """Refuse a request; the reason is kept."""
    from trainer.attendance.leave import refuse_leave

    with backroom.desk.writing(reason) as work:
        refuse_leave(work, line.id)
        work.commit()
    return say("{name}: refused", name=line.name)


def cancel(backroom: Backroom, line: LeaveLine, reason: str) -> str:
    """Cancel a request or an approved leave; the reason is kept."""
    from trainer.attendance.leave import cancel_leave

    with backroom.desk.writing(reason) as work:
        cancel_leave(work, line.id)
        work.commit()
    return say("{name}: cancelled; marks stay as they are", name=line.name)


def report_back(backroom: Backroom, line: LeaveLine, date: dt.date | None = None) -> str:
    """Report somebody back from leave, today unless another day is named."""
    from trainer.attendance.leave import return_from_leave

    day = date or backroom.desk.clock.today()
    with backroom.desk.writing() as work:
        return_from_leave(work, line.id, day)
        work.commit()
    return say("{name}: back on {date}", name=line.name, date=short_date(day))


def hand_in(backroom: Backroom, line: LeaveLine, paper: str) -> str:
    """Keep the paper that was brought."""
    from trainer.attendance.leave import hand_in_paper

    with backroom.desk.writing() as work:
        hand_in_paper(work, line.id, paper)
        work.commit()
    return say("{name}: {paper} is there", name=line.name, paper=paper)
