"""Killing the program in the middle of an import leaves a whole database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import func, select

from db.engine import open_engine
from db.tables import Person
from trainer.dataset.load import import_dataset
from trainer.desk import Desk

WriteFolder = Callable[[Mapping[str, str]], Path]
UNITS = "code,name\nU1,甲\n"
PEOPLE = 6_000
ROOT = Path(__file__).parents[4]


def people(desk: Desk) -> int:
    """Return how many people are stored."""
    with desk.reading() as session:
        return session.connection().execute(select(func.count(Person.code))).scalar_one()  # type: ignore[arg-type]


@pytest.mark.parametrize("delay", [0.05, 0.2])
def test_kill_during_import(delay: float, sqlite_url: str, write_folder: WriteFolder) -> None:
    """After kill -9 while rows are written the database opens and holds what was committed."""
    desk = Desk(sqlite_url, "clerk")
    import_dataset(desk, write_folder({"units.csv": UNITS, "people.csv": "code,name\nP0,甲\n"}))
    open_engine(sqlite_url).dispose()
    rows = "".join(f"P{n},人{n},U1\n" for n in range(1, PEOPLE))
    folder = write_folder({"people.csv": "code,name,unit\n" + rows})
    program = (
        "import sys, trainer.dataset.load as load, trainer.dataset.store as store\n"
        "from pathlib import Path\nfrom trainer.desk import Desk\n"
        # many small writes, and a sign when they begin: the kill then falls among them
        "store.BATCH = 20\nwritten = store.store_changes\n"
        "def begin(*given, **named):\n"
        "    print('writing', flush=True)\n    written(*given, **named)\n"
        "load.store_changes = begin\n"
        "load.import_dataset(Desk(sys.argv[1], 'clerk'), Path(sys.argv[2]))\n"
        "print('done', flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, sqlite_url, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    time.sleep(delay)
    os.kill(process.pid, signal.SIGKILL)
    finished = "done" in process.stdout.read()
    process.stdout.close()
    process.wait()
    assert people(desk) == (PEOPLE if finished else 1)
    with desk.reading() as session:
        assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    # and the next import does what the killed one could not
    assert import_dataset(desk, folder).written or finished
    assert people(desk) == PEOPLE
