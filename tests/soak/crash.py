"""Killing roll calls at random moments: every acknowledged mark must be there, none twice.

A roll call runs as a user's would, as a process fed line by line. It prints a mark's id only when
the mark is committed; then ``kill -9`` strikes at a random moment. Afterwards the database must
open, hold every id that was printed, agree with the pure function about the current state, and
have an unbroken audit trail. A copy of an SQLite file by itself, without the journal beside it, may
lack no more than the last mark; where death came while pages were put into the file, it is torn.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from sqlmodel import select

from db.audit import broken_links
from db.engine import is_file, open_engine, parse_url
from db.tables import Mark, MarkState
from tests.factories.registers import Register, day
from trainer.attendance.state import Event, current
from trainer.desk import Desk

STATUSES = ("present", "late", "absent", "leave")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run came to."""

    rolls: int
    acknowledged: int
    stored: int
    lost: int
    doubled: int
    wrong_states: int
    broken_links: int
    #: how many printed marks a copy of the file alone lacked at most, and how many were not whole
    behind: int = 0
    torn: int = 0

    @property
    def good(self) -> bool:
        """Tell whether nothing was lost, doubled or wrong, and no copy lacks more than a mark."""
        wrong = self.lost or self.doubled or self.wrong_states or self.broken_links
        return not wrong and self.behind <= 1


def crash_rolls(url: str, *, rolls: int, seed: int, people: int = 40) -> Figures:
    """Run ``rolls`` roll calls at a prepared database, kill each, and look at what is there."""
    chance = Random(seed)  # noqa: S311 - the same run each time
    desk = Desk(url, "soak")
    register = Register(desk)
    codes = [f"P{number}" for number in range(people)]
    register.people(*codes)
    register.training("C1", codes)
    register.meeting("C1", day(1))
    acknowledged: list[str] = []
    behind: list[int | None] = []
    open_engine(url).dispose()
    for _ in range(rolls):
        printed = _one_roll(url, codes, chance)
        acknowledged += printed
        if is_file(parse_url(url)):
            behind.append(_lacking(Path(str(parse_url(url).database)), printed))
    figures = _judge(desk, rolls, acknowledged)
    most = max((count for count in behind if count is not None), default=0)
    return replace(figures, behind=most, torn=behind.count(None))


def _lacking(file: Path, printed: list[str]) -> int | None:
    # of a copy of the file alone: how many of the last roll's marks it lacks, None where it is torn
    copy = file.with_name("copy.db")
    shutil.copy(file, copy)
    try:
        with closing(sqlite3.connect(copy)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return None
            kept = {id_ for (id_,) in connection.execute("SELECT id FROM mark")}
    except sqlite3.DatabaseError:
        return None
    finally:
        for leftover in file.parent.glob("copy.db*"):
            leftover.unlink()
    return len(set(printed) - kept)


def _one_roll(url: str, codes: list[str], chance: Random) -> list[str]:
    lines = "".join(
        f"{chance.choice(codes)} {chance.choice(STATUSES)} {chance.randrange(100)}\n"
        for _ in range(400)
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "trainer", "--db", url, "attendance", "roll", "C1", "2023-02-01",
         "AM1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TRAINER_DEVICE": "soak"},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(lines.encode())
    process.stdin.close()
    # the first acknowledgement says that it is at work; then death comes whenever it comes
    printed = [process.stdout.readline()]
    time.sleep(chance.random() * 0.15)
    process.send_signal(signal.SIGKILL)
    printed += process.stdout.read().splitlines(keepends=True)
    process.stdout.close()
    process.wait()
    return [line.split()[0].decode() for line in printed if line.endswith(b"\n")]


def _judge(desk: Desk, rolls: int, acknowledged: list[str]) -> Figures:
    with desk.reading() as session:
        marks = session.exec(select(Mark)).all()
        states = {
            (s.session, s.person): (s.mark, s.status) for s in session.exec(select(MarkState))
        }
        links = list(broken_links(session.connection()))
    log: dict[tuple[str, str], list[Event]] = {}
    for mark in marks:
        event = Event(
            mark.id, mark.status, mark.at, mark.device, mark.counter, mark.replaces, mark.minutes
        )
        log.setdefault((mark.session, mark.person), []).append(event)
    now = {pair: current(events) for pair, events in log.items()}
    meant = {pair: (state.event.id, state.event.status) for pair, state in now.items() if state}
    counters = Counter(mark.counter for mark in marks)
    stored = {mark.id for mark in marks}
    return Figures(
        rolls=rolls,
        acknowledged=len(set(acknowledged)),
        stored=len(stored),
        lost=len(set(acknowledged) - stored),
        doubled=sum(count - 1 for count in counters.values()),
        wrong_states=len(meant.items() ^ states.items()),
        broken_links=len(links),
    )
