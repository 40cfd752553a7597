"""Ten laptops: a year's marks recorded apart, with overlaps, wrong clocks and repeats, then merged.

The marks of a year are dealt out to ten copies of the office; some go to two laptops, which may
disagree; every laptop's clock is wrong by hours. Each then exports, and the office merges the
exports in random order, some of them again. The person-times must come out exactly, and every
disagreement must be listed.
"""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from sqlmodel import func, select

from db.tables import Mark, TrainingSession
from db.tables.words import ATTENDED
from db.work import UnitOfWork
from tests.factories.registers import Register
from trainer.attendance.conflicts import list_conflicts
from trainer.attendance.incoming import merge_marks
from trainer.attendance.sources import MARKS
from trainer.attendance.state import Pair
from trainer.dataset.text import cell_text
from trainer.desk import Desk
from trainer.reports.attendance import attendance_report

LAPTOPS = 10
#: What a colleague may have seen instead: not whether somebody was there, but how, or why not.
OTHERWISE = {
    "present": "late",
    "late": "present",
    "early": "present",
    "absent": "leave",
    "leave": "absent",
    "duty": "leave",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run came to, beside what it should."""

    events: int
    merges: int
    stored: int
    person_times: int
    wanted_person_times: int
    disagreements: int
    listed: int
    listed_besides: int

    @property
    def good(self) -> bool:
        """Tell whether every figure is exact."""
        return (self.events, self.wanted_person_times, self.disagreements, 0) == (
            self.stored,
            self.person_times,
            self.listed,
            self.listed_besides,
        )


def merge_laptops(desk: Desk, truth: dict[Pair, str], *, seed: int, year: int = 2023) -> Figures:
    """Deal ``truth`` (status by pair) out, merge it into the office at ``desk``, count a year."""
    chance = Random(seed)  # noqa: S311 - the same run each time
    drift = [dt.timedelta(hours=chance.randint(-30, 30)) for _ in range(LAPTOPS)]
    logs: list[list[dict[str, Any]]] = [[] for _ in range(LAPTOPS)]
    disagreements: set[Pair] = set()
    now = desk.clock.now()
    for pair, status in sorted(truth.items()):
        first, second = chance.sample(range(LAPTOPS), 2)
        logs[first].append(_event(pair, status, logs[first], f"laptop {first}", now + drift[first]))
        if chance.random() < 0.3:
            # a colleague marked the same person too, and may see it otherwise
            other = status
            if chance.random() < 0.2:
                other = OTHERWISE[status]
                disagreements.add(pair)
            logs[second].append(
                _event(pair, other, logs[second], f"laptop {second}", now + drift[second])
            )
        if chance.random() < 0.05:
            # corrected at once on the same laptop, to nothing, and marked again
            last = logs[first][-1]
            void = _event(pair, "void", logs[first], f"laptop {first}", now + drift[first])
            logs[first].append(void | {"replaces": last["id"]})
            logs[first].append(
                _event(pair, status, logs[first], f"laptop {first}", now + drift[first])
            )
    with tempfile.TemporaryDirectory() as folder:
        paths = [write_log(Path(folder) / f"{n}.csv", log) for n, log in enumerate(logs)]
        order = chance.sample(paths * 2, len(paths) * 2)
        for path in order:
            arrival = merge_marks(desk, str(path))
            assert not arrival.problems, arrival.problems[:3]
    opened, closed = dt.date(year, 1, 1), dt.date(year, 12, 31)
    total = attendance_report(desk, first=opened, last=closed).total
    with desk.reading() as session:
        conflicts = {(found.session, found.person) for found in list_conflicts(session)}
        stored = session.exec(select(func.count()).select_from(Mark)).one()
        meetings = {row.uid: row for row in session.exec(select(TrainingSession))}
    wanted = {
        (meetings[meeting].class_code, person)
        for (meeting, person), status in truth.items()
        if status in ATTENDED and meetings[meeting].date.year == year
    }
    return Figures(
        events=sum(len(log) for log in logs),
        merges=len(order),
        stored=stored,
        person_times=int(total["person_times"]),
        wanted_person_times=len(wanted),
        disagreements=len(disagreements),
        listed=len(conflicts & disagreements),
        listed_besides=len(conflicts - disagreements),
    )


def small_truth(register: Register, *, classes: int, people: int, seed: int) -> dict[Pair, str]:
    """Make classes with two sessions each and return who was really there."""
    chance = Random(seed)  # noqa: S311 - the same run each time
    codes = [f"P{number}" for number in range(people)]
    register.people(*codes)
    truth: dict[Pair, str] = {}
    for number in range(classes):
        members = chance.sample(codes, people // 2)
        register.training(f"C{number}", members)
        for offset in range(2):
            date = dt.date(2023, 1, 3) + dt.timedelta(days=3 * number + offset)
            uid = register.meeting(f"C{number}", date)
            truth |= {(uid, person): chance.choice(("present", "present", "absent"))
                      for person in members}  # fmt: skip
    return truth


def _event(
    pair: Pair, status: str, log: list[dict[str, Any]], device: str, at: dt.datetime
) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "session": pair[0],
        "person": pair[1],
        "status": status,
        "minutes": None,
        "at": at + dt.timedelta(seconds=len(log)),
        "by": device,
        "device": device,
        "counter": len(log) + 1,
        "replaces": None,
        "note": None,
    }


def write_log(path: Path, log: Iterable[dict[str, Any]]) -> Path:
    """Write events as marks.csv."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(MARKS.place)
        for row in log:
            writer.writerow([cell_text(column, row[column.field]) for column in MARKS.columns])
    return path


def forget_marks(desk: Desk) -> dict[Pair, str]:
    """Return what counts in a database, and empty its log: the truth to be dealt out again."""
    with UnitOfWork(desk.url, actor=desk.actor, reason="soak") as work:
        rows = work.connection.exec_driver_sql("SELECT session, person, status FROM mark_state")
        truth = {(row[0], row[1]): row[2] for row in rows}
        for table in ("mark_state", "mark"):
            work.connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - our own words
        work.commit()
    return truth
