"""Mending the timetable after something happened: the fewest changes, and nothing in the past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import func
from sqlmodel import col, select

from db.setup import prepare
from db.tables import Unavailability
from db.work import UnitOfWork
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.phrases import mark
from trainer.timetable.affected import Touched, affected_by
from trainer.timetable.apply import Stored, apply_placements
from trainer.timetable.build import Built, build_problem, refuse_unplanned
from trainer.timetable.engine.solution import Limits, ShouldStop
from trainer.timetable.facts import Facts, read_facts
from trainer.timetable.reasons import place_of
from trainer.timetable.replanned import Moved, Replanned
from trainer.timetable.steps import record_step

if TYPE_CHECKING:
    from trainer.timetable.engine.mended import Mended, Move

Kind = Literal["teacher", "venue", "unit"]

_UNKNOWN: Final[dict[Kind, str]] = {
    "teacher": mark("there is no teacher “{code}”; see the codes in teachers.csv"),
    "venue": mark("there is no venue “{code}”; see the codes in venues.csv"),
    "unit": mark("there is no unit “{code}”; see the codes in units.csv"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """What came up: a teacher away, a venue closed, a unit suspended, both days counted."""

    kind: Kind
    code: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Added:
    """A class that was added: what it still lacks is to find a place among what is there."""

    code: str


@dataclass(frozen=True)
class Proposal:
    """A mended timetable that is not stored yet, with all that storing it needs."""

    found: Replanned
    built: Built
    mended: Mended
    rows: Sequence[Unavailability]
    reason: str | None


def replan_timetable(
    desk: Desk,
    happenings: Sequence[Happening | Added] = (),
    *,
    limits: Limits | None = None,
    most_moves: int | None = None,
    alternatives: int = 0,
    reason: str | None = None,
    dry_run: bool = False,
    should_stop: ShouldStop | None = None,
) -> Replanned:
    """Mend the stored timetable after ``happenings``, or what is broken in it anyway.

    Who or what is away is kept as unavailability, and changed sessions are stored, unless
    ``dry_run``. Sessions before the clock's date, and fixed ones, stay. For each change so many
    ``alternatives`` are told. Raise Refused for unknown codes, and for classes not planned.
    """
    proposal = propose_replan(
        desk,
        happenings,
        limits=limits,
        most_moves=most_moves,
        alternatives=alternatives,
        reason=reason,
        should_stop=should_stop,
    )
    return proposal.found if dry_run else store_replan(desk, proposal)


def propose_replan(
    desk: Desk,
    happenings: Sequence[Happening | Added] = (),
    *,
    limits: Limits | None = None,
    most_moves: int | None = None,
    alternatives: int = 0,
    reason: str | None = None,
    should_stop: ShouldStop | None = None,
) -> Proposal:
    """Return how the timetable would be mended, as ``replan_timetable`` does; store nothing."""
    # the exact model is slow to import
    from trainer.timetable.engine.mended import News
    from trainer.timetable.engine.replan import replan

    today = desk.clock.today()
    prepare(desk.url)
    with desk.reading() as session:
        facts = read_facts(session)
    added = [each.code for each in happenings if isinstance(each, Added)]
    away = [each for each in happenings if isinstance(each, Happening)]
    rows = [_row(_from_today(facts, each, today), reason) for each in away]
    facts = replace(facts, unavailable=[*facts.unavailable, *rows])
    refuse_unplanned(facts, added)
    built = with_the_rest_locked(build_problem(facts, today, keep_surplus=True))
    mended = replan(
        built.problem,
        (),
        today,
        most_moves=most_moves,
        news=News(new=_lacking(built, added), changed=_other_length(built, today)),
        alternatives=alternatives,
        limits=limits,
        should_stop=should_stop,
    )
    moves = tuple(told_move(built, move) for move in mended.moves)
    found = Replanned(
        moves=moves,
        affected=affected_by(facts, map(touched_by, moves)),
        fewest_left_out=mended.fewest_left_out,
        weight=mended.weight,
        bound=mended.bound,
        fewest_changes=mended.fewest_changes,
        minimal=mended.minimal,
        seconds=mended.seconds,
        stored=None,
    )
    return Proposal(found, built, mended, rows, reason)


def store_replan(desk: Desk, proposal: Proposal) -> Replanned:
    """Store a proposal just as it is; raise StaleWrite where the timetable changed since."""
    with desk.writing(proposal.reason or "timetable replan") as work:
        stored = _store(work, proposal, desk.clock.today())
        work.commit()
    return replace(proposal.found, stored=stored)


def with_the_rest_locked(built: Built) -> Built:
    """Return the problem with everything locked that may not move."""
    meetings = tuple(
        meeting
        if number in built.movable or meeting.stored is None
        else replace(meeting, locked=True)
        for number, meeting in enumerate(built.problem.meetings)
    )
    return replace(built, problem=replace(built.problem, meetings=meetings))


def _row(happening: Happening, reason: str | None) -> Unavailability:
    return Unavailability(
        kind=happening.kind,
        code=happening.code,
        date_from=happening.first,
        date_to=happening.last,
        reason=reason,
    )


def _store(work: UnitOfWork, proposal: Proposal, today: dt.date) -> Stored:
    mended = proposal.mended
    noted = _note_unavailable(work, proposal.rows)
    changed = {move.meeting: move.after for move in mended.moves}
    stored = apply_placements(work, proposal.built, changed, today)
    if stored.changed or noted:
        record_step(work, "replan")
    work.note("replan", "timetable", str(len(changed)), weight=mended.weight, bound=mended.bound)
    return stored


def _other_length(built: Built, today: dt.date) -> list[int]:
    """Return the meetings to come that now take more or fewer periods than their sessions do."""
    return [
        number
        for number in sorted(built.movable)
        if (place := built.problem.meetings[number].stored) is not None
        and place.day >= today
        and _length_stored(built, number) != built.problem.meetings[number].length
    ]


def _lacking(built: Built, added: Collection[str]) -> list[int]:
    """Return the meetings of these classes that have no place yet."""
    return [
        number
        for number in sorted(built.movable)
        if built.problem.meetings[number].stored is None
        and any(share.key[0] in added for share in built.drafts[number].shares)
    ]


def touched_by(move: Moved) -> Touched:
    """Return a move as what tells whom it concerns."""
    places = (move.before, move.after)
    return Touched(
        move.classes, tuple((place.date, place.teacher) for place in places if place is not None)
    )


def _length_stored(built: Built, number: int) -> int:
    lengths = {
        share.session.periods
        for share in built.drafts[number].shares
        if share.session is not None and not built.facts.is_fixed(share.session)
    }
    return lengths.pop() if len(lengths) == 1 else built.problem.meetings[number].length


def _note_unavailable(work: UnitOfWork, rows: Sequence[Unavailability]) -> bool:
    """Keep what happened, one row with what it overlaps or touches; tell if anything is new."""
    line = work.session.exec(select(func.max(col(Unavailability.line)))).one() or 0
    noted = False
    for row in rows:
        same = (
            col(Unavailability.kind) == row.kind,
            col(Unavailability.code) == row.code,
            col(Unavailability.period).is_(None),
            # an outside booking is a row of its own, which may still be refused
            col(Unavailability.state).is_(None),
        )
        known = work.session.exec(select(Unavailability).where(*same)).all()
        near = [each for each in known if _meet(each, row)]
        if any(each.date_from <= row.date_from and row.date_to <= each.date_to for each in near):
            continue
        noted = True
        # what was noted for another reason stays a row of its own
        mine = [each.model_dump() for each in near if each.reason == row.reason]
        first = min([row.date_from, *(each["date_from"] for each in mine)])
        last = max([row.date_to, *(each["date_to"] for each in mine)])
        values = {**row.model_dump(), "date_from": first, "date_to": last}
        if mine:
            values["line"] = mine[0]["line"]
            work.update_many(Unavailability, [(mine[0], values)])
            work.delete_many(Unavailability, mine[1:])
        else:
            line += 1
            work.insert_many(Unavailability, [{**values, "line": line}])
    return noted


def _meet(one: Unavailability, other: Unavailability) -> bool:
    """Tell whether two spans of days overlap or follow each other without a gap."""
    day = dt.timedelta(days=1)
    return one.date_from <= other.date_to + day and other.date_from <= one.date_to + day


def told_move(built: Built, move: Move) -> Moved:
    """Return a move of the engine by the names of its sessions and places."""
    shares = built.drafts[move.meeting].shares
    return Moved(
        key=shares[0].key,
        classes=tuple(share.key[0] for share in shares),
        sessions=tuple(share.session.uid for share in shares if share.session is not None),
        before=None if move.before is None else place_of(built, move.before),
        after=None if move.after is None else place_of(built, move.after),
        was=_length_stored(built, move.meeting),
        lasts=built.problem.meetings[move.meeting].length,
        alternatives=tuple(place_of(built, place) for place in move.alternatives),
    )


def _from_today(facts: Facts, happening: Happening, today: dt.date) -> Happening:
    """Return what happened as far as it is not past; raise Refused or UsageError."""
    known = {"teacher": facts.teachers, "venue": facts.venues, "unit": facts.units}
    if happening.code not in known[happening.kind]:
        raise Refused(_UNKNOWN[happening.kind], code=happening.code)
    if happening.last < happening.first:
        raise UsageError(
            "{last} is before {first}; give the first day and then the last one",
            first=happening.first.isoformat(),
            last=happening.last.isoformat(),
        )
    if happening.last < today:
        raise Refused(
            "the days up to {last} are past by the clock ({today}), and nothing in the past moves; "
            "give later days, or the clock's date with --today",
            last=happening.last.isoformat(),
            today=today.isoformat(),
        )
    return replace(happening, first=max(happening.first, today))
