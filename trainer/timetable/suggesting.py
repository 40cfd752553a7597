"""The best places for one session, also such as another session makes free by moving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from trainer.desk import Desk
from trainer.timetable.build import build_check
from trainer.timetable.facts import read_facts
from trainer.timetable.reasons import Place, meeting_named, place_of, places_of

#: How many places are asked for each one wanted: those in the past are left out.
SPARE: Final = 4


@dataclass(frozen=True, slots=True)
class Suggested:
    """A place; ``cost`` is what the timetable's soft cost grows by, ``moved`` what gives way."""

    place: Place
    cost: int
    moved: tuple[Place, ...]

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            **self.place.document(),
            "cost": self.cost,
            "moved": [each.document() for each in self.moved],
        }


def suggest_places(
    desk: Desk, name: str, count: int = 10, *, chains: bool = True
) -> tuple[Suggested, ...]:
    """Return the ``count`` best places of a session, the cheapest first, none of them past.

    ``name`` is a session, or CLASS/COURSE/NUMBER of a meeting that has none yet. With ``chains``
    also places that one other session, neither locked nor past, leaves for a place of its own.
    Raise Refused for unknown names.
    """
    # the tables of the search are slow to import
    from trainer.timetable.engine.suggest import suggest

    today = desk.clock.today()
    with desk.reading() as session:
        built = build_check(read_facts(session), today)
    placements = [meeting.stored for meeting in built.problem.meetings]
    number = meeting_named(built, name)
    found = suggest(built.problem, placements, number, count=SPARE * count, chains=chains)
    kept = []
    for each in found:
        before = [placements[other.meeting] for other in each.others]
        days = [stay.day for stay in (each.placement, *each.others, *before) if stay is not None]
        if min(days) >= today:
            kept.append(
                Suggested(place_of(built, each.placement), each.cost, places_of(built, each.others))
            )
    return tuple(kept[:count])
