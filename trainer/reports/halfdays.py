"""Counting by half-days (AT-1): a class's sessions of one part of a day count as one.

The facts of sessions become facts of half-days, and everything else is added up from them as it is
from sessions. What a half-day says of a person follows from what its sessions say:

* the gravest of the person's marks there speaks for all of it: absent, then on leave, on duty, left
  early, late, present. So part of a half-day missed counts as a half-day (不足半天按半天计);
* a session at which the person is unmarked says nothing, so that one roll in a half-day is enough;
  unmarked is who is marked at none of them;
* its hours are those of its sessions that were held, credited by that one status.

Sessions that make up for others stand alone: their marks count at the session that was missed.
Where a report keeps the sessions of a class apart (by venue, strand), a half-day counts in each row
that has a part of it, with that part's hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from trainer.reports.facts import Facts, Held, SingleMark

#: The statuses, the gravest first.
GRAVEST: Final = ("absent", "leave", "duty", "early", "late", "present")
_RANK: Final = {status: place for place, status in enumerate(GRAVEST)}


def by_half_days(facts: Facts, bucket: str | None = None) -> Facts:
    """Return facts of half-days instead of sessions; ``bucket`` (venue, strand) is kept apart.

    ``facts`` must hold every mark one by one, without sums.
    """
    whole = {uid: _half_day(held) for uid, held in facts.sessions.items()}
    pieces = {uid: _piece(whole[uid], held, bucket) for uid, held in facts.sessions.items()}
    sessions = _merged(facts.sessions, pieces)
    pieces_of: dict[str, set[str]] = {}
    for uid, key in whole.items():
        pieces_of.setdefault(key, set()).add(pieces[uid])
    singles = tuple(
        replace(mark, session=piece)
        for mark in _speaking(facts.singles, whole)
        for piece in sorted(pieces_of[mark.session])
    )
    changed = tuple(sorted({(pieces[uid], person) for uid, person in facts.changed}))
    return replace(facts, sessions=sessions, singles=singles, changed=changed)


def _half_day(held: Held) -> str:
    if held.makes_up or not held.part:
        return held.uid
    return f"{held.class_code}/{held.date.isoformat()}/{held.part}"


def _piece(key: str, held: Held, bucket: str | None) -> str:
    apart = {"venue": held.venue, "strand": held.strand}.get(bucket or "")
    return key if apart is None else f"{key}/{apart}"


def _merged(sessions: Mapping[str, Held], pieces: Mapping[str, str]) -> dict[str, Held]:
    together: dict[str, list[Held]] = {}
    for uid, held in sessions.items():
        together.setdefault(pieces[uid], []).append(held)
    found = {}
    for key, parts in together.items():
        held_parts = [held for held in parts if held.due]
        # classes that meet jointly through all of a half-day have it in common
        meetings = sorted({held.meeting for held in parts})
        found[key] = replace(
            parts[0],
            uid=key,
            meeting=" ".join(meetings),
            quarters=sum(held.quarters for held in held_parts or parts),
            due=bool(held_parts),
        )
    return found


def _speaking(marks: Iterable[SingleMark], whole: Mapping[str, str]) -> list[SingleMark]:
    # one mark for each half-day and person: the gravest speaks
    found: dict[tuple[str, str], SingleMark] = {}
    for mark in marks:
        key = (whole[mark.session], mark.person)
        one = replace(mark, session=key[0])
        other = found.get(key)
        if other is not None:
            graver = min(one, other, key=lambda each: _RANK[each.status])
            one = replace(
                graver,
                conflict=one.conflict or other.conflict,
                made_up=one.made_up or other.made_up,
            )
        found[key] = one
    return list(found.values())
