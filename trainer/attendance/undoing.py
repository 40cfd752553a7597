"""What undoing an import of marks amounts to, for one person and session: pure.

An undone import counts as if it had never come. Its events stay in the log all the same; what makes
them count nowhere are further events: a void for each that stands, and a copy of what stood before
and would be hidden otherwise. Copies and voids carry the id of what they speak of with a tag, so
that anybody who meets them, in this office or another, knows them for what they are; taking an
event back twice, or bringing it back, starts from the events themselves and not from its copies.

A mark made later on top of an undone event stays, and what that event had replaced stays replaced.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from trainer.attendance.state import VOID, Event, heads

_TRIED: Final = "\0"
_TAG: Final = re.compile(r"(?:~u[0-9a-f]{8})+\Z")


@dataclass(frozen=True, slots=True)
class Remedy:
    """The events to retract, and those to say again, so that undone imports count nowhere."""

    retract: tuple[Event, ...] = ()
    repeat: tuple[Event, ...] = ()


def tagged(id_: str, tag: str) -> str:
    """Return the id of a copy of an event, or of its void; ``tag`` has eight hexadecimal digits."""
    return f"{id_}~u{tag}"


def origin(id_: str) -> str:
    """Return the id of the event that a copy or a void of undoing speaks of."""
    return _TAG.sub("", id_)


def remedy(
    events: Iterable[Event], batches: Mapping[str, int | None], undone: Collection[int]
) -> Remedy:
    """Return what brings the events of a pair to the state without the imports in ``undone``.

    ``batches`` tells which import each event came with, None for what was recorded here.
    """
    log = list(events)
    own = {
        event.id: replace(event, replaces=origin(event.replaces) if event.replaces else None)
        for event in log
        if origin(event.id) == event.id
    }
    gone = {id_ for id_ in own if batches.get(id_) in undone}
    wanted = _wanted(own, gone, batches)
    known = {event.id: event for event in log}
    repeat: set[str] = set()
    while True:
        copies = [_copy(known[id_]) for id_ in repeat]
        standing = [event for event in heads([*log, *copies]) if event.status != VOID]
        # what is said again may silence what stood for a ring of events: then that is missing too
        missing = wanted - {_spoken_of(event) for event in standing}
        if not missing:
            break
        repeat |= missing
    return Remedy(
        tuple(event for event in standing if _spoken_of(event) not in wanted),
        tuple(known[id_] for id_ in sorted(repeat)),
    )


def _copy(event: Event) -> Event:
    # as it will be once somebody has said it again, under an id that nobody can have
    return replace(event, id=event.id + _TRIED, replaces=event.id)


def _spoken_of(event: Event) -> str:
    return origin(event.id.removesuffix(_TRIED))


def _wanted(
    own: Mapping[str, Event], gone: Collection[str], batches: Mapping[str, int | None]
) -> set[str]:
    above: dict[str, list[Event]] = {}
    for event in own.values():
        if event.replaces and event.replaces != event.id:
            above.setdefault(event.replaces, []).append(event)
    left = heads(event for id_, event in own.items() if id_ not in gone)
    return {
        event.id
        for event in left
        if event.status != VOID and not _is_covered(event, above, gone, batches)
    }


def _is_covered(
    event: Event,
    above: Mapping[str, list[Event]],
    gone: Collection[str],
    batches: Mapping[str, int | None],
) -> bool:
    # up from the event through what is undone: does anything stand there that came later?
    waiting, seen = [event.id], {event.id}
    while waiting:
        below = waiting.pop()
        for upper in above.get(below, ()):
            if upper.id in gone:
                if upper.id not in seen:
                    seen.add(upper.id)
                    waiting.append(upper.id)
            elif below in gone and _is_later(batches.get(upper.id), batches.get(below)):
                return True
    return False


def _is_later(one: int | None, other: int | None) -> bool:
    # what is recorded here replaces only what was here; an import may come before what it corrects
    return one is None or (other is not None and one > other)
