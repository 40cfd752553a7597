"""Undo and redo of the marks of one person at a session, step by step (撤销、恢复).

Taking back is an event as every mark is: it says again what was said before, or retracts. Its id
tells that it is a step and which way, so that the next step starts from where the last one led to
instead of taking that one back. What is marked anew after steps back ends what could be done again.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from trainer.attendance.state import VOID, Event, current, heads

_BACK: Final = "~b"
_AGAIN: Final = "~f"


@dataclass(frozen=True, slots=True)
class Trail:
    """What was said one after the other, and which of it counts: -1 where nothing does.

    ``above`` is the event that the next one replaces.
    """

    said: tuple[Event, ...] = ()
    place: int = -1
    above: Event | None = None

    @property
    def before(self) -> Event | None:
        """What a step back leads to; None is no mark."""
        return self.said[self.place - 1] if self.place > 0 else None

    @property
    def after(self) -> Event | None:
        """What a step forward leads to; None where there is nothing to do again."""
        return self.said[self.place + 1] if self.place + 1 < len(self.said) else None


def step_id(*, back: bool) -> str:
    """Return an id for a step back, or for one forward."""
    return f"{uuid.uuid4()}{_BACK if back else _AGAIN}"


def trail_of(events: Iterable[Event]) -> Trail:
    """Return the trail that led to what counts now, of the events of one person at a session."""
    log = {event.id: event for event in events}
    now = current(log.values())
    last = now.event if now else _last_step(log)
    if last is None:
        return Trail()
    said: list[Event] = []
    place = -1
    for event in reversed(list(_down(last, log))):
        way = _way(event)
        if way == _BACK and place >= 0:
            place -= 1
        elif way == _AGAIN and place + 1 < len(said):
            place += 1
        elif event.status == VOID:
            said, place = [], -1
        elif place < 0 or _words(said[place]) != _words(event):
            # whoever says the same again, as a decided conflict does, takes no step
            said[place + 1 :] = [event]
            place += 1
    return Trail(tuple(said), place, last)


def _last_step(log: Mapping[str, Event]) -> Event | None:
    steps = [event for event in heads(log.values()) if _way(event) == _BACK]
    return max(steps, key=lambda event: (event.at, event.counter or 0, event.id), default=None)


def _down(last: Event, log: Mapping[str, Event]) -> Iterator[Event]:
    seen: set[str] = set()
    event: Event | None = last
    while event is not None and event.id not in seen:
        yield event
        seen.add(event.id)
        event = log.get(event.replaces or "")


def _way(event: Event) -> str | None:
    return next((way for way in (_BACK, _AGAIN) if event.id.endswith(way)), None)


def _words(event: Event) -> tuple[str, int | None]:
    return event.status, event.minutes
