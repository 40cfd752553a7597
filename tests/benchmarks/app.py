"""The app by the clock: start to first frame, key to stored mark.

``python -m tests.benchmarks.app`` prints one line for each figure, in milliseconds. Start is
measured in a pseudo-terminal, marks in a roll of 500 people, beside bare inserts into a SQLite file
with the same settings.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

import pexpect
from sqlmodel import select

from db.tables import Enrolment, Mark, Person
from tests.factories.small_office import TODAY, furnish, uid
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.phrases import set_language
from tui.app import TrainerApp
from tui.rollbook import Change, Step
from tui.screens.roll import RollScreen

PEOPLE = 500
RUNS = 7


def main() -> None:
    """Measure and print."""
    set_language("en")
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(f"sqlite:///{folder}/office.db", "clerk", Clock(fixed=TODAY))
        furnish(desk)
        _enrol(desk)
        say("bare python", [_timed_python("pass") for _run in range(RUNS)])
        say("python and textual", [_timed_python("import textual.app") for _run in range(RUNS)])
        frames, sessions = zip(*(_start(desk.url) for _run in range(RUNS)), strict=True)
        say("start to first frame", list(frames))
        say("start to today's sessions", list(sessions))
        say("bare insert and commit", _bare(Path(folder) / "bare.db"))
        say("one mark as a unit of work", _units(desk))
        say("key to stored mark", asyncio.run(_keys(desk)))


def say(what: str, seconds: list[float]) -> None:
    """Print median and 99th percentile of some times."""
    ordered = sorted(seconds)
    last = ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
    middle = statistics.median(ordered)
    sys.stdout.write(f"{what:28} median {middle * 1000:7.1f}  p99 {last * 1000:7.1f}\n")


def _enrol(desk: Desk) -> None:
    with desk.writing() as work:
        people = [f"Q{number:03}" for number in range(PEOPLE)]
        work.insert_many(
            Person, [{"code": code, "name": f"学员{code}", "unit": "U1"} for code in people]
        )
        work.insert_many(
            Enrolment,
            [
                {"class_code": "C1", "person": code, "stint": 1, "status": "confirmed",
                 "version": 1}
                for code in people
            ],
        )  # fmt: skip
        work.commit()


def _timed_python(statement: str) -> float:
    began = time.perf_counter()
    child = pexpect.spawn(sys.executable, ["-c", statement])
    child.expect(pexpect.EOF)
    child.close()
    return time.perf_counter() - began


def _start(url: str) -> tuple[float, float]:
    environment = {**os.environ, "TERM": "xterm-256color"}
    arguments = ["-m", "trainer", "--lang", "en", "--today", TODAY.isoformat(), "--db", url]
    began = time.perf_counter()
    child = pexpect.spawn(sys.executable, arguments, dimensions=(24, 80), env=environment)
    child.expect_exact("Timetable", timeout=30)
    frame = time.perf_counter() - began
    child.expect_exact("08:30", timeout=30)
    sessions = time.perf_counter() - began
    child.send("\x11")
    child.expect(pexpect.EOF)
    child.close()
    return frame, sessions


def _bare(path: Path) -> list[float]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE mark (id TEXT PRIMARY KEY, person TEXT, status TEXT)")
    times = []
    for number in range(PEOPLE):
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        row = (str(uuid.uuid4()), f"Q{number:03}", "present")
        connection.execute("INSERT INTO mark VALUES (?, ?, ?)", row)
        connection.execute("COMMIT")
        times.append(time.perf_counter() - began)
    connection.close()
    return times


def _units(desk: Desk) -> list[float]:
    backroom = TrainerApp(lambda: desk).backroom
    times = []
    for number in range(PEOPLE):
        change = Change(number, (Step(f"Q{number:03}", None, ("present", None)),))
        began = time.perf_counter()
        backroom.keep(uid("S2"), change)
        times.append(time.perf_counter() - began)
    return times


async def _keys(desk: Desk) -> list[float]:
    app = TrainerApp(lambda: desk)
    times: list[float] = []
    async with app.run_test(size=(80, 24)) as pilot:
        for _turn in range(2):
            await pilot.pause()
            await app.workers.wait_for_complete()
        await pilot.press("enter")
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        screen = app.screen
        if not isinstance(screen, RollScreen):
            raise TypeError
        for _number in range(100):
            began = time.perf_counter()
            screen.action_mark("present")
            while screen.book.saving:  # noqa: ASYNC110 - looked at each millisecond, as a driver does
                await asyncio.sleep(0.001)
            times.append(time.perf_counter() - began)
    with desk.reading() as session:
        stored = session.exec(select(Mark.id).where(Mark.session == uid("S1"))).all()
    if len(stored) != len(times):
        raise ValueError(len(stored))
    return times


if __name__ == "__main__":
    main()
