"""The round of a session as its facts tell it: stops and ways, with the names of their places.

It is one of the facts, so that calendars keep saying what was published: a JSON list, in minutes
from the session's start.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from trainer.timetable.rounds import MINUTE, Stay

ROUND: Final = "round"
"""The name of the fact."""

STOP: Final = "stop:"
WAY: Final = "way:"


@dataclass(frozen=True, slots=True)
class Leg:
    """A stop of a round or the way to a place; ``kind`` is ``stop:`` or ``way:`` and its code."""

    kind: str
    first: int
    last: int
    place: str
    address: str = ""
    geo: str = ""


def told_round(
    legs: Sequence[Stay], start: dt.datetime, places: Mapping[str, Mapping[str, str | None]]
) -> str:
    """Return a round as text; ``places`` are the facts of its venues by their codes."""
    told = []
    for leg in legs:
        place = places[leg.venue]
        row = [
            f"{STOP if leg.kind == 'stop' else WAY}{leg.venue}",
            (leg.start - start) // MINUTE,
            (leg.end - start) // MINUTE,
            *((place.get(name) or "") for name in ("venue_name", "address", "geo")),
        ]
        told.append(row)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def round_of(facts: Mapping[str, str]) -> tuple[Leg, ...]:
    """Return the legs that facts tell of; nothing where they tell of none that can be read."""
    try:
        rows = json.loads(facts.get(ROUND, "[]"))
        legs = [
            Leg(str(kind), int(first), int(last), *map(str, place))
            for kind, first, last, *place in rows
        ]
    except (ValueError, TypeError):
        return ()
    return tuple(
        leg for leg in legs if leg.kind.startswith((STOP, WAY)) and 0 <= leg.first < leg.last
    )


def last_stop(facts: Mapping[str, str]) -> str | None:
    """Return the code of the place where a round ends, None where there is no round."""
    legs = round_of(facts)
    return venue_of(legs[-1].kind) if legs else None


def is_stop(kind: str) -> bool:
    """Tell whether an extra event is a stop of a round."""
    return kind.startswith(STOP)


def in_round(kind: str) -> bool:
    """Tell whether an extra event is a stop of a round or a way inside it."""
    return kind.startswith((STOP, WAY))


def venue_of(kind: str) -> str:
    """Return the code of the venue of a stop, or of the goal of a way inside a round."""
    return kind.partition(":")[2]
