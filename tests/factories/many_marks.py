"""A county's registers of any size: classes of 500 with many sessions, and a log of their marks."""

from __future__ import annotations

import csv
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final

from db.tables import Course, Enrolment, Person, TrainingClass, TrainingSession, Unit
from trainer.desk import Desk
from trainer.office import read_office

ROLL: Final = 500
#: The columns of a mark's row as ``events`` yields it, which are those of marks.csv in their order.
COLUMNS: Final = (
    "id", "session", "person", "status", "minutes", "at", "by", "device", "counter", "replaces",
    "note",
)  # fmt: skip
_STATUSES: Final = ("present",) * 17 + ("late", "leave", "absent")
_UNITS: Final = 100
_OPENED: Final = dt.date(2023, 1, 2)
Row = tuple[Any, ...]


def furnish(desk: Desk, *, marks: int, classes: int = 40) -> list[tuple[str, int, dt.datetime]]:
    """Add people, classes of ``ROLL`` and as many sessions as ``marks`` need.

    Return (uid, number of the class, start) of every session, from the first day on.
    """
    with desk.reading() as session:
        office = read_office(session)
    count = -(-marks // (classes * ROLL))
    chance = Random(1)  # noqa: S311 - the same registers each time
    people = [
        {"code": f"P{n:05}", "name": f"学员{n:05}", "unit": f"U{n % _UNITS:03}",
         "tier": ("head", "flock", "tail")[n % 3]}
        for n in range(classes * ROLL)
    ]  # fmt: skip
    meetings: list[dict[str, Any]] = []
    for number in range(count):
        date = _OPENED + dt.timedelta(days=number // 2)
        period = ("AM1", "PM1")[number % 2]
        start, end = office.instants(date, period, 2)
        meetings += (
            {"uid": _uid(chance), "class_code": f"C{code:03}", "course": "K1", "seq": number + 1,
             "date": date, "period": period, "periods": 2, "start": start, "end": end,
             "status": "held", "locked": False, "version": 1}
            for code in range(classes)
        )  # fmt: skip
    with desk.writing("benchmark") as work:
        units = [{"code": f"U{n:03}", "name": f"单位{n:03}"} for n in range(_UNITS)]
        work.insert_many(Unit, units, digest=True)
        work.insert_many(Person, people, digest=True)
        work.session.add(Course(code="K1", title="课程", strand="theory", periods=2))
        work.session.add_all(
            TrainingClass(code=f"C{n:03}", title=f"班次{n:03}", stage="running")
            for n in range(classes)
        )
        work.insert_many(
            Enrolment,
            [
                {"class_code": f"C{n // ROLL:03}", "person": person["code"], "stint": 1,
                 "status": "confirmed", "version": 1}
                for n, person in enumerate(people)
            ],
            digest=True,
        )  # fmt: skip
        work.insert_many(TrainingSession, meetings, digest=True)
        work.commit()
    return [(row["uid"], int(row["class_code"][1:]), row["start"]) for row in meetings]


def events(
    meetings: Iterable[tuple[str, int, dt.datetime]], *, marks: int, seed: int = 2
) -> Iterator[Row]:
    """Yield ``marks`` events, one for each person of each session, recorded as a roll call is."""
    chance = Random(seed)  # noqa: S311 - the same log each time
    return islice(_events(meetings, chance), marks)


def _events(meetings: Iterable[tuple[str, int, dt.datetime]], chance: Random) -> Iterator[Row]:
    counters: dict[int, int] = {}
    for uid, code, start in meetings:
        counter = counters.get(code, 0)
        device = f"laptop {code}"
        for number in range(ROLL):
            counter += 1
            status = chance.choice(_STATUSES)
            yield (
                _uid(chance), uid, f"P{code * ROLL + number:05}", status,
                10 if status == "late" else None, start + dt.timedelta(seconds=number), "王",
                device, counter, None, None,
            )  # fmt: skip
        counters[code] = counter


def write_marks(path: Path, rows: Iterable[Row]) -> Path:
    """Write events as marks.csv."""
    at = COLUMNS.index("at")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            cells = list(row)
            cells[at] = row[at].isoformat()
            writer.writerow(cells)
    return path


def _uid(chance: Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))
