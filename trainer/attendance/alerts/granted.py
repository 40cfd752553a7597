"""Leave that was granted and stands in no mark: of sessions to come, and of rolls not called yet.

It counts for the cap (LV-1) from the moment of its approval on, for the periods that it covers. As
soon as anything is marked there, the mark alone says what was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from trainer.attendance.alerts.watch import LEAVE, STATE
from trainer.attendance.leave import status_of, stretch_of

if TYPE_CHECKING:
    from trainer.attendance.alerts.watch import Watch
    from trainer.attendance.state import Pair


@dataclass(frozen=True, slots=True)
class Granted:
    """How many quarter-hours of a session somebody may be away, and the leave that says so."""

    quarters: int
    leave: tuple[str, ...]


def granted_leave(watch: Watch) -> Mapping[Pair, Mapping[str, Granted]]:
    """Return by (class, person) and session the leave granted where nothing is marked."""
    rows = [row for row in watch.leaves if status_of(row.kind) == LEAVE]
    marked = _marked(watch, {row.person for row in rows})
    found: dict[Pair, dict[str, dict[str, set[int]]]] = {}
    for row in rows:
        for pair in watch.pairs_of(row.person, row.class_code):
            for uid, places in _covered(watch, pair, row):
                if (uid, row.person) not in marked:
                    found.setdefault(pair, {}).setdefault(uid, {})[row.id] = places
    return {
        pair: {uid: _granted(watch, leaves) for uid, leaves in sessions.items()}
        for pair, sessions in found.items()
    }


def _covered(watch: Watch, pair: Pair, row: Any) -> Iterator[tuple[str, set[int]]]:
    stretch = stretch_of(row)
    for meeting in watch.share(pair).meetings:
        if row.returned_at is not None and row.returned_at < meeting.date:
            continue
        first = watch.office.period_index.get(meeting.period)
        if first is None:
            continue
        away = set(stretch.periods_on(watch.office, meeting.date))
        places = away.intersection(range(first, first + meeting.periods))
        if places:
            yield meeting.uid, places


def _granted(watch: Watch, leaves: Mapping[str, set[int]]) -> Granted:
    # two leaves of one session may cover the same period, which counts once
    places = set().union(*leaves.values())
    quarters = sum(watch.office.periods[place].quarters for place in places)
    return Granted(quarters, tuple(sorted(leaves)))


def _marked(watch: Watch, persons: Iterable[str]) -> set[tuple[str, str]]:
    # one question whoever is on leave: they are few, and so are their marks
    wanted = sorted(persons)
    found: set[tuple[str, str]] = set()
    for first in range(0, len(wanted), 500):
        query = select(STATE.c.session, STATE.c.person).where(
            STATE.c.person.in_(wanted[first : first + 500])
        )
        found.update((row[0], row[1]) for row in watch.session.connection().execute(query))
    return found
