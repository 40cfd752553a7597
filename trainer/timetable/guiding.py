"""Groups at a site: how many there are at once, and in how many turns its guides lead them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.tables import TrainingSession, Venue
from trainer.phrases import Phrase, phrase
from trainer.timetable.facts import Facts
from trainer.timetable.rounds import MINUTE, Rounds, Stay


@dataclass(frozen=True, slots=True)
class Guiding:
    """The groups of a class at a site, and those of others who are there at the same time.

    All of them are led in ``turns``, each of so many ``minutes``; ``guides`` None is no limit.
    """

    groups: int
    others: int
    guides: int | None
    turns: int
    minutes: int

    @property
    def short(self) -> int:
        """How many guides are lacking for all groups to be led at once."""
        return 0 if self.guides is None else max(0, self.groups + self.others - self.guides)

    def phrase(self) -> Phrase:
        """Return it in words, for the run sheet."""
        values = {"groups": self.groups, "others": self.others, "guides": self.guides}
        if self.guides == 0:
            return phrase("groups: {groups}; the site has no guide", **values)
        if self.turns <= 1:
            return phrase("groups: {groups}, all at once", **values)
        values |= {"turns": self.turns, "minutes": self.minutes, "all": self.groups + self.others}
        if self.others:
            return phrase(
                "groups: {groups}, with those of other classes {all}; guides: {guides}; "
                "{turns} turns of {minutes} minutes",
                **values,
            )
        return phrase(
            "groups: {groups}; guides: {guides}; {turns} turns of {minutes} minutes", **values
        )

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "groups": self.groups,
            "others": self.others,
            "guides": self.guides,
            "turns": self.turns,
            "minutes": self.minutes,
        }


@dataclass(frozen=True, slots=True)
class Visit:
    """One meeting at a site: its sessions, from when to when, and how many people."""

    sessions: tuple[str, ...]
    venue: str
    start: dt.datetime
    end: dt.datetime
    people: int


def visits_of(facts: Facts, rounds: Rounds, day: dt.date) -> list[Visit]:
    """Return who is at which site on a day, stops of rounds included; joint classes together."""
    found: dict[tuple[str, str, dt.datetime, dt.datetime], list[TrainingSession]] = {}
    for row in facts.sessions.values():
        if row.date != day or row.status == "cancelled":
            continue
        for stay in stays_of(rounds, row):
            if stay.kind in {"stop", "home"} and stay.start < stay.end:
                key = (row.joint or row.uid, stay.venue, stay.start, stay.end)
                found.setdefault(key, []).append(row)
    return [
        Visit(
            tuple(row.uid for row in rows),
            venue,
            start,
            end,
            sum(facts.sizes[code] for code in {row.class_code for row in rows}),
        )
        for (_, venue, start, end), rows in found.items()
        if venue in facts.venues
    ]


def stays_of(rounds: Rounds, row: TrainingSession) -> Sequence[Stay]:
    """Return where a session is, in the order of time: at its stops, or at its venue."""
    return rounds.stays(row) or [Stay("home", row.venue or "", row.start, row.end)]


def guiding(
    venues: Mapping[str, Venue], visits: Iterable[Visit], session: str, venue: str
) -> Guiding | None:
    """Return the groups of a session at a site; None where the site leads nobody in groups."""
    facts = venues[venue]
    if facts.guides is None and facts.group_size is None:
        return None
    there = [each for each in visits if each.venue == venue]
    own = next((each for each in there if session in each.sessions), None)
    if own is None:
        return None
    groups = _groups(facts, own.people)
    others = max(
        (
            sum(
                _groups(facts, each.people)
                for each in there
                if each is not own and each.start <= moment < each.end
            )
            for moment in _moments(own, there)
        ),
        default=0,
    )
    turns = 1 if not facts.guides else -(-(groups + others) // facts.guides)
    minutes = (own.end - own.start) // MINUTE // max(turns, 1)
    return Guiding(groups, others, facts.guides, turns, minutes)


def _groups(venue: Venue, people: int) -> int:
    """Return into how many groups so many people fall."""
    return max(1, -(-people // venue.group_size)) if venue.group_size else 1


def _moments(own: Visit, there: Iterable[Visit]) -> list[dt.datetime]:
    """Return when the number of groups may be greatest: where a visit begins during this one."""
    begun = [each.start for each in there if own.start <= each.start < own.end]
    return [own.start, *begun]
