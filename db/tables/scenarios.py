"""Scenarios (copies of the timetable solved with other settings), and the steps that can be undone.

A scenario's rows name classes, courses, places and teachers by code without referring to them: a
roster may change under a scenario, and whoever adopts it is told.
"""

import datetime as dt
from typing import Any

from sqlmodel import Field, SQLModel

from db.tables.columns import JsonText, holds, instant, one_of, reference, text_list

STEPS = ("move", "lock", "unlock", "cancel", "restore", "solve", "replan", "adopt", "weather")


class Scenario(SQLModel, table=True):
    """A copy of the timetable under a name; ``settings`` lie over the office's own, by dotted key.

    ``result`` is what its last solve came to (status, cost by rule, bound, seconds), empty before.
    """

    __tablename__ = "scenario"

    name: str = Field(primary_key=True)
    made_at: dt.datetime = instant(nullable=False)
    made_by: str
    started: str = "stored"
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=JsonText, nullable=False)
    result: dict[str, Any] = Field(default_factory=dict, sa_type=JsonText, nullable=False)
    version: int = Field(default=1, nullable=False)

    __table_args__ = (one_of("scenario", "started", ("stored", "empty")),)


class ScenarioSession(SQLModel, table=True):
    """A session as a scenario has it, under the uid that the stored timetable knows it by.

    ``base`` is the stored session's row when the scenario was made, None for one that the scenario
    added; ``off`` is one that the scenario took off the timetable.
    """

    __tablename__ = "scenario_session"

    scenario: str = reference("scenario.name", index=False, primary_key=True)
    uid: str = Field(primary_key=True)
    class_code: str
    course: str
    seq: int
    date: dt.date
    period: str
    periods: int
    start: dt.datetime = instant(nullable=False)
    end: dt.datetime = instant(nullable=False)
    venue: str | None = None
    teacher: str | None = None
    status: str = "planned"
    locked: bool = Field(default=False, nullable=False)
    joint: str | None = None
    stops: tuple[str, ...] = text_list()
    instead_of: str | None = None
    off: bool = Field(default=False, nullable=False)
    base: dict[str, Any] | None = Field(default=None, sa_type=JsonText, nullable=True)

    __table_args__ = (
        holds("scenario_session", "seq", "seq >= 1"),
        holds("scenario_session", "periods", "periods >= 1"),
    )


class TimetableStep(SQLModel, table=True):
    """A change of the timetable that its author may undo: one unit of work of the audit trail."""

    __tablename__ = "timetable_step"

    number: int = Field(primary_key=True)
    work: str = Field(unique=True)
    kind: str
    at: dt.datetime = instant(nullable=False)
    by: str = Field(index=True)
    undone: bool = Field(default=False, nullable=False)

    __table_args__ = (one_of("timetable_step", "kind", STEPS),)
