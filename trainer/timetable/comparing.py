"""Two timetables side by side: scenarios, or a scenario and the stored timetable."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlmodel import Session

from db.tables import TrainingSession
from trainer.phrases import mark
from trainer.timetable.build import build_check
from trainer.timetable.checking import check_built
from trainer.timetable.engine.rules import rules_in_force
from trainer.timetable.facts import Facts, Key, key_of, read_facts
from trainer.timetable.scenarios import STORED, the_scenario

Kind = Literal["moved", "venue", "teacher", "only_a", "only_b"]

TITLES: Final[Mapping[Kind, str]] = {
    "moved": mark("another time"),
    "venue": mark("another place"),
    "teacher": mark("another teacher"),
    "only_a": mark("only in the first"),
    "only_b": mark("only in the second"),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a timetable has a session; ``start`` and ``end`` are local."""

    date: dt.date
    period: str
    start: dt.time
    end: dt.time
    venue: str | None
    teacher: str | None

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "date": self.date.isoformat(),
            "period": self.period,
            "start": f"{self.start:%H:%M}",
            "end": f"{self.end:%H:%M}",
            "venue": self.venue,
            "teacher": self.teacher,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """A session that two timetables have at different places; None is where one lacks it.

    ``title`` names its course and its class.
    """

    uid: str
    key: Key
    title: tuple[str, str]
    kinds: tuple[Kind, ...]
    a: Spot | None
    b: Spot | None

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        class_code, course, seq = self.key
        return {
            "session": self.uid,
            "class": class_code,
            "course": course,
            "seq": seq,
            "title": " / ".join(self.title),
            "kinds": list(self.kinds),
            "a": self.a.document() if self.a else None,
            "b": self.b.document() if self.b else None,
        }


@dataclass(frozen=True, slots=True)
class Load:
    """How much a venue or teacher has in two timetables: meetings and periods of each."""

    code: str
    name: str
    meetings: tuple[int, int]
    periods: tuple[int, int]

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        pairs = zip(self.meetings, self.periods, strict=True)
        a, b = ({"meetings": meetings, "periods": periods} for meetings, periods in pairs)
        return {"code": self.code, "name": self.name, "a": a, "b": b}


@dataclass(frozen=True, slots=True)
class Side:
    """One of two timetables: its sessions, what lacks a place, rules broken, and cost by rule.

    The cost is weighed as the office weighs it, so that both sides are measured alike;
    ``settings`` are those that a scenario was solved with, where they are not the office's.
    """

    name: str
    sessions: int
    unplaced: int
    hard: int
    cost: Mapping[str, int]
    settings: Mapping[str, Any]

    @property
    def total(self) -> int:
        """The sum of the cost."""
        return sum(self.cost.values())

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "name": self.name,
            "sessions": self.sessions,
            "unplaced": self.unplaced,
            "hard": self.hard,
            "cost": dict(self.cost),
            "total": self.total,
            "settings": dict(self.settings),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two timetables side by side; ``changed`` sessions were changed since a scenario was made."""

    a: Side
    b: Side
    differences: tuple[Difference, ...]
    venues: tuple[Load, ...]
    teachers: tuple[Load, ...]
    changed: Mapping[str, tuple[Key, ...]]

    def counts(self) -> dict[Kind, int]:
        """Return how many sessions differ in each way."""
        counted = Counter(kind for each in self.differences for kind in each.kinds)
        return {kind: counted[kind] for kind in TITLES if counted[kind]}

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "a": self.a.document(),
            "b": self.b.document(),
            "differences": [each.document() for each in self.differences],
            "counts": dict(self.counts()),
            "load": {
                "venues": [each.document() for each in self.venues],
                "teachers": [each.document() for each in self.teachers],
            },
            "changed_since": {
                name: ["/".join(map(str, key)) for key in keys]
                for name, keys in self.changed.items()
            },
        }


def compare_timetables(session: Session, a: str, b: str, today: dt.date) -> Comparison:
    """Put two scenarios, or one and the stored timetable (``stored``), side by side.

    Raise Refused for a scenario that does not exist.
    """
    facts = read_facts(session)
    both: list[Facts] = []
    changed = {}
    settings: dict[str, Mapping[str, Any]] = {STORED: {}}
    for name in (a, b):
        if name == STORED:
            both.append(facts)
            continue
        copied = the_scenario(session, name)
        both.append(copied.facts(facts, own_settings=False))
        changed[name] = copied.changed_since(facts)
        settings[name] = copied.scenario.settings
    one, other = both
    return Comparison(
        a=_side(a, one, today, settings[a]),
        b=_side(b, other, today, settings[b]),
        differences=_differences(one, other),
        venues=_loads(one, other, "venue", {code: v.name for code, v in facts.venues.items()}),
        teachers=_loads(
            one, other, "teacher", {code: each.name for code, each in facts.teachers.items()}
        ),
        changed=changed,
    )


def _side(name: str, facts: Facts, today: dt.date, settings: Mapping[str, Any]) -> Side:
    built = build_check(facts, today)
    rules = rules_in_force(built.problem.rules)
    cost = {each.id: 0 for each in rules.values() if each.level == "soft"}
    hard = 0
    for finding in check_built(built):
        if finding.hard:
            hard += 1
        else:
            cost[finding.rule] += finding.cost
    lacking = sum(share.session is None for draft in built.drafts for share in draft.shares)
    return Side(name, len(_held(facts)), lacking, hard, cost, settings)


def _held(facts: Facts) -> dict[str, TrainingSession]:
    return {uid: row for uid, row in facts.sessions.items() if row.status != "cancelled"}


def _differences(one: Facts, other: Facts) -> tuple[Difference, ...]:
    held, there = _by_meeting(one), _by_meeting(other)
    found = []
    for key in held.keys() | there.keys():
        a, b = held.get(key), there.get(key)
        kinds = _kinds(a, b)
        if kinds:
            row = a or b
            assert row is not None
            title = one.courses[key[1]].title, one.classes[key[0]].title
            found.append(Difference(row.uid, key, title, kinds, _spot(one, a), _spot(other, b)))
    return tuple(sorted(found, key=_in_time))


def _by_meeting(facts: Facts) -> dict[Key, TrainingSession]:
    return {key_of(row): row for row in _held(facts).values()}


def _in_time(each: Difference) -> tuple[dt.date, Key]:
    spot = each.a or each.b
    assert spot is not None
    return spot.date, each.key


def _kinds(a: TrainingSession | None, b: TrainingSession | None) -> tuple[Kind, ...]:
    if a is None or b is None:
        return ("only_b",) if a is None else ("only_a",)
    kinds: list[Kind] = []
    if (a.date, a.period, a.periods) != (b.date, b.period, b.periods):
        kinds.append("moved")
    if a.venue != b.venue:
        kinds.append("venue")
    if a.teacher != b.teacher:
        kinds.append("teacher")
    return tuple(kinds)


def _spot(facts: Facts, row: TrainingSession | None) -> Spot | None:
    if row is None:
        return None
    start, end = (each.astimezone(facts.office.zone).time() for each in (row.start, row.end))
    return Spot(row.date, row.period, start, end, row.venue, row.teacher)


def _loads(one: Facts, other: Facts, column: str, names: Mapping[str, str]) -> tuple[Load, ...]:
    a, b = (_load(_held(facts).values(), column) for facts in (one, other))
    return tuple(
        Load(
            code=code,
            name=names.get(code, code),
            meetings=(a[code][0], b[code][0]),
            periods=(a[code][1], b[code][1]),
        )
        for code in sorted(a.keys() | b.keys())
    )


def _load(rows: Iterable[TrainingSession], column: str) -> dict[str, tuple[int, int]]:
    """Return meetings and periods by code; classes that meet jointly there are one meeting."""
    meetings: dict[str, dict[object, int]] = defaultdict(dict)
    for row in rows:
        code = getattr(row, column)
        if code:
            meetings[code][row.joint or row.uid, row.date, row.period] = row.periods
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    found.update({code: (len(each), sum(each.values())) for code, each in meetings.items()})
    return found
