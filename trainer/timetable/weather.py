"""Bad weather: what is in the open goes under a roof, or elsewhere, and comes back when it clears.

Sessions at sites in the open go to the plan B of their site at their own time wherever that fits
(``shelter``); the others are mended as if the sites were closed (``replan``). The site stays on
record in ``instead_of``, the sites are kept as unavailable, and nothing is published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import func
from sqlmodel import col, select

from db.setup import prepare
from db.tables import Unavailability
from db.work import UnitOfWork
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.phrases import LANGUAGES, Phrase, mark, phrase
from trainer.timetable.affected import Touched, affected_by
from trainer.timetable.apply import Stored, apply_placements
from trainer.timetable.build import Built, build_problem
from trainer.timetable.checking import sittings
from trainer.timetable.engine.check import Checker
from trainer.timetable.engine.problem import Placement
from trainer.timetable.engine.solution import Limits, ShouldStop
from trainer.timetable.facts import Facts, read_facts
from trainer.timetable.replanning import told_move, touched_by, with_the_rest_locked
from trainer.timetable.shelter import (
    Sheltered,
    Venues,
    fitting,
    outdoor_meetings,
    shelter,
    venues_now,
)
from trainer.timetable.steps import record_step
from trainer.timetable.weathered import Change, Weathered

if TYPE_CHECKING:
    from trainer.timetable.engine.mended import Mended

BAD_WEATHER: Final = mark("bad weather")
FIXED: Final = mark("it is locked, was held, or has attendance recorded, and stays where it is")


@dataclass(frozen=True, slots=True)
class Spell:
    """Bad weather from ``first`` to ``last``, both counted, at some sites or at all in the open."""

    first: dt.date
    last: dt.date
    venues: tuple[str, ...] = ()


def shelter_sessions(
    desk: Desk,
    spell: Spell,
    *,
    reason: str | None = None,
    limits: Limits | None = None,
    dry_run: bool = False,
    should_stop: ShouldStop | None = None,
) -> Weathered:
    """Bring everything of a spell of bad weather under a roof, or elsewhere; store it unless dry.

    Raise Refused where the office has no such site, or the days are past.
    """
    today = desk.clock.today()
    prepare(desk.url)
    with desk.reading() as session:
        facts = read_facts(session)
    codes = _sites(facts, spell)
    _refuse_days(spell, today)
    spell = replace(spell, first=max(spell.first, today))
    told = _reason(reason)
    rows = [row for code in codes for row in _closures(facts, spell, code, told)]
    facts = replace(facts, unavailable=[*facts.unavailable, *rows])
    built = with_the_rest_locked(build_problem(facts, today, keep_surplus=True))
    sites = frozenset(built.numbers.venues[code] for code in codes)
    meetings = outdoor_meetings(built, spell.first, spell.last, sites)
    free = [number for number in meetings if not _is_fixed(built, number)]
    found = shelter(built, free, sites)
    mended = _mended(built, found, free, today, limits, should_stop) if found.kept else None
    stored = None
    if not dry_run:
        with desk.writing(reason or "timetable weather") as work:
            stored = _store(work, replace(built, problem=found.problem), found, mended, rows, today)
            work.commit()
    return _told(built, found, mended, [n for n in meetings if n not in free], codes, stored)


def clear_weather(desk: Desk, spell: Spell, *, dry_run: bool = False) -> Weathered:
    """Bring sessions back to the sites that plan B stands in for; open the sites on those days.

    What cannot be at its site any more stays where it is, and is told. Sessions that went to other
    times stay there: ``undo`` takes the whole step back.
    """
    today = desk.clock.today()
    prepare(desk.url)
    _refuse_days(spell, today)
    spell = replace(spell, first=max(spell.first, today))
    with desk.reading() as session:
        facts = read_facts(session)
    codes = _sites(facts, spell)
    rows = [row for row in facts.unavailable if _is_weather(row) and row.code in codes]
    rows = [row for row in rows if row.date_from <= spell.last and spell.first <= row.date_to]
    left = [row for row in facts.unavailable if row not in rows]
    cut = [part for row in rows for part in _outside(row, spell)]
    built = with_the_rest_locked(
        build_problem(replace(facts, unavailable=[*left, *cut]), today, keep_surplus=True)
    )
    wanted = _homes(built, spell, codes)
    free = {number: venues for number, venues in wanted.items() if not _is_fixed(built, number)}
    moved, kept = fitting(built, list(free), free)
    found = Sheltered(built.problem, moved, kept)
    stored = None
    if not dry_run and (rows or moved):
        with desk.writing("timetable weather") as work:
            work.delete_many(Unavailability, [row.model_dump() for row in rows])
            _note(work, cut)
            stored = apply_placements(work, built, _places(built, found, None), today)
            record_step(work, "weather")
            work.commit()
    return _told(built, found, None, [n for n in wanted if n not in free], codes, stored)


def weather_outlook(facts: Facts, today: dt.date, spell: Spell) -> Weathered:
    """Return what plan B would do for each session in the open, were the weather bad all day.

    Nothing is changed, and nothing is looked for elsewhere.
    """
    codes = _sites(facts, spell)
    built = build_problem(facts, today, keep_surplus=True)
    sites = frozenset(built.numbers.venues[code] for code in codes)
    meetings = outdoor_meetings(built, max(spell.first, today), spell.last, sites)
    return _told(built, shelter(built, meetings, sites), None, [], codes, None)


def _sites(facts: Facts, spell: Spell) -> tuple[str, ...]:
    """Return the sites that are meant; raise Refused where one is unknown, or under a roof."""
    if spell.last < spell.first:
        raise UsageError(
            "{last} is before {first}; give the first day and then the last one",
            first=spell.first.isoformat(),
            last=spell.last.isoformat(),
        )
    for code in spell.venues:
        if code not in facts.venues:
            raise Refused("there is no venue “{code}”; see the codes in venues.csv", code=code)
        if not facts.venues[code].outdoor:
            raise Refused(
                "{venue} is not in the open; set “outdoor” in venues.csv, or close it with "
                "“trainer timetable replan --venue-closed”",
                venue=facts.venues[code].name,
            )
    found = spell.venues or tuple(code for code, row in facts.venues.items() if row.outdoor)
    if not found:
        raise Refused("no venue is in the open; set “outdoor” in venues.csv and import it")
    return found


def _refuse_days(spell: Spell, today: dt.date) -> None:
    if spell.last < today:
        raise Refused(
            "the days up to {last} are past by the clock ({today}), and nothing in the past moves; "
            "give later days, or the clock's date with --today",
            last=spell.last.isoformat(),
            today=today.isoformat(),
        )


def _reason(reason: str | None) -> str:
    """Return what is noted of a closed site; by how it begins it is known again."""
    if not reason:
        return phrase(BAD_WEATHER).text()
    return phrase("bad weather: {reason}", reason=reason).text()


def _is_weather(row: Unavailability) -> bool:
    begins = tuple(phrase(BAD_WEATHER).text(language) for language in LANGUAGES)
    return row.kind == "venue" and (row.reason or "").startswith(begins)


def _closures(facts: Facts, spell: Spell, code: str, reason: str) -> Iterator[Unavailability]:
    """Yield the site's closure on these days, unless it is closed on them already."""
    known = any(
        row.kind == "venue"
        and row.code == code
        and row.period is None
        and row.state is None
        and row.date_from <= spell.first
        and spell.last <= row.date_to
        for row in facts.unavailable
    )
    if not known:
        yield Unavailability(
            kind="venue", code=code, date_from=spell.first, date_to=spell.last, reason=reason
        )


def _outside(row: Unavailability, spell: Spell) -> Iterator[Unavailability]:
    """Yield what a closure leaves before and after a spell."""
    day = dt.timedelta(days=1)
    for first, last in (
        (row.date_from, min(row.date_to, spell.first - day)),
        (max(row.date_from, spell.last + day), row.date_to),
    ):
        if first <= last:
            values = {**row.model_dump(), "line": None, "date_from": first, "date_to": last}
            yield Unavailability(**values)


def _is_fixed(built: Built, number: int) -> bool:
    """Tell whether a meeting stays where it is."""
    return number not in built.movable and built.problem.meetings[number].stored is not None


def _homes(built: Built, spell: Spell, codes: Collection[str]) -> dict[int, Venues]:
    """Return the meetings of these days that are at a plan B, with the venues of their sites."""
    found: dict[int, Venues] = {}
    for number, draft in enumerate(built.drafts):
        rows = [share.session for share in draft.shares if share.session is not None]
        if any(row.instead_of in codes and spell.first <= row.date <= spell.last for row in rows):
            parts = built.problem.meetings[number].parts
            found[number] = tuple(
                now if part.instead_of is None else part.instead_of
                for part, now in zip(parts, venues_now(built, number), strict=True)
            )
    return found


def _mended(
    built: Built,
    found: Sheltered,
    free: Collection[int],
    today: dt.date,
    limits: Limits | None,
    should_stop: ShouldStop | None,
) -> Mended:
    """Return how what has no plan B is mended, with all that went to one in its place."""
    # the exact model is slow to import
    from trainer.timetable.engine.replan import replan

    broken = _broken_before(built, free)
    places = _places(built, found, None)
    meetings = tuple(
        replace(meeting, stored=places[number], locked=True)
        if number in places
        else replace(meeting, locked=meeting.locked or number in broken)
        for number, meeting in enumerate(found.problem.meetings)
    )
    problem = replace(found.problem, meetings=meetings)
    return replan(problem, (), today, limits=limits, should_stop=should_stop)


def _broken_before(built: Built, free: Collection[int]) -> frozenset[int]:
    """Return what breaks a rule for reasons of its own: the weather is no reason to mend it."""
    found = Checker(built.problem).hard(sittings(built))
    return frozenset(m for each in found for m, _ in each.touches if m not in free)


def _places(built: Built, found: Sheltered, mended: Mended | None) -> dict[int, Placement | None]:
    """Return where the meetings go, by their number."""
    places: dict[int, Placement | None] = {}
    for number, venues in found.moved.items():
        stored = built.problem.meetings[number].stored
        assert stored is not None
        places[number] = replace(stored, venues=venues)
    moves = mended.moves if mended else ()
    return places | {move.meeting: move.after for move in moves}


def _store(
    work: UnitOfWork,
    built: Built,
    found: Sheltered,
    mended: Mended | None,
    rows: Sequence[Unavailability],
    today: dt.date,
) -> Stored:
    _note(work, rows)
    stored = apply_placements(work, built, _places(built, found, mended), today)
    if rows or stored.changed:
        record_step(work, "weather")
    return stored


def _note(work: UnitOfWork, rows: Sequence[Unavailability]) -> None:
    last = work.session.exec(select(func.max(col(Unavailability.line)))).one() or 0
    values = [{**row.model_dump(), "line": last + place} for place, row in enumerate(rows, start=1)]
    work.insert_many(Unavailability, values)


def _told(
    built: Built,
    found: Sheltered,
    mended: Mended | None,
    fixed: Iterable[int],
    codes: Sequence[str],
    stored: Stored | None,
) -> Weathered:
    moves = tuple(told_move(built, move) for move in (mended.moves if mended else ()))
    changes = [_change(built, number, venues) for number, venues in found.moved.items()]
    touched = [Touched(each.classes, ((each.date, each.teacher),)) for each in changes]
    return Weathered(
        venues=tuple(codes),
        moved=tuple(changes),
        kept=tuple(_change(built, n, why=why) for n, why in found.kept.items()),
        fixed=tuple(_change(built, n, why=(phrase(FIXED),)) for n in fixed),
        elsewhere=moves,
        affected=affected_by(built.facts, [*touched, *map(touched_by, moves)]),
        minimal=mended is None or mended.minimal,
        stored=stored,
    )


def _change(
    built: Built, number: int, venues: Venues | None = None, *, why: tuple[Phrase, ...] = ()
) -> Change:
    shares = [share for share in built.drafts[number].shares if share.session is not None]
    rows = [share.session for share in shares if share.session is not None]
    there: Mapping[int, str] = {number: code for code, number in built.numbers.venues.items()}
    return Change(
        key=shares[0].key,
        classes=tuple(share.key[0] for share in shares),
        sessions=tuple(row.uid for row in rows),
        date=rows[0].date,
        period=rows[0].period,
        teacher=rows[0].teacher,
        before=tuple(row.venue for row in rows),
        after=tuple(None if each is None else there[each] for each in venues or ()),
        why=why,
    )
