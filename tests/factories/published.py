"""A small office whose timetable is published again and again, for tests of its calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import icalendar

from db.tables import TrainingSession
from tests.factories.plans import Plan, day
from trainer.calendars.choice import Choice
from trainer.calendars.documents import Selection
from trainer.calendars.lint import lint
from trainer.calendars.select import Asked, choose
from trainer.calendars.wording import Kind
from trainer.calendars.write import write_calendar
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.timetable.publish import Published, publish

FIRST = day(1)


class Bulletin:
    """Class C1 of two people with three lessons in rooms and a day at two field sites."""

    def __init__(self, desk: Desk) -> None:
        policies = {"calendars": {"organizer": "office@county.example"}}
        self.plan = Plan(desk, {"name": "测试办公室", "language": "zh", "policies": policies})
        self.desk = desk
        plan = self.plan
        plan.units("U0", U1="U0")
        for code in ("V1", "V2"):
            plan.venue(code, lat=35.40, lon=116.97)
        plan.venue("F1", kind="field_site", lat=35.30, lon=117.02)
        plan.venue("F2", kind="field_site", lat=35.20, lon=117.10)
        for code in ("T1", "T2"):
            plan.teacher(code)
        plan.course("K1", periods=2)
        plan.course("K2", form="field")
        plan.training("C1", sponsor="U1")
        plan.training("C2")
        plan.enrol("C1", "P1", "P2")
        place = {"venue": "V1", "teacher": "T1"}
        self.lessons = [
            plan.session("C1", "K1", day(6 + n), "AM1", seq=n + 1, periods=2, **place)
            for n in range(3)
        ]
        self.stops = [
            plan.session("C1", "K2", day(10), "AM3", seq=1, venue="F1"),
            plan.session("C1", "K2", day(10), "PM2", seq=2, venue="F2"),
        ]

    def at(self, date: dt.date) -> Desk:
        """Return the desk on another day."""
        return replace(self.desk, clock=Clock(fixed=date))

    def publish(self, date: dt.date = FIRST) -> Published:
        """Make the next version of the timetable on a day."""
        return publish(self.at(date))

    def change(self, uid: str, **values: Any) -> None:
        """Change a session in the draft; with ``date`` or ``period`` its times follow."""
        (row,) = [each for each in self.plan.sessions() if each.uid == uid]
        if {"date", "period"} & values.keys():
            date, period = (values.get(name, getattr(row, name)) for name in ("date", "period"))
            values["start"], values["end"] = self.plan.office.instants(date, period, row.periods)
        with self.desk.writing() as work:
            work.update_many(TrainingSession, [(row.model_dump(), values)])
            work.commit()

    def select(
        self, kind: Kind = Kind.CLASS, *codes: str, today: dt.date = FIRST, **options: Any
    ) -> Selection:
        """Choose calendars of a kind (class C1 unless told otherwise)."""
        chosen: dict[Kind, Sequence[str]] = {kind: codes or ("C1",)}
        return choose(self.at(today), Asked(chosen, **options))

    def files(self, *args: Any, **options: Any) -> dict[Choice, bytes]:
        """Return the chosen calendars as files, which the lint has nothing to say about."""
        selection = self.select(*args, **options)
        files = {choice: write_calendar(each) for choice, each in selection.documents()}
        assert [lint(data) for data in files.values()] == [[]] * len(files)
        return files

    def file(self, *args: Any, **options: Any) -> bytes:
        """Return the one calendar that is chosen."""
        (data,) = self.files(*args, **options).values()
        return data

    def events(self, *args: Any, **options: Any) -> dict[str, Any]:
        """Return the events of the one calendar that is chosen, as icalendar reads them, by UID."""
        calendar = icalendar.Calendar.from_ical(self.file(*args, **options))
        return {str(event["UID"]): event for event in calendar.walk("VEVENT")}
