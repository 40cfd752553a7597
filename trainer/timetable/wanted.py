"""What an office wants of its timetable beyond weights: ``[policies.timetable]`` of its settings.

``farm_work`` names the seasons in which people are wanted in the fields, and the series of the
classes that this touches. ``priority`` says which classes are placed first where not everything
fits: by class code, or for a whole series.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from db.tables import TrainingClass
from trainer.errors import UsageError
from trainer.office import Office
from trainer.timetable.engine.problem import Season

HIGHEST: Final = 100
"""The highest priority."""
_LEAP: Final = 2024


@dataclass(frozen=True, slots=True)
class Wanted:
    """The office's seasons of farm work with the series that they touch, and its priorities."""

    seasons: tuple[Season, ...] = ()
    series: frozenset[str] = frozenset()
    priorities: Mapping[str, int] | None = None

    def farm_work(self, row: TrainingClass) -> tuple[Season, ...]:
        """Return the seasons that a class keeps out of; where no series is named all classes do."""
        return self.seasons if not self.series or row.series in self.series else ()

    def priority(self, row: TrainingClass) -> int:
        """Return the priority of a class: its own, else that of its series, else 1."""
        known = self.priorities or {}
        return known.get(row.code, known.get(row.series or "", 1))


def wanted_of(office: Office) -> Wanted:
    """Return what the office wants; raise UsageError naming what is not usable."""
    table: Any = office.policies.get("timetable") or {}
    if not isinstance(table, Mapping):
        _refuse_farm_work()
    fields: Any = table.get("farm_work") or {}
    if not isinstance(fields, Mapping):
        _refuse_farm_work()
    seasons, series = fields.get("seasons", []), fields.get("series", [])
    if not isinstance(seasons, list) or not isinstance(series, list):
        _refuse_farm_work()
    priorities: Any = table.get("priority") or {}
    if not isinstance(priorities, Mapping):
        _refuse_priority("policies.timetable.priority")
    for name, value in priorities.items():
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= HIGHEST:
            _refuse_priority(f"policies.timetable.priority.{name}")
    return Wanted(tuple(map(_season, seasons)), frozenset(map(str, series)), priorities)


def _season(text: Any) -> Season:
    first, sign, last = str(text).partition("/")
    if not sign:
        _refuse_farm_work()
    return _month_day(first), _month_day(last)


def _month_day(text: str) -> tuple[int, int]:
    try:
        day = dt.date.fromisoformat(f"{_LEAP}-{text.strip()}")
    except ValueError:
        _refuse_farm_work()
    return day.month, day.day


def _refuse_farm_work() -> NoReturn:
    raise UsageError(
        "the setting policies.timetable.farm_work is not usable: give seasons as a list of "
        "“06-01/06-20” and series as a list of words, and import office.toml again"
    )


def _refuse_priority(place: str) -> NoReturn:
    raise UsageError(
        "the setting {place} is not usable: give a whole number from 1 to {highest} for a class "
        "code or a series, and import office.toml again",
        place=place,
        highest=HIGHEST,
    )
