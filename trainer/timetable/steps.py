"""Undo and redo of what somebody did to the timetable, by the units of work of the audit trail.

Each change that may be undone is kept as a step. Undoing one writes back what the trail says was
there before, as a unit of work of its own; nothing is undone where the same sessions changed since,
nor past a publication, and nobody undoes what somebody else did.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Date, Integer, Table, func, select
from sqlmodel import SQLModel, col

from db.audit import plain
from db.tables import AuditEntry, TimetableStep, TrainingSession, Unavailability
from db.tables.columns import UtcDateTime
from db.work import UnitOfWork, table_of
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.apply import refuse_broken
from trainer.timetable.checking import standing_breaches

Kind = Literal["move", "lock", "unlock", "cancel", "restore", "solve", "replan", "adopt", "weather"]
Row = dict[str, Any]

#: The tables whose changes a step takes back.
MODELS: Final[Mapping[str, type[SQLModel]]] = {
    table_of(model).name: model for model in (TrainingSession, Unavailability)
}
TITLES: Final[Mapping[str, str]] = {
    "move": mark("moving a session"),
    "lock": mark("locking"),
    "unlock": mark("unlocking"),
    "cancel": mark("cancelling"),
    "restore": mark("bringing back what was cancelled"),
    "solve": mark("solving"),
    "replan": mark("replanning"),
    "adopt": mark("adopting a scenario"),
    "weather": mark("moving for the weather"),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was undone or done again: its kind, when it was done, and the sessions."""

    kind: str
    at: dt.datetime
    sessions: tuple[str, ...]

    @property
    def title(self) -> Phrase:
        """What was undone or done again, in words."""
        return phrase(TITLES[self.kind])


@dataclass(frozen=True, slots=True)
class _Change:
    """A row's change: what it is to become from what; None is a row that is not there."""

    model: type[SQLModel]
    key: str
    before: Row | None
    after: Row | None


def record_step(work: UnitOfWork, kind: Kind) -> None:
    """Keep the present unit of work as a step that may be undone; call it before the commit.

    What was undone before it can then no longer be done again.
    """
    table = table_of(TimetableStep)
    last = work.connection.execute(select(func.max(table.c.number))).scalar() or 0
    row = {"number": last + 1, "work": work.id, "kind": kind, "at": work.now, "by": work.actor}
    work.insert_many(TimetableStep, [{**row, "undone": False}])


def undo(desk: Desk) -> Taken:
    """Take back the last change that the desk's user made to the timetable, and has not undone.

    Raise Refused where there is none, where a version was published since, where a session of it
    changed or was held since, or where going back would break a hard rule by now.
    """
    with desk.writing("timetable undo") as work:
        step = _last(work, desk.actor)
        if step is None:
            raise Refused(
                "there is nothing to undo: {user} has made no change to the timetable that is not "
                "undone already",
                user=desk.actor,
            )
        return _turn(work, step, desk.clock.today(), back=True)


def redo(desk: Desk) -> Taken:
    """Do again what the desk's user undid last; raise Refused as ``undo`` does."""
    with desk.writing("timetable redo") as work:
        step = _next(work, desk.actor)
        if step is None:
            raise Refused(
                "there is nothing to do again: nothing was undone, or the timetable was changed "
                "after that"
            )
        return _turn(work, step, desk.clock.today(), back=False)


def _steps(work: UnitOfWork, actor: str) -> list[TimetableStep]:
    statement = select(TimetableStep).where(col(TimetableStep.by) == actor)
    return list(work.session.execute(statement.order_by(col(TimetableStep.number))).scalars())


def _last(work: UnitOfWork, actor: str) -> TimetableStep | None:
    return next((step for step in reversed(_steps(work, actor)) if not step.undone), None)


def _next(work: UnitOfWork, actor: str) -> TimetableStep | None:
    """Return the first of the undone steps that nothing was done after."""
    found = None
    for step in reversed(_steps(work, actor)):
        if not step.undone:
            break
        found = step
    return found


def _turn(work: UnitOfWork, step: TimetableStep, today: dt.date, *, back: bool) -> Taken:
    first, changes = _changes(work, step.work, back=back)
    _refuse_published(work, first)
    for change in changes:
        _refuse_changed(work, change)
    before = standing_breaches(work.session, today)
    _write(work, changes)
    work.update_many(TimetableStep, [(step.model_dump(), {"undone": back})])
    uids = tuple(change.key for change in changes if change.model is TrainingSession)
    if _others_since(work, first, step.work):
        refuse_broken(work, uids, today, before)
    work.note("undo" if back else "redo", "timetable", step.kind, work=step.work)
    taken = Taken(step.kind, step.at, uids)
    work.commit()
    return taken


def _changes(work: UnitOfWork, done: str, *, back: bool) -> tuple[int, list[_Change]]:
    """Return the number of a step's first entry in the trail, and what is to change now."""
    table = table_of(AuditEntry)
    entries = work.connection.execute(
        select(table).where(table.c.work == done).order_by(table.c.seq)
    ).mappings()
    rows = [row for row in entries if row["entity"] in MODELS]
    if not rows:
        return 0, []
    found = []
    for row in rows:
        model = MODELS[row["entity"]]
        before, after = (_typed(table_of(model), row[name]) for name in ("before", "after"))
        if back:
            before, after = after, before
        found.append(_Change(model, row["key"], before, after))
    return rows[0]["seq"], found[::-1] if back else found


def _typed(table: Table, row: Mapping[str, Any] | None) -> Row | None:
    """Return a row of the trail with the values that its table keeps."""
    if row is None:
        return None
    typed: Row = {}
    for name, value in row.items():
        kind = table.c[name].type
        if isinstance(value, str) and isinstance(kind, UtcDateTime):
            typed[name] = dt.datetime.fromisoformat(value)
        elif isinstance(value, str) and isinstance(kind, Date):
            typed[name] = dt.date.fromisoformat(value)
        else:
            typed[name] = value
    return typed


def _refuse_published(work: UnitOfWork, first: int) -> None:
    table = table_of(AuditEntry)
    published = work.connection.execute(
        select(func.count()).where(table.c.seq > first, table.c.entity == "publication")
    ).scalar()
    if published:
        raise Refused(
            "the timetable was published since; a publication is not undone: move the sessions to "
            "where they should be, and publish again"
        )


def _others_since(work: UnitOfWork, first: int, done: str) -> bool:
    """Tell whether other works changed something since a step, so that its past may not fit."""
    table = table_of(AuditEntry)
    since = select(func.count()).where(
        table.c.seq > first, table.c.work != done, table.c.entity.in_(tuple(MODELS))
    )
    return bool(work.connection.execute(since).scalar())


def _present(work: UnitOfWork, change: _Change) -> Row | None:
    table = table_of(change.model)
    (key,) = table.primary_key
    value: Any = int(change.key) if isinstance(key.type, Integer) else change.key
    found = work.connection.execute(select(table).where(key == value)).mappings().first()
    return dict(found) if found else None


def _refuse_changed(work: UnitOfWork, change: _Change) -> None:
    """Raise Refused where a row is no longer as the step left it, or may no longer change."""
    now = _present(work, change)
    same = (now is None) == (change.before is None)
    if same and now is not None and change.before is not None:
        same = all(
            plain(now[name]) == plain(value)
            for name, value in change.before.items()
            if name != "version"
        )
    if not same:
        if change.model is Unavailability:
            raise Refused(
                "what was noted as unavailable changed since; this can no longer be undone or done "
                "again: change the timetable by hand"
            )
        raise Refused(
            "the session {session} was changed since; this can no longer be undone or done again: "
            "look at it with “trainer timetable show”, and change it by hand",
            session=_name(now or change.before or change.after or {}),
        )
    if now is not None and change.model is TrainingSession and _is_held(work, now, change):
        raise Refused(
            "the session {session} was held or has attendance recorded since; it stays as it is",
            session=_name(now),
        )


def _is_held(work: UnitOfWork, now: Row, change: _Change) -> bool:
    # the table of marks is large, and asked only for a session
    from db.tables import Mark

    if set(change.after or {"date": None}) <= {"locked", "version"}:
        return False
    marks = table_of(Mark)
    statement = select(func.count()).where(marks.c.session == change.key)
    return bool(now["status"] == "held" or work.connection.execute(statement).scalar())


def _name(row: Mapping[str, Any]) -> str:
    parts = (row.get("class_code"), row.get("course"), row.get("seq"))
    return "/".join(str(part) for part in parts if part is not None)


def _write(work: UnitOfWork, changes: Sequence[_Change]) -> None:
    for model in MODELS.values():
        mine = [change for change in changes if change.model is model]
        gone = [_present(work, each) or {} for each in mine if each.after is None]
        work.delete_many(model, gone)
        pairs = []
        for each in mine:
            if each.before is not None and each.after is not None:
                values = {name: v for name, v in each.after.items() if name != "version"}
                pairs.append((_present(work, each) or {}, values))
        work.update_many(model, pairs)
        work.insert_many(
            model, [each.after for each in mine if each.before is None and each.after is not None]
        )
