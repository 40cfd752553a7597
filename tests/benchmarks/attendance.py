"""The log of marks by the clock: a million that arrive, one class among millions, reports.

``python -m tests.benchmarks.attendance`` prints one line for each figure: seconds by the clock, the
processor's seconds, and the peak of memory where it is a process of its own. Import and the key of
a roll call stand beside bare SQLite writing the same in the same run. ``--size 10000000`` makes the
log in which one class is looked for greater, ``--postgres`` imports into PostgreSQL too.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import event, select

from db.engine import open_engine
from db.setup import prepare
from db.tables import MarkState, TrainingSession
from db.work import table_of
from tests.factories.many_marks import COLUMNS, ROLL, Row, events, furnish, write_marks
from tests.postgres import postgres_server
from trainer.attendance.record import record_mark
from trainer.attendance.sheet import open_sheet
from trainer.attendance.waiting import what_waits
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.office import read_office

#: What the program sets on every connection to SQLite, so that bare writing costs the same.
PRAGMAS = (
    "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536",
    "temp_store=MEMORY",
)  # fmt: skip
REPORTS = ("class", "unit", "series", "venue", "tier", "strand", "person", "month")
TRAINER = (sys.executable, "-m", "trainer", "--lang", "en", "--today", "2026-01-01")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--marks", type=int, default=1_000_000, help="marks to import")
    parser.add_argument("--size", type=int, default=1_000_000, help="marks around one class")
    parser.add_argument("--postgres", action="store_true", help="import into PostgreSQL too")
    parser.add_argument(
        "--only", choices=("import", "class", "reports", "alerts"), help="measure one of these"
    )
    parser.add_argument("--office", help="the address of an office: measure its alerts too")
    parser.add_argument("--today", type=dt.date.fromisoformat, help="the clock's date there")
    options = parser.parse_args()
    load = " ".join(f"{number:.1f}" for number in os.getloadavg())
    _write(f"load of the machine: {load}\n")
    with tempfile.TemporaryDirectory(prefix="trainer-bench-") as folder:
        if options.only in (None, "import"):
            _imports(Path(folder), options.marks, postgres=options.postgres)
        if options.only in (None, "class"):
            _one_class(Path(folder), options.size)
        if options.only in (None, "reports"):
            _reports(Path(folder))
        if options.only in (None, "alerts"):
            _alerts(Path(folder), options.office, options.today)


def _imports(folder: Path, marks: int, *, postgres: bool) -> None:
    bare = _furnished(folder / "bare.db", marks)
    rows = _as_stored(events(bare[1], marks=marks))
    with _timed(f"bare executemany of {marks:,} marks") as seconds:
        _bare_import(folder / "bare.db", rows)
    del rows
    desk, meetings = _furnished(folder / "office.db", marks)
    marks_file = write_marks(folder / "log" / "marks.csv", events(meetings, marks=marks))
    address = ("--db", desk.url)
    ours = _process("trainer attendance import", *address, "attendance", "import", marks_file)
    _write(f"{'':44}{ours / seconds[0]:8.1f} times the bare insert, by the clock\n")
    _process("the same again: all known", *address, "attendance", "import", marks_file)
    _process("trainer attendance export", *address, "attendance", "export", folder / "out")
    other, others = _furnished(folder / "other.db", marks)
    few = write_marks(folder / "few" / "marks.csv", events(others, marks=marks // 10))
    _process(
        f"trainer attendance merge of {marks // 10:,}", "--db", other.url, "attendance", "merge",
        few.parent,
    )  # fmt: skip
    _process("trainer verify", *address, "verify")
    _process("trainer audit verify", *address, "audit", "verify")
    if postgres:
        with postgres_server(str(folder / "pg")) as url:
            prepare(url)
            furnish(Desk(url, "benchmark"), marks=marks)
            _process("import into PostgreSQL", "--db", url, "attendance", "import", marks_file)


def _one_class(folder: Path, size: int) -> None:
    desk, meetings = _furnished(folder / "large.db", size)
    with _timed(f"{size:,} marks straight into the tables"):
        _fill(folder / "large.db", events(meetings, marks=size))
    mine = [uid for uid, code, _start in meetings if code == 0]
    chance = Random(3)  # noqa: S311 - the same sessions each time
    uids = chance.sample(mine, min(len(mine), 40))
    with desk.reading() as session:
        office = read_office(session)
        connection = session.connection()
        state, meeting = table_of(MarkState), table_of(TrainingSession)
        whole = select(state.c.session, state.c.person, state.c.status).join(
            meeting, meeting.c.uid == state.c.session
        )
        one = whole.where(state.c.session == uids[0])
        of_class = whole.where(meeting.c.class_code == "C000", meeting.c.uid.in_(mine[-50:]))
        spread(f"one session's {ROLL} states", lambda _: connection.execute(one).all(), uids)
        spread("states of a class's last 50 sessions",
               lambda _: connection.execute(of_class).all(), uids)  # fmt: skip
        spread("opening the roll of one session",
               lambda uid: open_sheet(session, office, uid, search=False), uids)  # fmt: skip

    def mark(number: int) -> None:
        with desk.writing("roll") as work:
            status = ("absent", "late", "present")[number // ROLL % 3]
            record_mark(work, session=uids[0], person=f"P{number % ROLL:05}", status=status)
            work.commit()

    spread("bare insert and commit", _bare_keys(folder / "keys.db"), range(ROLL))
    spread("key to stored mark", mark, range(ROLL))
    open_engine(desk.url).dispose()


def _reports(folder: Path) -> None:
    marks = 294_000
    desk, meetings = _furnished(folder / "year.db", marks)
    _fill(folder / "year.db", events(meetings, marks=marks))
    open_engine(desk.url).dispose()
    _process("trainer --version", "--version")
    _process("trainer --help", "--help")
    for by in REPORTS:
        _process(
            f"report attendance --by {by}", "--db", desk.url, "report", "attendance", "--by", by
        )
    _process("report hours", "--db", desk.url, "report", "hours")
    _process("trainer timetable check", "--db", desk.url, "timetable", "check")


def _alerts(folder: Path, office: str | None, today: dt.date | None) -> None:
    marks = 300_000
    desk, meetings = _furnished(folder / "alerts.db", marks)
    _fill(folder / "alerts.db", events(meetings, marks=marks))
    last = meetings[-1][2].date() + dt.timedelta(days=12)
    _what_waits(f"{marks:,} marks", replace(desk, clock=Clock(fixed=last)))
    if office:
        _what_waits("the office", Desk(office, "benchmark", clock=Clock(fixed=today)))


def _what_waits(of: str, desk: Desk) -> None:
    asked: list[str] = []

    def note(*args: Any) -> None:
        asked.append(args[2])

    for _again in range(3):
        with desk.reading() as session:
            connection = session.connection()
            event.listen(connection, "before_cursor_execute", note)
            asked.clear()
            with _timed(f"what waits on Today, {of}"):
                inbox = what_waits(session, desk)
            event.remove(connection, "before_cursor_execute", note)
    _write(f"{'':44}{len(asked)} queries, {inbox.open + inbox.taken} alerts open\n")
    open_engine(desk.url).dispose()


def spread(what: str, act: Callable[[Any], object], over: Sequence[Any]) -> None:
    """Do something with each of a list and print median and 99th percentile in milliseconds."""
    times = []
    for item in over:
        began = time.perf_counter()
        act(item)
        times.append(time.perf_counter() - began)
    times.sort()
    last = times[min(int(len(times) * 0.99), len(times) - 1)]
    middle = statistics.median(times)
    _write(f"{what:44} median {middle * 1000:8.2f} ms  p99 {last * 1000:8.2f} ms\n")


@contextmanager
def _timed(what: str) -> Iterator[list[float]]:
    # yields a list that holds the seconds afterwards
    found: list[float] = []
    began, used = time.perf_counter(), time.process_time()
    yield found
    found.append(time.perf_counter() - began)
    _write(f"{what:44}{found[0]:8.2f} s  processor {time.process_time() - used:6.2f} s\n")


def _process(what: str, *arguments: object) -> float:
    """Run the program as a user would; print its time and its peak of memory."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    watch = (sys.executable, "-c", _WATCH, *TRAINER, *map(str, arguments))
    done = subprocess.run(watch, capture_output=True, check=False)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = int(done.stderr.split()[-1]) // 1024
    failed = "" if done.returncode in (0, 1) else f"  FAILED: {done.stderr[:200]!r}"
    _write(f"{what:44}{seconds:8.2f} s  processor {used:6.2f} s  peak {peak:5} MB{failed}\n")
    return seconds


# a child of its own for each, because the peak of children is that of the greatest
_WATCH = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(done.returncode)
"""


def _furnished(path: Path, marks: int) -> tuple[Desk, list[Any]]:
    desk = Desk(f"sqlite:///{path}", "benchmark")
    prepare(desk.url)
    meetings = furnish(desk, marks=marks)
    open_engine(desk.url).dispose()
    return desk, meetings


def _as_stored(rows: Iterator[Row]) -> list[Row]:
    at = COLUMNS.index("at")
    return [
        (*row[:at], row[at].replace(tzinfo=None).isoformat(" ", "microseconds"), *row[at + 1 :])
        for row in rows
    ]


def _bare_import(path: Path, rows: list[Row]) -> None:
    connection = _bare(path)
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    connection.execute("BEGIN IMMEDIATE")
    marks = ", ".join("?" * len(COLUMNS))
    connection.executemany(f"INSERT INTO mark ({names}) VALUES ({marks})", rows)  # noqa: S608 - our own words
    connection.execute("COMMIT")
    connection.close()


def _bare_keys(path: Path) -> Callable[[int], None]:
    connection = _bare(path)
    connection.execute("CREATE TABLE mark (id TEXT PRIMARY KEY, person TEXT, status TEXT)")

    def key(number: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        row = (f"a key of the roll call {number}", f"P{number:05}", "present")
        connection.execute("INSERT INTO mark VALUES (?, ?, ?)", row)
        connection.execute("COMMIT")

    return key


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _fill(path: Path, rows: Iterator[Row]) -> None:
    """Fill the log past the program, for what is measured is finding one class in it.

    Everybody has one event at a session, so that the state of each is that event.
    """
    at = COLUMNS.index("at")
    connection = sqlite3.connect(path, isolation_level=None)
    # random ids into a great index: without room in memory each would be a page read and written
    for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-4000000"):
        connection.execute(f"PRAGMA {pragma}")
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master"
        " WHERE type = 'index' AND tbl_name IN ('mark', 'mark_state') AND sql IS NOT NULL"
    ).fetchall()
    for name, _made in indexes:
        connection.execute(f"DROP INDEX {name}")
    names, marks = ", ".join(f'"{name}"' for name in COLUMNS), ", ".join("?" * len(COLUMNS))
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        f"INSERT INTO mark ({names}) VALUES ({marks})",  # noqa: S608 - our own words
        (
            (*row[:at], str(row[at].replace(tzinfo=None)) + ".000000", *row[at + 1 :])
            for row in rows
        ),
    )
    connection.execute(
        "INSERT INTO mark_state (session, person, status, minutes, mark, conflict)"
        " SELECT session, person, status, minutes, id, 0 FROM mark"
    )
    connection.execute("COMMIT")
    for _name, made in indexes:
        connection.execute(made)
    connection.close()


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
