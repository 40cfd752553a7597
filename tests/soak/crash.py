"""Killing roll calls at random moments: every acknowledged mark must be there, none twice.

A roll call runs as a user's would, as a process fed line by line. It prints a mark's id only when
the mark is committed; then ``kill -9`` strikes at a random moment. Afterwards the database must
open, hold every id that was printed, agree with the pure function about the current state, and
have an unbroken audit trail.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from random import Random

from sqlmodel import select

from db.audit import broken_links
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

    @property
    def good(self) -> bool:
        """Tell whether nothing was lost, doubled or wrong."""
        return not (self.lost or self.doubled or self.wrong_states or self.broken_links)


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
    for _ in range(rolls):
        acknowledged += _one_roll(url, codes, chance)
    return _judge(desk, rolls, acknowledged)


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
