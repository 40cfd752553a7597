"""How long mending and explaining the published year of 80 classes takes, and what is proved.

``python -m tests.benchmarks.mending [--courses LEAST]``

The zoucheng year is made, solved and published as ``trainer demo`` does it, as of a day before its
first session. Then something happens to a copy of it at a time: somebody is away, a hall is closed,
a unit suspended, a course longer by one period. With ``--courses`` every course with so many
sessions or more becomes longer, one after the other. Seconds are those of the processor, without
start-up.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from typing import Final, TypeVar

from sqlmodel import col, delete, select

from db.engine import open_engine
from db.tables import Course, TrainingSession, Unavailability
from trainer.clock import Clock
from trainer.demo.run import DATABASE, run_demo
from trainer.desk import Desk
from trainer.phrases import set_language
from trainer.timetable.reasons import explain_timetable
from trainer.timetable.replanned import Replanned
from trainer.timetable.replanning import Happening, propose_replan

Found = TypeVar("Found")

TODAY: Final = dt.date(2023, 2, 20)
YEAR: Final = (dt.date(2023, 1, 1), dt.date(2023, 12, 31))
HAPPENINGS: Final = (
    ("teacher T-P09 away all year", Happening("teacher", "T-P09", *YEAR)),
    (
        "venue V-R1 closed, two months",
        Happening("venue", "V-R1", dt.date(2023, 5, 1), dt.date(2023, 6, 30)),
    ),
    (
        "unit ZC-D10 suspended, a week",
        Happening("unit", "ZC-D10", dt.date(2023, 5, 8), dt.date(2023, 5, 12)),
    ),
    (
        "unit ZC-D05 suspended, a week",
        Happening("unit", "ZC-D05", dt.date(2023, 5, 8), dt.date(2023, 5, 12)),
    ),
    (
        "unit ZC-D10 suspended, two weeks",
        Happening("unit", "ZC-D10", dt.date(2023, 9, 4), dt.date(2023, 9, 17)),
    ),
)
COURSES: Final = (
    "C-LD04", "C-PR03", "C-TH07", "C-PR17", "C-RD03", "C-PR02", "C-EXAM", "C-DISC", "C-OPEN",
)  # fmt: skip
"""Courses of four to 37 sessions, among them those whose mending was hardest to prove."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courses", type=int, default=None, metavar="LEAST")
    least = parser.parse_args(arguments).courses
    set_language("en")
    sys.stdout.write("| what happened | processor s | what came of it |\n|---|---|---|\n")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "office")
        lent = Desk("", "clerk", Clock(fixed=TODAY))
        account = run_demo("zoucheng", made, lent, lambda *_told: None, until=TODAY)
        open_engine(account.url).dispose()
        year = made / DATABASE
        if least is None:
            for what, happening in HAPPENINGS:
                with _copy(year) as desk:
                    _mended(what, desk, happening)
        for code, sessions in _courses(year, least):
            with _copy(year) as desk:
                _lengthen(desk, code)
                _mended(f"{code} one period longer, {sessions} sessions", desk)
        if least is None:
            with _copy(year) as desk:
                _explained(desk)
    return 0


@contextmanager
def _copy(year: Path) -> Iterator[Desk]:
    """Lend a copy of the year, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder, "copy.db")
        shutil.copy(year, copied)
        desk = Desk(f"sqlite:///{copied}", "clerk", Clock(fixed=TODAY))
        try:
            yield desk
        finally:
            open_engine(desk.url).dispose()


def _courses(year: Path, least: int | None) -> list[tuple[str, int]]:
    """Return the courses to make longer, each with how many sessions it has."""
    with _copy(year) as desk, desk.reading() as session:
        counts = Counter(session.exec(select(TrainingSession.course)))
    chosen = COURSES if least is None else [code for code in counts if counts[code] >= least]
    return sorted(((code, counts[code]) for code in chosen), key=lambda each: each[::-1])


def _lengthen(desk: Desk, code: str) -> None:
    with desk.writing() as work:
        course = work.session.get_one(Course, code)
        course.periods += 1
        work.session.add(course)
        work.commit()


def _mended(what: str, desk: Desk, *happenings: Happening) -> None:
    found, seconds = _timed(lambda: propose_replan(desk, happenings).found)
    _row(what, seconds, _told(found))


def _told(found: Replanned) -> str:
    """Return what a mended timetable came to, and how far it is proved."""
    moved = len(found.moves) - len(found.stretched) - len(found.left_out)
    told = f"{moved} moved"
    if found.stretched:
        told += f", {len(found.stretched)} stay"
    if found.left_out:
        told += f", {len(found.left_out)} off the timetable"
    told += f", weight {found.weight}: "
    if found.minimal:
        return told + "proved minimal"
    if found.left_out:
        told += f"at least {found.fewest_left_out} off and "
    return told + f"at least {found.bound} proved"


def _explained(desk: Desk) -> None:
    """Make the class with the most sessions impossible, and ask why and what would help."""
    with desk.writing() as work:
        classes = Counter(work.session.exec(select(TrainingSession.class_code)))
        code = max(sorted(classes), key=classes.__getitem__)
        chosen = col(TrainingSession.class_code) == code
        work.session.exec(delete(TrainingSession).where(chosen))
        work.session.add(
            Unavailability(kind="class", code=code, date_from=YEAR[0], date_to=YEAR[1])
        )
        work.commit()
    found, seconds = _timed(lambda: explain_timetable(desk))
    helped = sum(bool(each.helps) for each in found)
    _row(
        f"explain: class {code} away all year, {classes[code]} sessions",
        seconds,
        f"{len(found)} explained, {sum(each.minimal for each in found)} proved minimal, "
        f"{helped} with what would help",
    )


def _timed(work: Callable[[], Found]) -> tuple[Found, float]:
    started = process_time()
    found = work()
    return found, process_time() - started


def _row(*cells: str | float) -> None:
    told = (f"{cell:.1f}" if isinstance(cell, float) else cell for cell in cells)
    sys.stdout.write(f"| {' | '.join(told)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
