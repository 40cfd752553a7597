"""Taking a scenario over into the timetable, whole or in part, as one unit of work.

What the scenario changed is laid over what is stored now. What others changed meanwhile is kept
where the scenario did not touch it, and where it did, that is told and the choice left to people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from db.tables import TrainingSession
from db.work import UnitOfWork
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.apply import PLACED, Row, row_of
from trainer.timetable.checking import (
    Breaches,
    broken_by,
    standing_breaches,
)
from trainer.timetable.choosing import Selection, refuse_unknown_choice
from trainer.timetable.engine.telling import listed
from trainer.timetable.facts import Facts, Key, key_of, read_facts
from trainer.timetable.scenarios import Copied, Copy, place_of_row, the_scenario
from trainer.timetable.steps import record_step

OnChanged = Literal["refuse", "keep", "take"]
Reason = Literal["locked", "held", "past", "changed"]

REASONS: Final[Mapping[Reason, str]] = {
    "locked": mark("{session} is locked and stays"),
    "held": mark("{session} was held or has attendance recorded and stays"),
    "past": mark("{session} is past, or would be moved into the past, and stays"),
    "changed": mark("{session} was changed meanwhile and stays as it is now"),
}
NAMED: Final = 5
"""How many sessions a refusal names."""


@dataclass(frozen=True, slots=True)
class Part:
    """What of a scenario is taken over: classes, and dates, both included; blank sets no limit.

    A session is of these dates if it is, or goes, there. ``sessions`` names them one by one, by
    uid or as CLASS/COURSE/NUMBER.
    """

    classes: tuple[str, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    sessions: frozenset[str] = frozenset()

    def names(self, uid: str, key: Key) -> bool:
        """Tell whether a session is among those named, or none is."""
        return not self.sessions or not self.sessions.isdisjoint((uid, name_of(key)))

    def takes(self, class_code: str, *days: dt.date) -> bool:
        """Tell whether a session of a class that is on one of these days is part of it."""
        if self.classes and class_code not in self.classes:
            return False
        return any(
            (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
            for day in days
        )


@dataclass(frozen=True, slots=True)
class Held:
    """A session that the scenario has elsewhere but that stays, and why."""

    key: Key
    reason: Reason

    @property
    def message(self) -> Phrase:
        """It in words."""
        return phrase(REASONS[self.reason], session=name_of(self.key))


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was taken over: sessions made, moved and taken off, published ones among them."""

    added: int
    moved: int
    removed: int
    published: int
    staying: tuple[Held, ...]

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "added": self.added,
            "moved": self.moved,
            "removed": self.removed,
            "published": self.published,
            "staying": [
                {
                    "session": name_of(each.key),
                    "reason": each.reason,
                    "message": each.message.text(),
                }
                for each in self.staying
            ],
        }


@dataclass(slots=True)
class _Plan:
    """What is to be written: rows to insert, pairs of rows, and rows to delete."""

    inserted: list[Row] = field(default_factory=list)
    updated: list[tuple[Row, Row]] = field(default_factory=list)
    deleted: list[Row] = field(default_factory=list)
    staying: list[Held] = field(default_factory=list)


def adopt_scenario(
    desk: Desk, name: str, part: Part | None = None, *, changed: OnChanged = "refuse"
) -> Adopted:
    """Take a scenario, or a part of it, over into the timetable; uids stay what they are.

    Sessions that are locked, held, or past stay. ``changed`` says what becomes of sessions that
    both the scenario and others changed. Raise Refused where there are such (and it says so), or
    where the part would break a hard rule together with what stays: then nothing is stored.
    """
    part = part or Part()
    with desk.writing("timetable adopt") as work:
        facts = read_facts(work.session)
        copied = the_scenario(work.session, name)
        refuse_unknown_choice(facts, Selection(classes=part.classes))
        _refuse_unknown_names(facts, copied, part)
        plan = _plan(facts, copied, part, desk.clock.today(), changed)
        _refuse_changed(plan, name, changed)
        leaving = {row["class_code"] for row in plan.deleted}
        before = standing_breaches(work.session, desk.clock.today(), leaving)
        work.delete_many(TrainingSession, plan.deleted)
        work.update_many(TrainingSession, plan.updated)
        work.insert_many(TrainingSession, plan.inserted)
        _refuse_clash(work, plan, desk.clock.today(), before)
        adopted = Adopted(
            added=len(plan.inserted),
            moved=len(plan.updated),
            removed=len(plan.deleted),
            published=sum(row["status"] == "published" for row in _before(plan)),
            staying=tuple(plan.staying),
        )
        work.note(
            "adopt",
            "scenario",
            name,
            added=adopted.added,
            moved=adopted.moved,
            removed=adopted.removed,
        )
        if adopted.added or adopted.moved or adopted.removed:
            record_step(work, "adopt")
        work.commit()
    return adopted


def name_of(key: Key) -> str:
    """Return the name by which a session is asked for: CLASS/COURSE/NUMBER."""
    return "/".join(map(str, key))


def _refuse_unknown_names(facts: Facts, copied: Copied, part: Part) -> None:
    # what came into the timetable since the scenario began differs, too, and simply stays
    keys = {uid: key_of(row) for uid, row in facts.sessions.items()}
    keys |= {uid: copy.key for uid, copy in copied.copies.items()}
    known = {name for uid, key in keys.items() for name in (uid, name_of(key))}
    for name in sorted(part.sessions - known):
        raise Refused(
            "neither the scenario nor the timetable has a session “{session}”; “trainer timetable "
            "compare {name} --json” lists those that differ, by uid or CLASS/COURSE/NUMBER",
            session=name,
            name=copied.scenario.name,
        )


def _before(plan: _Plan) -> list[Row]:
    return [*plan.deleted, *(before for before, _ in plan.updated)]


def _plan(facts: Facts, copied: Copied, part: Part, today: dt.date, changed: OnChanged) -> _Plan:
    plan = _Plan()
    keys = {key_of(row): row for row in facts.sessions.values()}
    for uid, copy in _chosen(facts, copied, part).items():
        now = facts.sessions.get(uid) or keys.get(copy.key)
        present = place_of_row(row_of(now) if now else None)
        if present == copy.place:
            continue
        reason = _staying(facts, copy, now, today)
        if reason is None and present != place_of_row(copy.base) and changed != "take":
            reason = "changed"
        if reason is not None:
            plan.staying.append(Held(copy.key, reason))
        elif now is None:
            plan.inserted.append({**copy.row, "status": "planned", "version": 1})
        elif copy.off:
            plan.deleted.append(row_of(now))
        else:
            plan.updated.append((row_of(now), {name: copy.row[name] for name in PLACED}))
    return plan


def _chosen(facts: Facts, copied: Copied, part: Part) -> dict[str, Copy]:
    """Return what the scenario changed of a part; classes that meet jointly come together."""
    moved = {uid: copy for uid, copy in copied.copies.items() if copy.moved}
    chosen = {}
    joint: set[object] = set()
    for uid, copy in moved.items():
        now = facts.sessions.get(uid)
        days = [copy.row["date"]] if not copy.off else []
        days += [now.date] if now else []
        if part.names(uid, copy.key) and part.takes(copy.row["class_code"], *days):
            chosen[uid] = copy
            joint |= {copy.row["joint"], now.joint if now else None}
    joint.discard(None)
    for uid, copy in moved.items():
        now = facts.sessions.get(uid)
        if {copy.row["joint"], now.joint if now else None} & joint:
            chosen[uid] = copy
    return chosen


def _staying(
    facts: Facts, copy: Copy, now: TrainingSession | None, today: dt.date
) -> Reason | None:
    """Return why a session may not change, None where it may."""
    if now is None:
        return None
    if now.status == "held" or now.uid in facts.marked:
        return "held"
    if now.locked:
        return "locked"
    if now.date < today or (not copy.off and copy.row["date"] < today):
        return "past"
    return None


class ChangedMeanwhile(Refused):
    """Others changed what a scenario moves as well: somebody has to say whose change counts.

    ``sessions`` are those that both changed.
    """

    sessions: tuple[Key, ...] = ()


def _refuse_changed(plan: _Plan, name: str, changed: OnChanged) -> None:
    clashing = [each.key for each in plan.staying if each.reason == "changed"]
    if changed == "refuse" and clashing:
        error = ChangedMeanwhile(
            mark(
                "since the scenario “{name}” was made, {count} of the sessions that it moves were "
                "changed by others as well ({sessions}); nothing was adopted: repeat with "
                "--changed keep to leave these as they are now, or --changed take to move them as "
                "the scenario does"
            ),
            name=name,
            count=len(clashing),
            sessions=listed([name_of(key) for key in clashing], NAMED),
        )
        error.sessions = tuple(clashing)
        raise error


def _refuse_clash(work: UnitOfWork, plan: _Plan, today: dt.date, before: Breaches) -> None:
    uids = [row["uid"] for row in plan.inserted] + [before["uid"] for before, _ in plan.updated]
    broken = broken_by(work.session, today, uids, before)
    if broken:
        raise Refused(
            "this part of the scenario does not fit what stays ({count} rules broken; {rule}: "
            "{message}); nothing was adopted: adopt a larger part or the whole, with what others "
            "changed, or solve the scenario again",
            count=len(broken),
            rule=broken[0].rule,
            message=broken[0].message,
        )
