"""Any history, split over any devices and merged in any order, any number of times: one state.

Every round makes up a history for each person and session of a class: chains of corrections, rings,
retractions, corrections of marks that are unknown or somebody else's, clocks and counts that
contradict each other. Its events are dealt out, each to one laptop or several. A laptop brings its
part back as a file, as the database that it took along, or as the folder that this one exports; the
office merges them in random order, some again. Afterwards the log must hold every event once, and
the state must be what the pure function makes of all of them.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlmodel import select

from db.engine import open_engine
from db.tables import Mark, MarkState
from tests.factories.registers import Register, day
from tests.soak.laptops import forget_marks, write_log
from trainer.attendance.carry import carry_classes
from trainer.attendance.credit import STATUSES
from trainer.attendance.incoming import merge_marks
from trainer.attendance.outgoing import export_marks
from trainer.attendance.record import record_many
from trainer.attendance.state import VOID, Event, Pair, current
from trainer.desk import Desk

CLASS: Final = "C1"
NOON: Final = dt.datetime(2023, 2, 1, 4, tzinfo=dt.UTC)
_EVENT: Final = ("id", "status", "at", "device", "counter", "replaces", "minutes")
Log = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run came to."""

    histories: int
    events: int
    merges: int
    lost: int
    doubled: int
    wrong_states: int

    @property
    def good(self) -> bool:
        """Tell whether nothing was lost, doubled or wrong."""
        return not (self.lost or self.doubled or self.wrong_states)


def merge_splits(desk: Desk, *, histories: int, seed: int, each: int = 100) -> Figures:
    """Split and merge ``histories`` (``each`` of them a round) at a prepared, empty office."""
    chance = Random(seed)  # noqa: S311 - the same run each time
    register = Register(desk)
    codes = [f"P{number:03}" for number in range(each // 2)]
    register.people(*codes)
    register.training(CLASS, codes)
    meetings = [register.meeting(CLASS, day(number)) for number in (1, 2)]
    pairs = [(meeting, code) for meeting in meetings for code in codes]
    rounds = -(-histories // len(pairs))
    events = merges = lost = doubled = wrong = 0
    for _ in range(rounds):
        log = _histories(pairs, chance)
        with tempfile.TemporaryDirectory() as folder:
            merges += _merge_parts(desk, log, Path(folder), chance)
        found_lost, found_doubled, found_wrong = _judge(desk, log)
        events, lost, doubled = events + len(log), lost + found_lost, doubled + found_doubled
        wrong += found_wrong
        forget_marks(desk)
    return Figures(rounds * len(pairs), events, merges, lost, doubled, wrong)


def _histories(pairs: list[Pair], chance: Random) -> Log:
    log: Log = []
    for session, person in pairs:
        ids = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(8)]
        for id_ in ids[: chance.randint(1, 8)]:
            # most corrections name a mark of the same person; some one that never arrives, or
            # that of somebody else
            others = [other for other in (*ids, *(row["id"] for row in log[-2:])) if other != id_]
            log.append(
                {
                    "id": id_,
                    "session": session,
                    "person": person,
                    "status": chance.choice((*STATUSES, VOID)),
                    "minutes": chance.choice((None, 5)),
                    "at": NOON + dt.timedelta(hours=chance.randint(-30, 30)),
                    "by": None,
                    "device": chance.choice((None, "a", "b", "c")),
                    "counter": chance.choice((None, 1, 2, 3)),
                    "replaces": chance.choice((None, chance.choice(others))),
                    "note": None,
                }
            )
    return log


def _merge_parts(desk: Desk, log: Log, folder: Path, chance: Random) -> int:
    # deal the events out, bring every part back by some way, and merge; return how many merges
    laptops = chance.randint(1, 6)
    parts: list[Log] = [[] for _ in range(laptops)]
    for event in log:
        for number in chance.sample(range(laptops), chance.randint(1, min(3, laptops))):
            parts[number].append(event)
    ways = [chance.choice((_as_file, _as_database, _as_folder)) for _ in parts]
    brought = [
        str(way(desk, part, folder / str(number), chance))
        for number, (part, way) in enumerate(zip(parts, ways, strict=True))
    ]
    order = chance.sample(brought, len(brought)) + chance.choices(brought, k=laptops // 2)
    chance.shuffle(order)
    for source in order:
        arrival = merge_marks(desk, source)
        assert not arrival.problems, arrival.problems[:3]
    return len(order)


def _as_file(_desk: Desk, part: Log, place: Path, chance: Random) -> Path:
    place.mkdir()
    return write_log(place / "marks.csv", chance.sample(part, len(part)))


def _as_database(desk: Desk, part: Log, place: Path, chance: Random) -> Path:
    path = place / "class.db"
    carry_classes(desk, path, [CLASS])
    laptop = Desk(f"sqlite:///{path}", "soak")
    with laptop.writing("soak") as work:
        record_many(work, chance.sample(part, len(part)))
        work.commit()
    open_engine(laptop.url).dispose()
    return path


def _as_folder(desk: Desk, part: Log, place: Path, chance: Random) -> Path:
    path = _as_database(desk, part, place, chance)
    laptop = Desk(f"sqlite:///{path}", "soak")
    export_marks(laptop, place / "out")
    open_engine(laptop.url).dispose()
    return place / "out"


def _judge(desk: Desk, log: Log) -> tuple[int, int, int]:
    # how many events are lost or there twice, and how many states are not what they should be
    with desk.reading() as session:
        stored = list(session.exec(select(Mark.id)))
        states = {
            (row.session, row.person): (row.mark, row.status, row.minutes, row.conflict)
            for row in session.exec(select(MarkState))
        }
    whole: dict[Pair, list[Event]] = {}
    for row in log:
        event = Event(**{name: row[name] for name in _EVENT})
        whole.setdefault((row["session"], row["person"]), []).append(event)
    meant = {
        pair: (now.event.id, now.event.status, now.event.minutes, now.conflict)
        for pair, events in whole.items()
        if (now := current(events)) is not None
    }
    lost = len({row["id"] for row in log} ^ set(stored))
    wrong = sum(meant.get(pair) != states.get(pair) for pair in meant.keys() | states.keys())
    return lost, len(stored) - len(set(stored)), wrong
