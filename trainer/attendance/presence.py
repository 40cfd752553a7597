"""What somebody's coming and going amount to: present, late, left early or absent (AT-2).

Badges, the rotating code, door devices and times that are typed all ask here, so that the same
minutes are the same status whichever way they come in. The limits are the office's.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from trainer.attendance.rules import Rules, attendance_rules
from trainer.attendance.sheet import session_facts
from trainer.errors import UsageError
from trainer.office import Office

_TIMES: Final = re.compile(r"(\d\d:\d\d)?-(\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class Presence:
    """Status and minutes missed of a session, and the note that keeps both times of day."""

    status: str
    minutes: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Missed:
    """Minutes late and minutes early; ``length`` is the session's, None while it goes on."""

    late: int = 0
    early: int = 0
    length: int | None = None

    @property
    def minutes(self) -> int:
        """How many minutes of the session are missed, never more than it has."""
        both = self.late + self.early
        return both if self.length is None else min(both, self.length)

    def counted(self, rules: Rules) -> Missed:
        """Return it without what the limits allow: nought where nobody is late or early by them."""
        late, early = rules.late_after_minutes, rules.early_after_minutes
        return replace(
            self,
            late=self.late if late is not None and self.late > late else 0,
            early=self.early if early is not None and self.early > early else 0,
        )


def missed_of(
    start: dt.datetime,
    end: dt.datetime | None,
    arrived: dt.datetime | None,
    left: dt.datetime | None,
) -> Missed:
    """Return how much of a session was missed.

    ``arrived`` and ``left`` are None where that was not seen; nothing is missed there then.
    ``end`` is None for somebody who is seen to be there now: the session goes on.
    """
    late = max(0, _minutes(arrived - start)) if arrived else 0
    early = max(0, _minutes(end - left)) if left and end else 0
    return Missed(late, early, _minutes(end - start) if end else None)


def status_of(
    rules: Rules,
    start: dt.datetime,
    end: dt.datetime | None,
    arrived: dt.datetime | None,
    left: dt.datetime | None,
) -> tuple[str, int | None]:
    """Return status and minutes missed of a session, by AT-2 as far as it is in force.

    The instants are as for ``missed_of``.
    """
    return judged(rules, missed_of(start, end, arrived, left))


def judged(rules: Rules, missed: Missed) -> tuple[str, int | None]:
    """Return status and minutes missed by AT-2; a limit that is off counts nothing."""
    minutes, limit = missed.minutes, rules.absent_after_minutes
    whole = missed.length is not None and minutes >= missed.length
    if whole or (limit is not None and minutes > limit):
        return "absent", minutes
    counted = missed.counted(rules)
    if counted.late:
        return "late", minutes
    if counted.early:
        return "early", minutes
    return "present", None


def said_by_hand(rules: Rules, missed: Missed) -> tuple[str, int | None]:
    """Return status and minutes missed of what somebody says of a person.

    Limits in force decide as they do by the clock. Where one is off, whoever speaks of minutes
    means them: it counts from the first minute on.
    """
    strict = replace(
        rules,
        late_after_minutes=rules.late_after_minutes or 0,
        early_after_minutes=rules.early_after_minutes or 0,
    )
    return judged(strict, missed)


def presence_typed(
    session: Session, office: Office, uid: str, *, arrived: str | None, left: str | None
) -> Presence:
    """Return what times of day like 08:41 mean for a session; raise UsageError for others.

    They are of the session's date in the office's zone. Raise UsageError where leaving would come
    before arriving.
    """
    facts = session_facts(session, uid)
    came, went = (
        office.instant(facts.date, time_of(text)) if text is not None else None
        for text in (arrived, left)
    )
    if came and went and went < came:
        raise UsageError(
            "nobody leaves at {left}, before arriving at {arrived}; give the times the other way "
            "round",
            left=left,
            arrived=arrived,
        )
    status, minutes = status_of(attendance_rules(office), facts.start, facts.end, came, went)
    return Presence(status, minutes, times_note(office.zone, came, went))


def times_note(zone: ZoneInfo, arrived: dt.datetime | None, left: dt.datetime | None) -> str:
    """Return both times of day as a mark's note keeps them: ``08:41-11:20``, either may miss."""
    return "-".join(f"{at.astimezone(zone):%H:%M}" if at else "" for at in (arrived, left))


def arrival_noted(note: str | None) -> str | None:
    """Return the time of day at which a mark's note says that somebody came, None for none."""
    found = _TIMES.fullmatch(note or "")
    return found[1] if found else None


def holds_times(note: str | None) -> bool:
    """Tell whether a mark's note says when somebody came or left, even that neither was seen."""
    return _TIMES.fullmatch(note or "") is not None


def departure_noted(note: str | None) -> str | None:
    """Return the time of day at which a mark's note says that somebody left, None for none."""
    found = _TIMES.fullmatch(note or "")
    return found[2] if found else None


def time_of(text: str) -> dt.time:
    """Return a time of day as the user wrote it; raise UsageError for what is none."""
    try:
        return dt.datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007 - no date yet
    except ValueError:
        raise UsageError("“{text}” is not a time of day; write it as 08:41", text=text) from None


def _minutes(span: dt.timedelta) -> int:
    return int(span.total_seconds() // 60)
