"""The variables that every part of the exact model speaks about."""

from __future__ import annotations

from typing import Any

from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Tables


class Variables:
    """What ``Model`` makes for its free meetings, for the parts of it that constrain them.

    A literal for ``here``, and one for each start, venue of each part, and teacher.
    """

    model: Any
    state: State
    tables: Tables
    free: list[int]
    here: dict[int, Any]
    start: dict[int, dict[int, Any]]
    room: dict[int, list[dict[int, Any]]]
    who: dict[int, dict[int, Any]]

    def _and(self, one: Any, other: Any) -> Any:
        raise NotImplementedError
