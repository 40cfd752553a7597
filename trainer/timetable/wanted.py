"""What an office wants of its timetable beyond weights: ``[policies.timetable]`` of its settings.

``farm_work`` names the seasons in which people are wanted in the fields, and the series of the
classes that this touches. ``priority`` says which classes are placed first where not everything
fits: by class code, or for a whole series. ``class_day`` and ``teacher_day`` give the most periods
of a day, by code, by series or kind, or for ``all``; ``together`` and ``apart`` list groups of
courses that a class is to have on one day, or on different days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from db.tables import Teacher, TrainingClass
from trainer.errors import UsageError
from trainer.office import Office
from trainer.timetable.engine.problem import Season

HIGHEST: Final = 100
"""The highest priority, and the most periods of a day that anybody could mean."""
ALL: Final = "all"
"""Stands for every class or teacher for whom nothing else is said."""
_LEAP: Final = 2024


@dataclass(frozen=True, slots=True)
class Wanted:
    """Seasons of farm work with the series that they touch, priorities, and what a day may hold.

    Groups of courses are codes.
    """

    seasons: tuple[Season, ...] = ()
    series: frozenset[str] = frozenset()
    priorities: Mapping[str, int] = field(default_factory=dict)
    class_day: Mapping[str, int] = field(default_factory=dict)
    teacher_day: Mapping[str, int] = field(default_factory=dict)
    together: tuple[frozenset[str], ...] = ()
    apart: tuple[frozenset[str], ...] = ()

    def farm_work(self, row: TrainingClass) -> tuple[Season, ...]:
        """Return the seasons that a class keeps out of; where no series is named all classes do."""
        return self.seasons if not self.series or row.series in self.series else ()

    def priority(self, row: TrainingClass) -> int:
        """Return the priority of a class: its own, else that of its series, else 1."""
        return self.priorities.get(row.code, self.priorities.get(row.series or "", 1))

    def periods_of_class(self, row: TrainingClass) -> int | None:
        """Return the most periods that a class should have on a day, None without a limit."""
        return _first(self.class_day, row.code, row.series)

    def periods_of_teacher(self, row: Teacher) -> int | None:
        """Return the most periods that a teacher should have on a day, None without a limit."""
        return _first(self.teacher_day, row.code, row.kind)


def _first(known: Mapping[str, int], *names: str | None) -> int | None:
    return next((known[name] for name in (*names, ALL) if name and name in known), None)


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
    groups = {name: _groups(name, table.get(name, [])) for name in ("together", "apart")}
    return Wanted(
        seasons=tuple(map(_season, seasons)),
        series=frozenset(map(str, series)),
        priorities=_numbers("priority", table.get("priority") or {}),
        class_day=_numbers("class_day", table.get("class_day") or {}),
        teacher_day=_numbers("teacher_day", table.get("teacher_day") or {}),
        **groups,
    )


def _numbers(name: str, table: Any) -> Mapping[str, int]:
    """Return a table of whole numbers by code, series or kind."""
    if not isinstance(table, Mapping):
        _refuse_number(f"policies.timetable.{name}")
    for key, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= HIGHEST:
            _refuse_number(f"policies.timetable.{name}.{key}")
    return table


def _groups(name: str, lists: Any) -> tuple[frozenset[str], ...]:
    """Return groups of course codes."""
    usable = isinstance(lists, list) and all(
        isinstance(each, list) and len(set(map(str, each))) > 1 for each in lists
    )
    if not usable:
        raise UsageError(
            "the setting {place} is not usable: give a list of lists of two or more course codes, "
            'such as [["K1", "K2"]], and import office.toml again',
            place=f"policies.timetable.{name}",
        )
    return tuple(frozenset(map(str, each)) for each in lists)


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


def _refuse_number(place: str) -> NoReturn:
    raise UsageError(
        "the setting {place} is not usable: give a whole number from 1 to {highest} for a code, a "
        "series or a kind, and import office.toml again",
        place=place,
        highest=HIGHEST,
    )
