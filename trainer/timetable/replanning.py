"""Mending the timetable after something happened: the fewest changes, and nothing in the past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import func
from sqlmodel import col, select

from db.setup import prepare
from db.tables import Unavailability
from db.work import UnitOfWork
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.phrases import mark
from trainer.timetable.apply import Stored, apply_placements
from trainer.timetable.build import Built, build_problem
from trainer.timetable.engine.solution import Limits, ShouldStop
from trainer.timetable.facts import Facts, read_facts
from trainer.timetable.reasons import Place, place_of
from trainer.timetable.steps import record_step

if TYPE_CHECKING:
    from trainer.timetable.engine.replan import Mended, Move

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
class Moved:
    """One change to the sessions of a meeting; ``after`` None is one that lost its place.

    ``was`` and ``lasts`` are the periods that it took and takes: a session that became longer or
    shorter is a change even where it stays.
    """

    sessions: tuple[str, ...]
    before: Place
    after: Place | None
    was: int
    lasts: int

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "sessions": list(self.sessions),
            "before": self.before.document(),
            "after": self.after.document() if self.after else None,
            "periods": {"before": self.was, "after": self.lasts},
        }


@dataclass(frozen=True, slots=True)
class Replanned:
    """What mending came to; ``weight`` counts the changes (published ones more).

    ``bound`` is a proved lower bound of it, ``fewest_left_out`` one of how many meetings lose their
    place, and ``minimal`` says that both are reached.
    """

    moves: tuple[Moved, ...]
    fewest_left_out: int
    weight: int
    bound: int
    minimal: bool
    seconds: float
    stored: Stored | None

    @property
    def stretched(self) -> tuple[Moved, ...]:
        """Return the changes of what stays at its place and takes more or fewer periods there."""
        return tuple(move for move in self.moves if move.before == move.after)

    @property
    def left_out(self) -> tuple[Moved, ...]:
        """Return the changes that took a meeting off the timetable."""
        return tuple(move for move in self.moves if move.after is None)

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "changes": [move.document() for move in self.moves],
            "unplaced": [move.before.document() for move in self.left_out],
            "least_unplaced": self.fewest_left_out,
            "weight": self.weight,
            "bound": self.bound,
            "minimal": self.minimal,
            "stored": self.stored is not None,
            "seconds": round(self.seconds, 3),
        }


def replan_timetable(
    desk: Desk,
    happenings: Sequence[Happening] = (),
    *,
    limits: Limits | None = None,
    most_moves: int | None = None,
    reason: str | None = None,
    dry_run: bool = False,
    should_stop: ShouldStop | None = None,
) -> Replanned:
    """Mend the stored timetable after ``happenings``, or what is broken in it anyway.

    What happened is kept as unavailability, and changed sessions are stored, unless ``dry_run``.
    Sessions before the clock's date, and fixed ones, stay. Raise Refused for unknown codes.
    """
    # the exact model is slow to import
    from trainer.timetable.engine.replan import replan

    today = desk.clock.today()
    prepare(desk.url)
    with desk.reading() as session:
        facts = read_facts(session)
    rows = [_row(_from_today(facts, each, today), reason) for each in happenings]
    facts = replace(facts, unavailable=[*facts.unavailable, *rows])
    built = _with_the_rest_locked(build_problem(facts, today, keep_surplus=True))
    mended = replan(
        built.problem,
        (),
        today,
        most_moves=most_moves,
        changed_anyway=_other_length(built, today),
        limits=limits,
        should_stop=should_stop,
    )
    stored = None
    if not dry_run:
        with desk.writing(reason or "timetable replan") as work:
            stored = _store(work, built, mended, rows, today)
            work.commit()
    return Replanned(
        moves=tuple(_moved(built, move) for move in mended.moves),
        fewest_left_out=mended.fewest_left_out,
        weight=mended.weight,
        bound=mended.bound,
        minimal=mended.minimal,
        seconds=mended.seconds,
        stored=stored,
    )


def _with_the_rest_locked(built: Built) -> Built:
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


def _store(
    work: UnitOfWork,
    built: Built,
    mended: Mended,
    rows: Sequence[Unavailability],
    today: dt.date,
) -> Stored:
    noted = _note_unavailable(work, rows)
    changed = {move.before.meeting: move.after for move in mended.moves}
    stored = apply_placements(work, built, changed, today)
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


def _moved(built: Built, move: Move) -> Moved:
    shares = built.drafts[move.before.meeting].shares
    return Moved(
        sessions=tuple(share.session.uid for share in shares if share.session is not None),
        before=place_of(built, move.before),
        after=None if move.after is None else place_of(built, move.after),
        was=_length_stored(built, move.before.meeting),
        lasts=built.problem.meetings[move.before.meeting].length,
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
