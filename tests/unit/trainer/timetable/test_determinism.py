"""The same seed and work give the same timetable in every process, on the real-sized plan."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOLVE = """
import datetime as dt, sys
from pathlib import Path
from sqlmodel import select
from db.tables import TrainingSession
from trainer.clock import Clock
from trainer.dataset.load import import_dataset
from trainer.demo.fixtures import fixture_folder
from trainer.desk import Desk
from trainer.timetable.engine.solution import Limits
from trainer.timetable.solving import solve_timetable

desk = Desk(sys.argv[1], "clerk", Clock(fixed=dt.date(2023, 1, 1)))
assert import_dataset(desk, fixture_folder("zoucheng")).ok
solved = solve_timetable(desk, limits=Limits(work=8000, seed=7))
with desk.reading() as session:
    for row in sorted(
        (r.class_code, r.course, r.seq, str(r.date), r.period, r.venue, r.teacher, r.joint)
        for r in session.exec(select(TrainingSession))
    ):
        print(*row)
print(solved.status, solved.cost)
"""


def timetable(folder: Path, hash_seed: int) -> str:
    folder.mkdir()
    return subprocess.run(
        [sys.executable, "-c", SOLVE, f"sqlite:///{folder / 'office.db'}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
    ).stdout


@pytest.mark.slow
def test_the_same_seed_and_work_give_the_same_timetable_in_every_process(tmp_path: Path) -> None:
    """The order in which sets happen to be walked through must not matter."""
    one, other = timetable(tmp_path / "one", 1), timetable(tmp_path / "other", 2)
    assert len(one.splitlines()) == 646
    assert one == other
