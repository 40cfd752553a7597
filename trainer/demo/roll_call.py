"""A year of roll calls as a real office would have kept them, the same for the same seed.

Most are present, some late or gone early, some on duty or absent, and whoever has approved leave is
on leave. Some marks are corrected afterwards, some come later from another device, and a few
devices disagree. Everybody who is not on leave throughout comes to a class at least once in each
calendar year of it. Chance hangs on class, course, number and person, never on random uids.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

from db.tables import TrainingSession
from db.tables.words import ATTENDED

#: How often each of these happens to somebody who is not on leave; all others are present.
SHARES: Final[Mapping[str, float]] = {
    "late": 0.025,
    "early": 0.010,
    "duty": 0.008,
    "absent": 0.024,
    "unmarked": 0.001,
}
CORRECTED: Final = 0.004
ENTERED_LATER: Final = 0.010
DISAGREED: Final = 0.00015

DESK: Final = "点名电脑"
PHONE: Final = "班主任手机"
OFFICE: Final = "培训科"
_NOTES: Final = {"leave": "补交假条", "duty": "补交公务证明"}


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody expected at a session; ``away`` is ``leave`` or ``duty`` by an approved leave."""

    session: TrainingSession
    person: str
    away: str | None = None
    caller: str = OFFICE


@dataclass(frozen=True, slots=True)
class Called:
    """What the roll call came to for one person: a status, and how it was recorded."""

    expected: Expected
    status: str
    minutes: int | None = None
    way: str = "plain"


@dataclass(frozen=True, slots=True)
class Account:
    """How many events there are, for how many pairs, and how many were corrected or disagreed."""

    events: int
    pairs: int
    corrected: int
    disagreed: int


def call_the_roll(expected: Sequence[Expected], seed: int) -> list[Called]:
    """Decide what is recorded of everybody expected, in the order of ``expected``."""
    called = [_decide(each, seed) for each in expected]
    for place in _never_there(called):
        called[place] = replace(called[place], status="present", minutes=None, way="plain")
    return called


def events_of(called: Iterable[Called], seed: int) -> list[dict[str, Any]]:
    """Return the mark events of a year's roll calls, in the order in which they were recorded."""
    drafts = [draft for each in called for draft in _drafts(each, seed)]
    drafts.sort(key=lambda row: (row["at"], row["device"], row["id"]))
    counters: dict[str, int] = defaultdict(int)
    for row in drafts:
        counters[row["device"]] += 1
        row["counter"] = counters[row["device"]]
    return drafts


def account_of(called: Sequence[Called], events: Sequence[Mapping[str, Any]]) -> Account:
    """Count what was recorded."""
    ways = [each.way for each in called if each.status != "unmarked"]
    return Account(len(events), len(ways), ways.count("corrected"), ways.count("disagreed"))


def _chance(expected: Expected, seed: int, purpose: str = "") -> Random:
    row = expected.session
    key = f"{seed}/{row.class_code}/{row.course}/{row.seq}/{expected.person}/{purpose}"
    return Random(key)  # noqa: S311 - a demonstration, not a secret


def _decide(expected: Expected, seed: int) -> Called:
    rng = _chance(expected, seed)
    status = expected.away or _status(rng)
    length = (expected.session.end - expected.session.start) // dt.timedelta(minutes=1)
    minutes = rng.randint(3, max(4, length // 3)) if status in ("late", "early") else None
    return Called(expected, status, minutes, _way(rng, status))


def _status(rng: Random) -> str:
    drawn = rng.random()
    for status, share in SHARES.items():
        drawn -= share
        if drawn < 0:
            return status
    return "present"


def _way(rng: Random, status: str) -> str:
    drawn = rng.random()
    if status in ("leave", "duty") or drawn < CORRECTED:
        # who brings the paper afterwards was called absent first
        return "corrected" if drawn < 0.3 or status not in ("leave", "duty") else "plain"  # noqa: PLR2004
    if drawn < CORRECTED + ENTERED_LATER:
        return "later"
    if status == "present" and drawn < CORRECTED + ENTERED_LATER + DISAGREED:
        return "disagreed"
    return "plain"


def _never_there(called: Sequence[Called]) -> Iterator[int]:
    """Yield one place for each person who would never come though not on leave throughout."""
    places: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for place, each in enumerate(called):
        row = each.expected.session
        places[row.class_code, each.expected.person, row.date.year].append(place)
    for own in places.values():
        if any(called[place].status in ATTENDED for place in own):
            continue
        able = [place for place in own if called[place].expected.away is None]
        if able:
            yield able[0]


def _drafts(called: Called, seed: int) -> Iterator[dict[str, Any]]:
    if called.status == "unmarked":
        return
    rng = _chance(called.expected, seed, "events")
    at = called.expected.session.start + dt.timedelta(seconds=rng.randint(-300, 600))
    if called.way == "later":
        later = called.expected.session.end + dt.timedelta(hours=rng.randint(2, 30))
        yield _event(rng, called, called.status, called.minutes, later, PHONE)
        return
    if called.way == "corrected":
        wrong = "present" if called.status == "absent" else "absent"
        first = _event(rng, called, wrong, None, at, DESK)
        yield first
        after = called.expected.session.end + dt.timedelta(minutes=rng.randint(10, 2000))
        last = _event(rng, called, called.status, called.minutes, after, DESK)
        yield {**last, "replaces": first["id"], "note": _NOTES.get(called.status)}
        return
    yield _event(rng, called, called.status, called.minutes, at, DESK)
    if called.way == "disagreed":
        moment = at + dt.timedelta(minutes=rng.randint(1, 20))
        yield _event(rng, called, "late", rng.randint(3, 15), moment, PHONE)


def _event(
    rng: Random,
    called: Called,
    status: str,
    minutes: int | None,
    at: dt.datetime,
    device: str,
) -> dict[str, Any]:
    return {
        "id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "session": called.expected.session.uid,
        "person": called.expected.person,
        "status": status,
        "minutes": minutes,
        "at": at.replace(microsecond=0),
        "by": called.expected.caller,
        "device": device,
        "replaces": None,
        "note": None,
    }
