"""From the tables to the engine's problem, and back: which number stands for which code."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from db.tables import Course, TrainingSession
from trainer.errors import Refused
from trainer.office import Office
from trainer.timetable.absences import engine_absences
from trainer.timetable.engine import problem as engine
from trainer.timetable.engine.rules import HARD_IDS, RULES, Level, RuleSetting
from trainer.timetable.facts import Facts
from trainer.timetable.horizon import engine_calendar
from trainer.timetable.meetings import Draft, Share, draft_meetings
from trainer.timetable.places import engine_venues, travel_minutes
from trainer.timetable.wanted import Wanted, wanted_of

#: What an office's levels of rules mean to the engine.
LEVELS: Final[Mapping[str, Level]] = {
    "block": "hard",
    "warn": "soft",
    "report": "soft",
    "off": "off",
}
POSITIONS: Final[Mapping[str, engine.Position]] = {"first": "first", "last": "last"}


@dataclass(frozen=True, slots=True)
class Numbers:
    """The engine's number of each venue, teacher, course and class, by code."""

    venues: Mapping[str, int]
    teachers: Mapping[str, int]
    courses: Mapping[str, int]
    classes: Mapping[str, int]
    people: Mapping[str, int]


@dataclass(frozen=True)
class Built:
    """A problem with what its numbers stand for; ``drafts`` runs beside ``problem.meetings``.

    ``movable`` are the meetings that a solve may place or move; ``surplus`` are stored sessions
    that no syllabus asks for any more and nothing holds in place.
    """

    facts: Facts
    problem: engine.Problem
    drafts: tuple[Draft, ...]
    numbers: Numbers
    movable: frozenset[int] = frozenset()
    surplus: tuple[TrainingSession, ...] = ()


def build_problem(
    facts: Facts, today: dt.date, *, chosen: Collection[str] = (), keep_surplus: bool = False
) -> Built:
    """Build the problem of placing the meetings of ``chosen`` classes (all planned ones if none).

    Other classes' sessions stay where they are and take up what they use. Sessions that no syllabus
    asks for are left out as surplus, unless ``keep_surplus``. Raise Refused for a chosen class that
    does not exist or is not planned.
    """
    classes = _chosen(facts, chosen)
    drafts = draft_meetings(facts)
    surplus: tuple[TrainingSession, ...] = ()
    if not keep_surplus:
        surplus = tuple(s for draft in drafts for s in _surplus(facts, draft, classes))
    dropped = {session.uid for session in surplus}
    kept = [draft for draft in drafts if not _is_dropped(draft, dropped)]
    return _build(facts, kept, today, mode="solve", chosen=classes, surplus=surplus)


def build_check(facts: Facts, today: dt.date) -> Built:
    """Build the problem against which the stored sessions are checked, all of them."""
    return _build(facts, draft_meetings(facts), today, mode="check")


def build_places(facts: Facts) -> Built:
    """Build the problem without its meetings: courses, places, the ways between and absences."""
    first = min((row.date for row in facts.sessions.values()), default=dt.date(2000, 1, 1))
    return _build(facts, (), first, mode="check")


def refuse_unplanned(facts: Facts, chosen: Collection[str]) -> None:
    """Raise Refused for a class that does not exist or is not planned."""
    for code in chosen:
        if code not in facts.classes:
            raise Refused(
                "there is no class “{code}”; “trainer export DIR” writes them all into classes.csv",
                code=code,
            )
        if not facts.is_planned(code):
            raise Refused(
                "the class “{code}” is at the stage “{stage}”; approve it before putting it on "
                "dates",
                code=code,
                stage=facts.classes[code].stage,
            )


def _chosen(facts: Facts, chosen: Collection[str]) -> frozenset[str]:
    refuse_unplanned(facts, chosen)
    planned = (code for code in facts.classes if facts.is_planned(code))
    return frozenset(chosen) or frozenset(planned)


def _surplus(facts: Facts, draft: Draft, classes: Collection[str]) -> list[TrainingSession]:
    return [
        share.session
        for share in draft.shares
        if share.item is None
        and share.session is not None
        and share.key[0] in classes
        and not facts.is_fixed(share.session)
    ]


def _is_dropped(draft: Draft, dropped: Collection[str]) -> bool:
    return any(share.session is not None and share.session.uid in dropped for share in draft.shares)


def _build(
    facts: Facts,
    drafts: Sequence[Draft],
    today: dt.date,
    *,
    mode: Literal["solve", "check"],
    chosen: frozenset[str] = frozenset(),
    surplus: tuple[TrainingSession, ...] = (),
) -> Built:
    shared = _shared_people(facts)
    numbers = Numbers(
        venues=_number(facts.venues),
        teachers=_number(facts.teachers),
        courses=_number(facts.courses),
        classes=_number(facts.classes),
        people=_number(shared),
    )
    classes = tuple(facts.classes)
    involved = {share.key[0] for draft in drafts for share in draft.shares}
    solving = mode == "solve"
    wanted = wanted_of(facts.office)
    problem = engine.Problem(
        calendar=engine_calendar(facts, involved, today),
        periods=_periods(facts.office),
        venues=engine_venues(facts, classes),
        teachers=tuple(
            engine.Teacher(
                each.code,
                each.name,
                each.max_per_week,
                numbers.people.get(each.person or ""),
                wanted.periods_of_teacher(each),
            )
            for each in facts.teachers.values()
        ),
        courses=tuple(_course(facts, each, numbers) for each in facts.courses.values()),
        classes=tuple(_class(facts, code, numbers, wanted) for code in classes),
        meetings=tuple(
            _meeting(facts, draft, place, numbers, solving=solving)
            for place, draft in enumerate(drafts)
        ),
        people=tuple(facts.names.get(code, code) for code in shared),
        absences=engine_absences(
            facts,
            teachers=numbers.teachers,
            venues=numbers.venues,
            classes=numbers.classes,
        ),
        travel=travel_minutes(facts),
        buffer=facts.office.travel.buffer_minutes,
        together=_groups(wanted.together, numbers),
        apart=_groups(wanted.apart, numbers),
        rules=rule_settings(facts.office),
    )
    movable = (
        number
        for number, draft in enumerate(drafts)
        if _may_move(facts, draft, problem.meetings[number], chosen)
    )
    return Built(facts, problem, tuple(drafts), numbers, frozenset(movable), surplus)


def _number(codes: Collection[str]) -> dict[str, int]:
    return {code: number for number, code in enumerate(codes)}


def _shared_people(facts: Facts) -> list[str]:
    """Return who can be in two places at once: people of several classes, and who teaches too."""
    names = Counter(each.person for each in facts.teachers.values() if each.person)
    classes: dict[str, set[str]] = defaultdict(set)
    for membership in facts.memberships:
        classes[membership.person].add(membership.class_code)
    shared = [person for person, codes in classes.items() if len(codes) > 1 or names[person]]
    known = set(shared)
    return shared + [person for person, rows in names.items() if rows > 1 and person not in known]


def _may_move(facts: Facts, draft: Draft, meeting: engine.Meeting, chosen: Collection[str]) -> bool:
    if draft.trouble is not None or meeting.locked:
        return False
    codes = {share.key[0] for share in draft.shares}
    if not all(facts.is_planned(code) for code in codes):
        return False
    stored = any(share.session is not None for share in draft.shares)
    return codes <= set(chosen) if stored else not codes.isdisjoint(chosen)


def _periods(office: Office) -> tuple[engine.Period, ...]:
    return tuple(
        engine.Period(
            code=each.code,
            label=each.label or each.code,
            start=each.start.hour * 60 + each.start.minute,
            end=each.end.hour * 60 + each.end.minute,
            part=each.part,
            work=each.work,
        )
        for each in office.periods
    )


def _course(facts: Facts, row: Course, numbers: Numbers) -> engine.Course:
    own = [code for code in row.teachers if code in numbers.teachers]
    others = [code for code in facts.willing.get(row.code, ()) if code not in own]
    return engine.Course(
        code=row.code,
        title=row.title,
        strand=row.strand or "",
        form=row.form or "lecture",
        kinds=frozenset(row.venue_kinds),
        venues=tuple(numbers.venues[code] for code in row.venues if code in numbers.venues),
        equipment=frozenset(row.equipment),
        teachers=tuple(numbers.teachers[code] for code in (*own, *others)),
        # whom the course itself names comes before whoever says that he can teach it
        teacher_costs=(0,) * len(own) + (1 if own else 0,) * len(others),
        after=frozenset(numbers.courses[code] for code in row.after if code in numbers.courses),
        # an office that keeps no places at all still gets dates
        needs_venue=bool(numbers.venues),
        stops=tuple(numbers.venues[code] for code in row.stops if code in numbers.venues),
        stay=row.stop_minutes,
    )


def _groups(groups: Sequence[frozenset[str]], numbers: Numbers) -> tuple[frozenset[int], ...]:
    """Return groups of courses by number; one with a single known course asks nothing."""
    known = (frozenset(numbers.courses[c] for c in each if c in numbers.courses) for each in groups)
    return tuple(each for each in known if len(each) > 1)


def _class(facts: Facts, code: str, numbers: Numbers, wanted: Wanted) -> engine.TrainingClass:
    row = facts.classes[code]
    return engine.TrainingClass(
        code=code,
        title=row.title,
        size=facts.sizes[code],
        members=tuple(
            engine.Member(numbers.people[each.person], each.first, each.last)
            for each in facts.members.get(code, ())
            if each.person in numbers.people
        ),
        earliest=row.earliest,
        latest=row.latest,
        max_days=row.max_days,
        knowledge=row.measure == "knowledge_class",
        accredited=bool(row.accredited),
        venues=tuple(numbers.venues[each] for each in row.venues if each in numbers.venues),
        priority=wanted.priority(row),
        farm_work=wanted.farm_work(row),
        periods_a_day=wanted.periods_of_class(row),
    )


def _meeting(
    facts: Facts, draft: Draft, place: int, numbers: Numbers, *, solving: bool
) -> engine.Meeting:
    items = [share.item for share in draft.shares if share.item is not None]
    sessions = [share.session for share in draft.shares if share.session is not None]
    fixed = [session for session in sessions if facts.is_fixed(session)]
    length = facts.courses[draft.shares[0].key[1]].periods
    if solving and fixed:
        # what stays as it is takes the periods that it takes
        length = fixed[0].periods
    day = next((item.date for item in items if item.date), None)
    period = next((item.period for item in items if item.period), None)
    teacher = next((item.teacher for item in items if item.teacher), None)
    return engine.Meeting(
        parts=tuple(_part(share, numbers) for share in draft.shares),
        length=length,
        fixed_day=day,
        fixed_period=facts.office.period_index.get(period) if period else None,
        fixed_teacher=numbers.teachers.get(teacher) if teacher else None,
        stored=_stored(facts, draft, place, numbers, (fixed or sessions)[:1]),
        locked=bool(fixed),
        published=any(session.status == "published" for session in sessions),
    )


def _part(share: Share, numbers: Numbers) -> engine.Part:
    item = share.item
    venue = numbers.venues.get(item.venue) if item and item.venue else None
    position = POSITIONS.get((item.position if item else None) or "", "")
    return engine.Part(
        class_=numbers.classes[share.key[0]],
        course=numbers.courses[share.key[1]],
        seq=share.key[2],
        fixed_venue=venue,
        position=position,
        uid=share.session.uid if share.session else "",
        order=tuple(numbers.venues.get(code, -1) for code in share.session.stops)
        if share.session
        else (),
        instead_of=numbers.venues.get(share.session.instead_of or "") if share.session else None,
    )


def _stored(
    facts: Facts,
    draft: Draft,
    place: int,
    numbers: Numbers,
    leading: Sequence[TrainingSession],
) -> engine.Placement | None:
    """Return where a meeting is now, as its fixed session or else its first one says."""
    if not leading or leading[0].period not in facts.office.period_index:
        return None
    session = leading[0]
    return engine.Placement(
        meeting=place,
        day=session.date,
        period=facts.office.period_index[session.period],
        venues=tuple(_venue_of(share, session, numbers) for share in draft.shares),
        teacher=numbers.teachers.get(session.teacher) if session.teacher else None,
    )


def _venue_of(share: Share, leading: TrainingSession, numbers: Numbers) -> int | None:
    code = (share.session or leading).venue
    return numbers.venues.get(code) if code else None


def rule_settings(office: Office) -> dict[str, RuleSetting]:
    """Return what the office sets for the rules of a timetable; others' rules are not for here."""
    settings: dict[str, RuleSetting] = {}
    for name in RULES:
        weight = office.weights.get(name)
        level = office.levels.get(name)
        if name in HARD_IDS or (weight is None and level is None):
            continue
        settings[name] = RuleSetting(
            level=LEVELS[level] if level else None,
            # the engine counts in whole numbers: a small weight is still one
            weight=None if weight is None else max(round(weight), int(weight > 0)),
        )
    return settings
