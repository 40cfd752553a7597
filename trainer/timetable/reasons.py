"""Why something has no place, and what stands in the way of putting it somewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.phrases import Phrase
from trainer.timetable.build import Built, build_check, build_problem
from trainer.timetable.engine.problem import Placement
from trainer.timetable.engine.solution import Limits, Progress, ShouldStop
from trainer.timetable.facts import Key, read_facts
from trainer.timetable.horizon import longer_calendar
from trainer.timetable.moving import find_session

if TYPE_CHECKING:
    from trainer.timetable.engine.explain import Explanation
    from trainer.timetable.engine.relax import Relaxation

#: Steps for each meeting when what lacks a place is first looked for.
STEPS: Final = 10
#: No single explanation takes longer than this share of the time, as long as others wait.
SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a meeting could go, in the office's codes."""

    key: Key
    date: dt.date
    period: str
    venues: tuple[str | None, ...]
    teacher: str | None

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        class_code, course, seq = self.key
        return {
            "class": class_code,
            "course": course,
            "seq": seq,
            "date": self.date.isoformat(),
            "period": self.period,
            "venue": self.venues[0] if self.venues else None,
            "teacher": self.teacher,
        }


@dataclass(frozen=True, slots=True)
class Help:
    """A change that was proved to help: what it costs, where the meeting goes, what moves."""

    message: Phrase
    cost: int
    place: Place
    moved: tuple[Place, ...]

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "message": self.message.text(),
            "cost": self.cost,
            "place": self.place.document(),
            "moved": [each.document() for each in self.moved],
        }


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a meeting has no place: it and others, the facts that together forbid them, and help.

    A joint meeting has a key for each class; ``together`` holds those of the others, too.
    """

    keys: tuple[Key, ...]
    message: Phrase
    together: tuple[Key, ...] = ()
    reasons: tuple[Phrase, ...] = ()
    minimal: bool = False
    helps: tuple[Help, ...] = ()

    def documents(self) -> list[dict[str, Any]]:
        """Return it for each class, as the command line prints it."""
        return [{**_named(key), **self._document()} for key in self.keys]

    def _document(self) -> dict[str, Any]:
        return {
            "message": self.message.text(),
            "meetings": [_named(each) for each in self.together],
            "reasons": [each.text() for each in self.reasons],
            "minimal": self.minimal,
            "relaxations": [each.document() for each in self.helps],
        }


def explain_timetable(
    desk: Desk, *, seconds: float = 60, seed: int = 0, should_stop: ShouldStop | None = None
) -> tuple[Explained, ...]:
    """Explain everything that cannot be placed into the stored timetable.

    What has no session yet is placed in memory where that is possible; the rest is explained, a
    meeting that an explanation names with another one only once. Nothing is stored.
    """
    # the exact model is slow to import
    from trainer.timetable.engine.explain import explain
    from trainer.timetable.engine.extract import MARGIN_DAYS, widened
    from trainer.timetable.engine.solve import solve, why_never
    from trainer.timetable.engine.tables import Tables
    from trainer.timetable.relaxing import relaxation_costs

    ends = monotonic() + seconds
    with desk.reading() as session:
        built = build_problem(read_facts(session), desk.clock.today())
    found = [
        Explained(keys, draft.trouble)
        for draft in built.drafts
        if draft.trouble is not None
        and (keys := tuple(share.key for share in draft.shares if share.session is None))
    ]
    open_ = [m for m in sorted(built.movable) if built.problem.meetings[m].stored is None]
    if not open_:
        return tuple(found)
    limits = Limits(work=STEPS * len(built.movable), seed=seed)
    tables = Tables(built.problem)
    hopeless = sum(why_never(tables, meeting) is not None for meeting in open_)
    unplaced = len(open_) + 1

    def look(progress: Progress) -> None:
        nonlocal unplaced
        unplaced = min(unplaced, progress.unplaced)

    def enough() -> bool:
        # once all is placed that ever could be, nothing has to be made better
        return unplaced <= hopeless or (should_stop is not None and should_stop())

    solution = solve(
        built.problem, limits, only=built.movable, on_progress=look, should_stop=enough
    )
    longer = longer_calendar(built.facts, built.problem.calendar, MARGIN_DAYS)
    problem = widened(built.problem, calendar=longer)
    costs = relaxation_costs(built.facts.office)
    told: set[int] = set()
    missing = [each.meeting for each in solution.unplaced]
    for place, meeting in enumerate(missing):
        left = ends - monotonic()
        if meeting in told:
            continue
        share = left if place == len(missing) - 1 else left * SHARE
        explanation = explain(
            problem,
            solution.placements,
            meeting,
            limits=Limits(seconds=max(share, 1.0), seed=seed),
            should_stop=should_stop,
            costs=costs,
        )
        told |= set(explanation.meetings)
        found.append(_explained(built, explanation))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Judged:
    """What stands in the way of a session at a place: each hard rule with its sentence.

    ``place`` is what was looked at: another room or teacher than now, where the present one would
    not do and nobody asked for a room.
    """

    obstacles: tuple[tuple[str, Phrase], ...]
    place: Place

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "possible": not self.obstacles,
            "obstacles": [
                {"rule": rule, "message": message.text()} for rule, message in self.obstacles
            ],
            "place": self.place.document(),
        }


def why_not(
    desk: Desk, name: str, day: dt.date, period: str, venue: str | None = None
) -> tuple[tuple[str, Phrase], ...]:
    """Return each hard rule, with the sentence, that a session would break at a time and place.

    ``name`` is a session, or CLASS/COURSE/NUMBER of a meeting that has none yet. Nothing is
    returned where nothing stands in the way. Raise Refused or UsageError for unknown names.
    """
    return judge_place(desk, name, day, period, venue).obstacles


def judge_place(
    desk: Desk, name: str, day: dt.date, period: str, venue: str | None = None
) -> Judged:
    """Return the same with the room and the teacher that were looked at."""
    # the checker's precomputed facts are needed only here
    from trainer.timetable.engine.why import look

    with desk.reading() as session:
        built = build_check(read_facts(session), desk.clock.today())
    periods = built.facts.office.period_index
    if period not in periods:
        raise UsageError(
            "the office has no period “{period}”; it has {periods}",
            period=period,
            periods=", ".join(periods),
        )
    if venue is not None and venue not in built.numbers.venues:
        raise Refused("there is no venue “{code}”; see the codes in venues.csv", code=venue)
    placements = [meeting.stored for meeting in built.problem.meetings]
    number, part = part_named(built, name)
    found, there = look(
        built.problem,
        placements,
        number,
        day,
        periods[period],
        None if venue is None else built.numbers.venues[venue],
        part=part,
    )
    return Judged(tuple((each.rule, each.message) for each in found), place_of(built, there))


def meeting_named(built: Built, name: str) -> int:
    """Return the number of a session's meeting, or of one that has no session yet."""
    return part_named(built, name)[0]


def part_named(built: Built, name: str) -> tuple[int, int]:
    """Return the same with which of the meeting's classes the session is of."""
    for number, draft in enumerate(built.drafts):
        for part, share in enumerate(draft.shares):
            if share.session is None and "/".join(map(str, share.key)) == name:
                return number, part
    uid = find_session(built.facts, name).uid
    for number, draft in enumerate(built.drafts):
        for part, share in enumerate(draft.shares):
            if share.session is not None and share.session.uid == uid:
                return number, part
    raise Refused(
        "this session is cancelled; bring it back with “trainer timetable restore” before moving it"
    )


def _explained(built: Built, explanation: Explanation) -> Explained:
    return Explained(
        keys=_keys(built, explanation.meeting),
        message=explanation.message,
        together=tuple(key for meeting in explanation.meetings for key in _keys(built, meeting)),
        reasons=tuple(reason.message for reason in explanation.reasons),
        minimal=explanation.minimal,
        helps=_helps(built, explanation),
    )


def _helps(built: Built, explanation: Explanation) -> tuple[Help, ...]:
    """Return what would help; of classes that meet jointly it is told once for all."""
    helps: list[Help] = []
    for each in explanation.relaxations:
        help_ = _help(built, each)
        if help_ not in helps:
            helps.append(help_)
    return tuple(helps)


def _help(built: Built, relaxation: Relaxation) -> Help:
    return Help(
        message=relaxation.message,
        cost=relaxation.cost,
        place=place_of(built, relaxation.placement),
        moved=places_of(built, relaxation.moved),
    )


def places_of(built: Built, placements: Sequence[Placement]) -> tuple[Place, ...]:
    """Return placements in the office's codes."""
    return tuple(place_of(built, placement) for placement in placements)


def place_of(built: Built, placement: Placement) -> Place:
    """Return a placement in the office's codes."""
    problem = built.problem
    return Place(
        key=_keys(built, placement.meeting)[0],
        date=placement.day,
        period=problem.periods[placement.period].code,
        venues=tuple(
            None if venue is None else problem.venues[venue].code for venue in placement.venues
        ),
        teacher=None if placement.teacher is None else problem.teachers[placement.teacher].code,
    )


def _keys(built: Built, meeting: int) -> tuple[Key, ...]:
    """Return a meeting's name in each of its classes."""
    return tuple(share.key for share in built.drafts[meeting].shares)


def _named(key: Key) -> dict[str, Any]:
    return dict(zip(("class", "course", "seq"), key, strict=True))
