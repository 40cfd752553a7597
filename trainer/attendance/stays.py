"""Coming and going: what a door device saw of somebody becomes stays of one session or several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session at which somebody is expected."""

    uid: str
    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that a device saw of a person."""

    at: dt.datetime
    direction: str | None


def stays(meetings: Sequence[Meeting], longest_break: dt.timedelta) -> list[list[Meeting]]:
    """Return meetings in the order of time, parted where the break between two is longer."""
    found: list[list[Meeting]] = []
    for meeting in sorted(meetings, key=lambda one: (one.start, one.uid)):
        if found and meeting.start - found[-1][-1].end <= longest_break:
            found[-1].append(meeting)
        else:
            found.append([meeting])
    return found


def stay_of(
    seen: Iterable[Seen], same_entry: dt.timedelta
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return when somebody first came in and last went out; None where that was not seen.

    Somebody who shows the card again within ``same_entry`` of coming in has not left again.
    """
    ordered = sorted(seen, key=lambda one: one.at)
    ins = [one for one in ordered if one.direction != "out"]
    first = ins[0].at if ins else None
    outs = [
        one.at
        for one in ordered
        if one.direction == "out"
        or (one.direction is None and first is not None and one.at - first > same_entry)
    ]
    # whoever came in again after going out is still there
    last_in = max((one.at for one in ordered if one.direction == "in"), default=None)
    last = outs[-1] if outs else None
    return first, None if last is not None and last_in is not None and last_in > last else last
