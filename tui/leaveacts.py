"""What is done about leave from the app: one unit of work each, told in a sentence.

Each function runs in a worker. Whatever touches the database is imported inside the functions: the
first frame is on the screen before that half second begins.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from trainer.errors import Refused
from trainer.phrases import Phrase, say, text_of
from tui.leavebook import LeaveLine, weigh_line, weigh_typed
from tui.leavewords import brief, stretch_said
from tui.words import short_date

if TYPE_CHECKING:
    from db.tables import Leave
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
    from trainer.attendance.remarks import remarks_on

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
        remarks = [_named(one.message, wanting.name) for one in
                   remarks_on(work.session, office, row)]  # fmt: skip
    told = say(
        "asked for: {name}, {span}; to be approved by {approver}",
        name=wanting.name,
        span=stretch_said(typed.stretch, office),
        approver=say(", ").join(said(step) for step in steps_needed(office, typed.stretch)),
    )
    figures = brief(weigh_typed(backroom, wanting, typed))
    return id_, "\n".join(part for part in (told, figures, *remarks) if part)


def _named(message: Phrase, name: str) -> str:
    """Return a sentence about somebody with the name instead of the code."""
    person = {"person": name} if "person" in message.params else {}
    return Phrase(message.template, {**message.params, **person}).text()


def approve(backroom: Backroom, line: LeaveLine, override: str | None = None) -> str:
    """Give the next step as the acting user; raise RuleBroken where a reason would let it pass."""
    from trainer.attendance.approving import approve_step
    from trainer.office import read_office

    with backroom.desk.writing(override) as work:
        office = read_office(work.session)
        before = {one.id for one in _given(work, line.id)}
        with _overrulable(work, office, line):
            row = approve_step(work, office, line.id, override=override)
        work.commit()
        left = _left(work, office, row) if row.status == "requested" else ()
        fresh = next((one for one in _given(work, line.id) if one.id not in before), None)
        doubts = list(_doubts(work, office, row, fresh, line.name))
    if left:
        told = [say("{name}: still to be approved by {approver}", name=line.name, approver=left[0])]
    else:
        told = [say("{name}: granted; the roll call suggests it", name=line.name),
                brief(weigh_line(backroom, line))]  # fmt: skip
        if line.wanted:
            told.append(say("the paper is missing: {paper}; without it the leave counts as absence",
                            paper=line.wanted))  # fmt: skip
    return "\n".join(part for part in (*told, *doubts) if part)


def _given(work: UnitOfWork, leave: str) -> Sequence[Any]:
    from trainer.attendance.approving import steps_given

    return steps_given(work.session, [leave]).get(leave, ())


def _left(work: UnitOfWork, office: Office, row: Leave) -> tuple[str, ...]:
    from trainer.attendance.approving import steps_lacking
    from trainer.attendance.ladder import said

    return tuple(said(step) for step in steps_lacking(work.session, office, [row]).get(row.id, ()))


def _doubts(work: UnitOfWork, office: Office, row: Leave, fresh: Any, name: str) -> Iterator[str]:
    """Yield what is to be said of an approval: who gave it, and that it is part of a longer one."""
    from trainer.attendance.approvers import doubts_about
    from trainer.attendance.remarks import remarks_on

    doubt = doubts_about(work.session, office, row, fresh.step, fresh.approver) if fresh else None
    if doubt is not None:
        yield _named(doubt, name)
    for one in remarks_on(work.session, office, row):
        if one.kind == "split":
            yield _named(one.message, name)


@contextmanager
def _overrulable(work: UnitOfWork, office: Office, line: LeaveLine) -> Iterator[None]:
    """Turn a refusal that a reason overrules into RuleBroken, without the command line's words."""
    from db.tables import Leave as Row
    from trainer.attendance.approving import RULE
    from trainer.attendance.leave import APPROVED, REQUESTED
    from trainer.classlife.rules import RuleBroken

    row = work.session.get(Row, line.id)
    states = (REQUESTED, APPROVED) if line.left else (REQUESTED,)
    open_ = row is not None and row.status in states
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
