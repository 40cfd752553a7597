"""What mending, explaining and solving ask for and store: each function runs in a worker.

Whatever touches the database is imported inside the functions: the first frame is on the screen
before that half second begins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from trainer.phrases import mark, say, say_n
from tui.words import short_date

if TYPE_CHECKING:
    from trainer.timetable.facts import Facts
    from trainer.timetable.reasons import Explained, Place
    from trainer.timetable.replanned import Moved
    from trainer.timetable.replanning import Added, Happening, Proposal
    from tui.backroom import Backroom

#: What may have come up: somebody or something is away, a class was added, or nothing new.
Kind = Literal["teacher", "venue", "unit", "class", "none"]
#: How many other places are told for each change.
OTHERS: Final = 3
NOTHING: Final = "none"
KINDS: Final = {
    "teacher": mark("teacher away"),
    "venue": mark("venue closed"),
    "unit": mark("unit's classes suspended"),
    "class": mark("class added: give it its places"),
    "none": mark("nothing new: mend what is broken"),
}
Asked = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that may be away, with what it may be searched by."""

    kind: Kind
    code: str
    name: str
    search: str

    @property
    def key(self) -> str:
        """Kind and code as one word."""
        return f"{self.kind}:{self.code}"


@dataclass(frozen=True, slots=True)
class Event:
    """What came up: who or what, from when to when, both days counted, and why."""

    subject: Subject
    first: dt.date | None = None
    last: dt.date | None = None
    reason: str | None = None

    def said(self) -> str:
        """Return it in words."""
        what = say(KINDS[self.subject.kind])
        if not self.subject.code:
            return what
        told = f"{what}: {self.subject.name}"
        if self.first is None or self.last is None:
            return told
        days = short_date(self.first)
        if self.last != self.first:
            days = say("{first} to {last}", first=days, last=short_date(self.last))
        return "  ".join(part for part in (told, days, self.reason) if part)


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One change of a proposal, by the names that people know; ``uid`` where it has a session.

    ``brief`` is what becomes different.
    """

    key: str
    uid: str
    class_code: str
    date: dt.date
    title: str
    before: str
    after: str
    brief: str
    others: tuple[str, ...]

    @property
    def lost(self) -> bool:
        """Tell whether it loses its place."""
        return not self.after


@dataclass(frozen=True, slots=True)
class MendPage:
    """A proposal as it is shown; it is stored just as it is."""

    proposal: Proposal
    lines: tuple[MoveLine, ...]


def subjects_of_events(backroom: Backroom) -> tuple[Subject, ...]:
    """Return what may be away: teachers, venues, units; and the classes that may be added."""
    from sqlalchemy import select

    from db.tables import Teacher, TrainingClass, Unit, Venue
    from db.work import table_of
    from trainer.roster.search import search_text

    teacher, venue, unit, klass = (table_of(each) for each in (Teacher, Venue, Unit, TrainingClass))
    kinds: tuple[tuple[Kind, object, object], ...] = (
        ("teacher", teacher, teacher.c.name),
        ("venue", venue, venue.c.name),
        ("unit", unit, unit.c.name),
        ("class", klass, klass.c.title),
    )
    found = []
    with backroom.desk.reading() as session:
        for kind, table, name in kinds:
            query = select(table.c.code, name).order_by(name)  # type: ignore[attr-defined,call-overload]
            for code, called in session.connection().execute(query):
                found.append(Subject(kind, code, called, search_text(called, code)))
    return tuple(found)


def propose(backroom: Backroom, event: Event, seconds: float, asked: Asked) -> MendPage:
    """Look for the fewest changes after an event; nothing is stored. Raise TrainerError."""
    from trainer.timetable.engine.solution import Limits
    from trainer.timetable.replanning import propose_replan

    proposal = propose_replan(
        backroom.desk,
        _happenings(event),
        limits=Limits(seconds=seconds),
        alternatives=OTHERS,
        reason=event.reason,
        should_stop=asked,
    )
    return told_anew(proposal)


def told_anew(proposal: Proposal) -> MendPage:
    """Return a proposal as it is shown in the language of the moment."""
    facts = proposal.built.facts
    return MendPage(proposal, tuple(_line(facts, move) for move in proposal.found.moves))


def _happenings(event: Event) -> list[Happening | Added]:
    from trainer.timetable.replanning import Added, Happening

    kind, code = event.subject.kind, event.subject.code
    if kind == "class":
        return [Added(code)]
    if kind == "none" or event.first is None or event.last is None:
        return []
    return [Happening(kind, code, event.first, event.last)]


def store(backroom: Backroom, page: MendPage) -> str:
    """Store a proposal as it is; raise TrainerError where the timetable changed meanwhile."""
    from trainer.timetable.replanning import store_replan

    found = store_replan(backroom.desk, page.proposal)
    changed = found.stored.changed if found.stored else 0
    told = say_n(
        "stored: {count} session changed; u takes it back",
        "stored: {count} sessions changed; u takes it back",
        changed,
    )
    meetings, moves = page.proposal.built.problem.meetings, page.proposal.mended.moves
    published = sum(meetings[move.meeting].published for move in moves)
    if not published:
        return told
    return say(
        "{told}; {published} of them were published: publish again for the calendars",
        told=told, published=published,
    )  # fmt: skip


def _line(facts: Facts, move: Moved) -> MoveLine:
    code, course, seq = move.key
    titles = [facts.classes[each].title for each in move.classes if each in facts.classes]
    known = facts.courses.get(course)
    name = known.title if known is not None else course
    place = move.before or move.after
    after = _parts(facts, move.after) if move.after else ()
    whole = " ".join(after)
    brief = whole
    if move.before is not None and move.after is not None:
        was = _parts(facts, move.before)
        # only what becomes different, so that a narrow column shows it
        brief = " ".join(part for part in after if part not in was)
        if not brief:
            brief = whole = say("stays, {lasts} periods instead of {was}",
                                lasts=move.lasts, was=move.was)  # fmt: skip
    return MoveLine(
        key="/".join(map(str, move.key)),
        uid=move.sessions[0] if move.sessions else "",
        class_code=code,
        date=place.date if place is not None else dt.date.min,
        title=say("{class_}: {course} no. {seq}", class_="+".join(titles), course=name, seq=seq),
        before=_where(facts, move.before) if move.before else "",
        after=whole,
        brief=brief,
        others=tuple(_where(facts, each) for each in move.alternatives),
    )


def _where(facts: Facts, place: Place) -> str:
    return " ".join(_parts(facts, place))


def _parts(facts: Facts, place: Place) -> tuple[str, ...]:
    """Return day and time, venues and teacher of a place, each by itself."""
    venues = dict.fromkeys(venue for venue in place.venues if venue)
    periods = {period.code: period for period in facts.office.periods}
    start = f"{periods[place.period].start:%H:%M}" if place.period in periods else place.period
    parts = [f"{short_date(place.date)} {start}"]
    parts += [facts.venues[each].name if each in facts.venues else each for each in venues]
    if place.teacher:
        known = facts.teachers.get(place.teacher)
        parts.append(known.name if known is not None else place.teacher)
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class ExplainLine:
    """Something without a place: which it is, why, and what would help."""

    key: str
    title: str
    explained: Explained


def explain(backroom: Backroom, seconds: float, asked: Asked) -> tuple[ExplainLine, ...]:
    """Return what cannot be placed, each with the facts that forbid it and with what would help."""
    from trainer.timetable.reasons import explain_timetable

    found = explain_timetable(backroom.desk, seconds=seconds, should_stop=asked)
    titles = _titles(backroom, {key for one in found for key in one.keys}) if found else {}
    return tuple(
        ExplainLine("+".join("/".join(map(str, key)) for key in one.keys),
                    " + ".join(titles[key] for key in one.keys), one)
        for one in found
    )  # fmt: skip


def _titles(
    backroom: Backroom, keys: Iterable[tuple[str, str, int]]
) -> dict[tuple[str, str, int], str]:
    from trainer.timetable.facts import read_facts

    with backroom.desk.reading() as session:
        facts = read_facts(session)
    found = {}
    for code, course, seq in keys:
        klass, known = facts.classes.get(code), facts.courses.get(course)
        found[code, course, seq] = say(
            "{class_}: {course} no. {seq}",
            class_=klass.title if klass else code,
            course=known.title if known else course,
            seq=seq,
        )
    return found
