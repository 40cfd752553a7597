"""Leave that was granted, by the minutes and periods that it covers: before the roll and after it.

It counts for the cap (LV-1) from the moment of its approval on. As soon as anything is marked
there, the mark says what was: whoever is late or left early was away for no more than the leave
and no more than the minutes marked; ``leave`` with minutes counts these, even where they are more
than was granted, and without minutes all of the session. Shares of a quarter-hour are exact
fractions: nothing is rounded before it is held against the cap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import select

from trainer.attendance.alerts.watch import LEAVE, STATE
from trainer.attendance.covers import minutes_missed, quarters_missed, united
from trainer.attendance.leave import Span, status_of, stretch_of

if TYPE_CHECKING:
    from trainer.attendance.alerts.watch import Watch
    from trainer.attendance.state import Pair
    from trainer.office import Period

_Said: TypeAlias = "tuple[str, int | None]"
#: Whoever has one of these was there for the rest of the session.
_IN_PART: Final = ("late", "early")


@dataclass(frozen=True, slots=True)
class Granted:
    """How many quarter-hours of a session somebody may be away, and the leave that says so."""

    quarters: Fraction
    leave: tuple[str, ...]


def granted_leave(
    watch: Watch, leaves: Iterable[Any] | None = None
) -> Mapping[Pair, Mapping[str, Granted]]:
    """Return by (class, person) and session the leave that counts by what was granted.

    With ``leaves`` it is as if just these had been granted.
    """
    supposed = watch.leaves if leaves is None else leaves
    rows = [row for row in supposed if status_of(row.kind) == LEAVE]
    marked = _marked(watch, {row.person for row in rows})
    found: dict[Pair, dict[str, dict[str, Span]]] = {}
    for row in rows:
        for pair in watch.pairs_of(row.person, row.class_code):
            for uid, span in _covered(watch, pair, row):
                if _counts(marked.get((uid, row.person))):
                    found.setdefault(pair, {}).setdefault(uid, {})[row.id] = span
    return {
        pair: {
            uid: _granted(watch, pair, uid, leaves, marked.get((uid, pair[1])))
            for uid, leaves in sessions.items()
        }
        for pair, sessions in found.items()
    }


def _counts(marked: _Said | None) -> bool:
    if marked is None:
        return True
    status, minutes = marked
    return status in _IN_PART or (status == LEAVE and minutes is not None)


def _covered(watch: Watch, pair: Pair, row: Any) -> Iterator[tuple[str, Span]]:
    stretch = stretch_of(row)
    for meeting in watch.share(pair).meetings:
        if row.returned_at is not None and row.returned_at < meeting.date:
            continue
        span = stretch.span_on(watch.office, meeting.date)
        if span is not None and minutes_missed((span,), _periods(watch, meeting)):
            yield meeting.uid, span


def _periods(watch: Watch, meeting: Any) -> Sequence[Period]:
    if meeting.period not in watch.office.period_index:
        return ()
    return watch.office.meeting_periods(meeting.period, meeting.periods)


def _granted(
    watch: Watch, pair: Pair, uid: str, leaves: Mapping[str, Span], marked: _Said | None
) -> Granted:
    # two leaves of one session may cover the same minutes, which count once
    periods = _periods(watch, watch.meeting(uid))
    quarters = quarters_missed(leaves.values(), periods)
    status, minutes = marked or (None, None)
    if minutes is not None:
        granted = minutes_missed(leaves.values(), periods)
        if status == LEAVE and minutes > _by_the_clock(leaves.values(), periods):
            quarters = max(quarters, watch.share(pair).part(uid, minutes))
        else:
            quarters *= Fraction(min(minutes, granted), granted)
    return Granted(quarters, tuple(sorted(leaves)))


def _by_the_clock(spans: Iterable[Span], periods: Sequence[Period]) -> int:
    # a roll counts the breaks within, as somebody with a watch does
    start, end = periods[0].starts_at, periods[-1].ends_at
    return sum(max(0, min(last, end) - max(first, start)) for first, last in united(spans))


def _marked(watch: Watch, persons: Iterable[str]) -> dict[tuple[str, str], _Said]:
    # one question whoever is on leave: they are few, and so are their marks
    wanted = sorted(persons)
    found: dict[tuple[str, str], _Said] = {}
    for first in range(0, len(wanted), 500):
        query = select(STATE.c.session, STATE.c.person, STATE.c.status, STATE.c.minutes).where(
            STATE.c.person.in_(wanted[first : first + 500])
        )
        for session, person, status, minutes in watch.session.connection().execute(query):
            found[session, person] = (status, minutes)
    return found
