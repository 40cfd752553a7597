"""The best places for one session, also such as another session makes free by moving."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from trainer.desk import Desk
from trainer.timetable.affected import Affected, affected_by_places
from trainer.timetable.build import Built, build_check
from trainer.timetable.engine.problem import Placement
from trainer.timetable.facts import read_facts
from trainer.timetable.reasons import Place, meeting_named, place_of

#: How many places are asked for each one wanted: those in the past are left out.
SPARE: Final = 4


@dataclass(frozen=True, slots=True)
class Suggested:
    """A place; ``cost`` is what the timetable's soft cost grows by, ``moved`` what gives way.

    Of what gives way each session is named, of classes that meet jointly one for each. ``affected``
    is whom it concerns that the session, and what gives way, change.
    """

    place: Place
    cost: int
    moved: tuple[Place, ...]
    affected: Affected

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            **self.place.document(),
            "cost": self.cost,
            "moved": [each.document() for each in self.moved],
            "affected": self.affected.document(),
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
                Suggested(
                    place_of(built, each.placement),
                    each.cost,
                    tuple(_moved(built, each.others)),
                    affected_by_places(built, (each.placement, *each.others)),
                )
            )
    return tuple(kept[:count])


def _moved(built: Built, placements: Sequence[Placement]) -> Iterator[Place]:
    """Yield where each session of these meetings goes."""
    for placement in placements:
        place = place_of(built, placement)
        shares = built.drafts[placement.meeting].shares
        for share, venue in zip(shares, place.venues, strict=True):
            yield replace(place, key=share.key, venues=(venue,))
