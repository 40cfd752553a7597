"""The approval of leave step by step (LV-4): who gave which step of the ladder, and when.

How many steps a leave needs follows from its length. A step that is given is a record that never
changes; with the last one the leave is approved. Whoever gives a step that is not the next, or a
second one, or one to leave of his own, breaks the rule, and so does somebody whom the office does
not state for the step (``approvers``). With the level ``warn`` (as usual) a reason overrules it and
is kept, with ``block`` nothing does, with ``report`` none is needed, and with ``off`` one approval
will do.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import Session

from db.locks import take_turn
from db.tables import Leave, LeaveStep
from db.work import table_of
from trainer.attendance.approvers import Giver, Givers, may_give, stated_approvers
from trainer.attendance.ladder import said, steps_needed
from trainer.attendance.leave import APPROVED, REQUESTED, approve_leave, find_leave, stretch_of
from trainer.dataset.cells import printable
from trainer.errors import Refused, UsageError
from trainer.office import Office, read_office

if TYPE_CHECKING:
    from db.work import UnitOfWork

RULE: Final = "LV-4"
_STEP = table_of(LeaveStep)
_CHUNK: Final = 500


def approve_step(
    work: UnitOfWork,
    office: Office,
    leave: str,
    *,
    by: str | None = None,
    step: str | None = None,
    override: str | None = None,
) -> Leave:
    """Give one step of a request's ladder, the next unless named; the last one approves it.

    Leave that was approved without all of its steps takes those that it lacks. Raise Refused where
    the step is not the next, or its giver gave another, is on leave, or may not give it, as the
    level says.
    """
    take_turn(work.connection, "leave")
    row = find_leave(work, leave, (REQUESTED, APPROVED))
    level = office.levels.get(RULE, "warn")
    giver = printable(by or "") or work.actor
    if level == "off":
        return approve_leave(work, leave, by=giver)
    needed = steps_needed(office, stretch_of(row))
    givers = Givers(work.session)
    given = steps_given(work.session, [leave]).get(leave, [])
    sound = sound_steps(givers, office, given)
    left = _lacking(givers, needed, sound, row)
    if row.status == APPROVED and not left:
        # says that it is approved
        find_leave(work, leave, (REQUESTED,))
    if not left:
        # the office's ladder has become shorter since those were given
        if givers.meant(giver).is_person(row.person) and level != "report" and not override:
            raise _own(row, giver)
        return approve_leave(work, leave, by=giver)
    step = step or left[0]
    _check_step(row, step, needed, left)
    refusal = _broken(givers, office, row, step, giver, left, sound)
    if refusal is not None:
        if level == "block" or (level == "warn" and not override):
            raise refusal
        work.note("override", "leave_request", leave, rule=RULE, step=step, reason=override)
    work.session.add(
        LeaveStep(
            id=str(uuid.uuid4()), leave=leave, step=step, approver=giver,
            reason=override if refusal is not None else None, at=work.now, by=work.actor,
        )
    )  # fmt: skip
    work.session.flush()
    if left == [step] and row.status == REQUESTED:
        approve_leave(work, leave, by=giver)
    return row


def steps_given(session: Session, leaves: Iterable[str]) -> dict[str, list[Any]]:
    """Return by leave the steps that were given, in the order of time."""
    wanted = sorted(leaves)
    found: dict[str, list[Any]] = {}
    for first in range(0, len(wanted), _CHUNK):
        query = (
            select(_STEP)
            .where(_STEP.c.leave.in_(wanted[first : first + _CHUNK]))
            .order_by(_STEP.c.at, _STEP.c.id)
        )
        for row in session.connection().execute(query):
            found.setdefault(row.leave, []).append(row)
    return found


def sound_steps(givers: Givers, office: Office, given: Iterable[Any]) -> list[Any]:
    """Return the steps that count: of several by one person the first, if no reason speaks for it.

    Steps that were given on several machines may be by one person, which none of them could know.
    """
    level = office.levels.get(RULE, "warn")
    rows = list(given)
    if level in ("report", "off") or len(rows) == 1:
        return rows
    found: list[tuple[Any, Giver]] = []
    for row in rows:
        giver = givers.meant(row.approver)
        twice = any(giver.is_same(other) for one, other in found if one.step != row.step)
        if not twice or (row.reason and level == "warn"):
            found.append((row, giver))
    return [row for row, _giver in found]


def steps_left(needed: Sequence[str], given: Iterable[Any]) -> list[str]:
    """Return the steps that are still to be given, the next one first."""
    done = {row.step for row in given}
    return [step for step in needed if step not in done]


def take_over_steps(work: UnitOfWork, rows: Iterable[Mapping[str, Any]]) -> int:
    """Add steps that were given elsewhere, of leave that is known here; return how many are new.

    A request that has all its steps by then is approved, wherever each of them was given.
    """
    arriving = {row["id"]: dict(row) for row in rows}
    if not arriving:
        return 0
    leaves = set(work.connection.scalars(select(table_of(Leave).c.id)))
    known = set(work.connection.scalars(select(_STEP.c.id)))
    fresh = [
        row for id_, row in sorted(arriving.items()) if id_ not in known and row["leave"] in leaves
    ]
    work.insert_many(LeaveStep, fresh)
    _approve_complete(work, {row["leave"] for row in fresh})
    return len(fresh)


def _approve_complete(work: UnitOfWork, leaves: Collection[str]) -> None:
    if not leaves:
        return
    office, givers = read_office(work.session), Givers(work.session)
    for leave, given in sorted(steps_given(work.session, leaves).items()):
        row = work.session.get_one(Leave, leave, populate_existing=True)
        needed = steps_needed(office, stretch_of(row))
        sound = sound_steps(givers, office, given)
        if row.status == REQUESTED and not steps_left(needed, sound):
            row.status = APPROVED
            row.approved_by = next(one.approver for one in sound if one.step == needed[-1])


def steps_lacking(session: Session, office: Office, rows: Sequence[Any]) -> dict[str, list[str]]:
    """Return by leave the steps that it lacks, the next one first; what lacks none is left out.

    Whoever approved it stands for the last step, as of leave from elsewhere, unless the same person
    gave another step.
    """
    given, givers = steps_given(session, [row.id for row in rows]), Givers(session)
    givers.look_up(one.approver for steps in given.values() for one in steps if len(steps) > 1)
    found: dict[str, list[str]] = {}
    for row in rows:
        sound = sound_steps(givers, office, given.get(row.id, []))
        left = _lacking(givers, steps_needed(office, stretch_of(row)), sound, row)
        if left:
            found[row.id] = left
    return found


def _lacking(givers: Givers, needed: Sequence[str], sound: Sequence[Any], row: Any) -> list[str]:
    left = steps_left(needed, sound)
    if left and row.status != REQUESTED and row.approved_by:
        giver = givers.meant(row.approved_by) if sound else None
        if giver is None or not any(giver.is_same(givers.meant(one.approver)) for one in sound):
            left = [step for step in left if step != needed[-1]]
    return left


def _check_step(row: Leave, step: str, needed: Sequence[str], left: Sequence[str]) -> None:
    if step not in needed:
        raise UsageError(
            "the leave {leave} needs no approval by “{step}”; its steps are: {known}",
            leave=row.id,
            step=said(step),
            known=", ".join(needed),
        )
    if step not in left:
        raise Refused(
            "the leave {leave} has been approved by {step} already; the next step is {next}",
            leave=row.id,
            step=said(step),
            next=said(left[0]),
        )


def _broken(
    givers: Givers,
    office: Office,
    row: Leave,
    step: str,
    by: str,
    left: Sequence[str],
    given: Iterable[Any],
) -> Refused | None:
    if step != left[0]:
        return Refused(
            "the next step of the leave {leave} is {next}, not {step}; have that given first, or "
            "give the reason (--override)",
            leave=row.id,
            next=said(left[0]),
            step=said(step),
        )
    giver = givers.meant(by)
    if giver.is_person(row.person):
        return _own(row, by)
    if not may_give(givers, office, step, giver):
        return Refused(
            "{by} is not among those whom the office states for {step} ({known}); name one of them "
            "(--by), or give the reason (--override)",
            by=by,
            step=said(step),
            known=", ".join(stated_approvers(office)[step]),
        )
    before = (one.step for one in given if giver.is_same(givers.meant(one.approver)))
    first = next(before, None)
    if first is None:
        return None
    return Refused(
        "{by} has approved the leave {leave} as {before}; the next step is {next} and another "
        "person's: name who approves (--by), or give the reason (--override)",
        by=by,
        leave=row.id,
        before=said(first),
        next=said(step),
    )


def _own(row: Leave, by: str) -> Refused:
    return Refused(
        "{by} asked for the leave {leave} and cannot approve it; name who does (--by), or give "
        "the reason (--override)",
        by=by,
        leave=row.id,
    )
